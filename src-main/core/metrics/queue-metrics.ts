/** The queue and its workers as they are now, for Prometheus. */

import type { MetricFamily, MetricSample } from '../../../worker/protocol/prometheus-text.ts';
import type { WorkerView } from '../../contract/calls.ts';
import type { QueueCounts } from './queue-counts.ts';

export function queueMetrics({
  version,
  queues,
  workers,
}: {
  readonly version: string;
  readonly queues: readonly QueueCounts[];
  readonly workers: readonly WorkerView[];
}): MetricFamily[] {
  const ofWorkers = (read: (worker: WorkerView) => number | undefined): MetricSample[] =>
    workers.flatMap((worker) => {
      const value = read(worker);
      return value === undefined ? [] : [{ labels: { worker: worker.id }, value }];
    });
  const isRunning = ({ status }: WorkerView): boolean => status === 'idle' || status === 'busy';
  const gauge = (name: string, help: string, samples: readonly MetricSample[]): MetricFamily => ({
    name: `shadow_trainer_${name}`,
    help,
    type: 'gauge',
    samples,
  });
  const counter = (name: string, help: string, samples: readonly MetricSample[]): MetricFamily => ({
    ...gauge(name, help, samples),
    type: 'counter',
  });
  return [
    gauge('build_info', 'The running app.', [{ labels: { version }, value: 1 }]),
    gauge(
      'queue_jobs',
      'Jobs and chunks in the queue, ended ones as long as they are kept.',
      queues.flatMap(({ name, counts }) =>
        Object.entries(counts).map(([status, value]) => ({ labels: { queue: name, status }, value })),
      ),
    ),
    gauge(
      'queue_paused',
      'Whether nobody takes a job from the queue.',
      queues.map(({ name, isPaused }) => ({ labels: { queue: name }, value: Number(isPaused) })),
    ),
    gauge(
      'worker_up',
      'Whether the worker runs.',
      ofWorkers((worker) => Number(isRunning(worker))),
    ),
    gauge(
      'worker_busy',
      'Whether the worker has a job in hand.',
      ofWorkers(({ status }) => Number(status === 'busy')),
    ),
    gauge(
      'worker_paused',
      'Whether the worker takes no jobs, because it was paused or refuses.',
      ofWorkers(({ paused, refusal }) => Number(paused === true || refusal !== undefined)),
    ),
    gauge(
      'worker_memory_bytes',
      'Resident memory of the worker.',
      ofWorkers(({ memoryBytes }) => memoryBytes),
    ),
    gauge(
      'worker_inferences_per_second',
      'Poses a second, measured when the worker started.',
      ofWorkers(({ device }) => device?.inferencesPerSecond),
    ),
    counter(
      'worker_restarts_total',
      'Times that the worker died and was started again.',
      ofWorkers(({ restarts }) => restarts),
    ),
    counter(
      'worker_jobs_total',
      'Jobs and chunks that ended on the worker since it started; each attempt counts.',
      workers.flatMap(({ id: worker, totals }) =>
        totals === undefined
          ? []
          : [
              { labels: { worker, status: 'completed' }, value: totals.done },
              { labels: { worker, status: 'failed' }, value: totals.failed },
            ],
      ),
    ),
    counter(
      'worker_frames_total',
      'Frames that the worker found the pose in since it started.',
      ofWorkers(({ totals }) => totals?.frames),
    ),
    counter(
      'worker_busy_seconds_total',
      'Time with a job in hand since the worker started; two jobs at once count twice.',
      ofWorkers(({ totals }) => totals?.busySeconds),
    ),
  ];
}

/** What a team says of its queue and workers, beside this computer's own and marked as the team's. */
export function besideTeam(
  own: readonly MetricFamily[],
  team: string,
  theirs: readonly MetricFamily[],
): MetricFamily[] {
  return own.map((family) => {
    const { samples = [] } = theirs.find(({ name }) => name === family.name && !name.endsWith('build_info')) ?? {};
    const marked = samples.map((sample) => ({ ...sample, labels: { team, ...sample.labels } }));
    return { ...family, samples: [...family.samples, ...marked] };
  });
}
