/** Unfinished jobs between the queue of the data folder and a file: the way to another engine, and back. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { AppError } from '../worker/protocol/errors.ts';
import { parseExportedJobs } from '../worker/queue/exported-jobs.ts';
import type { App } from './core/app.ts';
import { createJsonFile } from './core/json-file.ts';

/** Throws AppError INVALID_INPUT where there is such a file: it may hold jobs that are nowhere else. */
export async function exportJobsTo(file: string, app: App): Promise<{ exported: number; left: number }> {
  if (existsSync(file)) throw new AppError('INVALID_INPUT', `There is a file ${file} already: choose another name.`);
  const { taken, left } = await app.board.exportJobs(createJsonFile(file).write);
  return { exported: taken.length, left: left.length };
}

/** The file stays: to put its jobs in twice changes nothing. Throws AppError INVALID_INPUT. */
export async function importJobsFrom(file: string, app: App): Promise<{ imported: number }> {
  return { imported: (await app.board.importJobs(await readJobs(file))).length };
}

/**
 * Does the jobs of the file here and now. Whatever has not ended when this does, because it is paused or the signal was
 * aborted, is in the file afterwards, with all that has been finished of it; what has ended no longer is.
 */
export async function finishJobsOf(
  file: string,
  app: App,
  signal: AbortSignal,
): Promise<{ imported: number; done: number; failed: number; left: number }> {
  const jobs = await app.board.importJobs(await readJobs(file));
  let left = 0;
  try {
    const active = jobs.filter(({ status }) => status !== 'paused');
    await Promise.all(active.map(({ id }) => app.board.waitFor(id, signal)));
  } finally {
    left = (await app.board.exportJobs(createJsonFile(file).write)).taken.length;
  }
  const ended = app.board.list();
  const done = ended.filter(({ status }) => status === 'done').length;
  return { imported: jobs.length, done, failed: ended.length - done, left };
}

async function readJobs(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('INVALID_INPUT', `The file ${file} cannot be read.`, { cause });
  });
  return parseExportedJobs(text);
}
