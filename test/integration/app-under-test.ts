/** The built app as its user starts it: the loopback host in a process and a data folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { AppCalls, FileReference } from '../../src-main/contract/bridge.ts';
import type { JobView, WorkerView } from '../../src-main/contract/calls.ts';
import type { DispatchResult } from '../../src-main/core/dispatch.ts';
import type { NetworkHost } from './network-hosts.ts';
import { personSource } from './person-clip.ts';
import { commandIn, loopback } from './place.ts';

const root = resolve(import.meta.dirname, '../..');
export const builtFile = (name: string): string => join(root, 'dist', 'node', name);

const missing = ['loopback.js', 'cli.js', 'worker.js', 'redis-guard.js'].filter((name) => !existsSync(builtFile(name)));
/** Why the app cannot be started here; undefined where it can. */
export const notBuilt = missing.length > 0 ? `${missing.join(', ')} not built: npm run build` : undefined;
/** Why nothing can be analysed here. */
export const notReady =
  notBuilt ?? (personSource === undefined ? 'no clip with a person: neither the sample nor a real one' : undefined);

export interface AppUnderTest {
  readonly process: ChildProcess;
  /** Without the token. */
  readonly origin: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What it wrote to standard error so far. */
  log(): string;
  call<K extends keyof AppCalls>(name: K, input: AppCalls[K]['input']): Promise<AppCalls[K]['output']>;
  upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<FileReference>;
  /** Uploads and imports one clip; resolves to its sha256. */
  importFile(path: string): Promise<string>;
  job(id: string): Promise<JobView>;
  jobOfKind(kind: JobView['kind']): Promise<JobView | undefined>;
  workers(): Promise<WorkerView[]>;
  /** Resolves to the exit code, or the signal that ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | NodeJS.Signals | null>;
}

export const createDataDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'shadow-trainer-app-'));

/** The last processes of a killed app may still be writing. */
export const removeDataDirectory = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

/** Rejects with what the app wrote when it ends before it is ready. `host`: on another machine than this one. */
export async function startLoopback(dataDirectory: string, host?: NetworkHost): Promise<AppUnderTest> {
  const command = [builtFile('loopback.js'), '--data-directory', dataDirectory];
  const { program, args } = commandIn(host ?? loopback, process.execPath, command);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (data: Buffer) => {
    log += data.toString();
  });
  const url = await addressOf(child.stdout);
  if (url === undefined) throw new Error(`The app ended before it was ready: ${log}`);
  if (host) url.port = String(await host.reach(Number(url.port)));
  const token = url.searchParams.get('token') ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const post = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(new URL(path, url), { method: 'POST', ...init });
    const result = (await response.json()) as DispatchResult;
    if (!result.ok) throw Object.assign(new Error(result.failure.message), { code: result.failure.code });
    return result.value;
  };
  const call: AppUnderTest['call'] = (name, input) =>
    post(`/call/${name}`, {
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    }) as never;
  const upload: AppUnderTest['upload'] = (name, body) =>
    post('/upload', {
      headers: { ...headers, 'x-file-name': encodeURIComponent(name) },
      body,
    }) as Promise<FileReference>;
  return {
    process: child,
    origin: url.origin,
    token,
    headers,
    log: () => log,
    call,
    upload,
    async importFile(path) {
      const file = await upload(basename(path), new Uint8Array(await readFile(path)));
      const { clips, refused } = await call('library.import', { files: [file] });
      const [clip] = clips;
      if (clip === undefined) throw new Error(`Not imported: ${JSON.stringify(refused)}`);
      return clip.clip.sha256;
    },
    async job(id) {
      const found = (await call('jobs.list', {})).jobs.find((job) => job.id === id);
      if (found === undefined) throw new Error(`There is no job ${id}.`);
      return found;
    },
    jobOfKind: async (kind) => (await call('jobs.list', {})).jobs.find((job) => job.kind === kind),
    workers: async () => (await call('workers.list', {})).workers,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
      const exited = once(child, 'exit');
      child.kill(signal);
      const [code, how] = await exited;
      return code ?? how;
    },
  };
}

async function addressOf(output: NodeJS.ReadableStream): Promise<URL | undefined> {
  for await (const line of createInterface({ input: output })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address === undefined) continue;
    output.resume();
    return new URL(address);
  }
  return undefined;
}

/** Asks again and again until the answer is something; fails with `what` when that takes too long. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}.`);
    await new Promise((next) => setTimeout(next, 25));
  }
}

/** "PID COMMAND LINE" of living processes whose command line or environment has all of the texts, as a data folder. */
export function processesOf(...texts: string[]): string[] {
  if (!existsSync('/proc/self/environ')) {
    const listed = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8' });
    return listed
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => texts.every((text) => line.includes(text)) && !line.includes(' -axEww '));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
        const said = `${command}${readFileSync(`/proc/${id}/environ`, 'utf8')}`;
        return texts.every((text) => said.includes(text)) ? [`${id} ${command.replaceAll('\0', ' ').trim()}`] : [];
      } catch {
        // It ended while we looked, or belongs to somebody else.
        return [];
      }
    });
}
