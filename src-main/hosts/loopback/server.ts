/** The app for a browser on this machine: the same core, over HTTP on 127.0.0.1, for whoever holds the token. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ServerType, serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { streamSSE } from 'hono/streaming';
import { AppError, toFailure } from '../../../worker/protocol/errors.ts';
import type { App } from '../../core/app.ts';
import { dispatch } from '../../core/dispatch.ts';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import type { FileRegistry } from '../file-registry.ts';
import { fileResponse } from '../file-response.ts';
import { findStoredFile } from '../stored-files.ts';

export interface LoopbackOptions {
  readonly app: App;
  readonly files: FileRegistry;
  readonly rendererDirectory: string;
  /** Where uploads are put. */
  readonly temporaryDirectory: string;
  readonly onLog: (line: string) => void;
}

export interface LoopbackServer {
  /** Opens the window; carries the token. */
  readonly url: string;
  close(): Promise<void>;
}

const keepAliveMilliseconds = 15_000;

export async function startLoopbackServer(options: LoopbackOptions): Promise<LoopbackServer> {
  const { app, files, onLog } = options;
  const token = randomBytes(32).toString('hex');
  await mkdir(options.temporaryDirectory, { recursive: true });
  const uploads = await mkdtemp(join(options.temporaryDirectory, 'uploads-'));
  const closing = new AbortController();
  const web = new Hono();

  web.use(async (context, next) => {
    const host = context.req.header('host') ?? '';
    const origin = context.req.header('origin');
    const port = /^127\.0\.0\.1:(\d+)$/.exec(host)?.[1];
    // Another site's page, or a name that was made to point here, gets nothing.
    if (port === undefined || (origin !== undefined && origin !== `http://${host}`)) {
      return context.text('Forbidden', 403);
    }
    // Cookies do not keep ports apart: two apps on this machine need names of their own.
    const cookieName = `shadow-trainer-${port}`;
    const offered = context.req.query('token');
    if (offered !== undefined && isToken(offered, token)) {
      setCookie(context, cookieName, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return context.redirect('/');
    }
    const bearer = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    if (!isToken(bearer ?? getCookie(context, cookieName) ?? '', token)) return context.text('Forbidden', 403);
    context.header('content-security-policy', contentSecurityPolicy);
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    return await next();
  });

  web.post('/call/:name', async (context) => {
    const input: unknown = await context.req.json().catch(() => undefined);
    return context.json(await dispatch(app, context.req.param('name'), input, onLog));
  });

  web.post('/upload', async (context) => {
    const folder = await mkdtemp(join(uploads, 'file-'));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
      const name = uploadName(context.req.header('x-file-name'));
      // Its own name on the disk is fixed: what a page sends becomes no part of a path.
      const path = join(folder, 'upload');
      const { body } = context.req.raw;
      const source = body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([]);
      await pipeline(source, createWriteStream(path));
      return context.json({ ok: true, value: files.register({ path, name, onRelease: remove }) });
    } catch (error) {
      await remove();
      return context.json({ ok: false, failure: toFailure(asUploadError(error)) });
    }
  });

  web.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      const stop = app.events.onAny((name, event) => {
        stream.writeSSE({ event: name, data: JSON.stringify(event) }).catch(() => undefined);
      });
      const ended = new Promise<void>((resolve) => {
        stream.onAbort(resolve);
        closing.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      const keepAlive = setInterval(() => stream.write(': \n\n').catch(() => undefined), keepAliveMilliseconds);
      await stream.write(': \n\n');
      app.events.repeatProblems();
      await ended;
      clearInterval(keepAlive);
      stop();
    }),
  );

  const stored = async (request: Request): Promise<Response> => {
    const file = await findStoredFile(app, new URL(request.url));
    if (file === undefined) return new Response('Not found', { status: 404 });
    return await fileResponse(file.path, file.mediaType, request.headers.get('range'));
  };
  web.get('/asset/*', (context) => stored(context.req.raw));
  web.get('/analysis/*', (context) => stored(context.req.raw));
  web.get('*', serveStatic({ root: options.rendererDirectory }));

  const { server, port } = await listen(web);
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    async close() {
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await rm(uploads, { recursive: true, force: true });
    },
  };
}

/** The file's own name, percent-encoded in the header. Throws AppError INVALID_INPUT. */
function uploadName(header = 'clip'): string {
  try {
    return basename(decodeURIComponent(header)) || 'clip';
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'The name of the file cannot be read.', { cause });
  }
}

/** A full disk is what a coach can do something about. */
function asUploadError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new AppError('DISK_FULL', 'The disk is full. Free some space and drop the clip again.', { cause: error });
}

function isToken(offered: string, token: string): boolean {
  const [given, wanted] = [Buffer.from(offered), Buffer.from(token)];
  // In bytes: letters beyond ASCII have more of them than they count.
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function listen(web: Hono): Promise<{ server: ServerType; port: number }> {
  return await new Promise((resolve) => {
    const server = serve({ fetch: web.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }: AddressInfo) => {
      resolve({ server, port });
    });
  });
}
