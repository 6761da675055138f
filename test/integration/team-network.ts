/** A team over real cables: a server with a Redis Cluster, worker machines and a coach, each in a network of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { JobView } from '../../src-main/contract/job-view.ts';
import { encodeInvitation } from '../../worker/protocol/invitation.ts';
import { teamKeyPrefix } from '../../worker/protocol/team.ts';
import { type AppUnderTest, builtFile, notBuilt, startLoopback, until } from './app-under-test.ts';
import { madeClips, testPicture } from './media-made-clips.ts';
import { createHostNetwork, type NetworkHost, noNetwork } from './network-hosts.ts';
import { commandIn } from './place.ts';
import { type RedisCluster, startRedisCluster } from './redis-cluster.ts';
import { redisCliIn } from './redis-servers.ts';
import { type JournalLine, journalLineSchema, type StagePlan } from './stage-plan.ts';
import { createTeamServerBench, type TeamServerBench, teamServerNotBuilt } from './team-server-bench.ts';
import { openWindowFeed, type WindowFeed } from './window-feed.ts';

/** Why none can be had here. */
export const noTeamNetwork =
  noNetwork ??
  notBuilt ??
  teamServerNotBuilt ??
  (existsSync(builtFile('join-team.js')) ? undefined : 'join-team.js not built');

export const teamHosts = ['server', 'rig', 'spare', 'coach'] as const;
export type TeamHost = (typeof teamHosts)[number];

export interface WorkerMachine {
  /** Of the member that it is. */
  readonly name: string;
  /** What it wrote to standard error. */
  log(): string;
  /** Resolves to its exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** What it said, sentence by sentence. */
  readonly said: readonly string[];
  /** Resolves to its exit code, or the signal. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** The app as a coach starts it, joined to the team, with the switch on. */
export interface CoachMachine extends AppUnderTest {
  readonly feed: WindowFeed;
  /** The analysis of the clip that is wanted by now. */
  analysisOf(clipSha256: string): Promise<JobView>;
  /** Resolves when the window hears that it has ended; throws where that is no good end. */
  done(jobId: string): Promise<JobView>;
}

export interface TeamNetwork {
  readonly folder: string;
  readonly hosts: Readonly<Record<TeamHost, NetworkHost>>;
  readonly cluster: RedisCluster;
  readonly server: TeamServerBench;
  readonly keyPrefix: string;
  readonly coach: CoachMachine;
  /** The built one, or with staged workers; resolves when a worker of it takes jobs. */
  startWorkerMachine(host: TeamHost, kind: 'built' | 'staged'): Promise<WorkerMachine>;
  /** A film of at least that many bytes, whose stages follow the plan, is dropped on the coach's app. Resolves to the job. */
  analyse(name: string, plan: Partial<StagePlan>, clipBytes?: number): Promise<JobView>;
  journal(name: string): readonly JournalLine[];
  gate(name: string): { readonly path: string; open(): void };
  /** Straight from the node that has the team's keys, over no cable that can be pulled. */
  askRedis(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

/** A file of an analysis, as the window fetches it. */
export async function analysisFile(app: AppUnderTest, analysisId: string, name: string): Promise<Buffer> {
  const response = await fetch(new URL(`/analysis/${analysisId}/${name}`, app.origin), { headers: app.headers });
  if (response.status !== 200) throw new Error(`${name}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

export async function startTeamNetwork(): Promise<TeamNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-network-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    const network = await createHostNetwork(teamHosts, { coach: 100e6 });
    closing.push(network.close);
    const { hosts } = network;
    const cluster = await startRedisCluster(hosts.server);
    closing.push(cluster.stop);
    const redis = { kind: 'existing', target: cluster.target };
    const server = await createTeamServerBench({ redis }, hosts.server);
    closing.push(server.close);
    await server.start();
    const keyPrefix = teamKeyPrefix('aces');

    const startIn = (host: TeamHost, args: readonly string[]) => {
      const command = commandIn(hosts[host], process.execPath, args);
      const child = spawn(command.program, command.args, { stdio: ['ignore', 'pipe', 'pipe'] });
      closing.push(async () => await endProcess(child, 'SIGKILL'));
      return child;
    };
    const link = async (name: string, role: 'worker' | 'coach'): Promise<string> =>
      encodeInvitation(await server.invite(name, role));

    const script = (name: string): string[] => ['--import', 'tsx', resolve(import.meta.dirname, name)];
    const clips = madeClips();
    closing.push(async () => clips.remove());
    const picture = testPicture({ seconds: 1, size: '160x90', rate: 10 });
    const film = readFileSync(clips.make('film.mp4', ...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p'));
    const coach = await startCoach(join(folder, 'coach'), hosts.coach, await link('Ann', 'coach'));
    closing.push(() => coach.end('SIGTERM'));
    const journalPath = (name: string): string => join(folder, `${name}.journal`);
    let machines = 0;

    return {
      ...{ folder, hosts, cluster, server, keyPrefix, coach, close },
      async startWorkerMachine(host, kind) {
        const name = `${host} ${++machines}`;
        const data = join(folder, `machine-${machines}`);
        const invited = await link(name, 'worker');
        const args =
          kind === 'built'
            ? [builtFile('join-team.js'), '--join', invited, '--workers', '1', '--data', data]
            : [...script('staged-worker-machine.ts'), invited, data];
        const child = startIn(host, args);
        const ended = endOf(child);
        const said: string[] = [];
        const log: string[] = [];
        child.stdout.on('data', (text: Buffer) => said.push(...text.toString().trim().split('\n')));
        child.stderr.on('data', (text: Buffer) => void log.push(text.toString()));
        const idStart = name.replace(' ', '-');
        await until(`${name} takes jobs`, async () => {
          if (child.exitCode !== null) throw new Error(`${name} ended: ${said.join('\n')} ${log.join('')}`);
          // The first heartbeat is sent before the first job; a device is known just before it takes some.
          const heartbeats = await askRedis(keyPrefix, 'hvals', `${keyPrefix}:workers`);
          return heartbeats
            .split('\n')
            .some((text) => text.includes(`"workerId":"${idStart}`) && text.includes('device'));
        });
        return { name, said, ended, log: () => log.join(''), end: (signal = 'SIGTERM') => endProcess(child, signal) };
      },
      async analyse(name, plan, clipBytes = 0) {
        const whole: StagePlan = {
          ...{ journal: journalPath(name), chunks: 3, framesPerChunk: 10, gates: {}, failures: {} },
          ...plan,
        };
        // In a box that players skip: unlike any other clip, and nothing that could be squeezed.
        const rest = randomBytes(Math.max(16, clipBytes - film.byteLength));
        const head = Buffer.alloc(8);
        head.writeUInt32BE(head.byteLength + rest.byteLength);
        head.write('free', 4, 'latin1');
        const file = await coach.upload(`${name}.mp4`, new Uint8Array(Buffer.concat([film, head, rest])));
        const dropped = { files: [{ ...file, name: JSON.stringify(whole) }] };
        const [clip] = (await coach.call('library.import', dropped)).clips;
        if (clip === undefined) throw new Error('The clip was not taken.');
        return await coach.analysisOf(clip.clip.sha256);
      },
      journal(name) {
        if (!existsSync(journalPath(name))) return [];
        const lines = readFileSync(journalPath(name), 'utf8').split('\n').filter(Boolean);
        return lines.map((line) => journalLineSchema.parse(JSON.parse(line)));
      },
      gate(name) {
        const path = join(folder, `${name}.gate`);
        return { path, open: () => writeFileSync(path, '') };
      },
      askRedis: (...args) => askRedis(keyPrefix, ...args),
    };

