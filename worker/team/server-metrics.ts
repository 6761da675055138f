/** What the team server counts, for Prometheus. */
import { prometheusText } from '../protocol/prometheus-text.ts';

export type Counter =
  | 'requests'
  | 'refused'
  | 'uploads_finished'
  | 'uploads_refused'
  | 'uploads_corrupt'
  | 'uploaded_bytes'
  | 'downloaded_bytes'
  | 'removed_bytes';

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

export interface ServerMetrics {
  count(what: Counter, by?: number): void;
  text(gauges: readonly Gauge[]): string;
}

const prefix = 'shadow_trainer_team_';
const help: Readonly<Record<Counter, string>> = {
  requests: 'Requests with a valid token',
  refused: 'Requests and connections that were refused',
  uploads_finished: 'Uploads whose hash was right',
  uploads_refused: 'Uploads that were not taken',
  uploads_corrupt: 'Uploads whose hash was wrong',
  uploaded_bytes: 'Bytes received in requests',
  downloaded_bytes: 'Bytes of assets sent',
  removed_bytes: 'Bytes of assets removed, because nobody used them or room was needed',
};

export function createServerMetrics(): ServerMetrics {
  const counts = new Map<Counter, number>(Object.keys(help).map((name) => [name as Counter, 0]));
  return {
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    text(gauges) {
      const counters = [...counts].map(([name, value]) => ({
        name: `${prefix}${name}_total`,
        help: help[name],
        type: 'counter' as const,
        samples: [{ labels: {}, value }],
      }));
      const rest = gauges.map(({ name, help: text, samples }) => ({
        name: `${prefix}${name}`,
        help: text,
        type: 'gauge' as const,
        samples: samples.map(({ labels = {}, value }) => ({ labels, value })),
      }));
      return prometheusText([...counters, ...rest]);
    },
  };
}
