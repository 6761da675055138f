/** Notes of earlier results, for a clean-up: which there are, and away with those whose files are gone. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { derivedEntrySchema } from './file-derived-store.ts';
import { entriesOf } from './sweep-assets.ts';

export interface ListedDerived {
  readonly path: string;
  /** Undefined where the note cannot be read. */
  readonly entry: { readonly key: unknown; readonly resultSha256: string } | undefined;
}

export async function listDerived(directory: string): Promise<ListedDerived[]> {
  const listed: ListedDerived[] = [];
  for (const folder of await entriesOf(directory)) {
    for (const name of await entriesOf(join(directory, folder))) {
      if (!name.endsWith('.json')) continue;
      const path = join(directory, folder, name);
      listed.push({ path, entry: await readEntry(path) });
    }
  }
  return listed;
}

/** Should somebody note the same result in this moment, it is computed once more the next time. */
export async function removeDerived({ path }: ListedDerived): Promise<void> {
  await rm(path, { force: true });
}

async function readEntry(path: string): Promise<ListedDerived['entry']> {
  try {
    const { key, result } = derivedEntrySchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return { key, resultSha256: result.sha256 };
  } catch {
    return undefined;
  }
}
