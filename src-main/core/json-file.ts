import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

export interface JsonFile {
  write(value: unknown): Promise<void>;
  remove(): Promise<void>;
}

/** Writes one JSON file whole or not at all; the last value given wins, also when writes overlap. */
export function createJsonFile(path: string): JsonFile {
  let last: Promise<void> = Promise.resolve();
  const afterOthers = (run: () => Promise<void>): Promise<void> => {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    write: (value) => afterOthers(() => replaceFile(path, JSON.stringify(value, undefined, 2))),
    remove: () => afterOthers(() => rm(path, { force: true })),
  };
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
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
