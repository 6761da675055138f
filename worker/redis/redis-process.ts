/** One run of the private redis-server, behind its guard. */
import { spawn } from 'node:child_process';
import type { NodeRunner } from '../node-runner.ts';

export interface RedisProcessOptions {
  readonly runner: NodeRunner;
  /** The built guard-main. */
  readonly guardScript: string;
  readonly binary: string;
  readonly args: readonly string[];
  /** What the server reads on its standard input. */
  readonly secrets: string;
  readonly onLog: (line: string) => void;
}

export interface RedisEnd {
  /** Exit code, signal, or why it could not be started. */
  readonly how: string;
  /** What it said last. */
  readonly log: string;
}

export interface RedisProcess {
  readonly ended: Promise<RedisEnd>;
  /** Asks it to end, in order. */
  end(): void;
}

const keptLogCharacters = 8000;
const lastWordsMilliseconds = 500;

export function launchRedis(options: RedisProcessOptions): RedisProcess {
  const { runner, onLog } = options;
  const child = spawn(runner.execPath, [options.guardScript, options.binary, ...options.args], {
    env: { ...process.env, ...runner.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  const hear = (data: Buffer): void => {
    log = `${log}${data}`.slice(-keptLogCharacters);
    onLog(data.toString().trim());
  };
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(options.secrets)}\n`);
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<RedisEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      const finish = (): void => resolve({ how: String(signal ?? code), log });
      // Its last words, which say why it ended, may still be on their way. A server that outlives its guard keeps the
      // pipes open.
      child.once('close', finish);
      setTimeout(finish, lastWordsMilliseconds).unref();
    });
    child.once('error', (error) => resolve({ how: error.message, log }));
  });
  return { ended, end: () => void child.stdin.end() };
}
