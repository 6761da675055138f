import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program on this terminal to its end. A signal that ends it gives 128 + its number, as shells do.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} [options.env] Added to ours.
 * @param {(text: string) => void} [options.onOutput] Reads along what it writes to standard output.
 * @returns {Promise<number>} Its exit code; 127 when it does not exist.
 */
export function runForeground(program, args, { cwd, env, onOutput }) {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['inherit', onOutput === undefined ? 'inherit' : 'pipe', 'inherit'],
  });
  child.stdout?.on('data', (chunk) => {
    process.stdout.write(chunk);
    onOutput?.(String(chunk));
  });
  // Ctrl-C at a terminal reaches the child by itself; the rest is handed on, and it decides when all is put away.
  const handOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  const ignore = () => undefined;
  const interrupt = process.stdin.isTTY ? ignore : handOn;
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', handOn);
  process.on('SIGHUP', handOn);
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code, signal) => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', handOn);
      process.off('SIGHUP', handOn);
      resolve(code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0)));
    });
  });
}
