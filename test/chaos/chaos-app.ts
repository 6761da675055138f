/** The real core in a process of its own that may be killed at any moment. It does what its parent says. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JobView } from '../../src-main/contract/calls.ts';
import { createApp } from '../../src-main/core/app.ts';
import { toFailure } from '../../worker/protocol/errors.ts';
import { type ChaosJob, chaosAppSettingsSchema, type FromApp, toAppSchema } from './chaos-messages.ts';

const root = resolve(import.meta.dirname, '../..');
const settings = chaosAppSettingsSchema.parse(JSON.parse(process.argv[2] ?? 'null'));
const say = (message: FromApp): void => void process.send?.(message);
const summaryOf = ({ id, status, failure }: JobView): ChaosJob => ({
  id,
  status,
  ...(failure && { failure: failure.code }),
});

const app = await createApp({
  host: 'terminal',
  version: '0.0.0-chaos',
  dataDirectory: settings.dataDirectory,
  queue: 'kept',
  weightsDirectory: join(root, 'models/weights'),
  samplePath: join(root, 'test/fixtures/sample/pitch.mp4'),
  runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
  workerScript: join(root, 'test/chaos/chaos-worker.ts'),
  redisGuardScript: join(root, 'worker/redis/guard-main.ts'),
  workers: settings.workers,
  environment: process.env,
  files: { pathOf: () => undefined, release: async () => undefined },
  onLog: (line) => console.error(line),
});
app.events.on('job.changed', ({ job }) => say({ type: 'job', job: summaryOf(job) }));

async function submit(number: number): Promise<void> {
  try {
    const folder = join(settings.dataDirectory, 'chaos-clips');
    mkdirSync(folder, { recursive: true });
    const name = `clip-${number}.mp4`;
    writeFileSync(join(folder, name), name);
    const { clip } = await app.work.storeFile(join(folder, name), name);
    // The clip's name carries what the synthetic stages need.
    const job = await app.work.analyse({ clip, name: settings.journal }, { model: 'blazepose-lite' });
    say({ type: 'accepted', number, jobId: job.id, analysisId: clip.sha256 });
  } catch (error) {
    say({ type: 'refused', number, code: toFailure(error).code });
  }
}

process.on('message', (data) => {
  const message = toAppSchema.parse(data);
  if (message.type === 'submit') void submit(message.number);
  if (message.type === 'retry') app.board.retry(message.jobId).catch((error) => console.error(String(error)));
  if (message.type === 'list') {
    const workers = app.fleet.list().flatMap(({ pid }) => pid ?? []);
    say({ type: 'jobs', jobs: app.board.list().map(summaryOf), workers });
  }
  if (message.type === 'stop') void app.stop().then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
say({ type: 'ready' });
