/** Invitations opened outside of the window: the system starts the app with them, or tells the one that runs. */
export const invitationScheme = 'shadow-trainer';

const longestLink = 4096;

/** The first one among the arguments of a process. Whether it is good is decided where it is joined. */
export function invitationIn(args: readonly string[]): string | undefined {
  return args.find((each) => each.startsWith(`${invitationScheme}://join/`) && each.length <= longestLink);
}
