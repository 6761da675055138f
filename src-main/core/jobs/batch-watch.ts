/** What to tell a coach who looks elsewhere: that a batch has ended, and the first thing that went wrong in it. */
import { isEnded } from '../../../worker/protocol/status.ts';
import type { JobView } from '../../contract/job-view.ts';
import type { QueueNotice } from '../../contract/queue-views.ts';
import { createFreshEndings } from './fresh-endings.ts';

export interface BatchWatchOptions {
  readonly onNotice: (notice: QueueNotice) => void;
  /** Jobs that ended before are no news. Milliseconds since 1970. */
  readonly since: number;
  /** A batch has ended when nothing was to do for this long. */
  readonly quietMilliseconds?: number;
}

export interface BatchWatch {
  /** Every view of every job, as it changes. */
  observe(job: JobView): void;
  /** More clips are on their way: the batch does not end before the returned function is called. */
  expectMore(): () => void;
  close(): void;
}

export function createBatchWatch({ onNotice, since, quietMilliseconds = 3000 }: BatchWatchOptions): BatchWatch {
  const isFresh = createFreshEndings(since);
  const active = new Set<string>();
  /** As last seen, of this batch. Exports belong to no batch. */
  const batch = new Map<string, JobView>();
  let expected = 0;
  let hasFailed = false;
  let timer: NodeJS.Timeout | undefined;

  const end = (): void => {
    const clipsOf = (isMeant: (job: JobView) => boolean): Set<string> =>
      new Set([...batch.values()].filter(isMeant).map(({ clipSha256 }) => clipSha256));
    const all = clipsOf(() => true).size;
    const failed = clipsOf(({ status }) => status === 'failed');
    const done = clipsOf(({ kind, status }) => kind === 'analyse-clip' && status === 'done');
    batch.clear();
    hasFailed = false;
    // One of a clip's two jobs may have gone well.
    const ready = [...done].filter((clip) => !failed.has(clip)).length;
    if (all < 2 || ready + failed.size === 0) return;
    onNotice({ kind: 'batch-ended', message: batchSentence(ready, failed.size), ready, failed: failed.size });
  };
  const settle = (): void => {
    clearTimeout(timer);
    if (active.size > 0 || expected > 0 || (batch.size === 0 && !hasFailed)) return;
    timer = setTimeout(end, quietMilliseconds);
    timer.unref();
  };

  return {
    observe(job) {
      const { id, kind, status, clipName = 'A clip', failure } = job;
      const isNews = !isEnded(status) || isFresh(job);
      if (isEnded(status)) active.delete(id);
      else active.add(id);
      if (isNews && kind !== 'export-analysis') batch.set(id, job);
      if (isNews && status === 'failed' && failure && !hasFailed) {
        hasFailed = true;
        onNotice({ kind: 'job-failed', message: `${clipName}: ${failure.message}`, ready: 0, failed: 1 });
      }
      settle();
    },
    expectMore() {
      expected++;
      settle();
      let isOver = false;
      return () => {
        if (!isOver) expected--;
        isOver = true;
        settle();
      };
    },
    close: () => clearTimeout(timer),
  };
}

/** "12 clips ready, 1 failed." */
function batchSentence(ready: number, failed: number): string {
  const clips = (count: number): string => (count === 1 ? '1 clip' : `${count} clips`);
  if (failed === 0) return `${clips(ready)} ready.`;
  return ready === 0 ? `${clips(failed)} failed.` : `${clips(ready)} ready, ${failed} failed.`;
}
