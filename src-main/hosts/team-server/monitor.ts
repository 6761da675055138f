/**
 * The monitor: the window's queue screen, served by the team server to browsers that signed in. It lies here because it
 * joins what may not know each other: the core, which understands jobs, and `worker/team`, which knows who may come in.
 */
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { streamSSE } from 'hono/streaming';
import { toFailure } from '../../../worker/protocol/errors.ts';
import { decodeInvitation } from '../../../worker/protocol/invitation.ts';
import { prometheusText } from '../../../worker/protocol/prometheus-text.ts';
import { rightsOfRole } from '../../../worker/protocol/team.ts';
import { keepOpen } from '../../../worker/team/slow-connections.ts';
import type { MonitorRequest, TeamMonitor, TeamMonitorParts } from '../../../worker/team/team-monitor.ts';
import type { Member } from '../../../worker/team/token-store.ts';
import { type MonitorSession, monitorPaths } from '../../contract/monitor.ts';
import { dispatch } from '../../core/dispatch.ts';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { createMonitorSessions, sessionSeconds } from './monitor-sessions.ts';
import { type SignInPage, signInPage, signInPolicy } from './sign-in-page.ts';
import { createTeamWatches } from './team-watches.ts';

export interface MonitorOptions extends TeamMonitorParts {
  readonly rendererDirectory: string;
  readonly version: string;
}

type Web = { Bindings: MonitorRequest; Variables: { member: Member; session: string } };

const keepAliveMilliseconds = 15_000;
const mostBodyBytes = 64 * 1024;
/** What tells nobody to do anything. */
const readingCalls = ['library.list', 'jobs.list', 'jobs.details', 'queue.statistics', 'workers.list'];

