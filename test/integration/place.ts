/** Where a process of a test runs: on this machine's loopback, or in a network of its own. */
export interface Place {
  /** The address it is reached at. */
  readonly host: string;
  /** What goes before a command line, so that it runs there. */
  readonly within: readonly string[];
}

export const loopback: Place = { host: '127.0.0.1', within: [] };

/** Program and arguments, as spawn and execFile take them. */
export function commandIn(
  { within }: Place,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: string[] } {
  const [first = program, ...rest] = [...within, program, ...args];
  return { program: first, args: rest };
}
