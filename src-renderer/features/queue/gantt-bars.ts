/** A job's story as bars over time, one lane for each worker. */
import type { StageName } from '../../../worker/protocol/jobs.ts';
import type { TimelineEntry, TimelineKind } from '../../../worker/protocol/timeline.ts';

/** How a bar ended: `open` goes on, `left` was put back or made room for the next stage. */
export type BarEnd = 'open' | 'left' | 'done' | 'retry' | 'failed' | 'stalled' | 'cancelled';

export interface GanttBar {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Undefined: the job itself, at this stage. */
  readonly chunk: number | undefined;
  readonly stage: StageName | undefined;
  readonly end: BarEnd;
}

export interface Gantt {
  readonly from: number;
  readonly to: number;
  /** In the order in which they came to the job. */
  readonly lanes: readonly { readonly worker: string; readonly bars: readonly GanttBar[] }[];
  /** While nobody worked on it. */
  readonly waits: readonly { readonly from: number; readonly to: number }[];
}

const ends: Partial<Record<TimelineKind, BarEnd>> = {
  queued: 'left',
  done: 'done',
  retry: 'retry',
  failed: 'failed',
  stalled: 'stalled',
  cancelled: 'cancelled',
};

/** `now` is where open bars end. Milliseconds since 1970. */
export function ganttOf(timeline: readonly TimelineEntry[], now: number): Gantt {
  const lanes = new Map<string, GanttBar[]>();
  const open = new Map<number | undefined, { worker: string; from: number; stage: StageName | undefined }>();
  const finish = (chunk: number | undefined, at: number, end: BarEnd): void => {
    const bar = open.get(chunk);
    open.delete(chunk);
    if (bar === undefined) return;
    lanes.get(bar.worker)?.push({ from: bar.from, to: Math.max(bar.from, at), chunk, stage: bar.stage, end });
  };
  for (const { at, kind, chunk, worker, stage } of timeline) {
    const current = open.get(chunk);
    const isNext = kind === 'stage' && current?.stage !== stage;
    if (kind === 'started' || isNext) {
      finish(chunk, at, 'left');
      const doer = worker ?? current?.worker;
      if (doer === undefined) continue;
      if (!lanes.has(doer)) lanes.set(doer, []);
      open.set(chunk, { worker: doer, from: at, stage });
    } else {
      const end = ends[kind];
      if (end) finish(chunk, at, end);
    }
  }
  const last = timeline.at(-1)?.at ?? now;
  const to = open.size > 0 ? Math.max(now, last) : last;
  for (const chunk of [...open.keys()]) finish(chunk, to, 'open');
  const from = timeline[0]?.at ?? now;
  const bars = [...lanes.values()].flat();
  return {
    from,
    to,
    lanes: [...lanes].map(([worker, own]) => ({ worker, bars: own.filter(({ from: start, to: end }) => end > start) })),
    waits: gapsBetween(bars, from, to),
  };
}

function gapsBetween(bars: readonly GanttBar[], from: number, to: number): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  let covered = from;
  for (const bar of bars.toSorted((a, b) => a.from - b.from)) {
    if (bar.from > covered) gaps.push({ from: covered, to: bar.from });
    covered = Math.max(covered, bar.to);
  }
  if (to > covered) gaps.push({ from: covered, to });
  return gaps;
}
