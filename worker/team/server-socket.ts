/**
 * A socket in the data folder on which the running server hears the terminal. The system closes it with the process,
 * however it ends: so it also says whether a server is running there, and a second one is refused.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { AppError, failureSchema } from '../protocol/errors.ts';
import { isListening, leaveSocketFolder, shortSocketPath } from '../redis/socket-path.ts';

export interface ServerSocket {
  /** From now on requests are answered; before, they wait. */
  serve(routes: Hono): void;
  close(): Promise<void>;
}

async function socketPathOf(dataDirectory: string): Promise<string> {
  if (process.platform === 'win32') {
    const hash = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16);
    return `\\\\.\\pipe\\shadow-trainer-team-${hash}`;
  }
  return await shortSocketPath(dataDirectory, 'server.sock');
}

/** Throws AppError ALREADY_RUNNING. */
export async function openServerSocket(dataDirectory: string): Promise<ServerSocket> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const path = await socketPathOf(dataDirectory);
  if (await isListening(path)) {
    throw new AppError('ALREADY_RUNNING', `A team server is already running with the data folder ${dataDirectory}.`);
  }
  if (process.platform !== 'win32') await rm(path, { force: true });
  let serve: (routes: Hono) => void = () => undefined;
  const routes = new Promise<Hono>((resolve) => {
    serve = resolve;
  });
  const listener = getRequestListener(async (asked) => await (await routes).fetch(asked), {
    overrideGlobalObjects: false,
  });
  const server = createServer((asked, answer) => void listener(asked, answer));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    serve,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await leaveSocketFolder(dataDirectory, path);
    },
  };
}

/** Asks the server that runs with this data folder; undefined where none does. Throws what it refuses as AppError. */
export async function askServerSocket(
  dataDirectory: string,
  asked: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<unknown> {
  const socketPath = await socketPathOf(dataDirectory);
  if (!(await isListening(socketPath))) return undefined;
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', host: 'localhost' };
    const sending = request({ socketPath, method: asked.method, path: asked.path, headers }, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        said += part;
      });
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode ?? 0, text: said }));
    });
    sending.on('error', reject);
    sending.end(asked.body === undefined ? undefined : JSON.stringify(asked.body));
  });
  const answer: unknown = JSON.parse(text);
  if (status < 400) return answer;
  const failure = failureSchema.safeParse(answer);
  throw new AppError(failure.data?.code ?? 'INTERNAL', failure.data?.message ?? 'The team server could not answer.');
}
