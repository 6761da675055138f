import { describe, expect, it } from 'vitest';
import type { WorkerView } from '../../../src-main/contract/calls.ts';
import type { JobView } from '../../../src-main/contract/job-view.ts';
import { createJobMeter } from '../../../src-main/core/metrics/job-meter.ts';
import { queueMetrics } from '../../../src-main/core/metrics/queue-metrics.ts';
import { prometheusText } from '../../../worker/protocol/prometheus-text.ts';
import { readPrometheus } from './prometheus-lines.ts';

const since = Date.parse('2026-05-01T12:00:00Z');
const at = (seconds: number): string => new Date(since + seconds * 1000).toISOString();
const job = (more: Partial<JobView>): JobView => ({
  id: 'a',
  kind: 'analyse-clip',
  clipSha256: '0'.repeat(64),
  status: 'done',
  createdAt: at(0),
  startedAt: at(0.2),
  endedAt: at(10.2),
  ...more,
});
const read = (meter: ReturnType<typeof createJobMeter>) => readPrometheus(prometheusText(meter.families()));

describe('prometheusText', () => {
  it('escapes what labels and help may not hold, and writes every kind of number', () => {
    const odd = 'a "b" \\ c\nd';
    const values = [0, -1.5, 1e-9, 1e21, Number.NaN, Number.POSITIVE_INFINITY];
    const text = prometheusText([
      {
        name: 'odd',
        help: odd,
        type: 'gauge',
        samples: values.map((value, i) => ({ labels: { odd, i: String(i) }, value })),
      },
      { name: 'empty', help: 'Nothing.', type: 'gauge', samples: [] },
    ]);
    const [family, ...rest] = readPrometheus(text);
    expect(rest).toEqual([]);
    expect(family?.help).toBe('a "b" \\\\ c\\nd');
    expect(family?.samples.map(({ value }) => value)).toEqual(values);
    expect(family?.samples[0]?.labels).toEqual({ odd, i: '0' });
    expect(prometheusText([])).toBe('');
  });
});

describe('the figures of the queue', () => {
  it('has a line for every queue and status, and for every worker what is known of it', () => {
    const counts = { waiting: 2, delayed: 0, active: 1, 'waiting-children': 0, completed: 5, failed: 1 };
    const device = { requested: 'cpu', active: 'cpu', inferencesPerSecond: 31 } as const;
    const totals = { done: 7, failed: 1, frames: 900, busySeconds: 12.5 };
    const workers: WorkerView[] = [
      { id: 'one', status: 'busy', device, memoryBytes: 5e8, restarts: 2, totals },
      { id: 'two "odd"', status: 'starting', restarts: 0, paused: true },
    ];
    const queues = [{ name: 'pose', counts, isPaused: true }] as const;
    const families = readPrometheus(prometheusText(queueMetrics({ version: '1.2.3', queues, workers })));
    const value = (name: string, labels: Record<string, string>): number | undefined =>
      families
        .find((family) => family.name === `shadow_trainer_${name}`)
        ?.samples.find((sample) => JSON.stringify(sample.labels) === JSON.stringify(labels))?.value;
    expect(value('build_info', { version: '1.2.3' })).toBe(1);
    expect(value('queue_jobs', { queue: 'pose', status: 'waiting' })).toBe(2);
    expect(value('queue_paused', { queue: 'pose' })).toBe(1);
    expect(value('worker_up', { worker: 'two "odd"' })).toBe(0);
    expect(value('worker_paused', { worker: 'two "odd"' })).toBe(1);
    expect(value('worker_memory_bytes', { worker: 'two "odd"' })).toBeUndefined();
    expect(value('worker_memory_bytes', { worker: 'one' })).toBe(5e8);
    expect(value('worker_jobs_total', { worker: 'one', status: 'completed' })).toBe(7);
    expect(value('worker_frames_total', { worker: 'one' })).toBe(900);
    expect(families.every(({ type, name }) => (type === 'counter') === name.endsWith('_total'))).toBe(true);
  });
});

describe('job meter', () => {
  it('counts every ending once, and none from before', () => {
    const meter = createJobMeter(since);
    meter.observe(job({ id: 'old', endedAt: at(-1) }));
    meter.observe(job({ status: 'running' }));
    for (let i = 0; i < 3; i++) meter.observe(job({}));
    meter.observe(job({ createdAt: at(20), startedAt: at(21), endedAt: at(22) }));
    meter.observe(job({ id: 'b', status: 'failed' }));
    const [ended] = read(meter);
    expect(ended?.samples.map(({ labels, value }) => [labels['queue'], labels['status'], value])).toEqual([
      ['analysis', 'done', 2],
      ['analysis', 'failed', 1],
    ]);
  });

  it('keeps histograms whose buckets grow to their count', () => {
    const meter = createJobMeter(since);
    for (const [i, seconds] of [0.01, 0.2, 3, 9999].entries())
      meter.observe(job({ id: String(i), startedAt: at(seconds), endedAt: at(seconds + 1) }));
    const wait = read(meter).find(({ name }) => name === 'shadow_trainer_job_wait_seconds');
    const buckets = wait?.samples.filter(({ name }) => name.endsWith('_bucket')).map(({ value }) => value) ?? [];
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
    const bucket = (le: string) => wait?.samples.find(({ labels }) => labels['le'] === le)?.value;
    expect([bucket('0.01'), bucket('0.5'), bucket('5'), bucket('+Inf')]).toEqual([1, 2, 3, 4]);
    expect(wait?.samples.find(({ name }) => name.endsWith('_sum'))?.value).toBeCloseTo(10_002.21, 5);
    expect(wait?.samples.find(({ name }) => name.endsWith('_count'))?.value).toBe(4);
  });
});
