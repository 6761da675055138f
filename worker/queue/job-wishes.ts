/**
 * What members want of a job that several may have asked for: the same clip is the same job. It is stopped, or
 * forgotten, when nobody is left who wants it. Kept in the job itself, and so for as long.
 */
import { z } from 'zod';

const wishSchema = z.enum(['wanted', 'withdrawn', 'forgotten']);
export type Wish = z.infer<typeof wishSchema>;
/** By member. */
export type Wishes = Readonly<Record<string, Wish>>;

export interface WishedJob {
  readonly data: Readonly<Record<string, unknown>>;
  readonly wishes: Wishes;
}

/** Whose job it is wants it from the start. Undefined for whoever has said nothing. */
export function wishOf({ data, wishes }: WishedJob, member: string): Wish | undefined {
  return wishes[member] ?? (data['owner'] === member ? 'wanted' : undefined);
}

export function isWantedByOthers(job: WishedJob, member: string): boolean {
  const { owner } = job.data;
  const others = [...Object.keys(job.wishes), ...(typeof owner === 'string' ? [owner] : [])];
  return others.some((other) => other !== member && wishOf(job, other) === 'wanted');
}

/** As it is kept in Redis. */
export function parseWishes(text: string | null): Wishes {
  if (text === null) return {};
  return z.record(z.string(), wishSchema).parse(JSON.parse(text));
}
