/** An app that turns its switch back and forth, with its jobs along, until it is killed. Argument: the data folder. */
import { join, resolve } from 'node:path';
import { createApp } from '../../src-main/core/app.ts';
import type { AppDependencies } from '../../src-main/core/app-dependencies.ts';
import { until } from './app-under-test.ts';

const [, , dataDirectory = ''] = process.argv;
const root = resolve(import.meta.dirname, '../..');
const options: AppDependencies = {
  host: 'terminal',
  version: '0.0.0-test',
  dataDirectory,
  queue: 'kept',
  workers: 0,
  weightsDirectory: join(root, 'models/weights'),
  samplePath: join(root, 'test/fixtures/sample/pitch.mp4'),
  runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
  workerScript: join(root, 'test/integration/staged-worker.ts'),
  redisGuardScript: join(root, 'worker/redis/guard-main.ts'),
  files: { pathOf: () => undefined, release: async () => undefined },
  onLog: () => undefined,
};

// The one before it may hold the folder for a moment longer.
const app = await until('the app starts', () => createApp(options).catch(() => undefined));
for (let isOn = app.team.status().state === 'local'; ; isOn = !isOn) {
  process.send?.('turning');
  await app.team.switch(isOn, 'along');
}
