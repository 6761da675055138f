/**
 * Who is next: among jobs of the same priority, the one whose owner has had the least (start-time fair queueing). Every
 * job gets a tag when it is added: one more than its owner's last tag, or than the tag of the job begun last where that
 * is later, so that nobody saves up turns by being away. Lower tags go first, equal ones in the order of arrival: an
 * owner with one job waits for at most one job of every other owner that has some, however many those have.
 */
import type { JobData } from './job-engine.ts';

/** A tag and the band of its priority fit into the 21 bits that BullMQ has for a priority. */
export const tagsPerBand = 2 ** 17;
export const bandCount = 16;

/**
 * Children take turns in groups of this many: a short analysis that has begun ends before others go on, a long one lets
 * them in between.
 */
export const childrenPerTurn = 4;

/** What takes part in the sharing when no owner is said. */
const nobody = '';

export function ownerOf(data: JobData): string {
  return typeof data['owner'] === 'string' ? data['owner'] : nobody;
}

/** Throws RangeError for a priority that is no whole number from 0 to 15. */
export function assertBand(priority: number): void {
  if (Number.isInteger(priority) && priority >= 0 && priority < bandCount) return;
  throw new RangeError(`A priority is a whole number from 0 to ${bandCount - 1}, not ${priority}.`);
}

export function turnsOf(jobCount: number): number {
  return Math.ceil(jobCount / childrenPerTurn);
}

export function turnOfChild(index: number): number {
  return Math.floor(index / childrenPerTurn);
}

export interface FairShare {
  /** The first of that many consecutive tags. */
  take(request: { readonly band: number; readonly owner: string; readonly turns: number }): number;
  /** A job with that tag begins. */
  started(job: { readonly band: number; readonly tag: number }): void;
}

/** For one queue of one process. Tags grow for ever: numbers do not run out in the life of a process. */
export function createFairShare(): FairShare {
  const current = new Map<number, number>();
  const lastOf = new Map<string, number>();
  return {
    take({ band, owner, turns }) {
      const key = `${band}:${owner}`;
      const first = Math.max(lastOf.get(key) ?? 0, current.get(band) ?? 0) + 1;
      lastOf.set(key, first + turns - 1);
      return first;
    },
    started({ band, tag }) {
      current.set(band, Math.max(current.get(band) ?? 0, tag));
    },
  };
}
