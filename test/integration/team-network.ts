/** A team over real cables: a server with a Redis Cluster, worker machines and a coach, each in a network of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encodeInvitation } from '../../worker/protocol/invitation.ts';
import { teamKeyPrefix } from '../../worker/protocol/team.ts';
import { builtFile, until } from './app-under-test.ts';
import type { CoachNews, CoachOrder } from './coach-machine.ts';
import { createHostNetwork, type NetworkHost, noNetwork } from './network-hosts.ts';
import { commandIn } from './place.ts';
import { type RedisCluster, startRedisCluster } from './redis-cluster.ts';
import { redisCliIn } from './redis-servers.ts';
import { type JournalLine, journalLineSchema, type StagePlan } from './stage-plan.ts';
import { createTeamServerBench, type TeamServerBench, teamServerNotBuilt } from './team-server-bench.ts';

/** Why none can be had here. */
export const noTeamNetwork =
  noNetwork ?? teamServerNotBuilt ?? (existsSync(builtFile('join-team.js')) ? undefined : 'join-team.js not built');

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

export interface TeamNetwork {
  readonly folder: string;
  readonly hosts: Readonly<Record<TeamHost, NetworkHost>>;
  readonly cluster: RedisCluster;
  readonly server: TeamServerBench;
  readonly keyPrefix: string;
  /** The built one, or with staged workers; resolves when a worker of it takes jobs. */
  startWorkerMachine(host: TeamHost, kind: 'built' | 'staged'): Promise<WorkerMachine>;
  /** The coach's computer gets a clip of that many bytes whose stages follow the plan. */
  analyse(id: string, plan: Partial<StagePlan>, clipBytes?: number): Promise<void>;
  order(order: CoachOrder): void;
  /** What the coach's computer says of this job. */
  news(id: string): readonly CoachNews[];
  /** Resolves when the analysis is on the coach's disk. */
  home(id: string): Promise<Extract<CoachNews, { kind: 'home' }>>;
  journal(id: string): readonly JournalLine[];
  gate(name: string): { readonly path: string; open(): void };
  /** Straight from the node that has the team's keys, over no cable that can be pulled. */
  askRedis(...args: string[]): Promise<string>;
  close(): Promise<void>;
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

    const startIn = async (host: TeamHost, args: readonly string[], withChannel = false): Promise<ChildProcess> => {
      const command = commandIn(hosts[host], process.execPath, args);
      const child = spawn(command.program, command.args, {
        stdio: ['ignore', 'pipe', 'pipe', withChannel ? 'ipc' : 'ignore'],
      });
      closing.push(async () => await endProcess(child, 'SIGKILL'));
      return child;
    };
    const link = async (name: string, role: 'worker' | 'coach'): Promise<string> =>
      encodeInvitation(await server.invite(name, role));

    const news: CoachNews[] = [];
    const script = (name: string): string[] => ['--import', 'tsx', resolve(import.meta.dirname, name)];
    const coachArgs = [...script('coach-machine.ts'), await link('Ann', 'coach'), join(folder, 'coach')];
    const coach = await startIn('coach', coachArgs, true);
    let coachSaid = '';
    coach.stderr?.on('data', (data: Buffer) => {
      coachSaid += data.toString();
    });
    coach.on('message', (message) => news.push(message as CoachNews));
    await until('the coach has joined', () => {
      if (coach.exitCode !== null) throw new Error(`The coach's computer ended: ${coachSaid}`);
      return news.some(({ kind }) => kind === 'ready');
    });
    const newsOf = (id: string): CoachNews[] => news.filter((each) => 'id' in each && each.id === id);
    const journalPath = (id: string): string => join(folder, `${id}.journal`);
    const logs: string[] = [];
    let machines = 0;

    return {
      ...{ folder, hosts, cluster, server, keyPrefix, close, news: newsOf },
      async startWorkerMachine(host, kind) {
        const name = `${host} ${++machines}`;
        const data = join(folder, `machine-${machines}`);
        const invited = await link(name, 'worker');
        const args =
          kind === 'built'
            ? [builtFile('join-team.js'), '--join', invited, '--workers', '1', '--data', data]
            : [...script('staged-worker-machine.ts'), invited, data];
        const child = await startIn(host, args);
        const ended = endOf(child);
        const said: string[] = [];
        const log: string[] = [];
        child.stdout?.on('data', (text: Buffer) => said.push(...text.toString().trim().split('\n')));
        child.stderr?.on('data', (text: Buffer) => {
          log.push(text.toString());
          logs.push(`${name}: ${text}`);
        });
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
      order: (order) => void coach.send(order),
      async analyse(id, plan, clipBytes = 1000) {
        const path = join(folder, `${id}.mp4`);
        // Unlike any other clip, and nothing that could be squeezed.
        writeFileSync(path, Buffer.alloc(clipBytes, id));
        const whole: StagePlan = {
          ...{ journal: journalPath(id), chunks: 3, framesPerChunk: 10, gates: {}, failures: {} },
          ...plan,
        };
        coach.send({ id, path, clipName: JSON.stringify(whole) } satisfies CoachOrder);
      },
      home: (id) =>
        until(`the analysis of ${id} is home`, () => {
          const ours = newsOf(id);
          for (const each of ours) if (each.kind === 'failed') throw new Error(each.message);
          return ours.find((each) => each.kind === 'home');
        }).catch((error: unknown) => {
          throw new Error(`${logs.join('').slice(-8000)} ${coachSaid.slice(-2000)}`, { cause: error });
        }),
      journal(id) {
        if (!existsSync(journalPath(id))) return [];
        const lines = readFileSync(journalPath(id), 'utf8').split('\n').filter(Boolean);
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
