import { isEnded } from '../../../worker/protocol/status.ts';
import type { JobView } from '../../contract/job-view.ts';

/** Jobs that ended before these are not known to have been seen. */
const mostRemembered = 5000;

/**
 * Tells the one view of a job with which it ends from all others: an ended job may be shown again, and one that ended
 * before `since` (milliseconds since 1970) is no news at all.
 */
export function createFreshEndings(since: number): (job: JobView) => boolean {
  const seen = new Set<string>();
  return ({ id, createdAt, status, endedAt }) => {
    const key = `${id} ${createdAt}`;
    if (!isEnded(status) || endedAt === undefined || Date.parse(endedAt) < since || seen.has(key)) return false;
    seen.add(key);
    const [oldest] = seen;
    if (seen.size > mostRemembered && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}
