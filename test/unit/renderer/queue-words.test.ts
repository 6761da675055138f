import { describe, expect, it } from 'vitest';
import type { JobView, WorkerView } from '../../../src-main/contract/calls.ts';
import { duration, storyLine, workersInWords } from '../../../src-renderer/features/queue/queue-words.ts';
import { jobFilters, passesFilter, sortJobs } from '../../../src-renderer/features/queue/sort-jobs.ts';
import { jobStatuses } from '../../../worker/protocol/status.ts';
import { timelineKinds } from '../../../worker/protocol/timeline.ts';

const job = (id: string, status: JobView['status'], createdAt = '1', endedAt?: string): JobView => ({
  id,
  kind: 'analyse-clip',
  clipSha256: '0'.repeat(64),
  status,
  createdAt,
  ...(endedAt !== undefined && { endedAt }),
});
const worker = (id: string, ...currentJobs: string[]): [string, WorkerView] => [
  id,
  { id, status: 'busy', restarts: 0, currentJobs },
];

describe('sortJobs', () => {
  it('puts what runs first, then what waits in the order it came, then what ended, the latest first', () => {
    const jobs = [
      job('old', 'done', '1', '3'),
      job('late', 'failed', '2', '5'),
      job('second', 'queued', '4'),
      job('first', 'queued', '3'),
      job('runs', 'running', '9'),
      job('paused', 'paused', '8'),
      job('gone', 'cancelled', '4'),
    ];
    expect(sortJobs(jobs).map(({ id }) => id)).toEqual(['runs', 'paused', 'first', 'second', 'late', 'gone', 'old']);
  });
});

describe('passesFilter', () => {
  it('shows every job under "all" and under exactly one other filter', () => {
    for (const status of jobStatuses) {
      const passed = jobFilters.filter((filter) => passesFilter(job('a', status), filter));
      expect(passed).toHaveLength(2);
      expect(passed[0]).toBe('all');
    }
  });
});

describe('words of the queue', () => {
  it.each([
    [0, '0.0 s'],
    [9.94, '9.9 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [200, '3 min 20 s'],
    [3900, '1 h 5 min'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it('names workers of other machines by them', () => {
    const workers = new Map([
      worker('w', 'a'),
      ['rig-b1-2', { ...worker('rig-b1-2', 'a')[1], machine: 'rig' }] as const,
    ]);
    expect(workersInWords('a', workers)).toBe('Worker 1, rig 2');
    expect(workersInWords('a', new Map([...workers].slice(1)))).toBe('rig 2');
  });

  it('names who works on a job or on a part of it', () => {
    const workers = new Map([
      worker('w', 'a'),
      worker('x', 'a-chunk-3', 'b'),
      worker('y', 'ab'),
      worker('z', 'a-chunk-0'),
    ]);
    expect(workersInWords('a', workers)).toBe('Workers 1, 2, 4');
    expect(workersInWords('b', workers)).toBe('Worker 2');
    expect(workersInWords('c', workers)).toBe('');
    expect(workersInWords('a', new Map([...workers, worker('v', 'a-chunk-9')]))).toBe('4 workers');
  });

  it('tells each kind of line, with part, worker, attempt and reason', () => {
    const name = (id: string): string => `<${id}>`;
    for (const kind of timelineKinds) expect(storyLine({ at: 0, kind, stage: 'probe' }, name)).toMatch(/^[A-Z]/);
    expect(storyLine({ at: 0, kind: 'started', worker: 'a', chunk: 1, attempt: 2 }, name)).toBe(
      'Part 2: Started on <a>, attempt 2',
    );
    const failure = { code: 'FFMPEG_FAILED', message: 'The decoder failed.' } as const;
    expect(storyLine({ at: 0, kind: 'retry', worker: 'a', failure }, name)).toBe(
      'Failed on <a>, is tried again: The decoder failed.',
    );
    expect(storyLine({ at: 0, kind: 'retry' }, name)).toBe('Tried again');
    expect(storyLine({ at: 0, kind: 'note', chunk: 0, text: 'Error: no' }, name)).toBe('Part 1: Error: no');
  });
});
