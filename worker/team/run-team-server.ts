/** The team server put together: Redis, tokens, assets, HTTPS; started and stopped in order. */
import { join } from 'node:path';
import { Hono } from 'hono';
import { closeInTime, type RedisTarget } from '../connection.ts';
import { AppError, type Failure } from '../protocol/errors.ts';
import type { TeamRedis } from '../protocol/invitation.ts';
import { rightsOfRole, teamKeyPrefix, teamPaths } from '../protocol/team.ts';
import { findWantedAsset } from '../wanted-assets.ts';
import { startEmbeddedRedis } from './embedded-redis.ts';
import { createMemberRoutes } from './member-routes.ts';
import { openRedisNodes } from './redis-nodes.ts';
import { reportRefusedCommands } from './redis-refusals.ts';
import type { RedisNodes } from './redis-users.ts';
import { loadServerCertificate, type ServerCertificate } from './server-certificate.ts';
import { createHealthReader } from './server-health.ts';
import type { ServerLog } from './server-log.ts';
import { createServerMetrics } from './server-metrics.ts';
import { openServerSocket } from './server-socket.ts';
import type { TeamConfiguration } from './team-configuration.ts';
import { createTeamMembers } from './team-members.ts';
import { monitorLinkRequestSchema, type OpenTeamMonitor } from './team-monitor.ts';
import { openTeamStore } from './team-store.ts';
import { createTeamUploads } from './team-uploads.ts';
import { startTeamWebServer, type TeamWebServer } from './team-web-server.ts';
import { openTokenStore, type TokenStore } from './token-store.ts';

export interface RunningTeamServer {
  stop(): Promise<void>;
}

export interface TeamServerOptions {
  readonly configuration: TeamConfiguration;
  /** The built guard-main, which ends redis-server with this process. */
  readonly guardScript: string;
  readonly openMonitor: OpenTeamMonitor;
  readonly log: ServerLog;
}

/** How soon an expired token loses its Redis user, and what Redis refused is in the log. */
const lookMilliseconds = 2000;
/** How soon a node that was away, or is new, learns of all users. */
const refreshMilliseconds = 60_000;
const sweepMilliseconds = 10 * 60_000;
/** How soon files that nobody uses are let go of; where room is needed it is made at once. */
const upkeepMilliseconds = 3600_000;

interface TeamQueue {
  readonly nodes: RedisNodes;
  /** As the one who manages. */
  readonly target: RedisTarget;
  /** How members reach it. */
  readonly redis: TeamRedis;
  /** PEM of who vouches for its certificate, where members' machines cannot know. */
  readonly certificate: string | undefined;
  readonly isOwn: boolean;
  trouble(): Failure | undefined;
  stop(): Promise<void>;
}

export function tokensPath(dataDirectory: string): string {
  return join(dataDirectory, 'members.json');
}

