/**
 * The reason a title gives for tests that `describe.skipIf` cannot give one for: `pitch from the side (needs clips)`.
 * @param {string} title
 * @returns {string | undefined}
 */
export function statedReason(title) {
  return /\((needs [^)]*)\)/.exec(title)?.[1];
}
