/** The invitation of a worker machine, kept in its data folder: the next start needs no link. Only its user reads it. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../protocol/errors.ts';
import { replaceFile } from '../storage/place-file.ts';
import { isMissingFile } from '../storage/storage-error.ts';

const savedSchema = z.object({
  format: z.literal('shadow-trainer/worker-machine'),
  formatVersion: z.literal(1),
  link: z.string(),
  /** Tells this machine's workers from those of another one of the same name. */
  machine: z.string().regex(/^[0-9a-f]{6}$/),
});

export interface SavedInvitation {
  readonly link: string;
  readonly machine: string;
}

const pathIn = (dataDirectory: string): string => join(dataDirectory, 'invitation.json');

/** Undefined where none was kept. Throws AppError CONFIGURATION_INVALID where it cannot be understood. */
export async function readInvitation(dataDirectory: string): Promise<SavedInvitation | undefined> {
  const path = pathIn(dataDirectory);
  try {
    return savedSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (isMissingFile(cause)) return undefined;
    const message = `The invitation in ${path} cannot be read. Join again with a link.`;
    throw new AppError('CONFIGURATION_INVALID', message, { cause });
  }
}

export async function saveInvitation(dataDirectory: string, link: string): Promise<SavedInvitation> {
  const before = await readInvitation(dataDirectory).catch(() => undefined);
  if (before?.link === link) return before;
  const machine = before?.machine ?? randomBytes(3).toString('hex');
  const saved: z.infer<typeof savedSchema> = {
    format: 'shadow-trainer/worker-machine',
    formatVersion: 1,
    link,
    machine,
  };
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  // Nobody else may read it, not even for a moment.
  const umask = process.umask(0o077);
  try {
    await replaceFile(pathIn(dataDirectory), new TextEncoder().encode(`${JSON.stringify(saved)}\n`));
  } finally {
    process.umask(umask);
  }
  await chmod(pathIn(dataDirectory), 0o600);
  return saved;
}
