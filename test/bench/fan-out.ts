/** One clip on one worker and on two: the real app without a window, its built workers, the real model. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelId } from '../../models/registry.ts';
import { createApp } from '../../src-main/core/app.ts';
import { currentNodeRunner } from '../../worker/node-runner.ts';
import { analysisFiles } from '../../worker/protocol/analysis.ts';
import { builtFile } from '../integration/app-under-test.ts';
import { samplePath, weightsDirectory } from '../integration/run-pipeline.ts';

export interface FanOutFigures {
  readonly secondsAlone: number;
  readonly secondsShared: number;
  /** Whether all arrays are the same, byte for byte. */
  readonly identical: boolean;
}

export async function measureFanOut(request: {
  readonly clip: string;
  readonly model: ModelId;
  readonly folder: string;
}): Promise<FanOutFigures> {
  const alone = await analyseWith(1, request);
  const shared = await analyseWith(2, request);
  const arrays = Object.values(analysisFiles).filter((file) => file.endsWith('.npy'));
  const pairs = await Promise.all(
    arrays.map((file) => Promise.all([readFile(join(alone.folder, file)), readFile(join(shared.folder, file))])),
  );
  return {
    secondsAlone: alone.seconds,
    secondsShared: shared.seconds,
    identical: pairs.every(([first, second]) => first.equals(second)),
  };
}

async function analyseWith(
  workers: number,
  { clip, model, folder }: { readonly clip: string; readonly model: ModelId; readonly folder: string },
): Promise<{ seconds: number; folder: string }> {
  const app = await createApp({
    host: 'terminal',
    version: 'bench',
    dataDirectory: join(folder, `workers-${workers}`),
    queue: 'private',
    weightsDirectory,
    samplePath,
    workerScript: builtFile('worker.js'),
    redisGuardScript: builtFile('redis-guard.js'),
    runner: currentNodeRunner(),
    workers,
    // As workers on machines with one core each would be: else the one alone takes both cores, too.
    workerSettings: { inferenceThreads: 1 },
    files: { pathOf: () => undefined, release: async () => undefined },
    onLog: () => undefined,
  });
  try {
    const stored = await app.work.storeFile(clip, basename(clip));
    // Loading models is not part of the figure.
    while ((await app.calls['workers.list']({})).workers.filter(({ status }) => status === 'idle').length < workers)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const startedAt = performance.now();
    const job = await app.work.analyse(stored, { model });
    const { status, analysisId } = await app.board.waitFor(job.id, new AbortController().signal);
    const seconds = (performance.now() - startedAt) / 1000;
    if (analysisId === undefined) throw new Error(`The analysis ended as ${status}.`);
    return { seconds, folder: app.stores.analyses.folder(analysisId) };
  } finally {
    await app.stop();
  }
}