export function openMonitor(options: MonitorOptions): TeamMonitor {
  const { tokens, log, version } = options;
  const sessions = createMonitorSessions(tokens);
  const watches = createTeamWatches(options);
  const closing = new AbortController();
  // Cookies do not keep ports apart: two servers on one machine need names of their own.
  const cookie = `__Host-shadow-trainer-${new URL(options.address).port || 443}`;
  const web = createRoutes();

  return {
    async answer(request, about) {
      const { pathname } = new URL(request.url);
      const signsIn = request.method === 'POST' && pathname === '/sign-in';
      const session = sessionOf(request);
      if (!signsIn && session === undefined && !asksForPage(request, pathname)) return undefined;
      return await web.fetch(request, about);
    },
    createLink(member) {
      const { code, expiresAt } = sessions.createCode(member);
      return { url: `${options.address}/enter/${code}`, expiresAt };
    },
    async metrics(team) {
      const families = await watches
        .of(team)
        .then((watch) => watch.metrics())
        .catch(() => []);
      return prometheusText(
        families.map((family) => ({
          ...family,
          samples: family.samples.map((sample) => ({ ...sample, labels: { team, ...sample.labels } })),
        })),
      );
    },
    async close() {
      closing.abort();
      await watches.close();
    },
  };

  function sessionOf(request: Request): string | undefined {
    const value = new RegExp(`(?:^|;\\s*)${cookie}=([\\w-]+)`).exec(request.headers.get('cookie') ?? '')?.[1];
    return value !== undefined && sessions.find(value) !== undefined ? value : undefined;
  }

  function createRoutes(): Hono<Web> {
    const routes = new Hono<Web>();
    routes.use(async (context, next) => {
      context.header('x-content-type-options', 'nosniff');
      // Without one, browsers would say of their own page's form that it came from nowhere.
      context.header('referrer-policy', 'same-origin');
      const origin = context.req.header('origin');
      // Another site's page gets nothing done, whatever cookie its browser has.
      if (context.req.method !== 'GET' && origin !== undefined && origin !== `https://${context.req.header('host')}`) {
        context.env.refused('another site’s page');
        return context.text('Forbidden', 403);
      }
      return await next();
    });
    routes.post('/sign-in', bodyLimit({ maxSize: mostBodyBytes }), signIn);
    routes.get('/enter/:code', (context) => page(context, { code: context.req.param('code') }));
    routes.use(async (context, next) => {
      const session = getCookie(context, cookie) ?? '';
      const member = sessions.find(session);
      if (member === undefined) return page(context, {});
      context.set('session', session);
      context.set('member', member);
      context.env.own(member);
      context.header('content-security-policy', contentSecurityPolicy);
      return await next();
    });
    routes.post(monitorPaths.signOut, (context) => {
      sessions.end(context.get('session'));
      deleteCookie(context, cookie, { path: '/', secure: true });
      return context.body(null, 204);
    });
    routes.get(monitorPaths.session, async (context) => {
      const { team, name, role } = context.get('member');
      context.header('cache-control', 'no-store');
      const store = await options.figures(team).catch(() => undefined);
      return context.json({
        ...{ team, name, role, version },
        mayOperate: mayOperate(context.get('member')),
        ...(store && { store }),
      } satisfies MonitorSession);
    });
    routes.post('/call/:name', bodyLimit({ maxSize: mostBodyBytes }), call);
    routes.get('/events', events);
    routes.get('/', serveStatic({ root: options.rendererDirectory, path: 'monitor.html' }));
    routes.get('/assets/*', serveStatic({ root: options.rendererDirectory }));
    routes.get('/icon.svg', serveStatic({ root: options.rendererDirectory }));
    routes.notFound((context) => context.text('Not found', 404));
    routes.onError((error, context) => {
      log.error('monitor failed', { path: context.req.path, reason: error.message });
      return context.json({ ok: false, failure: toFailure(error) }, 500);
    });
    return routes;
  }

  function page(context: Context<Web>, shown: SignInPage, status: 200 | 401 = 200): Response {
    context.header('content-security-policy', signInPolicy);
    context.header('cache-control', 'no-store');
    return context.html(signInPage(shown), status);
  }

  async function signIn(context: Context<Web>): Promise<Response> {
    const form = await context.req.parseBody().catch((): Record<string, unknown> => ({}));
    const text = (name: string): string | undefined => (typeof form[name] === 'string' ? form[name] : undefined);
    const code = text('code');
    const member = code === undefined ? tokens.find(tokenIn(text('token') ?? '')) : sessions.takeCode(code);
    if (member === undefined) {
      context.env.refused(code === undefined ? 'sign-in: unknown or expired token' : 'sign-in: unknown or used link');
      const problem =
        code === undefined
          ? 'The team server does not know this token, or it has expired. Ask for a new invitation.'
          : 'This link was used before, or it has expired. Ask for a new one, or sign in with a token.';
      return page(context, { problem }, 401);
    }
    if (!rightsOfRole[member.role].includes('monitor')) {
      context.env.refused('no right to monitor', member);
      return page(context, { problem: 'This invitation is for a machine that computes: it shows no monitor.' }, 401);
    }
    setCookie(context, cookie, sessions.open(member), {
      ...{ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', maxAge: sessionSeconds },
    });
    log.info('monitor signed in', { member: member.name, team: member.team });
    return context.redirect('/', 303);
  }

  async function call(context: Context<Web>): Promise<Response> {
    const member = context.get('member');
    const name = context.req.param('name') ?? '';
    if (!readingCalls.includes(name) && !mayOperate(member)) {
      context.env.refused(`no right to ${name.slice(0, 40)}`, member);
      const message = 'Only an operator of the team may do that.';
      return context.json({ ok: false, failure: { code: 'TEAM_REFUSED', message } }, 403);
    }
    const input: unknown = await context.req.json().catch(() => undefined);
    try {
      const watch = await watches.of(member.team);
      if (!readingCalls.includes(name)) log.info('monitor', { call: name, member: member.name, team: member.team });
      return context.json(await dispatch(watch, name, input, (reason) => log.error('monitor', { reason })));
    } catch (error) {
      return context.json({ ok: false, failure: toFailure(error) });
    }
  }

  function events(context: Context<Web>): Response {
    const member = context.get('member');
    const session = context.get('session');
    keepOpen(context.env.outgoing);
    return streamSSE(context, async (stream) => {
      const watch = await watches.of(member.team);
      const letGo = watches.hold(member.team);
      const stop = watch.events.onAny((name, event) => {
        stream.writeSSE({ event: name, data: JSON.stringify(event) }).catch(() => undefined);
      });
      const ended = new Promise<void>((resolve) => {
        stream.onAbort(resolve);
        closing.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      const keepAlive = setInterval(() => {
        if (sessions.find(session) === undefined) void stream.close();
        else stream.write(': \n\n').catch(() => undefined);
      }, keepAliveMilliseconds);
      await stream.write(': \n\n');
      await ended;
      clearInterval(keepAlive);
      stop();
      letGo();
    });
  }
}

/** Whoever runs the server tells jobs and workers what to do; others who may see the monitor look on. */
function mayOperate({ role }: Member): boolean {
  return role === 'operator';
}

/** A page is asked for by its address, by a browser: any other request has the same answer as it always had. */
function asksForPage(request: Request, pathname: string): boolean {
  const isPage = pathname === '/' || /^\/enter\/[\w-]{43}$/.test(pathname);
  return isPage && request.method === 'GET' && (request.headers.get('accept') ?? '').includes('text/html');
}

/** People paste the whole invitation. */
function tokenIn(text: string): string {
  try {
    return decodeInvitation(text).token;
  } catch {
    return text.trim();
  }
}
