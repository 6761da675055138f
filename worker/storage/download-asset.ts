/** One file from the team server, in as many pieces as the network makes of it. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AssetReference } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { teamPaths } from '../protocol/team.ts';
import { hashFile } from './hash-file.ts';
import { toStorageError } from './storage-error.ts';
import { readRefusal, type TeamHttp, toTeamError } from './team-http.ts';
import { untilReached } from './until-reached.ts';

export interface DownloadOptions {
  readonly http: TeamHttp;
  readonly reference: AssetReference;
  /** Where the bytes gather; what a broken transfer left there is continued. */
  readonly partialPath: string;
  readonly retryMilliseconds: readonly number[];
  readonly onProgress: (bytesDone: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Resolves when `partialPath` holds the whole file and its hash is right. Throws AppError ASSET_MISSING,
 * ASSET_CORRUPT, TEAM_REFUSED, or TEAM_UNREACHABLE after as many vain attempts as there are pauses.
 */
export async function downloadAsset(options: DownloadOptions): Promise<void> {
  const { reference, partialPath, signal } = options;
  await mkdir(dirname(partialPath), { recursive: true });
  // What a killed process left may end in anything: then it is fetched once more, from the beginning.
  for (const isLastTry of [false, true]) {
    const isFresh = (await sizeOf(partialPath)) === 0;
    await fetchBytes(options);
    const { sha256 } = await hashFile(partialPath, { signal });
    if (sha256 === reference.sha256) return;
    await rm(partialPath, { force: true });
    if (isFresh || isLastTry) break;
  }
  throw new AppError(
    'ASSET_CORRUPT',
    'A file of the team arrived damaged. It is fetched again when it is needed next.',
  );
}

async function fetchBytes(options: DownloadOptions): Promise<void> {
  const { reference, partialPath, signal } = options;
  let reached = 0;
  await untilReached(
    options.retryMilliseconds,
    signal,
    async () => {
      const before = await prepare(partialPath, reference.byteLength);
      if (before === reference.byteLength && before > 0) return;
      await fetchRest(options, before);
      if ((await sizeOf(partialPath)) !== reference.byteLength)
        throw toTeamError(new Error('The connection ended early.'));
    },
    async () => {
      const before = reached;
      reached = await sizeOf(partialPath);
      return reached > before;
    },
  );
}

async function fetchRest({ http, reference, partialPath, onProgress, signal }: DownloadOptions, from: number) {
  const headers = from > 0 ? { range: `bytes=${from}-`, 'if-range': `"${reference.sha256}"` } : undefined;
  const path = `${teamPaths.assets}/${reference.sha256}`;
  const answer = await http.ask({ method: 'GET', path, ...(headers && { headers }) }, signal);
  const status = answer.statusCode ?? 0;
  if (status !== 200 && status !== 206) throw await readRefusal(answer);
  let done = status === 206 ? from : 0;
  const file = createWriteStream(partialPath, { flags: done > 0 ? 'r+' : 'w', start: done });
  answer.on('data', (part: Buffer) => {
    done += part.byteLength;
    // More than was announced is never written.
    if (done > reference.byteLength) answer.destroy(new Error('The file is longer than it should be.'));
    onProgress(Math.min(done, reference.byteLength));
  });
  await pipeline(answer, file, { signal }).catch((error: unknown) => {
    throw isDiskError(error) ? toStorageError(error, 'store a file') : toTeamError(error);
  });
}

function isDiskError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO'].includes(String(error.code))
  );
}

/** The file exists afterwards and is no longer than it may be; resolves to its length. */
async function prepare(path: string, mostBytes: number): Promise<number> {
  const file = await open(path, 'a');
  try {
    const { size } = await file.stat();
    if (size <= mostBytes) return size;
    await file.truncate(0);
    return 0;
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
