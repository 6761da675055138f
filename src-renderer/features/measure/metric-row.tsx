import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { MeasuredMetric, ProfileEvent } from '../../../worker/biomechanics/profile.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { nearestFrame } from '../analysis/frame-search.ts';
import { MetricDetails } from './metric-details.tsx';
import { numberWords, unitSigns } from './metric-words.ts';
import { NormBar } from './norm-bar.tsx';

interface MetricRowProps {
  readonly measured: MeasuredMetric;
  readonly events: readonly ProfileEvent[];
}

/** A metric in one line, its norm beneath; chosen, it says what it means and the picture goes to its moment. */
export function MetricRow({ measured: { metric, value, norm }, events }: MetricRowProps) {
  const { measure, playback } = useAppStores();
  const isOpen = useStore(measure, ({ chosenMetric }) => chosenMetric === metric.id);
  const choose = () => {
    const { chooseMetric, repetitions, chosen } = measure.getState();
    chooseMetric(isOpen ? undefined : metric.id);
    const moment = repetitions[chosen]?.events[metric.events.at(-1) ?? ''];
    if (isOpen || moment === undefined) return;
    playback.getState().shuttle('K');
    playback.getState().seek(nearestFrame(playback.getState().timesSeconds, moment.timeSeconds));
  };
  return (
    <li className="metric" data-metric={metric.id} data-open={isOpen || undefined}>
      <Button className="metric-button" aria-expanded={isOpen} onPress={choose}>
        <span className="metric-label">{metric.label}</span>
        {'value' in value ? <MetricNumber value={value} unit={metric.unit} /> : undefined}
        {'value' in value && norm !== undefined ? <NormBar measured={value} norm={norm} /> : undefined}
      </Button>
      {isOpen ? <MetricDetails measured={{ metric, value, norm }} events={events} /> : undefined}
    </li>
  );
}

interface MetricNumberProps {
  readonly value: { readonly value: number; readonly interval?: readonly [number, number] };
  readonly unit: MeasuredMetric['metric']['unit'];
}

function MetricNumber({ value, unit }: MetricNumberProps) {
  const words = numberWords({ ...value, unit });
  return (
    <span className="metric-number" data-value={value.value}>
      {words.value}
      <small>{unitSigns[unit]}</small>
      {words.half === undefined ? undefined : <span className="metric-half"> ± {words.half}</span>}
    </span>
  );
}
