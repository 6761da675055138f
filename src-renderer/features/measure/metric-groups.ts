import type { MeasuredMetric, ProfileEvent } from '../../../worker/biomechanics/profile.ts';

export interface MetricGroup {
  readonly title: string;
  readonly metrics: readonly MeasuredMetric[];
}

/**
 * Metrics by the moment or the stretch that they are measured at, in the order of time; what could not be measured comes
 * last, by its reason.
 */
export function metricGroups(
  metrics: readonly MeasuredMetric[],
  events: readonly ProfileEvent[],
): { readonly measured: readonly MetricGroup[]; readonly unmeasured: readonly MetricGroup[] } {
  const place = (id: string | undefined): number => events.findIndex((event) => event.id === id);
  const label = (id: string | undefined): string => events[place(id)]?.label ?? 'Throughout';
  const grouped = (list: readonly MeasuredMetric[], titleOf: (metric: MeasuredMetric) => string): MetricGroup[] =>
    [...new Set(list.map(titleOf))].map((title) => ({ title, metrics: list.filter((m) => titleOf(m) === title) }));
  const lastFirst = ({ metric: { events: ids } }: MeasuredMetric): number => place(ids.at(-1)) + place(ids[0]) / 100;
  const measured = metrics.filter(({ value }) => 'value' in value).sort((a, b) => lastFirst(a) - lastFirst(b));
  return {
    measured: grouped(measured, ({ metric: { events: ids } }) =>
      ids.length > 1 ? `${label(ids[0])} to ${lowerFirst(label(ids.at(-1)))}` : label(ids[0]),
    ),
    unmeasured: grouped(
      metrics.filter(({ value }) => !('value' in value)),
      ({ value }) => ('value' in value ? '' : value.notMeasurable),
    ),
  };
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
