/**
 * One-Euro filter (Casiez, Roussel, Vogel: "1€ Filter", CHI 2012): a low-pass whose cut-off rises with speed, so that
 * a still body does not tremble and a fast one is not late.
 */

export interface OneEuroOptions {
  /** Cut-off of a value at rest. Hertz. */
  readonly minimumCutoffHertz: number;
  /** Rise of the cut-off with speed. Hertz per (scaled unit per second). */
  readonly beta: number;
  /** Cut-off of the speed itself. Hertz. */
  readonly derivativeCutoffHertz: number;
}

/** Filters one value over time; calls must come in ascending time. */
export interface OneEuroFilter {
  /** @param scale turns the value's unit into the unit that beta is meant for */
  filter(value: number, timeSeconds: number, scale: number): number;
}

export function createOneEuroFilter(options: OneEuroOptions): OneEuroFilter {
  let last: { timeSeconds: number; raw: number; filtered: number; speed: number } | undefined;
  return {
    filter(value, timeSeconds, scale) {
      if (last === undefined) {
        last = { timeSeconds, raw: value, filtered: value, speed: 0 };
        return value;
      }
      const interval = timeSeconds - last.timeSeconds;
      if (interval <= 0) return last.filtered;
      const rawSpeed = ((value - last.raw) * scale) / interval;
      const speed = mix(last.speed, rawSpeed, smoothing(options.derivativeCutoffHertz, interval));
      const cutoff = options.minimumCutoffHertz + options.beta * Math.abs(speed);
      const filtered = mix(last.filtered, value, smoothing(cutoff, interval));
      last = { timeSeconds, raw: value, filtered, speed };
      return filtered;
    },
  };
}

function smoothing(cutoffHertz: number, intervalSeconds: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoffHertz * intervalSeconds));
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
