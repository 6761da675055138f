/** The whole pipeline in this process, without a queue: for tests of the stages themselves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelId } from '../../models/registry.ts';
import { createThreadedPoseEngine } from '../../worker/inference/threaded-pose-engine.ts';
import { createMedia } from '../../worker/media/media.ts';
import { type AnalysisContents, decodeAnalysisFiles } from '../../worker/pipeline/analysis-files.ts';
import { finishAnalysis } from '../../worker/pipeline/finish-analysis.ts';
import { planAnalysis } from '../../worker/pipeline/plan-analysis.ts';
import type { Ports, PoseEngine } from '../../worker/pipeline/ports.ts';
import { poseChunk } from '../../worker/pipeline/pose-chunk.ts';
import type { AthleteChoice, Quality } from '../../worker/protocol/analysis.ts';
import { analysisFiles } from '../../worker/protocol/analysis.ts';
import { defaultClipLimits } from '../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { createFileStores } from '../../worker/storage/file-stores.ts';

export const weightsDirectory = resolve(import.meta.dirname, '../../models/weights');
/** Threads are started from the build: a source file would need a loader there. */
export const threadScript = pathToFileURL(resolve(import.meta.dirname, '../../dist/node/inference-thread.js'));
export const samplePath = resolve(import.meta.dirname, '../fixtures/sample/pitch.mp4');

export interface PipelineBench {
  readonly ports: Ports;
  analyse(options: AnalyseOptions): Promise<AnalysisContents>;
  close(): Promise<void>;
}

export interface AnalyseOptions {
  readonly path: string;
  readonly model?: ModelId;
  readonly quality?: Quality;
  readonly athlete?: AthleteChoice;
  /** Order in which the chunks run; the default is ascending. */
  readonly chunkOrder?: (count: number) => number[];
}

/**
 * Real media, real model, stores in a folder of their own that `close` removes. With a `dataDirectory` they stay, and
 * an analysis that is there is not made again.
 */
export async function createPipelineBench(options: { readonly dataDirectory?: string } = {}): Promise<PipelineBench> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'shadow-trainer-pipeline-')));
  const engines = new Map<ModelId, Promise<PoseEngine>>();
  const ports: Ports = {
    media: createMedia(),
    ...createFileStores({ dataDirectory }),
    poseEngine(modelId) {
      const engine =
        engines.get(modelId) ?? createThreadedPoseEngine({ modelId, device: 'cpu', weightsDirectory, threadScript });
      engines.set(modelId, engine);
      return engine;
    },
    workerId: 'test',
    versions: { app: 'test', onnxruntime: 'test' },
    temporaryDirectory: dataDirectory,
    log: () => undefined,
  };
  const signal = new AbortController().signal;
  const onProgress = (): void => undefined;

  async function analyse({
    path,
    model = 'blazepose-full',
    quality = 'fast',
    athlete,
    chunkOrder,
  }: AnalyseOptions): Promise<AnalysisContents> {
    const clip = await ports.assets.putFile(path, 'video/mp4');
    const payload = {
      protocolVersion,
      clip,
      clipName: 'clip.mp4',
      limits: defaultClipLimits,
      parameters: { model, quality, ...(athlete && { athlete }) },
    } as const;
    const planned = await planAnalysis({ ...payload, onProgress }, ports, signal);
    if (!planned.reused) {
      const ascending = Array.from({ length: planned.chunkCount }, (_, i) => i);
      const chunks = new Map<number, Awaited<ReturnType<typeof poseChunk>>>();
      for (const chunkIndex of chunkOrder?.(planned.chunkCount) ?? ascending) {
        chunks.set(
          chunkIndex,
          await poseChunk({ ...payload, plan: planned.plan, chunkIndex, onProgress }, ports, signal),
        );
      }
      const inOrder = ascending.flatMap((chunkIndex) => chunks.get(chunkIndex) ?? []);
      await finishAnalysis({ ...payload, plan: planned.plan, chunks: inOrder, workers: 1, onProgress }, ports, signal);
    }
    const files = new Map<string, Uint8Array>();
    for (const file of Object.values(analysisFiles))
      files.set(file, await ports.analyses.read(planned.analysisId, file));
    return decodeAnalysisFiles(files);
  }

  return {
    ports,
    analyse,
    async close() {
      for (const engine of engines.values()) await (await engine).close();
      if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
