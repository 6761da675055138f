import { mkdtemp, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { skeletons } from '../../models/skeletons.ts';
import { type AnalysisContents, decodeAnalysisFiles } from '../pipeline/analysis-files.ts';
import { indexClip } from '../pipeline/index-clip.ts';
import type { OnProgress, Ports } from '../pipeline/ports.ts';
import { analysisFiles } from '../protocol/analysis.ts';
import type { AssetReference } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { defaultClipLimits, type JobPayload, type JobResult } from '../protocol/jobs.ts';
import { exportCsv } from './export-csv.ts';
import { exportJson } from './export-json.ts';
import { renderOverlay } from './render-overlay.ts';

type ExportInput = JobPayload<'export-analysis'> & { readonly onProgress: OnProgress };

/** Makes a file from a finished analysis. Throws AppError NOT_FOUND when the analysis is not there. */
export async function exportAnalysis(
  input: ExportInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<JobResult<'export-analysis'>> {
  if (!(await ports.analyses.has(input.analysisId))) {
    throw new AppError('NOT_FOUND', 'This analysis is no longer on the disk. Analyse the clip again.');
  }
  const files = new Map<string, Uint8Array>();
  for (const file of Object.values(analysisFiles)) {
    const bytes = await ports.analyses.read(input.analysisId, file).catch((error: unknown) => {
      // Analyses before version 4 of the pipeline have none.
      if (file === analysisFiles.deviations2d) return undefined;
      throw error;
    });
    if (bytes !== undefined) files.set(file, bytes);
  }
  const contents = decodeAnalysisFiles(files);
  const baseName = parse(input.clipName).name;
  const text = (content: string, mediaType: string): Promise<AssetReference> =>
    ports.assets.putBytes(new TextEncoder().encode(content), mediaType);
  switch (input.kind) {
    case 'csv':
      return { file: await text(exportCsv(contents), 'text/csv'), suggestedName: `${baseName}.csv` };
    case 'json':
      return { file: await text(exportJson(contents), 'application/json'), suggestedName: `${baseName}.json` };
    case 'overlay':
      return { file: await overlay(input, contents, ports, signal), suggestedName: `${baseName}-overlay.mp4` };
  }
}

async function overlay(
  input: ExportInput,
  contents: AnalysisContents,
  ports: Ports,
  signal: AbortSignal,
): Promise<AssetReference> {
  const skeleton = skeletons[contents.document.model.skeleton];
  if (skeleton === undefined) throw new AppError('INTERNAL', `Unknown skeleton ${contents.document.model.skeleton}.`);
  // The clip was accepted once; an export never refuses it for limits that changed since.
  const limits = { ...defaultClipLimits, maximumSeconds: Number.MAX_SAFE_INTEGER, minimumPixels: 1 };
  const index = await indexClip({ ...input, limits }, ports, signal);
  const folder = await mkdtemp(join(ports.temporaryDirectory, 'overlay-'));
  try {
    const outputPath = join(folder, 'overlay.mp4');
    await renderOverlay(
      {
        clipPath: await ports.assets.localPath(input.clip),
        index,
        motion: contents.cleaned,
        skeleton,
        outputPath,
        onFrame: (done, total) => input.onProgress('export', done, total),
      },
      ports,
      signal,
    );
    return await ports.assets.putFile(outputPath, 'video/mp4');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
