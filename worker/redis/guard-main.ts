/**
 * Runs redis-server and ends it when the app ends, also when the app is killed: the app holds the other end of this
 * process's standard input, and the system closes it whatever happens.
 * Arguments: the redis-server binary, then its own arguments. The first line of standard input is a JSON string: what
 * the server is to read on its own standard input.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [binary, ...args] = process.argv.slice(2);
if (binary === undefined) throw new Error('The redis-server binary is missing.');

/** A server that cannot write its file any more must not outlive the app. */
const politeMilliseconds = 5000;

const server = spawn(binary, args, { stdio: ['pipe', 'inherit', 'inherit'] });
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.on('exit', (code) => process.exit(code ?? 0));
server.stdin.on('error', () => undefined);

const end = (): void => {
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGKILL'), politeMilliseconds);
};
const input = createInterface({ input: process.stdin });
input.once('line', (line) => server.stdin.end(JSON.parse(line)));
input.once('close', end);
process.stdin.on('error', end);
process.on('SIGTERM', end);
process.on('SIGINT', end);
// The app's end of these pipes may be gone first.
process.stdout.on('error', end);
process.stderr.on('error', end);
