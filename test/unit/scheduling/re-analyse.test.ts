import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { poseModels } from '../../../models/registry.ts';
import { type Library, openLibrary } from '../../../src-main/core/library/library.ts';
import { reAnalyse } from '../../../src-main/core/upkeep/re-analyse.ts';
import type { StoredClip, WorkOptions } from '../../../src-main/core/work.ts';
import {
  type AnalysisDocument,
  type AnalysisParameters,
  analysisDocumentSchema,
  pipelineVersion,
} from '../../../worker/protocol/analysis.ts';
import { createFileStores, type FileStores } from '../../../worker/storage/file-stores.ts';

const never = new AbortController().signal;
const clicked = { timeSeconds: 1, box: { x: 0.5, y: 0.5, width: 0, height: 0 } };
let folder: string;
let stores: FileStores;
let library: Library;
let asked: { clip: string; parameters: AnalysisParameters; options: WorkOptions | undefined }[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-re-analyse-'));
  stores = createFileStores({ dataDirectory: folder });
  library = await openLibrary({ directory: join(folder, 'library'), onChange: () => undefined });
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function documentOf(more: Partial<AnalysisDocument>): AnalysisDocument {
  const { id, detector, landmarks } = poseModels['blazepose-full'];
  return analysisDocumentSchema.parse({
    ...{ format: 'shadow-trainer/analysis', formatVersion: 1, analysisId: 'a'.repeat(64) },
    clip: {
      ...{ sha256: 'b'.repeat(64), name: 'walk.mp4', container: 'mp4', codec: 'h264', codedWidth: 64, codedHeight: 64 },
      ...{ displayWidth: 64, displayHeight: 64, rotationDegrees: 0, sampleAspectRatio: 1, pixelFormat: 'yuv420p' },
      ...{ bitDepth: 8, colorSpace: 'bt709', colorTransfer: 'bt709', colorPrimaries: 'bt709', toneMapped: false },
      ...{ hasAudio: false, frameCount: 30, framesPerSecond: 30, variableFrameRate: false, startSeconds: 0 },
      ...{ durationSeconds: 1, warnings: [] },
    },
    model: { id, detectorSha256: detector.sha256, landmarksSha256: landmarks.sha256, skeleton: 'blazepose-33' },
    parameters: { model: id, quality: 'standard' },
    versions: { app: '1', protocol: 1, pipeline: pipelineVersion, onnxruntime: '1', ffmpeg: '5' },
    ...{ devices: ['cpu'], workers: 1, timings: [], createdAt: '2025-01-01T00:00:00.000Z', frames: 30 },
    ...{ framesWithPose: 28, cuts: [], people: [], angles: [], warnings: [] },
    cleaning: { filledSamples: 0, outlierSamples: 0, swappedFrames: 0 },
    ...more,
  });
}

/** `documents`: newest first; a text is one that cannot be read. */
async function addClip(name: string, ...documents: (Partial<AnalysisDocument> | string)[]): Promise<void> {
  const clip = await stores.assets.putBytes(new TextEncoder().encode(name), 'video/mp4');
  await library.add(clip, name);
  const analysisIds: string[] = [];
  for (const [i, document] of documents.entries()) {
    const id = `${clip.sha256.slice(1)}${i}`;
    const text = typeof document === 'string' ? document : JSON.stringify(documentOf(document));
    await stores.analyses.write(id, new Map([['analysis.json', new TextEncoder().encode(text)]]));
    analysisIds.push(id);
  }
  await library.update(clip.sha256, (view) => ({ ...view, analysisIds }));
}
const run = (signal = never) => {
  const analyse = async (clip: StoredClip, parameters: AnalysisParameters, options?: WorkOptions) => {
    asked.push({ clip: clip.name, parameters, options });
    return {
      id: clip.name,
      kind: 'analyse-clip',
      clipSha256: clip.clip.sha256,
      status: 'queued',
      createdAt: '',
    } as const;
  };
  const today = { model: 'blazepose-full', quality: 'standard' } as const;
  return reAnalyse({ library, analyses: stores.analyses, work: { analyse }, ...today }, signal);
};

describe('the look for clips to analyse again', () => {
  it('finds those by another model, other weights, another quality or an older pipeline, and keeps the athlete that was chosen', async () => {
    const today = documentOf({});
    const lite = { model: { ...today.model, id: 'blazepose-lite' }, parameters: { model: 'blazepose-lite' } } as const;
    await addClip('lite', lite);
    await addClip('clicked', { ...lite, parameters: { ...lite.parameters, athlete: clicked } }, lite);
    await addClip('weights', { model: { ...today.model, landmarksSha256: 'c'.repeat(64) } });
    await addClip('pipeline', { versions: { ...today.versions, pipeline: pipelineVersion - 1 } });
    await addClip('fast', { parameters: { model: 'blazepose-full' } });
    expect(await run()).toEqual({ clips: 5, queued: 5 });
    expect(asked.map(({ clip }) => clip).sort()).toEqual(['clicked', 'fast', 'lite', 'pipeline', 'weights']);
    for (const { parameters, options } of asked) {
      expect(parameters).toMatchObject({ model: 'blazepose-full', quality: 'standard' });
      expect(options).toEqual({ priority: 'batch' });
    }
    expect(asked.find(({ clip }) => clip === 'clicked')?.parameters.athlete).toEqual(clicked);
  });

  it('leaves alone what is of today, what was never analysed, what was refused, and what cannot be read', async () => {
    await addClip('today', {});
    await addClip(
      'today, looked at by another model since',
      { model: { ...documentOf({}).model, id: 'blazepose-lite' } },
      {},
    );
    await addClip('never');
    await addClip('damaged', '{');
    await addClip('refused', { versions: { ...documentOf({}).versions, pipeline: 1 } });
    const refused = library.list().find(({ name }) => name === 'refused');
    const failure = { code: 'CLIP_TOO_LONG', message: 'It is too long.' } as const;
    await library.update(refused?.clip.sha256 ?? '', (view) => ({ ...view, failure }));
    expect(await run()).toEqual({ clips: 5, queued: 0 });
  });

  it('stops between two clips when it is told to', async () => {
    await addClip('old', { versions: { ...documentOf({}).versions, pipeline: 1 } });
    await expect(run(AbortSignal.abort())).rejects.toThrow();
    expect(asked).toEqual([]);
  });
});
