/**
 * More looks at the athlete in a frame, each a little closer than the tracker's own, and turned or mirrored. Measured
 * on ten rendered pitches from all sides and on a real person with known joints from two, cleaned: three looks change
 * the error in the picture by +1 to -23 %, -6 % in the middle, five by another +1 to -10 %, -3 % in the middle.
 * Not worth their cost: tracking backward in time (a second decoding, and no better than one more turned look), and
 * looks at the arms alone (6 to 15 % of the athlete's height off: the model needs to see the whole body).
 */
import { type FusedLooks, fuseLooks } from '../biomechanics/fuse-looks.ts';
import type { Quality } from '../protocol/analysis.ts';
import { leastPoseScore } from './observe-people.ts';
import type { PoseEngine, PoseEstimate, YuvImage } from './ports.ts';

interface AnotherLook {
  readonly turnRadians: number;
  readonly mirrored: boolean;
}

/** Edge of the closer look over the tracker's region. */
const closer = 0.9;
const turn = 0.2;

/** In addition to the tracker's own look. Those that differ in both ways err the least alike. */
const moreLooks: Readonly<Record<Quality, readonly AnotherLook[]>> = {
  fast: [],
  standard: [
    { turnRadians: turn, mirrored: false },
    { turnRadians: -turn, mirrored: true },
  ],
  best: [
    { turnRadians: turn, mirrored: false },
    { turnRadians: -turn, mirrored: true },
    { turnRadians: -turn, mirrored: false },
    { turnRadians: turn, mirrored: true },
  ],
};

/** The pose that all looks of this quality agree on; `estimate` is the tracker's. Image pixels. */
export async function lookAgain(options: {
  readonly engine: PoseEngine;
  readonly image: YuvImage;
  readonly estimate: PoseEstimate;
  readonly quality: Quality;
}): Promise<FusedLooks> {
  const { engine, image, estimate, quality } = options;
  const { centerX, centerY, size, rotationRadians } = estimate.nextRegion;
  const looks = [estimate];
  for (const { turnRadians, mirrored } of moreLooks[quality]) {
    const region = { centerX, centerY, size: size * closer, rotationRadians: rotationRadians + turnRadians };
    const look = await engine.estimate(image, region, mirrored);
    if (look.score >= leastPoseScore) looks.push(look);
  }
  return fuseLooks(looks, engine.model.skeleton);
}
