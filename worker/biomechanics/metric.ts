/** What a metric is, whatever the motion. */

export type MetricUnit = 'degrees' | 'degrees/second' | 'milliseconds' | 'seconds' | 'percent' | 'metres/second';

/** A population to compare with. */
export interface MetricNorm {
  readonly mean: number;
  readonly sd: number;
  readonly p10?: number;
  readonly p90?: number;
  /** Standard deviation of one athlete's repetitions in one session. */
  readonly withinSession?: number;
  /** Where it was read, who was measured, and with what. */
  readonly source: string;
  readonly level: string;
  readonly method: string;
  /** How much more our definition gives than the source's on the same motion: added before anything is compared. */
  readonly offset?: { readonly value: number; readonly reason: string };
}

export type MetricValue =
  | { readonly value: number; readonly interval?: readonly [low: number, high: number] }
  /** One sentence. */
  | { readonly notMeasurable: string };

/** What a metric is called and means, whatever it is measured on. */
export interface MetricDescription {
  readonly id: string;
  readonly label: string;
  readonly unit: MetricUnit;
  /** One sentence for a coach. */
  readonly definition: string;
  /** Moments without which it cannot be measured: where in the clip to look. */
  readonly events: readonly string[];
  /** Below this it is blur: peaks between two frames are lost. */
  readonly leastFramesPerSecond: number;
  /** Needs joints in a frame that stands on the ground. */
  readonly needsGround?: true;
  readonly norm?: MetricNorm;
}

/** C: what it is measured on. E: names of the motion's events. */
export interface Metric<Context, Event extends string> extends MetricDescription {
  readonly events: readonly Event[];
  /** NaN where joints are missing. */
  readonly measure: (context: Context) => number;
}
