import { readFile, rename, rm } from 'node:fs/promises';
import type { z } from 'zod';
import { replaceFile } from '../../worker/storage/place-file.ts';

export interface JsonFile {
  write(value: unknown): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Writes one JSON file whole or not at all; the last value given wins, also when writes overlap. `mode`: who may read
 * it, where that is not everybody.
 */
export function createJsonFile(path: string, { mode }: { mode?: number } = {}): JsonFile {
  let last: Promise<void> = Promise.resolve();
  const afterOthers = (run: () => Promise<void>): Promise<void> => {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    write: (value) =>
      afterOthers(() => replaceFile(path, new TextEncoder().encode(JSON.stringify(value, undefined, 2)), mode)),
    remove: () => afterOthers(() => rm(path, { force: true })),
  };
}

/** Undefined when there is no file. One that cannot be understood is put aside as `.damaged`, never deleted. */
export async function readJsonFile<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    await rename(path, `${path}.damaged`);
    return undefined;
  }
}
