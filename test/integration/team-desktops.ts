/** Coaches' computers and a team's workers, in front of a real team server; the coaches' cable can be pulled. */
import { join } from 'node:path';
import type { JobView } from '../../src-main/contract/calls.ts';
import type { App } from '../../src-main/core/app.ts';
import type { AppDependencies } from '../../src-main/core/app-dependencies.ts';
import { createWorkerFleet } from '../../worker/machine/worker-fleet.ts';
import { encodeInvitation, type Invitation } from '../../worker/protocol/invitation.ts';
import { queueNames } from '../../worker/protocol/queues.ts';
import { connectTeam } from '../../worker/team-connection.ts';
import { until } from './app-under-test.ts';
import { type CoreBench, createCoreBench } from './core-bench.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';
import { createRedisServers, freePorts, redisCli } from './redis-servers.ts';
import { createTeamServerBench, type TeamServerBench } from './team-server-bench.ts';

const root = join(import.meta.dirname, '../..');
const host = '127.0.0.1';

export interface Desktop extends CoreBench {
  /** Starts its app; the invitation is joined with the first start. */
  open(options?: { workers?: number }): Promise<App>;
  switch(app: App, on: boolean, queuedJobs?: 'along' | 'stay'): Promise<void>;
}

export interface TeamDesktops {
  readonly server: TeamServerBench;
  /** What the coaches' computers have to the server and to the queue. */
  readonly cables: { readonly web: CuttingProxy; readonly queue: CuttingProxy };
  pull(): void;
  plug(): void;
  /** The queue of the team forgets everything. */
  forget(): Promise<void>;
  /** As a coach's computer has it: through the cables. */
  invite(name: string, role?: 'coach' | 'operator'): Promise<Invitation>;
  link(name: string, role: 'coach' | 'operator'): Promise<string>;
  desktop(name: string, dependencies?: Partial<AppDependencies>): Promise<Desktop>;
  /** Worker machines with stages of the test, or the real ones; straight at the server. */
  addWorkers(name: string, count: number, script?: string): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}

/** Of an analysis whose plan says nothing else. */
export const allStages = ['chunk-0', 'chunk-1', 'chunk-2', 'finish', 'plan'];

/** Every stage of an analysis that anybody began, in the order of their names. */
export function starts(desktop: Pick<CoreBench, 'journal'>, name: string): string[] {
  const begun = desktop.journal(name).filter(({ what }) => what === 'start');
  return begun.map(({ name: stage }) => stage).sort();
}

export function ended(app: App, { id }: JobView): Promise<JobView> {
  return app.board.waitFor(id, new AbortController().signal);
}

export async function createTeamDesktops(): Promise<TeamDesktops> {
  const redis = createRedisServers();
  const [redisPort = 0] = await freePorts(1);
  await redis.start(redisPort, ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction']);
  const queue = await startCuttingProxy(redisPort);
  const server = await createTeamServerBench({
    redis: {
      kind: 'existing',
      target: { kind: 'server', host, port: redisPort },
      public: { kind: 'server', host, port: queue.port, tls: false },
    },
  });
  await server.start();
  const web = await startCuttingProxy(server.port);
  const closing: (() => Promise<void>)[] = [];
  const invite: TeamDesktops['invite'] = async (name, role = 'coach') => {
    const invitation = await server.invite(name, role);
    return { ...invitation, server: { host, port: web.port } };
  };
  return {
    server,
    cables: { web, queue },
    invite,
    link: async (name, role) => encodeInvitation(await invite(name, role)),
    forget: async () => void (await redisCli(redisPort, 'flushall')),
    pull() {
      web.cut(true);
      queue.cut(true);
    },
    plug() {
      web.mend();
      queue.mend();
    },
    async desktop(name, dependencies) {
      const bench = createCoreBench(dependencies);
      closing.push(bench.close);
      const link = encodeInvitation(await invite(name));
      return {
        ...bench,
        async open({ workers = 0 } = {}) {
          const app = await bench.start({ workers });
          if (app.team.status().membership === undefined) await app.team.join(link);
          return app;
        },
        switch: (app, on, queuedJobs = 'along') => app.team.switch(on, queuedJobs),
      };
    },
    async addWorkers(name, count, script = join(root, 'test/integration/staged-worker.ts')) {
      const invitation = await server.invite(name, 'worker');
      const team = await connectTeam(invitation);
      team.http.close();
      const fleet = createWorkerFleet({
        runner: { execPath: process.execPath, env: script.endsWith('.ts') ? { NODE_OPTIONS: '--import tsx' } : {} },
        workerScript: script,
        idPrefix: name,
        settings: {
          appVersion: '0.0.0-test',
          redis: { ...team.redis, ...(team.redis.kind === 'server' && { port: redisPort }) } as typeof team.redis,
          keyPrefix: team.keyPrefix,
          queues: [...queueNames],
          dataDirectory: join(server.folder, name),
          temporaryDirectory: join(server.folder, `${name}-temporary`),
          team: {
            server: invitation.server,
            token: invitation.token,
            cacheBytes: 2 ** 30,
            keepsOwn: false,
            ...(invitation.pin !== undefined && { pin: invitation.pin }),
          },
          weightsDirectory: join(root, 'models/weights'),
          device: 'cpu',
        },
        onLog: () => undefined,
        onChange: () => undefined,
        onTrouble: () => undefined,
      });
      fleet.resize(count);
      closing.push(fleet.stop);
      await until('the workers of the team run', () => fleet.list().every(({ status }) => status === 'running'));
      return fleet;
    },
    async close() {
      queue.mend();
      web.mend();
      for (const each of closing.toReversed()) await each();
      await web.close();
      await queue.close();
      await server.close();
      await redis.stop();
    },
  };
}
