/** A worker machine as it is, but for the stages of its workers. Arguments: the link, the data folder. */
import { join, resolve } from 'node:path';
import { joinExitCode, runTeamWorker } from '../../worker/join/run-team-worker.ts';
import { toFailure } from '../../worker/protocol/errors.ts';

const [, , link, dataDirectory = ''] = process.argv;
const abort = new AbortController();
process.on('SIGTERM', () => abort.abort());

try {
  await runTeamWorker(
    {
      ...{
        link,
        dataDirectory,
        workers: 1,
        device: 'cpu',
        whenIdle: false,
        cacheBytes: 1e9,
        version: 'test',
        lookMilliseconds: 3000,
      },
      weightsDirectory: resolve(import.meta.dirname, '../../models/weights'),
      runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
      workerScript: join(import.meta.dirname, 'staged-worker.ts'),
      say: (sentence) => console.log(sentence),
      onWorkerLog: (line) => console.error(line),
    },
    abort.signal,
  );
  process.exit(0);
} catch (error) {
  const { code, message } = toFailure(error);
  console.error(message);
  process.exit(joinExitCode(code));
}
