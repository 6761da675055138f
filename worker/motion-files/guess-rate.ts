import type { JointMotion } from '../biomechanics/joint-motion.ts';
import { fasterHand, throwingSide } from '../biomechanics/pitching/throwing-side.ts';
import { highest, pointSpeed } from '../biomechanics/rates.ts';

/** From the top of the leg lift to release: 0.71 to 0.9 s in laboratory pitches. */
const liftToReleaseSeconds = 0.78;

/**
 * Frames a second of a pitch whose file does not say them, from how long a pitch usually takes: good enough to find its
 * moments in, not to measure times or speeds with. The motion's times count frames. Undefined where no leg is lifted
 * before an arm moves fast.
 */
export function guessRate(motion: JointMotion): number | undefined {
  const { timesSeconds } = motion;
  const hand = fasterHand(motion);
  if (hand === undefined) return undefined;
  const side = throwingSide(hand);
  const fastest = highest({ timesSeconds, values: pointSpeed(motion, side.arm.wrist) });
  if (fastest === undefined) return undefined;
  const [lead, rear] = [motion.joints[side.lead.knee], motion.joints[side.rear.knee]];
  const above = timesSeconds.map((_, frame) => (lead?.[frame * 3 + 2] ?? Number.NaN) - (rear?.[frame * 3 + 2] ?? 0));
  const lift = highest({ timesSeconds, values: above, end: fastest.frame });
  const frames = fastest.frame - (lift?.frame ?? fastest.frame);
  return frames > 1 ? frames / liftToReleaseSeconds : undefined;
}
