import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { createJsonFile, readJsonFile } from './json-file.ts';

const installationSchema = z.object({ id: z.uuid() });

/** Who wants the jobs that are made with this data folder: those who use one queue share its workers. */
export async function readInstallationId(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, 'installation.json');
  const known = await readJsonFile(path, installationSchema);
  if (known) return known.id;
  const id = randomUUID();
  await createJsonFile(path).write({ id });
  // Another process may have been first: what lies there in the end is everybody's.
  return (await readJsonFile(path, installationSchema))?.id ?? id;
}
