/** Entry of a worker machine without a window: see `joinUsage`. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { joinUsage, parseJoinCommand } from './join/join-terminal.ts';
import { joinExitCode, runTeamWorker } from './join/run-team-worker.ts';
import { askInstance } from './machine/instance-lock.ts';
import { currentNodeRunner } from './node-runner.ts';
import { toFailure } from './protocol/errors.ts';

/** Relative to dist/node. */
const root = resolve(import.meta.dirname, '../..');

try {
  const command = parseJoinCommand(process.argv.slice(2), process.env);
  if (command === undefined) {
    console.log(joinUsage);
  } else if (command.isStatus) {
    const sentence = await askInstance(command.dataDirectory);
    console.log(sentence ?? 'No worker machine is running with this data folder.');
    process.exitCode = sentence === undefined ? 1 : 0;
  } else {
    const abort = new AbortController();
    process.on('SIGTERM', () => abort.abort());
    process.on('SIGINT', () => abort.abort());
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    await runTeamWorker(
      {
        ...command,
        link: command.link,
        workers: command.workers,
        version,
        weightsDirectory: join(root, 'models/weights'),
        runner: currentNodeRunner(),
        workerScript: join(import.meta.dirname, 'worker.js'),
        say: (sentence) => console.log(sentence),
        onWorkerLog: (line) => console.error(line),
      },
      abort.signal,
    );
    process.exit(0);
  }
} catch (error) {
  const { code, message } = toFailure(error);
  console.error(message);
  process.exit(joinExitCode(code));
}
