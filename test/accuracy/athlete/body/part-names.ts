/** Drawn parts of the athlete; the renderer knows each by its place in this row, the ball comes after them. */
export const partNames = ['body', 'head', 'cap', 'hand', 'glove'] as const;
export type PartName = (typeof partNames)[number];
