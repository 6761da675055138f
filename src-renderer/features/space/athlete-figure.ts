import { skeletons } from '../../../models/skeletons.ts';
import { toJointMotion } from '../../../worker/biomechanics/joint-motion.ts';
import { fasterHand, type Hand } from '../../../worker/biomechanics/pitching/throwing-side.ts';
import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import { type ClipMarks, defaultProfile } from '../../../worker/protocol/marks.ts';
import type { LoadedAnalysis } from '../analysis/analysis-store.ts';
import { certainVisibility, leastVisibility } from '../analysis/draw-pose.ts';
import type { FigurePalette } from './figure-body.ts';
import { figureOfMotion } from './figure-of-motion.ts';
import { forwardOfMotion } from './forward-of-motion.ts';
import type { SpaceFigure } from './space-figure.ts';

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
  readonly marks: ClipMarks | undefined;
  readonly palette: FigurePalette;
}): AthleteInSpace | undefined {
  const { analysis, marks, palette } = options;
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
  const isThrow = (marks?.profile ?? defaultProfile) === 'pitching';
  const hand: Hand | undefined = isThrow ? (marks?.hand ?? fasterHand(motion)) : undefined;
  const framesPerSecond = document.clip.framesPerSecond;
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
    ...(hand !== undefined && {
      trail: { joint: `${hand}_wrist`, longestFrames: Math.round(trailSeconds * framesPerSecond) },
    }),
  };
  return { figure, forward: forwardOfMotion(motion, hand) };
}
