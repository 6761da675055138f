import type { MetricNorm } from '../../../worker/biomechanics/metric.ts';
import { normBarPlaces, type Standing, standing, standingWords } from './metric-words.ts';

interface NormBarProps {
  readonly measured: { readonly value: number; readonly interval?: readonly [number, number] | undefined };
  readonly norm: MetricNorm;
}

/** The norm's middle eight tenths as a band, the athlete's value on it with its interval, and in a word how they stand. */
export function NormBar({ measured, norm }: NormBarProps) {
  const places = normBarPlaces(measured, norm);
  const how: Standing = standing(measured, norm);
  const percent = (share: number): string => `${share * 100}%`;
  return (
    <span className="norm" data-standing={how}>
      <span className="norm-bar" aria-hidden="true">
        <span className="norm-band" style={{ left: percent(places.bandFrom), right: percent(1 - places.bandTo) }} />
        <span className="norm-mean" style={{ left: percent(places.mean) }} />
        <span className="norm-interval" style={{ left: percent(places.from), right: percent(1 - places.to) }} />
        <span className="norm-value" style={{ left: percent(places.value) }} />
      </span>
      <span className="norm-words">{standingWords[how]}</span>
    </span>
  );
}
