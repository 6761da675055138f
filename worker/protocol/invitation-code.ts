import { renderSVG, renderUnicodeCompact } from 'uqr';

/** An invitation as a code to photograph, for a terminal. */
export function invitationForTerminal(link: string): string {
  return renderUnicodeCompact(link, { ecc: 'L', border: 2 });
}

/** The same for a window. */
export function invitationAsSvg(link: string): string {
  return renderSVG(link, { ecc: 'L', border: 2 });
}