/** Throws AppError with a sentence for whoever starts it. */
export async function runTeamServer(options: TeamServerOptions): Promise<RunningTeamServer> {
  const { configuration, log } = options;
  const { dataDirectory, address, port, bind, limits } = configuration;
  /** What has been started, to be stopped in the opposite order. */
  const running: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of running.splice(0).reverse())
      await end().catch((error) => log.error('stop', { reason: String(error) }));
  };
  try {
    const socket = await openServerSocket(dataDirectory);
    running.push(() => socket.close());
    const tokens = await openTokenStore(tokensPath(dataDirectory));
    running.push(() => tokens.flush());
    const certificate = await loadServerCertificate({
      directory: join(dataDirectory, 'tls'),
      address,
      given: configuration.tls,
    });
    const queue = await openQueue(options, tokens, certificate);
    running.push(() => queue.stop());
    const { connection } = queue.nodes;

    const metrics = createServerMetrics();
    const onRemoved = (bytes: number): void => metrics.count('removed_bytes', bytes);
    const { assets, quota, upkeep, figures } = openTeamStore({ configuration, connection, log, onRemoved });
    const uploads = createTeamUploads({
      directory: join(dataDirectory, 'uploads'),
      assets,
      quota,
      limits,
      makeRoom: upkeep.makeRoom,
      findWanted: (team, sha256) => findWantedAsset(connection, teamKeyPrefix(team), sha256),
      log,
      count: (what) => metrics.count(what),
    });
    const hostName = address.includes(':') ? `[${address}]` : address;
    const monitor = options.openMonitor({
      ...{ address: `https://${hostName}:${port}`, redis: queue.target, tokens, figures, log },
    });
    running.push(() => monitor.close());
    let web: TeamWebServer | undefined;
    const members = createTeamMembers({
      ...{ tokens, nodes: queue.nodes, redis: queue.redis, pin: certificate.pin, log },
      server: { host: address, port },
      defaultTeam: configuration.team,
      onGone: (ids) => web?.cut(ids),
    });
    const health = createHealthReader({ trouble: queue.trouble, connection, tokens, figures });
    await members.refresh();
    // Users of a server that lost them are made again as soon as it is back.
    connection.on('ready', () => void members.refresh());
    const repeat = (milliseconds: number, act: () => Promise<unknown>): void => {
      const timer = setInterval(
        () => void act().catch((error) => log.error('upkeep', { reason: String(error) })),
        milliseconds,
      );
      running.push(async () => clearInterval(timer));
    };
    repeat(refreshMilliseconds, async () => {
      await members.refresh();
      await tokens.flush();
    });
    repeat(lookMilliseconds, async () => {
      await members.refreshWhereNeeded();
      if (queue.isOwn) await reportRefusedCommands(connection, log, () => metrics.count('refused'));
    });
    await uploads.removeExpired();
    repeat(Math.min(sweepMilliseconds, limits.unfinishedSeconds * 1000), () => uploads.removeExpired());
    // Not waited for: a large store takes a while to list.
    void upkeep.run();
    repeat(Math.min(upkeepMilliseconds, limits.unusedSeconds * 500), upkeep.run);

    web = await startTeamWebServer({
      ...{ bind, port, certificate, limits, tokens, members, uploads, assets, health, metrics, monitor, log },
      redis: queue.redis,
      redisCertificate: queue.certificate,
    }).catch((error: unknown) => {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new AppError(
        'CONFIGURATION_INVALID',
        `The team server cannot listen on ${bind}, port ${port} (${reason}).`,
      );
    });
    running.push(() => web?.close() ?? Promise.resolve());
    const terminal = new Hono();
    terminal.post(teamPaths.monitorLinks, async (context) => {
      const asked = monitorLinkRequestSchema.safeParse(await context.req.json().catch(() => undefined)).data;
      const member = tokens
        .list(asked?.team ?? configuration.team)
        .find(({ name, role }) => name === asked?.name && rightsOfRole[role].includes('monitor'));
      if (member && tokens.isValid(member)) return context.json(monitor.createLink(member), 201);
      const message = 'There is no member of that name who may look at the monitor.';
      return context.json({ code: 'NOT_FOUND', message } satisfies Failure, 404);
    });
    terminal.route(
      teamPaths.members,
      createMemberRoutes(members, () => undefined),
    );
    terminal.get(teamPaths.health, async (context) => {
      const teams = [...new Set([configuration.team, ...tokens.list().map(({ team }) => team)])];
      return context.json(await health.read(teams));
    });
    socket.serve(terminal);
    log.info('ready', { address, port, redis: queue.redis.kind, assets: configuration.assets.kind });
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openQueue(
  { configuration, guardScript, log }: TeamServerOptions,
  tokens: TokenStore,
  certificate: ServerCertificate,
): Promise<TeamQueue> {
  const { redis, address, bind, dataDirectory } = configuration;
  if (redis.kind === 'embedded') {
    const embedded = await startEmbeddedRedis({
      directory: join(dataDirectory, 'redis'),
      port: redis.port,
      bind,
      maximumMemoryBytes: redis.maximumMemoryBytes,
      certificate,
      members: tokens.list().filter(tokens.isValid),
      guardScript,
      onLog: (line) => log.info('redis', { line }),
      onProblem: ({ code, message }) => log.error('redis', { code, message }),
    });
    return {
      ...{ nodes: embedded.nodes, target: embedded.target, trouble: embedded.trouble },
      ...{ isOwn: true, certificate: certificate.pin === undefined ? undefined : certificate.certificate },
      redis: { kind: 'server', host: address, port: redis.port, tls: true },
      async stop() {
        embedded.nodes.close();
        await embedded.stop();
      },
    };
  }
  const { target } = redis;
  const nodes = openRedisNodes(target);
  const reachable = redis.public ?? publicTarget(target);
  const vouching = target.kind !== 'socket' && typeof target.tls === 'object' ? target.tls.ca : undefined;
  return {
    ...{ nodes, target, redis: reachable, certificate: vouching, isOwn: false, trouble: () => undefined },
    async stop() {
      if (nodes.connection.status === 'ready') await closeInTime(nodes.connection.quit());
      nodes.close();
    },
  };
}

/** As this server reaches it: without its credentials. */
function publicTarget(target: Extract<TeamConfiguration['redis'], { kind: 'existing' }>['target']): TeamRedis {
  const db = 'db' in target && target.db !== undefined ? { db: target.db } : {};
  switch (target.kind) {
    case 'server':
      return { kind: 'server', host: target.host, port: target.port, tls: Boolean(target.tls), ...db };
    case 'sentinel':
      return { kind: 'sentinel', name: target.name, sentinels: target.sentinels, tls: Boolean(target.tls), ...db };
    case 'cluster':
      return { kind: 'cluster', nodes: target.nodes, tls: Boolean(target.tls) };
    case 'socket':
      throw new AppError('CONFIGURATION_INVALID', 'redis.public is missing: members cannot reach a socket.');
  }
}
