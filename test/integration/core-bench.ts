/** The core as it is, with real Redis and real worker processes whose stages the test writes. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { JobView } from '../../src-main/contract/calls.ts';
import { type App, createApp } from '../../src-main/core/app.ts';
import type { AppDependencies } from '../../src-main/core/app-dependencies.ts';
import { type JournalLine, journalLineSchema, type StagePlan } from './stage-plan.ts';

const root = resolve(import.meta.dirname, '../..');

export interface CoreBench {
  readonly folder: string;
  readonly dataDirectory: string;
  start(options?: { workers?: number; engine?: AppDependencies['engine'] }): Promise<App>;
  /** Submits an analysis whose stages follow the plan. The same `name` is the same clip. */
  analyse(app: App, name: string, plan?: Partial<StagePlan>): Promise<JobView>;
  /** A file that a stage can be made to wait for, and its opening. */
  gate(name: string): { readonly path: string; open(): void };
  journal(name: string): JournalLine[];
  readonly log: readonly string[];
  /** Stops what was started and removes everything. */
  close(): Promise<void>;
}

export function createCoreBench(dependencies: Partial<AppDependencies> = {}): CoreBench {
  const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-core-'));
  const dataDirectory = join(folder, 'data');
  const apps: App[] = [];
  const log: string[] = [];
  const journalPath = (name: string): string => join(folder, `${name}.journal`);
  mkdirSync(dataDirectory);
  return {
    folder,
    dataDirectory,
    log,
    async start({ workers = 2, engine } = {}) {
      const app = await createApp({
        host: 'terminal',
        version: '0.0.0-test',
        dataDirectory,
        queue: 'kept',
        weightsDirectory: join(root, 'models/weights'),
        samplePath: join(root, 'test/fixtures/sample/pitch.mp4'),
        // The sources themselves, so that no build is needed.
        runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
        workerScript: join(root, 'test/integration/staged-worker.ts'),
        redisGuardScript: join(root, 'worker/redis/guard-main.ts'),
        workers,
        engine,
        files: { pathOf: () => undefined, release: async () => undefined },
        onLog: (line) => log.push(line),
        ...dependencies,
      });
      apps.push(app);
      return app;
    },
    async analyse(app, name, plan = {}) {
      const clipPath = join(folder, `${name}.mp4`);
      writeFileSync(clipPath, name);
      const whole: StagePlan = {
        journal: journalPath(name),
        chunks: 3,
        framesPerChunk: 10,
        gates: {},
        failures: {},
        ...plan,
      };
      const { clip } = await app.work.storeFile(clipPath, `${name}.mp4`);
      return await app.work.analyse({ clip, name: JSON.stringify(whole) }, { model: 'blazepose-lite' });
    },
    gate(name) {
      const path = join(folder, `${name}.gate`);
      return { path, open: () => writeFileSync(path, '') };
    },
    journal(name) {
      if (!existsSync(journalPath(name))) return [];
      const lines = readFileSync(journalPath(name), 'utf8').split('\n').filter(Boolean);
      return lines.map((line) => journalLineSchema.parse(JSON.parse(line)));
    },
    async close() {
      for (const app of apps) await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the condition holds; looks every few milliseconds. Fails with `what` after a while. */
export async function until(what: string, condition: () => boolean, withinMilliseconds = 60_000): Promise<number> {
  const started = performance.now();
  while (!condition()) {
    const waited = performance.now() - started;
    if (waited > withinMilliseconds) throw new Error(`Not within ${withinMilliseconds} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
  return performance.now() - started;
}

/** Ids of the running processes that name the text in their arguments or their environment. Linux only. */
export function processesNaming(text: string): number[] {
  const isNamed = (id: string): boolean =>
    ['cmdline', 'environ'].some((file) => {
      try {
        return readFileSync(join('/proc', id, file), 'utf8').includes(text);
      } catch {
        return false;
      }
    });
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isNamed(name))
    .map(Number);
}

export const hasProcesses = existsSync('/proc/self/environ');
