/** The last hour of the queue, minute by minute, out of the jobs that are kept. */
import type { JobView } from '../../../src-main/contract/calls.ts';

export const historyMinutes = 60;
const minuteMilliseconds = 60_000;

export interface HistoryMinute {
  /** Milliseconds since 1970, where the minute ends; `now` for the running one. */
  readonly at: number;
  readonly done: number;
  readonly failed: number;
  /** At the end of the minute. */
  readonly waiting: number;
  readonly running: number;
  /** Of the jobs that were begun in it: half of them waited at most this long, nine of ten at most that. Seconds. */
  readonly waitHalf: number | undefined;
  readonly waitMost: number | undefined;
}

interface Span {
  readonly created: number;
  readonly started: number;
  readonly ended: number;
  readonly status: JobView['status'];
}

/** `now`: milliseconds since 1970. The running minute is the last. */
export function historyOf(jobs: Iterable<JobView>, now: number): HistoryMinute[] {
  const spans = [...jobs].map(spanOf);
  const last = Math.floor(now / minuteMilliseconds);
  return Array.from({ length: historyMinutes }, (_, i) => {
    const from = (last - historyMinutes + 1 + i) * minuteMilliseconds;
    const at = Math.min(now, from + minuteMilliseconds);
    const isIn = (time: number): boolean => time >= from && time < from + minuteMilliseconds;
    const endedAs = (status: JobView['status']): number =>
      spans.filter((span) => span.status === status && isIn(span.ended)).length;
    const waits = spans
      .filter(({ started }) => isIn(started))
      .map(({ created, started }) => Math.max(0, (started - created) / 1000))
      .sort((a, b) => a - b);
    const rank = (share: number): number | undefined => waits[Math.max(0, Math.ceil(share * waits.length) - 1)];
    return {
      at,
      done: endedAs('done'),
      failed: endedAs('failed'),
      waiting: spans.filter(({ created, started, ended }) => created <= at && started > at && ended > at).length,
      running: spans.filter(({ started, ended }) => started <= at && ended > at).length,
      waitHalf: rank(0.5),
      waitMost: rank(0.9),
    };
  });
}

/** What has not happened yet happens never, as far as is known. */
function spanOf({ createdAt, startedAt, endedAt, status }: JobView): Span {
  const time = (text: string | undefined): number => (text === undefined ? Number.POSITIVE_INFINITY : Date.parse(text));
  return { created: time(createdAt), started: time(startedAt), ended: time(endedAt), status };
}
