/** What a coach reads in the queue. */
import type { JobView, WorkerView } from '../../../src-main/contract/calls.ts';
import type { JobNote, TimelineEntry } from '../../../worker/protocol/timeline.ts';
import { stageWords } from './describe-job.ts';

export const kindWords: Readonly<Record<JobView['kind'], string>> = {
  'prepare-playback': 'Playback',
  'analyse-clip': 'Analysis',
  'export-analysis': 'Export',
};

/** "0.4 s", "12 s", "3 min 20 s", "1 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** "Worker 2", of another machine "rig 2"; by its id where it is gone. */
export function workerName(id: string, workers: ReadonlyMap<string, WorkerView>): string {
  const worker = workers.get(id);
  if (worker === undefined) return id;
  const { machine, place } = worker;
  const index = [...workers.values()].filter((other) => other.place === place).indexOf(worker);
  return machine === undefined ? `Worker ${index + 1}` : `${machine} ${/\d+$/.exec(id)?.[0] ?? ''}`.trim();
}

const mostNamed = 3;

/** Who works on a job or on a chunk of it now: "Worker 2", "Workers 1, 2", "5 workers", or nothing. */
export function workersInWords(jobId: string, workers: ReadonlyMap<string, WorkerView>): string {
  const isAtIt = ({ currentJobs = [] }: WorkerView): boolean =>
    currentJobs.some((id) => id === jobId || id.startsWith(`${jobId}-chunk-`));
  const names = [...workers.values()].filter(isAtIt).map(({ id }) => workerName(id, workers));
  if (names.length > mostNamed) return `${names.length} workers`;
  const numbers = names.map((name) => name.replace(/^Worker /, ''));
  // Of this computer alone the word is said once.
  const areOwn = names.every((name, i) => name !== numbers[i]);
  return areOwn && names.length > 1 ? `Workers ${numbers.join(', ')}` : names.join(', ');
}

/** One line of a job's story. `name` gives workers their names. */
export function storyLine(line: TimelineEntry | JobNote, name: (worker: string) => string): string {
  const about = line.chunk === undefined ? '' : `Part ${line.chunk + 1}: `;
  if (line.kind === 'note') return about + line.text;
  const stage = line.stage === undefined ? '' : stageWords[line.stage];
  const by = line.worker === undefined ? '' : ` on ${name(line.worker)}`;
  const attempt = line.attempt !== undefined && line.attempt > 1 ? `, attempt ${line.attempt}` : '';
  const reason = line.failure === undefined ? '' : `: ${line.failure.message}`;
  return about + words();

  function words(): string {
    const entry = line as TimelineEntry;
    switch (entry.kind) {
      case 'queued':
        if (entry.stage === 'pose' && entry.chunk === undefined) return 'Waiting for its parts';
        return entry.worker === undefined ? 'Queued' : `Back in the queue from ${name(entry.worker)}`;
      case 'started':
        return `Started${by}${attempt}`;
      case 'stage':
        return stage;
      case 'retry':
        return entry.worker === undefined ? 'Tried again' : `Failed${by}, is tried again${reason}`;
      case 'stalled':
        return entry.worker === undefined ? 'The worker was lost' : `${name(entry.worker)} was lost`;
      case 'paused':
        return 'Paused';
      case 'resumed':
        return 'Resumed';
      case 'failed':
        return `Failed${by}${reason}`;
      case 'cancelled':
        return 'Cancelled';
      case 'done':
        return 'Done';
    }
  }
}
