/**
 * Every stored file that somebody may still ask for, by its hash. Where what speaks of files can be read only as text,
 * a hash in the text is enough: a file too many stays for another night, one too few would be a coach's clip.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analysisFiles } from '../../../worker/protocol/analysis.ts';
import { allQueueNames } from '../../../worker/protocol/queues.ts';
import { plannedChunksOf } from '../../../worker/queue/chunks-of-job.ts';
import { type JobEngine, jobStates, type StoredJob } from '../../../worker/queue/job-engine.ts';
import type { FileStores } from '../../../worker/storage/file-stores.ts';
import { isMissingFile } from '../../../worker/storage/storage-error.ts';
import { entriesOf } from '../../../worker/storage/sweep-assets.ts';
import type { ListedDerived } from '../../../worker/storage/sweep-derived.ts';
import type { Library } from '../library/library.ts';

export interface LiveHashParts {
  readonly stores: FileStores;
  readonly engine: JobEngine;
  /** What waits for the team. */
  readonly outbox?: JobEngine | undefined;
  readonly library: Library;
  /** Holds a file for each clip. */
  readonly libraryDirectory: string;
  readonly derived: readonly ListedDerived[];
  /** What a done job made stays for this long, such as an export that nobody has saved yet. */
  readonly doneKeptMilliseconds: number;
  readonly signal: AbortSignal;
}

/** Throws what cannot be read, and AppError REDIS_UNREACHABLE: not knowing all means knowing nothing. */
export async function findLiveHashes(parts: LiveHashParts): Promise<ReadonlySet<string>> {
  const { stores, engine, library, libraryDirectory, signal } = parts;
  const live = new Set<string>();
  const add = (text: string): void => {
    for (const [hash] of text.matchAll(/[0-9a-f]{64}/g)) live.add(hash);
  };

  // Also records that were put aside as damaged: their clips are all that is left of them.
  for (const name of await entriesOf(libraryDirectory)) add(name + (await textOf(join(libraryDirectory, name))));
  add(JSON.stringify(library.list()));
  signal.throwIfAborted();

  const analyses = await entriesOf(stores.analysesDirectory);
  for (const id of analyses) {
    signal.throwIfAborted();
    add(await textOf(join(stores.analysesDirectory, id, analysisFiles.document)));
  }
  // What an analysis was made from on the way is needed until it is there.
  for (const id of analyses) live.delete(id);

  // On its way from one to the other, a job is in both for a moment.
  for (const each of [engine, ...(parts.outbox ? [parts.outbox] : []), engine])
    for await (const job of neededJobs(each, parts.doneKeptMilliseconds, signal)) {
      add(JSON.stringify([job.data, job.result]));
      if (plannedChunksOf(job.data)) add(JSON.stringify([...(await each.childrenResults(job))]));
    }
  addDerived(live, parts.derived);
  return live;
}

/** There and back, so that a job on its way from state to state is met in one of them. */
async function* neededJobs(engine: JobEngine, doneKeptMilliseconds: number, signal: AbortSignal) {
  for (const state of [...jobStates, ...jobStates.toReversed()])
    for (const queue of allQueueNames)
      for (const job of await engine.list(queue, { states: [state], limit: Number.MAX_SAFE_INTEGER })) {
        signal.throwIfAborted();
        if (isNeeded(job, doneKeptMilliseconds)) yield job;
      }
}

/** A failed job can be tried again, and goes on from what it has finished. */
function isNeeded({ state, endedAt = 0 }: StoredJob, doneKeptMilliseconds: number): boolean {
  return state !== 'completed' || Date.now() - endedAt < doneKeptMilliseconds;
}

/** A result of something live is live, and so on. */
function addDerived(live: Set<string>, derived: readonly ListedDerived[]): void {
  const entries = derived.flatMap(({ entry }) => entry ?? []);
  let before: number;
  do {
    before = live.size;
    for (const { key, resultSha256 } of entries) {
      const inputs = JSON.stringify(key).match(/[0-9a-f]{64}/g) ?? [];
      if (inputs.some((hash) => live.has(hash))) live.add(resultSha256);
    }
  } while (live.size > before);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // It went in between, or is a folder whose document was never written.
    if (isMissingFile(error)) return '';
    throw error;
  }
}
