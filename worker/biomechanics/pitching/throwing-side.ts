import type { JointMotion, JointName } from '../joint-motion.ts';
import { pointSpeed } from '../rates.ts';
import { fastestFall } from './fastest-fall.ts';

export type Hand = 'left' | 'right';

/** Names of the joints by what they do in a throw instead of by side. */
export interface ThrowingSide {
  readonly hand: Hand;
  /** 1 for right-handers, -1 for left-handers: turns what is measured to the right into what is measured outward. */
  readonly sign: 1 | -1;
  readonly arm: Readonly<Record<'shoulder' | 'elbow' | 'wrist' | 'index', JointName>>;
  readonly gloveShoulder: JointName;
  /** The leg that steps. */
  readonly lead: Readonly<Record<'hip' | 'knee' | 'ankle' | 'heel' | 'toe', JointName>>;
  readonly rear: Readonly<Record<'hip' | 'knee' | 'ankle', JointName>>;
}

export function throwingSide(hand: Hand): ThrowingSide {
  const other = hand === 'left' ? 'right' : 'left';
  return {
    hand,
    sign: hand === 'right' ? 1 : -1,
    arm: { shoulder: `${hand}_shoulder`, elbow: `${hand}_elbow`, wrist: `${hand}_wrist`, index: `${hand}_index` },
    gloveShoulder: `${other}_shoulder`,
    lead: {
      hip: `${other}_hip`,
      knee: `${other}_knee`,
      ankle: `${other}_ankle`,
      heel: `${other}_heel`,
      toe: `${other}_foot_index`,
    },
    rear: { hip: `${hand}_hip`, knee: `${hand}_knee`, ankle: `${hand}_ankle` },
  };
}

/**
 * The hand that reaches the greater speed relative to its shoulder; seen by one camera, the one that falls faster, which
 * was right in 68 of 69 drawn clips, the speed in 60. Undefined where neither is seen.
 */
export function fasterHand(motion: JointMotion): Hand | undefined {
  const peak = (hand: Hand): number => {
    if (motion.lineOfSight !== undefined) {
      const fall = fastestFall(motion, `${hand}_index`) ?? fastestFall(motion, `${hand}_wrist`);
      return fall?.value ?? Number.NEGATIVE_INFINITY;
    }
    return wristSpeed(motion, hand).reduce(
      (most, speed) => Math.max(most, Number.isNaN(speed) ? most : speed),
      Number.NEGATIVE_INFINITY,
    );
  };
  const [left, right] = [peak('left'), peak('right')];
  if (!(Number.isFinite(left) || Number.isFinite(right))) return undefined;
  return left > right ? 'left' : 'right';
}

/** Of the wrist relative to its shoulder, metres a second. [F] */
function wristSpeed(motion: JointMotion, hand: Hand): Float64Array {
  const shoulder = motion.joints[`${hand}_shoulder`];
  const arm = motion.joints[`${hand}_wrist`]?.map((value, i) => value - (shoulder?.[i] ?? Number.NaN));
  return pointSpeed({ timesSeconds: motion.timesSeconds, joints: { arm } }, 'arm');
}
