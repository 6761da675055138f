/** A real team server in a process and a data folder of its own, and machines that join it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectRedis, type RedisConnection } from '../../worker/connection.ts';
import { decodeInvitation, type Invitation } from '../../worker/protocol/invitation.ts';
import type { TeamRole } from '../../worker/protocol/team.ts';
import { createFileStores, type FileStores } from '../../worker/storage/file-stores.ts';
import {
  createRemoteAssetStore,
  type RemoteAssetStore,
  type RemoteAssetStoreOptions,
} from '../../worker/storage/remote-asset-store.ts';
import { connectTeam, type TeamConnection } from '../../worker/team-connection.ts';
import { nameWantedAsset } from '../../worker/wanted-assets.ts';
import { builtFile, until } from './app-under-test.ts';
import { commandIn, loopback } from './place.ts';
import { freePorts } from './redis-servers.ts';

const run = promisify(execFile);
const missing = ['team-server.js', 'redis-guard.js'].filter((name) => !existsSync(builtFile(name)));
/** Why no team server can be started here; undefined where it can. */
export const teamServerNotBuilt = missing.length > 0 ? `${missing.join(', ')} not built: npm run build` : undefined;

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly reason?: string;
  readonly [name: string]: unknown;
}

export interface TeamServerBench {
  readonly folder: string;
  readonly dataDirectory: string;
  readonly port: number;
  readonly redisPort: number;
  start(): Promise<void>;
  /** Resolves to its exit code, or the signal. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  log(): readonly LogLine[];
  /** What `npm run team-server -- …` prints and how it ends. */
  command(...args: string[]): Promise<{ readonly text: string; readonly exitCode: number }>;
  invite(name: string, role: TeamRole, ...more: string[]): Promise<Invitation>;
  /** Joins with the invitation; what it opened is closed with the bench. */
  join(invitation: Invitation, options?: JoinOptions): Promise<TeamMachine>;
  /** A raw request; `headers` as they are. */
  ask(method: string, path: string, headers?: Record<string, string>, body?: string | Uint8Array): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface JoinOptions
  extends Partial<Pick<RemoteAssetStoreOptions, 'cacheBytes' | 'keepsOwn' | 'onTransfer' | 'retryMilliseconds'>> {
  /** The port of a proxy in front of the server. */
  readonly port?: number;
}

export interface TeamMachine {
  readonly team: TeamConnection;
  readonly redis: RedisConnection;
  readonly stores: FileStores;
  readonly dataDirectory: string;
  readonly assets: RemoteAssetStore;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export async function createTeamServerBench(
  settings: Readonly<Record<string, unknown>> = {},
  place = loopback,
): Promise<TeamServerBench> {
  const { host } = place;
  const folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-team-'));
  const dataDirectory = join(folder, 'server');
  const [port = 0, redisPort = 0] = await freePorts(2);
  const file = join(folder, 'configuration.json');
  const redis = { kind: 'embedded', port: redisPort };
  await writeFile(
    file,
    JSON.stringify({ dataDirectory, address: host, bind: host, port, team: 'aces', redis, ...settings }),
  );
  const lines: LogLine[] = [];
  const closing: (() => void)[] = [];
  let child: ChildProcess | undefined;
  let said = '';

  const stop: TeamServerBench['stop'] = async (signal = 'SIGTERM') => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return null;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    const [code, by] = (await ended) as [number | null, NodeJS.Signals | null];
    return code ?? by;
  };
  const command: TeamServerBench['command'] = async (...args) => {
    try {
      const { stdout } = await run(process.execPath, [builtFile('team-server.js'), '--config', file, ...args]);
      return { text: stdout, exitCode: 0 };
    } catch (error) {
      const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: number };
      return { text: stdout + stderr, exitCode: Number(code) };
    }
  };
  return {
    ...{ folder, dataDirectory, port, redisPort, stop, command },
    log: () => lines,
    async start() {
      lines.length = 0;
      const serve = commandIn(place, process.execPath, [builtFile('team-server.js'), '--config', file]);
      const started = spawn(serve.program, serve.args, { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      let rest = '';
      started.stdout.on('data', (data: Buffer) => {
        rest += data.toString();
        const whole = rest.split('\n');
        rest = whole.pop() ?? '';
        for (const line of whole) lines.push(JSON.parse(line));
      });
      started.stderr.on('data', (data: Buffer) => {
        said += data.toString();
      });
      await until('the team server is ready', () => {
        if (started.exitCode !== null) throw new Error(`It ended: ${said}`);
        return lines.some(({ event }) => event === 'ready');
      });
    },
    async invite(name, role, ...more) {
      const { text, exitCode } = await command('invite', '--name', name, '--role', role, ...more);
      const link = /shadow-trainer:\/\/\S+/.exec(text)?.[0];
      if (exitCode !== 0 || link === undefined) throw new Error(text);
      return decodeInvitation(link);
    },
    async join(invitation, { port: otherPort, ...options } = {}) {
      const address = { ...invitation, server: { host, port: otherPort ?? port } };
      const team = await connectTeam(address);
      const connection = connectRedis(team.redis);
      const own = await mkdtemp(join(folder, 'machine-'));
      const stores = createFileStores({ dataDirectory: own });
      closing.push(() => {
        connection.disconnect();
        team.http.close();
      });
      const assets = createRemoteAssetStore({
        http: team.http,
        local: stores.assets,
        directory: join(own, 'team'),
        name: (reference) => nameWantedAsset(connection, team.keyPrefix, reference),
        cacheBytes: 2 ** 40,
        keepsOwn: false,
        retryMilliseconds: [0, 20, 50, 100, 200, 500, 1000, 1000],
        ...options,
      });
      return { team, redis: connection, stores, dataDirectory: own, assets };
    },
    ask: (method, path, headers = {}, body = undefined) =>
      new Promise((resolve, reject) => {
        // The path goes out as it is given, tricks and all.
        const sending = request(
          { host, port, method, path, headers, rejectUnauthorized: false, agent: false },
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('error', reject);
            answer.on('end', () =>
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
            );
          },
        );
        sending.on('error', reject);
        sending.end(body);
      }),
    async close() {
      for (const each of closing.splice(0)) each();
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
