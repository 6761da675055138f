/**
 * Keeps the data folder of a team's workers small. Everything in it is a copy of what the team has, or on its way there:
 * copies of files, which the workers themselves limit (`makeRoom`), and what is limited here together with them.
 */
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnalysisStore } from '../pipeline/ports.ts';
import { fetchedDirectory, partialDirectory } from './fetched-assets.ts';
import { createFileStores, removeUnfinished } from './file-stores.ts';
import { moveIntoPlace, temporaryPath } from './place-file.ts';
import { isMissingFile } from './storage-error.ts';
import { entriesOf } from './sweep-assets.ts';

/** A job that comes back later than this finds nothing here, and fetches or computes it again. */
const keptSeconds = 24 * 3600;
/** A running job touches what it uses more often than this. */
const recentSeconds = 3600;
const tidyMilliseconds = 10 * 60_000;

/** Below the data folder: notes of copies, and files on their way. */
export function transfersDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'team');
}

export interface TidyOptions {
  readonly dataDirectory: string;
  /** For copies of files, analyses and what is on its way, all together. */
  readonly limitBytes: number;
  /** Milliseconds since 1970. */
  readonly now?: number;
}

/** Now and then, until it is stopped. */
export function startTidying(options: TidyOptions, onProblem: (problem: string) => void): { stop(): void } {
  const tidy = (): void => void tidyWorkerFolder(options).catch((error: unknown) => onProblem(String(error)));
  tidy();
  const timer = setInterval(tidy, tidyMilliseconds);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

interface Removable {
  readonly path: string;
  readonly byteLength: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** What was used within an hour stays, whatever the limit. */
export async function tidyWorkerFolder({ dataDirectory, limitBytes, now = Date.now() }: TidyOptions): Promise<void> {
  const stores = createFileStores({ dataDirectory });
  const oldest = now - keptSeconds * 1000;
  await removeUnfinished({ dataDirectory, olderThanSeconds: keptSeconds });
  for (const folder of await entriesOf(stores.derivedDirectory))
    for (const note of await removableIn(join(stores.derivedDirectory, folder)))
      if (note.usedAt < oldest) await rm(note.path, { force: true });

  await stores.sweep.putBack();
  const copies = new Set(await entriesOf(fetchedDirectory(transfersDirectory(dataDirectory))));
  let bytes = 0;
  for (const asset of await stores.sweep.list()) {
    // What never arrived at the team within a day was computed by somebody else, or is no longer wanted.
    const isLeft = !copies.has(asset.sha256) && asset.touchedAt < oldest;
    if (!(isLeft && (await stores.sweep.remove(asset)))) bytes += asset.byteLength;
  }
  const others = [
    ...(await removableIn(stores.analysesDirectory)),
    ...(await removableIn(partialDirectory(transfersDirectory(dataDirectory)))),
  ].sort((one, other) => one.usedAt - other.usedAt);
  bytes += others.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (const each of others) {
    const isTooMuch = bytes > limitBytes && each.usedAt < now - recentSeconds * 1000;
    if ((isTooMuch || each.usedAt < oldest) && (await removeUnused(dataDirectory, each))) bytes -= each.byteLength;
  }
}

/** The same analyses; what is looked up, read or written counts as used. */
export function touchedAnalyses<T extends AnalysisStore>(analyses: T): T {
  const touch = async (analysisId: string): Promise<void> => {
    const now = new Date();
    await utimes(analyses.folder(analysisId), now, now).catch((error: unknown) => {
      if (!isMissingFile(error)) throw error;
    });
  };
  return {
    ...analyses,
    async has(analysisId) {
      await touch(analysisId);
      return await analyses.has(analysisId);
    },
    async read(analysisId, file) {
      await touch(analysisId);
      return await analyses.read(analysisId, file);
    },
  };
}

async function removableIn(directory: string): Promise<Removable[]> {
  const found: Removable[] = [];
  for (const name of await entriesOf(directory)) {
    const path = join(directory, name);
    const at = await stat(path).catch(() => undefined);
    if (at) found.push({ path, byteLength: at.isDirectory() ? await bytesIn(path) : at.size, usedAt: at.mtimeMs });
  }
  return found;
}

async function bytesIn(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory).catch(() => []))
    bytes += (await stat(join(directory, name)).catch(() => ({ size: 0 }))).size;
  return bytes;
}

/** Aside, and away if nobody has touched it by then: false where somebody has, and it is back. */
async function removeUnused(dataDirectory: string, { path, usedAt }: Removable): Promise<boolean> {
  const aside = await temporaryPath(join(dataDirectory, 'unfinished'));
  try {
    await moveIntoPlace(path, aside);
  } catch (error) {
    if (isMissingFile(error)) return false;
    throw error;
  }
  if ((await stat(aside)).mtimeMs === usedAt) {
    await rm(aside, { recursive: true, force: true });
    return true;
  }
  await moveIntoPlace(aside, path).catch(() => undefined);
  return false;
}
