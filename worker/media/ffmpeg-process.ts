/** The only place that starts ffmpeg. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { AppError, CancelledError } from '../protocol/errors.ts';

export interface FfmpegStart {
  readonly ffmpegPath: string;
  readonly arguments: readonly string[];
  /** Every line of standard error, without its line end. */
  readonly onLine?: (line: string) => void;
  /** Frames are written to the process. Without it, standard input is closed. */
  readonly writesInput?: boolean;
  /** Where standard output goes instead of `FfmpegProcess.output`. */
  readonly writeEnd?: Socket | 'pipe';
  /** Ends a process that has said nothing for this long. */
  readonly silenceLimitMilliseconds?: number;
  readonly signal: AbortSignal;
}

export interface FfmpegExit {
  readonly code: number | undefined;
  /** The signal fired: whoever waits throws CancelledError. */
  readonly cancelled: boolean;
  readonly silent: boolean;
  readonly startError: Error | undefined;
  /** The last lines of standard error, oldest first. */
  readonly lastLines: readonly string[];
}

export interface FfmpegProcess {
  /** Defined unless the process was started with a `writeEnd` of its own. */
  readonly output: Readable | undefined;
  /** Defined when the process was started with `writesInput`. */
  readonly input: Writable | undefined;
  /** Never rejects; resolves when the process and its pipes are closed. */
  readonly exit: Promise<FfmpegExit>;
  /** Ends the process now; `exit` tells when it has gone. */
  stop(): void;
}

const keptLines = 40;

export function startFfmpeg(start: FfmpegStart): FfmpegProcess {
  const child = spawn(start.ffmpegPath, [...start.arguments], {
    stdio: [start.writesInput ? 'pipe' : 'ignore', start.writeEnd ?? 'pipe', 'pipe'],
    windowsHide: true,
  });
  // Standard error is always a pipe; the other two depend on the settings.
  const { stdout, stderr } = child as ChildProcess & { stdout: Readable | null; stderr: Readable };
  const stop = () => {
    // Nothing that ffmpeg could tidy up is worth waiting for: its outputs are temporary until it has succeeded.
    child.kill('SIGKILL');
    // Unread output would otherwise keep `close` from coming.
    stdout?.destroy();
  };

  const lastLines: string[] = [];
  let silent = false;
  let silenceTimer: NodeJS.Timeout | undefined;
  const heard = () => {
    if (start.silenceLimitMilliseconds === undefined) return;
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => {
      silent = true;
      stop();
    }, start.silenceLimitMilliseconds);
  };
  heard();
  readLines(stderr, (line) => {
    heard();
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    start.onLine?.(line);
  });

  const exit = new Promise<FfmpegExit>((resolve) => {
    let startError: Error | undefined;
    const finish = (code: number | undefined) => {
      clearTimeout(silenceTimer);
      start.signal.removeEventListener('abort', stop);
      resolve({ code, cancelled: start.signal.aborted, silent, startError, lastLines });
    };
    child.once('error', (error) => {
      startError = error;
      if (child.pid === undefined) finish(undefined);
    });
    child.once('close', (code) => finish(code ?? undefined));
  });
  // A process that ends early closes the pipe we write to; its exit tells why.
  child.stdin?.on('error', () => undefined);
  if (start.signal.aborted) stop();
  else start.signal.addEventListener('abort', stop, { once: true });

  return { output: stdout ?? undefined, input: child.stdin ?? undefined, exit, stop };
}

/** Runs ffmpeg for what it prints. Returns its exit and everything it wrote to standard output as text. */
export async function runFfmpeg(start: FfmpegStart): Promise<{ exit: FfmpegExit; output: string }> {
  const running = startFfmpeg(start);
  let output = '';
  running.output?.setEncoding('utf8');
  running.output?.on('data', (text: string) => {
    output += text;
  });
  return { exit: await running.exit, output };
}

/** Throws what kept the process from running to its end: CancelledError, FFMPEG_MISSING or FFMPEG_FAILED (silent). */
export function throwIfInterrupted(exit: FfmpegExit): void {
  if (exit.cancelled) throw new CancelledError();
  if (exit.startError) {
    throw new AppError('FFMPEG_MISSING', 'The video program ffmpeg could not be started.', { cause: exit.startError });
  }
  if (exit.silent) {
    throw new AppError('FFMPEG_FAILED', 'Reading the clip came to a standstill: is its drive still connected?', {
      cause: new Error(exit.lastLines.join('\n')),
    });
  }
}

/** Throws unless the process ended with success. `sentence` says what could not be done. */
export function throwUnlessSucceeded(exit: FfmpegExit, sentence: string): void {
  throwIfInterrupted(exit);
  if (exit.code === 0) return;
  const text = exit.lastLines.join('\n');
  const cause = new Error(`ffmpeg ended with ${exit.code ?? 'a signal'}:\n${text}`);
  if (/No space left on device/.test(text)) {
    throw new AppError('DISK_FULL', 'The disk is full: free some space and try again.', { cause });
  }
  throw new AppError('FFMPEG_FAILED', sentence, { cause });
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
