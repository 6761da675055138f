/**
 * The reason a title gives where `describe.skipIf` cannot give one: `pitch from the side (needs the clips)`, or
 * `pitch from the side (skipped: no clips)`.
 * @param {string} title
 * @returns {string | undefined}
 */
export function statedReason(title) {
  return /\((?:skipped: )?((?<=skipped: )[^)]+|needs [^)]*)\)/.exec(title)?.[1];
}
