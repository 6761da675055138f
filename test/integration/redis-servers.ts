/** Real redis-server processes on free loopback ports, for tests of what is not the app's own server. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRedisServer } from '../../worker/redis/find-redis-server.ts';
import { until } from './app-under-test.ts';
import { commandIn, loopback, type Place } from './place.ts';

export interface RedisServer {
  readonly port: number;
  readonly process: ChildProcess;
}

export interface RedisServers {
  readonly folder: string;
  /**
   * Starts one in a folder of its own, with these arguments after the port; resolves when it answers. A sentinel wants
   * a file of its own, whose lines are given.
   */
  start(port: number, args?: readonly string[], fileLines?: readonly string[]): Promise<RedisServer>;
  /** Ends every one of them and removes their folders. */
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** What redis-cli answers. Throws when the server does not, and for an error as an answer. */
export async function redisCli(port: number, ...args: string[]): Promise<string> {
  return await redisCliIn(loopback, port, ...args);
}

export async function redisCliIn(place: Place, port: number, ...args: string[]): Promise<string> {
  const command = commandIn(place, 'redis-cli', ['-e', '-h', place.host, '-p', String(port), ...args]);
  const { stdout } = await run(command.program, command.args);
  return stdout.trim();
}

/** As many ports that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const server = createServer();
      servers.push(server);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, loopback.host, resolve);
      });
    }
    return servers.map((server) => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('No port.');
      return address.port;
    });
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** `cliArgs`: what redis-cli needs to be let in. */
export function createRedisServers(cliArgs: readonly string[] = [], place = loopback): RedisServers {
  const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-servers-'));
  const running: RedisServer[] = [];
  // A test run that breaks off leaves no server behind.
  const endAll = (): void => {
    for (const { process: child } of running) child.kill('SIGKILL');
  };
  process.once('exit', endAll);
  return {
    folder,
    async start(port, args = [], fileLines) {
      const own = mkdtempSync(join(folder, `${port}-`));
      const common = [
        ...['--port', String(port), '--bind', place.host, '--dir', own, '--save', '', '--loglevel', 'warning'],
        // Without a password only loopback would be let in.
        ...['--protected-mode', 'no'],
      ];
      // The last word counts: a server with TLS has port 0 here.
      const file = join(own, 'server.conf');
      if (fileLines) writeFileSync(file, fileLines.join('\n'));
      const all = [...(fileLines ? [file] : []), ...common, ...args];
      const command = commandIn(place, findRedisServer(process.env), all);
      const child = spawn(command.program, command.args, { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => {
          said += data.toString();
        });
      const server = { port, process: child };
      running.push(server);
      await until(`the server on ${port} answers`, async () => {
        if (child.exitCode !== null) throw new Error(`It ended: ${said}`);
        return await redisCliIn(place, port, ...cliArgs, 'ping').then(
          () => true,
          () => false,
        );
      });
      return server;
    },
    async stop() {
      process.off('exit', endAll);
      await Promise.all(running.map(({ process: child }) => endProcess(child)));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
