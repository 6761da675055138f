/** The team server's HTTPS side. Whoever has no valid token gets one and the same answer, whatever was asked. */
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { type ErrorCode, type Failure, toFailure } from '../protocol/errors.ts';
import type { TeamRedis } from '../protocol/invitation.ts';
import { protocolHeader, rightsOfRole, type TeamRight, teamPaths } from '../protocol/team.ts';
import { protocolVersion } from '../protocol/version.ts';
import { type AssetSource, answerAssetRequest } from './asset-routes.ts';
import { createMemberRoutes } from './member-routes.ts';
import type { ServerCertificate } from './server-certificate.ts';
import type { HealthReader } from './server-health.ts';
import type { ServerLog } from './server-log.ts';
import type { ServerMetrics } from './server-metrics.ts';
import { watchSlowness } from './slow-connections.ts';
import type { TeamLimits } from './team-configuration.ts';
import type { TeamMembers } from './team-members.ts';
import type { TeamMonitor } from './team-monitor.ts';
import type { TeamUploads } from './team-uploads.ts';
import type { Member, TokenStore } from './token-store.ts';

export interface TeamWebServerOptions {
  readonly bind: string;
  readonly port: number;
  readonly certificate: ServerCertificate;
  readonly limits: TeamLimits;
  readonly tokens: TokenStore;
  readonly members: TeamMembers;
  readonly uploads: TeamUploads;
  readonly assets: AssetSource;
  readonly redis: TeamRedis;
  /** PEM, where members' machines cannot know who vouches for Redis' certificate. */
  readonly redisCertificate: string | undefined;
  readonly health: HealthReader;
  readonly metrics: ServerMetrics;
  readonly monitor: TeamMonitor;
  readonly log: ServerLog;
}

export interface TeamWebServer {
  /** Ends the connections of members who are gone. */
  cut(memberIds: ReadonlySet<string>): void;
  /** Takes no new connection, lets requests end for a while, and then cuts them off. */
  close(): Promise<void>;
}

type Web = { Bindings: HttpBindings; Variables: { member: Member } };

const closeMilliseconds = 5000;
/** A request that ended in the middle, because its connection did: nobody was refused anything. */
const brokenWire: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']);
/** A connection on which nothing moves is closed after this long. */
const idleMilliseconds = 120_000;

/** Throws what Node throws when the port cannot be had. */
export async function startTeamWebServer(options: TeamWebServerOptions): Promise<TeamWebServer> {
  const { limits, log, metrics } = options;
  /** Connections that showed a token, with whose it was. */
  const owners = new Map<Socket, string>();
  const web = createRoutes(options, (socket, member) => {
    if (!owners.has(socket)) socket.once('close', () => owners.delete(socket));
    owners.set(socket, member.id);
  });

  // With the library's own Response, it answers a second time what the upload library has answered.
  const listener = getRequestListener((request, env) => web.fetch(request, env), {
    overrideGlobalObjects: false,
    errorHandler(error) {
      refuse(`no address: ${error instanceof Error ? error.message : String(error)}`.slice(0, 200), undefined);
      return new Response(null, { status: 400 });
    },
  });
  const server = createServer(
    {
      key: options.certificate.key,
      cert: options.certificate.certificate,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.headerSeconds * 1000,
      headersTimeout: limits.headerSeconds * 1000,
      // Uploads take as long as they take; slowness is watched instead.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(1000, limits.headerSeconds * 500),
    },
    (request, response) => {
      const remote = request.socket.remoteAddress;
      watchSlowness(request, response, limits, (how) => refuse(`slow ${how}`, remote));
      void listener(request, response);
    },
  );
  const refuse = (reason: string, remote: string | undefined): void => {
    metrics.count('refused');
    log.warn('refused', { reason, remote });
  };
  server.maxConnections = limits.connections;
  server.timeout = idleMilliseconds;
  // Longer than clients keep theirs: none is to send a request into a connection that is being closed.
  server.keepAliveTimeout = idleMilliseconds;
  server.on('drop', (data) => refuse('too many connections', data?.remoteAddress));
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    refuse(`no TLS: ${error.code ?? error.message}`, socket.remoteAddress);
    socket.destroy();
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!brokenWire.has(error.code ?? '')) refuse(`no HTTP: ${error.code ?? error.message}`, socket.remoteAddress);
    socket.destroy();
  });
  await listen(server, options.port, options.bind);
  return {
    cut(memberIds) {
      for (const [socket, id] of owners) if (memberIds.has(id)) socket.destroy();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), closeMilliseconds);
      await closed;
      clearTimeout(timer);
    },
  };
}

