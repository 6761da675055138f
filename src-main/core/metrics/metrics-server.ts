/** Figures for whoever watches this machine, at an address that the coach switches on. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { AppError } from '../../../worker/protocol/errors.ts';
import { prometheusContentType } from '../../../worker/protocol/prometheus-text.ts';
import type { Settings } from '../../contract/calls.ts';

export type MetricsSettings = Settings['metrics'];

export interface MetricsServer {
  /** Throws AppError CONFIGURATION_INVALID; then what was served before still is. */
  apply(settings: MetricsSettings): Promise<void>;
  /** Undefined while nothing is served. */
  address(): string | undefined;
  close(): Promise<void>;
}

/** A page of the web must not read this through a name that was made to point here. */
const localNames = ['127.0.0.1', 'localhost', '[::1]'];

export function createMetricsServer(read: () => Promise<string>): MetricsServer {
  let current: MetricsSettings | undefined;
  let server: Server | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, text: string): void =>
      void response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (localNames.includes(current?.address ?? '') && !localNames.includes(host)) return refuse(403, 'Forbidden');
    if (request.url?.split('?')[0] !== '/metrics') return refuse(404, 'Only /metrics is here.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only to be read.');
    try {
      const text = await read();
      response.writeHead(200, { 'content-type': prometheusContentType }).end(text);
    } catch {
      refuse(503, 'The queue does not answer.');
    }
  };

  const listen = async (settings: MetricsSettings): Promise<void> => {
    const opened = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve, reject) => {
      opened.once('error', (error) => reject(unusable(settings, error)));
      opened.listen(settings.port, settings.address, resolve);
    });
    // Whatever goes wrong with one connection is its own business.
    opened.on('error', () => undefined);
    server = opened;
  };
  const close = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = new Promise((resolve) => closing.close(resolve));
    closing.closeAllConnections();
    await closed;
  };

  return {
    async apply(wanted) {
      const before = current;
      if (JSON.stringify(before) === JSON.stringify(wanted)) return;
      await close();
      current = wanted;
      if (!wanted.enabled) return;
      try {
        await listen(wanted);
      } catch (error) {
        current = before;
        if (before?.enabled) await listen(before).catch(() => undefined);
        throw error;
      }
    },
    address() {
      const bound = server?.address() as AddressInfo | null | undefined;
      if (!bound) return undefined;
      return `http://${isIPv6(bound.address) ? `[${bound.address}]` : bound.address}:${bound.port}/metrics`;
    },
    close,
  };
}

function unusable({ address, port }: MetricsSettings, cause: NodeJS.ErrnoException): AppError {
  const sentence = (): string => {
    switch (cause.code) {
      case 'EADDRINUSE':
        return `Port ${port} is used by another program. Choose another one for the metrics.`;
      case 'EACCES':
        return `Port ${port} is kept for administrators. Choose one from 1024 to 65535 for the metrics.`;
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        return `This machine has no address ${address}. Choose another one for the metrics.`;
      default:
        return `The metrics cannot be served at ${address}, port ${port}: ${cause.message}.`;
    }
  };
  return new AppError('CONFIGURATION_INVALID', sentence(), { cause });
}
