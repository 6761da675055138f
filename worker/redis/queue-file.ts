/**
 * The append-only file of the private redis-server, damaged by a power cut or a bad disk. Redis is told not to start
 * on a file that is not whole; here the file is kept aside as it was, cut back to its last whole entry, or, where even
 * that does not help, replaced by an empty one. Whatever was done is said: a queue is never emptied in silence.
 */
import { spawn } from 'node:child_process';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure } from '../protocol/errors.ts';
import { replaceFile } from '../storage/place-file.ts';
import { isMissingFile } from '../storage/storage-error.ts';

const folderName = 'appendonlydir';
const manifestName = 'appendonly.aof.manifest';
/** Redis before 7 had this one file and nothing else. */
const oldFileName = 'appendonly.aof';
const mostKept = 5;

export interface QueueFileOptions {
  readonly directory: string;
  /** The redis-server, which is redis-check-aof too when it is called so. */
  readonly binary: string;
}

/** Whether Redis says in its last words that it could not read its file. */
export function saysDamaged(log: string): boolean {
  return /reading the append only file|AOF manifest file|loading DB|reading RDB|RDB reading|Checking RDB|RDB format|Wrong signature|AOF file \S+ length.*no such file/i.test(
    log,
  );
}

/**
 * Whether what is left after its settings and its socket is the file: a garbled one can make Redis complain about
 * anything, as too many databases or an unknown module.
 */
export function gaveUpLoading(log: string): boolean {
  return /Server initialized/.test(log) && !/permission denied|address already in use|out of memory/i.test(log);
}

/** Whether there are files that Redis would overlook, and begin an empty queue in their place. */
export async function hasLostManifest({ directory }: Pick<QueueFileOptions, 'directory'>): Promise<boolean> {
  const names = await namesIn(join(directory, folderName));
  return !names.includes(manifestName) && names.some((name) => /\.(aof|rdb)$/.test(name));
}

/**
 * Makes the file readable again and says what that cost. `putAside`: it was tried already, and Redis still cannot read
 * it. Throws what the file system throws; the file is then as it was.
 */
export async function mendQueueFile(options: QueueFileOptions & { readonly putAside: boolean }): Promise<Failure> {
  const { directory } = options;
  const kept = join(directory, `damaged-${new Date().toISOString().replaceAll(':', '-')}`);
  const present = (await namesIn(directory)).filter((name) => name === folderName || name === oldFileName);
  for (const name of present) await cp(join(directory, name), join(kept, name), { recursive: true });
  await forgetOldest(directory);

  const lostBytes = options.putAside ? undefined : await cutBack(options);
  if (lostBytes === undefined) {
    for (const name of present) await rm(join(directory, name), { recursive: true, force: true });
    const message = `The queue's file could not be read and the queue starts empty: start again what was waiting. Clips and finished analyses are all there. The unreadable file is kept in ${kept}.`;
    return { code: 'QUEUE_DAMAGED', message };
  }
  const message = `The queue's file was damaged, as by a power cut, and has been repaired: its last ${lostBytes} bytes could not be read, all before them is there. The damaged file is kept in ${kept}.`;
  return { code: 'QUEUE_DAMAGED', message };
}

/** Cuts off what follows the last whole entry. How many bytes that were; undefined where it cannot be done. */
async function cutBack({ directory, binary }: QueueFileOptions): Promise<number | undefined> {
  const folder = join(directory, folderName);
  const names = await namesIn(folder);
  if (names.length > 0 && !(await isManifestReadable(folder)) && !(await writeManifest(folder, names)))
    return undefined;
  const target = names.length > 0 ? join(folder, manifestName) : join(directory, oldFileName);
  const { exitCode, output } = await runCheck(binary, directory, target);
  if (exitCode !== 0) return undefined;
  return [...output.matchAll(/AOF analyzed: .*diff=(\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

async function isManifestReadable(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.length > 0 && lines.every((line) => /^file \S+ seq \d+ type [bih]$/.test(line));
}

/** Makes the table of contents anew where the names leave no doubt: at most one base, and increments without a gap. */
async function writeManifest(folder: string, names: readonly string[]): Promise<boolean> {
  const parts = names.flatMap((name) => {
    const [, seq, kind] = /^appendonly\.aof\.(\d+)\.(base|incr)\.(?:rdb|aof)$/.exec(name) ?? [];
    return seq === undefined ? [] : [{ name, seq: Number(seq), type: kind === 'base' ? 'b' : 'i' }];
  });
  const bases = parts.filter(({ type }) => type === 'b');
  const increments = parts.filter(({ type }) => type === 'i').sort((one, other) => one.seq - other.seq);
  const hasGap = increments.some(({ seq }, i) => i > 0 && seq !== (increments[i - 1]?.seq ?? 0) + 1);
  if (parts.length === 0 || bases.length > 1 || hasGap) return false;
  const lines = [...bases, ...increments].map(({ name, seq, type }) => `file ${name} seq ${seq} type ${type}\n`);
  await replaceFile(join(folder, manifestName), new TextEncoder().encode(lines.join('')));
  return true;
}

async function runCheck(binary: string, directory: string, target: string) {
  const child = spawn(binary, ['--fix', target], {
    argv0: 'redis-check-aof',
    cwd: directory,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  // It asks whether to go on.
  child.stdin.on('error', () => undefined);
  child.stdin.end('y\n');
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, output };
}

async function forgetOldest(directory: string): Promise<void> {
  const kept = (await namesIn(directory)).filter((name) => name.startsWith('damaged-')).sort();
  for (const name of kept.slice(0, -mostKept)) await rm(join(directory, name), { recursive: true, force: true });
}

async function namesIn(directory: string): Promise<string[]> {
  return await readdir(directory).catch((error: unknown) => {
    if (isMissingFile(error)) return [];
    throw error;
  });
}
