/** Bumped on any change to payloads, results or keys that an older worker would misread. */
export const protocolVersion = 1;
