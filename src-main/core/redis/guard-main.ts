/**
 * Runs redis-server and ends it when the app ends, also when the app is killed: the app holds the other end of this
 * process's standard input, and the system closes it whatever happens.
 * Arguments: the redis-server binary, then its own arguments.
 */
import { spawn } from 'node:child_process';

const [binary, ...args] = process.argv.slice(2);
if (binary === undefined) throw new Error('The redis-server binary is missing.');

const server = spawn(binary, args, { stdio: ['ignore', 'inherit', 'inherit'] });
const end = (): void => {
  server.kill('SIGTERM');
};
process.stdin.on('end', end);
process.stdin.on('close', end);
process.stdin.on('error', end);
process.stdin.resume();
process.on('SIGTERM', end);
process.on('SIGINT', end);
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.on('exit', (code) => process.exit(code ?? 0));
