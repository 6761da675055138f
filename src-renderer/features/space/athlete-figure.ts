import { skeletons } from '../../../models/skeletons.ts';
import { toJointMotion } from '../../../worker/biomechanics/joint-motion.ts';
import type { Hand } from '../../../worker/biomechanics/pitching/throwing-side.ts';
import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import type { LoadedAnalysis } from '../analysis/analysis-store.ts';
import { certainVisibility, leastVisibility } from '../analysis/draw-pose.ts';
import type { FigurePalette } from './figure-body.ts';
import { figureOfMotion } from './figure-of-motion.ts';
import { forwardOfMotion } from './forward-of-motion.ts';
import type { SpaceFigure } from './space-figure.ts';
import type { FrameStretch } from './trail-path.ts';

/** As long as a pitch from the leg lift to the release. */
const trailSeconds = 1.5;

export interface AthleteInSpace {
  readonly figure: SpaceFigure;
  /** Where "front" is seen from, over the ground, length 1. */
  readonly forward: Vector;
}

/** The athlete of an analysis as a figure. Undefined for a skeleton that is not known. */
export function athleteFigure(options: {
  readonly analysis: LoadedAnalysis;
  /** Absent where the motion is not one of a hand: then no wrist leaves a path. */
  readonly hand: Hand | undefined;
  /** Repetitions; the path of the wrist begins anew with each. */
  readonly stretches: readonly FrameStretch[];
  readonly palette: FigurePalette;
}): AthleteInSpace | undefined {
  const { analysis, hand, stretches, palette } = options;
  const { document, keypointCount, cleaned, landmarks3d } = analysis;
  const skeleton = skeletons[document.model.skeleton];
  if (skeleton === undefined) return undefined;
  const timesSeconds = Float64Array.from(analysis.timesSeconds);
  const landmarks = { landmarks2d: Float32Array.from(cleaned), landmarks3d: Float32Array.from(landmarks3d) };
  const motion = toJointMotion({
    motion: { timesSeconds, keypointCount, ...landmarks },
    names: skeleton.names,
    leastVisibility,
  });
  const longestFrames = Math.round(trailSeconds * document.clip.framesPerSecond);
  const figure: SpaceFigure = {
    id: 'athlete',
    ...figureOfMotion({
      motion,
      isCertain: (joint, frame) => {
        const sample = frame * keypointCount + skeleton.names.indexOf(joint);
        return (cleaned[sample * 4 + 2] ?? 0) >= certainVisibility;
      },
    }),
    palette,
    ...(hand !== undefined && { trail: { joint: `${hand}_wrist`, stretches, longestFrames } }),
  };
  return { figure, forward: forwardOfMotion(motion, hand) };
}
