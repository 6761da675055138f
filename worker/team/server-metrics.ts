/** What the team server counts, in Prometheus' text format 0.0.4. */
export type Counter =
  | 'requests'
  | 'refused'
  | 'uploads_finished'
  | 'uploads_refused'
  | 'uploads_corrupt'
  | 'uploaded_bytes'
  | 'downloaded_bytes';

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
};

export function createServerMetrics(): ServerMetrics {
  const counts = new Map<Counter, number>(Object.keys(help).map((name) => [name as Counter, 0]));
  return {
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    text(gauges) {
      const counters = [...counts].flatMap(([name, value]) => {
        const full = `${prefix}${name}_total`;
        return [`# HELP ${full} ${help[name]}`, `# TYPE ${full} counter`, `${full} ${value}`];
      });
      const rest = gauges.flatMap(({ name, help: text, samples }) => [
        `# HELP ${prefix}${name} ${text}`,
        `# TYPE ${prefix}${name} gauge`,
        ...samples.map(({ labels = {}, value }) => `${prefix}${name}${labelText(labels)} ${value}`),
      ]);
      return [...counters, ...rest, ''].join('\n');
    },
  };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