    async function askRedis(prefix: string, ...args: string[]): Promise<string> {
      return await redisCliIn(hosts.server, await cluster.masterOf(prefix), ...args);
    }
  } catch (error) {
    await close();
    throw error;
  }
}

async function startCoach(dataDirectory: string, host: NetworkHost, invitation: string): Promise<CoachMachine> {
  const app = await startLoopback(dataDirectory, host);
  const feed = await openWindowFeed(app);
  const { settings } = await app.call('settings.get', {});
  await app.call('settings.set', { settings: { ...settings, workers: 1 } });
  await app.call('team.join', { invitation });
  await app.call('team.switch', { on: true, queuedJobs: 'along' });
  return {
    ...app,
    feed,
    async analysisOf(clipSha256) {
      const { jobs } = await app.call('jobs.list', {});
      const job = jobs.find(({ kind, clipSha256: of }) => kind === 'analyse-clip' && of === clipSha256);
      if (job === undefined) throw new Error('Nobody wants an analysis of this clip.');
      return job;
    },
    done: (jobId) =>
      until('the window says that it is done', () => {
        const now = feed.jobs(jobId).at(-1);
        if (now?.status === 'failed') throw new Error(JSON.stringify(now.failure));
        return now?.status === 'done' && now;
      }).catch((error: unknown) => {
        throw new Error(`${JSON.stringify([feed.jobs(jobId), feed.teams().at(-1)])} ${app.log()}`, { cause: error });
      }),
    async end(signal) {
      const ended = await app.end(signal);
      feed.close();
      return ended;
    },
  };
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
  const ended = endOf(child);
  child.kill(signal);
  return await ended;
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  const [code, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? by;
}
