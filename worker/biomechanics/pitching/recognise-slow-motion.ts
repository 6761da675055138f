import { estimatedHeight } from '../body-height.ts';
import { type JointMotion, jointAt } from '../joint-motion.ts';
import { highest, pointSpeed, sampleRate } from '../rates.ts';
import { guessSlowMotion, type SlowMotionGuess, type Slowness } from '../slow-motion.ts';
import { smoothJoints } from '../smooth-joints.ts';
import { fasterHand, type Hand, throwingSide } from './throwing-side.ts';

/**
 * What a throw takes, from three laboratory pitches, drawn ones and a filmed amateur's, at 30 to 360 frames a second:
 * speed of the wrist against its shoulder, body heights a second (5.4 to 7 at 30 frames a second, 7.6 to 8.5 at 60, 8.3 to
 * 9.3 above); the time for which it is at least half as fast (0.17 to 0.32 s, 0.13 to 0.21, 0.10 to 0.20); the time
 * from the top of the leg lift to the arm's fastest (0.72 to 1.03 s).
 */
const usual = [
  { fromFramesPerSecond: 0, speed: 6.2, swingSeconds: 0.22 },
  { fromFramesPerSecond: 48, speed: 7.7, swingSeconds: 0.18 },
  { fromFramesPerSecond: 90, speed: 8.4, swingSeconds: 0.15 },
] as const;
const usualLiftSeconds = 0.85;
/** Of the natural logarithms: a child throws slower, and one camera hides a part of the way. */
const spreads = { speed: 0.35, swing: 0.35, lift: 0.3 } as const;
/** The lift is looked for as many times the swing before it: whatever the clock, it is 3 to 8 of them. */
const liftSwings = 14;
/** The lead knee stands above the rear one by this share of the body's height, else there is no lift. */
const leastLift = 0.12;

interface Throw {
  readonly heightsPerSecond: number;
  readonly swingSeconds: number;
  readonly liftSeconds: number;
}

/**
 * Whether a pitch was filmed faster than it is stored. `motion`: as recorded, on the clip's clock. Undefined where no
 * pitch is seen, with its leg lift, arm and height, at any of the usual rates.
 */
export function recogniseSlowMotion(motion: JointMotion, hand?: Hand): SlowMotionGuess | undefined {
  const thrown = fastestThrow(motion, hand);
  const { timesSeconds } = motion;
  if (thrown === undefined) return undefined;
  const guess = guessSlowMotion({ timesSeconds, slownessAt: (rate) => slownessOf(thrown, rate) });
  if (guess === undefined) return undefined;
  const [filmed, stored] = [guess.filmedFramesPerSecond, sampleRate(timesSeconds)].map(Math.round);
  const { heightsPerSecond, swingSeconds, liftSeconds } = thrown;
  const seen = `The throwing arm swings for ${swingSeconds.toFixed(2)} s at up to ${heightsPerSecond.toFixed(1)} body heights a second, ${liftSeconds.toFixed(1)} s after the top of the leg lift`;
  return {
    ...guess,
    question: `${seen}: was this filmed in slow motion, at about ${filmed} frames a second, and stored at ${stored}?`,
  };
}

function slownessOf({ heightsPerSecond, swingSeconds, liftSeconds }: Throw, rate: number): readonly Slowness[] {
  const known = usual.findLast(({ fromFramesPerSecond }) => rate >= fromFramesPerSecond) ?? usual[0];
  return [
    { times: known.speed / heightsPerSecond, spread: spreads.speed },
    { times: swingSeconds / known.swingSeconds, spread: spreads.swing },
    { times: liftSeconds / usualLiftSeconds, spread: spreads.lift },
  ];
}

function fastestThrow(recorded: JointMotion, said: Hand | undefined): Throw | undefined {
  const motion = smoothJoints(recorded, cutoffHertz);
  const { timesSeconds } = motion;
  const hand = said ?? fasterHand(motion);
  if (hand === undefined) return undefined;
  const { arm, lead, rear } = throwingSide(hand);
  const shoulder = motion.joints[arm.shoulder];
  const reach = motion.joints[arm.wrist]?.map((value, i) => value - (shoulder?.[i] ?? Number.NaN));
  const speeds = pointSpeed({ timesSeconds, joints: { reach } }, 'reach');
  const fastest = highest({ timesSeconds, values: speeds });
  const heightMetres = estimatedHeight(motion);
  if (fastest === undefined || !Number.isFinite(heightMetres)) return undefined;
  const half = fastest.value / 2;
  const isSlower = (frame: number): boolean => !((speeds[frame] as number) > half);
  let [before, after] = [fastest.frame, fastest.frame];
  while (before > 0 && !isSlower(before)) before--;
  while (after < speeds.length - 1 && !isSlower(after)) after++;
  const swingSeconds = crossing(timesSeconds, speeds, after - 1, half) - crossing(timesSeconds, speeds, before, half);
  const lift = highest({
    timesSeconds,
    values: timesSeconds.map(
      (_, frame) => Number(jointAt(motion, lead.knee, frame)[2]) - Number(jointAt(motion, rear.knee, frame)[2]),
    ),
    first: timesSeconds.findIndex((time) => time >= fastest.timeSeconds - liftSwings * swingSeconds),
    end: fastest.frame,
  });
  if (lift === undefined || !(lift.value > leastLift * heightMetres)) return undefined;
  return {
    ...{ heightsPerSecond: fastest.value / heightMetres, swingSeconds },
    liftSeconds: fastest.timeSeconds - lift.timeSeconds,
  };
}

/** As a pitch is measured: slow motion is smoothed less by it, never more. */
const cutoffHertz = 20;

/** When the values pass a level between a frame and the next. */
function crossing(timesSeconds: Float64Array, values: Float64Array, frame: number, level: number): number {
  const [time, next] = [timesSeconds[frame] as number, timesSeconds[frame + 1] as number];
  const [from, to] = [values[frame] as number, values[frame + 1] as number];
  return time + ((next - time) * (level - from)) / (to - from);
}