function createRoutes(options: TeamWebServerOptions, own: (socket: Socket, member: Member) => void): Hono<Web> {
  const { tokens, log, metrics, monitor } = options;
  const web = new Hono<Web>();
  const note = (context: Context<Web>, reason: string, member: Member | undefined, status?: number): void => {
    metrics.count('refused');
    log.warn('refused', {
      ...{ reason, status, method: context.req.method, path: context.env.incoming.url?.slice(0, 200) },
      ...{ member: member?.name, team: member?.team, remote: context.env.incoming.socket.remoteAddress },
    });
  };
  const refuse = (context: Context<Web>, status: 401 | 403 | 404 | 426, failure: Failure, reason: string): Response => {
    note(context, reason, context.get('member') as Member | undefined, status);
    return context.json(failure, status);
  };

  // Browsers show a session instead of a token; what shows neither goes on, and is refused like everything else.
  web.use(async (context, next) => {
    const { incoming, outgoing } = context.env;
    const response = await monitor.answer(context.req.raw, {
      ...{ incoming, outgoing: outgoing as ServerResponse },
      own: (member) => own(incoming.socket, member),
      refused: (reason, member) => note(context, reason, member),
    });
    return response ?? (await next());
  });

  web.use(async (context, next) => {
    context.header(protocolHeader, String(protocolVersion));
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    const token = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    const member = token === undefined ? undefined : tokens.find(token);
    if (member === undefined) {
      // What an unauthorized sender still sends is not read.
      context.header('connection', 'close');
      const reason = token === undefined ? 'no token' : 'unknown or expired token';
      return refuse(
        context,
        401,
        failure('TEAM_REFUSED', 'The team server does not know this invitation, or it has expired. Ask for a new one.'),
        reason,
      );
    }
    context.set('member', member);
    own(context.env.incoming.socket, member);
    const spoken = Number(context.req.header(protocolHeader) ?? protocolVersion);
    if (spoken !== protocolVersion) {
      const whose = spoken > protocolVersion ? 'the team server' : 'this computer';
      const message = `The team server and this computer have different versions of Shadow Trainer. Update it on ${whose}.`;
      return refuse(context, 426, failure('PROTOCOL_MISMATCH', message), `protocol ${spoken}`);
    }
    metrics.count('requests');
    return await next();
  });
  const need = (right: TeamRight) => async (context: Context<Web>, next: () => Promise<void>) => {
    if (rightsOfRole[context.get('member').role].includes(right)) return await next();
    return refuse(
      context,
      403,
      failure('TEAM_REFUSED', 'This invitation does not allow that.'),
      `no right to ${right}`,
    );
  };

  web.get(teamPaths.team, (context) => {
    const { team, name, role, expiresAt } = context.get('member');
    return context.json({
      ...{ team, name, role, protocolVersion, redis: options.redis },
      ...(expiresAt !== undefined && { expiresAt }),
      ...(options.redisCertificate !== undefined && { redisCertificate: options.redisCertificate }),
    });
  });
  for (const path of [teamPaths.uploads, `${teamPaths.uploads}/*`])
    web.all(path, need('assets'), async (context) => {
      const { incoming, outgoing } = context.env;
      const before = incoming.socket.bytesRead;
      outgoing.setHeader(protocolHeader, String(protocolVersion));
      await options.uploads.handle(context.get('member'), incoming, outgoing as never);
      metrics.count('uploaded_bytes', incoming.socket.bytesRead - before);
      return RESPONSE_ALREADY_SENT;
    });
  web.on(['GET', 'HEAD'], `${teamPaths.assets}/:sha256`, need('assets'), async (context) => {
    const response = await answerAssetRequest(options.assets, {
      method: context.req.method === 'HEAD' ? 'HEAD' : 'GET',
      team: context.get('member').team,
      sha256: context.req.param('sha256') ?? '',
      headers: context.req.raw.headers,
    });
    if (response.body && response.ok) metrics.count('downloaded_bytes', Number(response.headers.get('content-length')));
    return response;
  });
  const teams = new WeakMap<Request, string>();
  web.use(`${teamPaths.members}/*`, need('members'), async (context, next) => {
    teams.set(context.req.raw, context.get('member').team);
    await next();
  });
  // Where nothing was noted the request speaks of no team that there is.
  web.route(
    teamPaths.members,
    createMemberRoutes(options.members, (request) => teams.get(request) ?? ''),
  );
  web.get(teamPaths.health, need('monitor'), async (context) => {
    const health = await options.health.read([context.get('member').team]);
    return context.json(health, health.healthy ? 200 : 503);
  });
  web.get(teamPaths.metrics, need('monitor'), async (context) => {
    context.header('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    const { team } = context.get('member');
    const queue = await monitor.metrics(team);
    return context.body(metrics.text(await options.health.gauges(team)) + queue);
  });
  web.post(teamPaths.monitorLinks, need('monitor'), (context) =>
    context.json(monitor.createLink(context.get('member')), 201),
  );
  web.notFound((context) =>
    refuse(context, 404, failure('NOT_FOUND', 'The team server has nothing there.'), 'no such address'),
  );
  web.onError((error, context) => {
    log.error('request failed', { path: context.req.path, reason: error.message });
    const { code } = toFailure(error);
    return context.json(failure(code, 'The team server could not answer.'), 500);
  });
  return web;
}

function failure(code: ErrorCode, message: string): Failure {
  return { code, message };
}

async function listen(server: Server, port: number, bind: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, bind, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
