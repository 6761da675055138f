import { sampleRate } from './rates.ts';

/** What a motion says about the rate it was filmed with. */
export interface SlowMotionGuess {
  /** That the clip was filmed faster than it is stored, 0..1. */
  readonly likelihood: number;
  /** The likeliest of the faster rates; see `clipSecondsForOne`. */
  readonly filmedFramesPerSecond: number;
  /** For the coach: what is slow, and what to confirm. */
  readonly question: string;
}

/** From here on the coach is asked: pitches on their own clock lie below 0.01, twice slower ones from 0.29 on. */
export const worthAsking = 0.2;

/** Something of a motion that takes its time: how many times as long, or as slow, as it usually is. */
export interface Slowness {
  readonly times: number;
  /** Standard deviation of its natural logarithm over athletes and views. */
  readonly spread: number;
}

/** Cameras and telephones film slow motion at these. */
const usualRates = [60, 120, 240, 480, 960];
/** Or at these times of what they store. */
const usualTimes = [2, 4, 8];
const leastTimes = 1.6;
const mostTimes = 34;
/** Before anything is seen of it: one clip in five. */
const prior = 0.2;
/** What lies farther than this from every rate is no such motion. Sum of squares of standard deviations, for each measure. */
const farthest = 9;

/**
 * Which of the usual rates explains best how slow a motion is. `slownessAt` says it for motion that was filmed at a rate:
 * a low one hides the peaks of speed. Undefined where no rate explains it.
 */
export function guessSlowMotion(options: {
  readonly timesSeconds: Float64Array;
  readonly slownessAt: (filmedFramesPerSecond: number) => readonly Slowness[];
}): { readonly likelihood: number; readonly filmedFramesPerSecond: number } | undefined {
  const stored = sampleRate(options.timesSeconds);
  const misfit = (filmed: number): number =>
    options
      .slownessAt(filmed)
      .reduce((sum, { times, spread }) => sum + (Math.log(times / (filmed / stored)) / spread) ** 2, 0);
  const faster = fasterRates(stored);
  const count = options.slownessAt(stored).length;
  const fits = faster.map((filmed) => ({ filmed, misfit: misfit(filmed) }));
  const least = Math.min(misfit(stored), ...fits.map((fit) => fit.misfit));
  if (!(count > 0 && least < farthest * count)) return undefined;
  const weight = (squares: number): number => Math.exp(-squares / 2);
  const slow = (prior * fits.reduce((sum, fit) => sum + weight(fit.misfit), 0)) / Math.max(1, fits.length);
  const plain = (1 - prior) * weight(misfit(stored));
  const best = fits.reduce<(typeof fits)[number] | undefined>((a, b) => (a && a.misfit <= b.misfit ? a : b), undefined);
  return best && { likelihood: slow / (slow + plain), filmedFramesPerSecond: best.filmed };
}

function fasterRates(stored: number): readonly number[] {
  const rates = usualRates.filter((rate) => rate >= leastTimes * stored && rate <= mostTimes * stored);
  const multiples = usualTimes.map((times) => Math.round(times * stored));
  // 29.97 stored and 240 filmed is meant, not 239.76.
  return [...rates, ...multiples.filter((rate) => rates.every((usual) => Math.abs(usual / rate - 1) > 0.05))];
}
