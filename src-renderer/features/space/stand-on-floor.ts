import { fillGaps } from '../../../worker/biomechanics/fill-gaps.ts';
import { type JointMotion, type JointName, jointAt } from '../../../worker/biomechanics/joint-motion.ts';
import { lowPass } from '../../../worker/biomechanics/low-pass.ts';

/** Height of a foot's points over the ground when it stands, metres: heel and toe are taken at the sole. */
const standingHeights: readonly (readonly [JointName, number])[] = (['left', 'right'] as const).flatMap((side) => [
  [`${side}_heel`, 0.02] as const,
  [`${side}_foot_index`, 0.02] as const,
  [`${side}_ankle`, 0.08] as const,
]);

/** Slower than any step, faster than a body sinks: what is left of the landmarks' trembling does not shake the body. */
const cutoffHertz = 4;

/** Until a foot is seen again, the floor stays where it was. */
const longestGapSeconds = 1;

/**
 * How far to raise the motion in each frame so that its lowest foot stands on the floor (height 0), metres [F].
 *
 * The joints of one camera lie around the middle of the hips, so their height over the ground is not known. It is taken
 * from the lowest point of either foot, low-passed over time (4 Hz, zero phase), because one foot stands through nearly
 * all of a pitch or a squat. While both feet are in the air the body is shown standing: a jump cannot be seen this way.
 * A grounded motion keeps its own heights, only its floor (the lowest foot of all frames) is laid on 0.
 * Where no foot is seen, the nearest frame's height is used; 0 when there is none at all.
 */
export function floorLifts(motion: JointMotion): Float64Array {
  const frames = motion.timesSeconds.length;
  const lowest = Float64Array.from({ length: frames }, (_, frame) => lowestFoot(motion, frame));
  if (motion.isGrounded) {
    const floor = Math.min(...lowest.filter((height) => !Number.isNaN(height)));
    return new Float64Array(frames).fill(Number.isFinite(floor) ? -floor : 0);
  }
  const { timesSeconds } = motion;
  const filled = fillGaps({ timesSeconds, values: lowest, maximumGapSeconds: longestGapSeconds });
  const smooth = lowPass({
    timesSeconds,
    values: nearestForMissing(filled),
    cutoffHertz,
    maximumIntervalSeconds: longestGapSeconds,
  });
  return smooth.map((height) => -height);
}

/** NaN where no point of a foot is seen. */
function lowestFoot(motion: JointMotion, frame: number): number {
  let lowest = Number.NaN;
  for (const [joint, height] of standingHeights) {
    const [, , up = Number.NaN] = jointAt(motion, joint, frame);
    const sole = up - height;
    if (!(sole >= lowest)) lowest = Number.isNaN(sole) ? lowest : sole;
  }
  return lowest;
}

function nearestForMissing(values: Float64Array): Float64Array {
  const present = Array.from(values.keys()).filter((i) => !Number.isNaN(values[i] ?? Number.NaN));
  return values.map((value, i) => {
    if (!Number.isNaN(value)) return value;
    const nearest = present.reduce<number | undefined>(
      (best, at) => (best === undefined || Math.abs(at - i) < Math.abs(best - i) ? at : best),
      undefined,
    );
    return nearest === undefined ? 0 : (values[nearest] ?? 0);
  });
}
