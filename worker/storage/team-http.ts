/** Requests to the team server over TLS: its certificate is checked against the invitation's pin. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { AppError, CancelledError, type Failure, failureSchema } from '../protocol/errors.ts';
import { assetMissingSentence, protocolHeader } from '../protocol/team.ts';
import { protocolVersion } from '../protocol/version.ts';
import { checkPinnedIdentity, publicKeyPin, wrongServer } from './public-key-pin.ts';

export interface TeamAddress {
  readonly server: { readonly host: string; readonly port: number };
  readonly token: string;
  /** As in the invitation; undefined where the certificate is one that everybody trusts. */
  readonly pin?: string | undefined;
}

export interface TeamRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TeamHttp {
  readonly headers: Readonly<Record<string, string>>;
  url(path: string): string;
  /** Resolves when the answer begins, whatever its status. Throws AppError TEAM_UNREACHABLE or TEAM_REFUSED. */
  ask(asked: TeamRequest, signal?: AbortSignal): Promise<IncomingMessage>;
  /** For another client of the same server; it checks the same. */
  agent(): Promise<Agent>;
  close(): void;
}

/** A connection on which nothing moves for this long is broken: a cable that is pulled says nothing. */
const idleMilliseconds = 20_000;
const connectMilliseconds = 15_000;
const mostBodyBytes = 1 << 20;

export const unreachableSentence = 'The team server cannot be reached. Work goes on when it is back.';

export function createTeamHttp(address: TeamAddress): TeamHttp {
  const { host, port } = address.server;
  const origin = `https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const headers = { authorization: `Bearer ${address.token}`, [protocolHeader]: String(protocolVersion) };
  let agent: Promise<Agent> | undefined;
  const agentOf = (): Promise<Agent> => {
    agent ??= createAgent(address);
    // Whoever could not connect tries again with the next request.
    agent.catch(() => {
      agent = undefined;
    });
    return agent;
  };
  return {
    headers,
    agent: agentOf,
    url: (path) => `${origin}${path}`,
    async ask({ method, path, headers: more, body }, signal) {
      try {
        const sending = request(`${origin}${path}`, {
          method,
          agent: await agentOf(),
          headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }), ...more },
          ...(signal && { signal }),
        });
        sending.setTimeout(idleMilliseconds, () => sending.destroy(new Error('Nothing moved on the connection.')));
        sending.end(body);
        const [answer] = (await once(sending, 'response')) as [IncomingMessage];
        // Errors after the answer has begun are its reader's business.
        sending.on('error', () => undefined);
        return answer;
      } catch (error) {
        if (signal?.aborted) throw new CancelledError(undefined, { cause: error });
        // The server may have renewed its certificate: the next request looks at it again.
        if (error instanceof Error && 'code' in error && /CERT|VERIFY/.test(String(error.code))) agent = undefined;
        throw toTeamError(error);
      }
    },
    close() {
      agent?.then(
        (opened) => opened.destroy(),
        () => undefined,
      );
    },
  };
}

async function createAgent({ server, pin }: TeamAddress): Promise<Agent> {
  const common = { keepAlive: true, maxSockets: 16, timeout: idleMilliseconds };
  if (pin === undefined) return new Agent(common);
  const ca = await fetchPinnedCertificate(server, pin);
  return new Agent({
    ...common,
    ca,
    checkServerIdentity: checkPinnedIdentity(pin),
  });
}

/**
 * The certificate that the server shows now, PEM, after its public key was compared with the pin: what a TLS client
 * then trusts, and nothing else. Throws AppError TEAM_UNREACHABLE, or TEAM_REFUSED where it is another server.
 */
export async function fetchPinnedCertificate(
  server: { readonly host: string; readonly port: number },
  pin: string,
): Promise<string> {
  // Nothing is sent on this connection: it only looks.
  const socket = connect({
    ...server,
    rejectUnauthorized: false,
    ...(isIP(server.host) === 0 && { servername: server.host }),
  });
  try {
    socket.setTimeout(connectMilliseconds, () => socket.destroy(new Error('It does not answer.')));
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined || publicKeyPin(certificate) !== pin) throw wrongServer();
    return certificate.toString();
  } catch (error) {
    throw toTeamError(error);
  } finally {
    socket.on('error', () => undefined);
    // In order: cut off, the server would take it for an attempt without TLS.
    socket.end();
    socket.resume();
  }
}

export function toTeamError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('TEAM_UNREACHABLE', unreachableSentence, { cause: error });
}

/** What the server refused, read to its end, as the error it stands for. */
export async function readRefusal(answer: IncomingMessage): Promise<AppError> {
  return toRefusal(answer.statusCode ?? 0, await readText(answer).catch(() => ''));
}

export function toRefusal(status: number, text: string): AppError {
  const { code, message } = parseFailure(text) ?? defaultFailure(status);
  return new AppError(code, message, { cause: new Error(`HTTP ${status}`) });
}

function defaultFailure(status: number): Failure {
  if (status === 401 || status === 403) {
    return { code: 'TEAM_REFUSED', message: 'The team server refuses this computer. Ask for a new invitation.' };
  }
  if (status === 404) return { code: 'ASSET_MISSING', message: assetMissingSentence };
  return { code: 'TEAM_UNREACHABLE', message: unreachableSentence };
}

function parseFailure(text: string): Failure | undefined {
  try {
    return failureSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Of an answer that is small by nature. */
export async function readText(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const part of answer) {
    text += part;
    if (text.length > mostBodyBytes) throw new AppError('TEAM_UNREACHABLE', unreachableSentence);
  }
  return text;
}
