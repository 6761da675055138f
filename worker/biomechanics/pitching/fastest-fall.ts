import { type JointMotion, type JointName, jointAt } from '../joint-motion.ts';
import { derivative, highest, type Peak } from '../rates.ts';

/** Where a joint goes down fastest, metres a second. */
export function fastestFall(motion: JointMotion, joint: JointName): Peak | undefined {
  const { timesSeconds } = motion;
  const depths = Float64Array.from(timesSeconds, (_, frame) => -Number(jointAt(motion, joint, frame)[2]));
  return highest({ timesSeconds, values: derivative({ timesSeconds, values: depths }) });
}
