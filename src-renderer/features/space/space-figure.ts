import type { FigurePalette } from './figure-body.ts';
import type { FigureMotion } from './figure-of-motion.ts';
import type { Trail } from './trail-path.ts';

/** One body of the view in space. Made anew only when it changes: each new one is built from nothing. */
export interface SpaceFigure extends FigureMotion {
  readonly id: string;
  readonly palette: FigurePalette;
  /** The path that one of its joints leaves behind. */
  readonly trail?: Trail;
}
