import { mkdtemp, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { type AnalysisContents, decodeAnalysisFiles } from '../pipeline/analysis-files.ts';
import { indexClip } from '../pipeline/index-clip.ts';
import type { ClipIndex, OnProgress, Ports } from '../pipeline/ports.ts';
import { skeletonOf } from '../pipeline/skeleton-of.ts';
import { analysisFiles } from '../protocol/analysis.ts';
import type { AssetReference } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import {
  defaultClipLimits,
  type ExportKind,
  type ExportReference,
  type JobPayload,
  type JobResult,
} from '../protocol/jobs.ts';
import { exportCsv } from './export-csv.ts';
import { exportJson } from './export-json.ts';
import { exportWorkbook } from './export-workbook.ts';
import { measureAnalysis } from './measured-analysis.ts';
import { motionExports } from './motion-exports.ts';
import { renderOverlay } from './render-overlay.ts';
import { exportReport } from './report/export-report.ts';
import { renderSideBySide, type SideBySidePart } from './side-by-side.ts';

type ExportInput = JobPayload<'export-analysis'> & { readonly onProgress: OnProgress };

/** What is made of an analysis: bytes, or a film written to a path. */
interface Export {
  readonly ending: string;
  readonly mediaType: string;
  readonly make: (source: Source, ports: Ports, signal: AbortSignal) => Promise<Uint8Array | FilmWriter>;
}
type FilmWriter = (outputPath: string) => Promise<void>;

interface Source {
  readonly input: ExportInput;
  readonly contents: AnalysisContents;
  readonly baseName: string;
}

const exporters: Readonly<Record<ExportKind, Export>> = {
  overlay: { ending: '-overlay.mp4', mediaType: 'video/mp4', make: overlay },
  'side-by-side': { ending: '-side-by-side.mp4', mediaType: 'video/mp4', make: sideBySide },
  pdf: { ending: '.pdf', mediaType: 'application/pdf', make: report },
  xlsx: {
    ending: '.xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    make: ({ input, contents }) => exportWorkbook(contents, measureAnalysis(contents, input.marks ?? {})),
  },
  csv: { ending: '.csv', mediaType: 'text/csv', make: async ({ contents }) => text(exportCsv(contents)) },
  json: { ending: '.json', mediaType: 'application/json', make: async ({ contents }) => text(exportJson(contents)) },
  c3d: motionFile('c3d', 'application/octet-stream'),
  trc: motionFile('trc', 'text/plain'),
  mot: motionFile('mot', 'text/plain'),
  npy: motionFile('npy', 'application/octet-stream'),
  npz: motionFile('npz', 'application/zip'),
};

function motionFile(kind: keyof typeof motionExports, mediaType: string): Export {
  return {
    ...{ ending: `.${kind}`, mediaType },
    make: async ({ input, contents, baseName }) =>
      motionExports[kind](contents, { marks: input.marks ?? {}, baseName }),
  };
}

/** Makes a file from a finished analysis. Throws AppError NOT_FOUND when the analysis is not there. */
export async function exportAnalysis(
  input: ExportInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<JobResult<'export-analysis'>> {
  const { ending, mediaType, make } = exporters[input.kind];
  const contents = await readAnalysis(input.analysisId, ports);
  const baseName = parse(input.clipName).name;
  const made = await make({ input, contents, baseName }, ports, signal);
  const file = await (made instanceof Uint8Array ? ports.assets.putBytes(made, mediaType) : film(made, ports));
  return { file, suggestedName: `${baseName}${ending}` };
}

async function readAnalysis(analysisId: string, ports: Ports): Promise<AnalysisContents> {
  if (!(await ports.analyses.has(analysisId))) {
    throw new AppError('NOT_FOUND', 'This analysis is no longer on the disk. Analyse the clip again.');
  }
  const files = new Map<string, Uint8Array>();
  for (const file of Object.values(analysisFiles)) {
    const bytes = await ports.analyses.read(analysisId, file).catch((error: unknown) => {
      // Analyses before version 4 of the pipeline have none.
      if (file === analysisFiles.deviations2d) return undefined;
      throw error;
    });
    if (bytes !== undefined) files.set(file, bytes);
  }
  return decodeAnalysisFiles(files);
}

async function film(write: FilmWriter, ports: Ports): Promise<AssetReference> {
  const folder = await mkdtemp(join(ports.temporaryDirectory, 'film-'));
  try {
    const outputPath = join(folder, 'film.mp4');
    await write(outputPath);
    return await ports.assets.putFile(outputPath, 'video/mp4');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The clip was accepted once; an export never refuses it for limits that changed since. */
const noLimits = { ...defaultClipLimits, maximumSeconds: Number.MAX_SAFE_INTEGER, minimumPixels: 1 };

async function clipOf(
  { clip, onProgress }: Pick<ExportInput, 'clip' | 'onProgress'>,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ index: ClipIndex; clipPath: string }> {
  const index = await indexClip({ clip, limits: noLimits, onProgress }, ports, signal);
  return { index, clipPath: await ports.assets.localPath(clip) };
}

async function overlay({ input, contents }: Source, ports: Ports, signal: AbortSignal): Promise<FilmWriter> {
  const skeleton = skeletonOf(contents.document);
  const clip = await clipOf(input, ports, signal);
  const onFrame = (done: number, total: number): void => input.onProgress('export', done, total);
  return (outputPath) =>
    renderOverlay({ ...clip, motion: contents.cleaned, skeleton, outputPath, onFrame }, ports, signal);
}

async function report({ input, contents }: Source, ports: Ports, signal: AbortSignal): Promise<Uint8Array> {
  const { clipName } = input;
  const clip = await clipOf(input, ports, signal);
  const analysis = measureAnalysis(contents, input.marks ?? {});
  const onPage = (done: number, total: number): void => input.onProgress('export', done, total);
  return await exportReport({ ...clip, clipName, contents, analysis, onPage }, ports, signal);
}

async function sideBySide({ input, contents }: Source, ports: Ports, signal: AbortSignal): Promise<FilmWriter> {
  const { reference, onProgress } = input;
  if (reference === undefined) {
    throw new AppError('INVALID_INPUT', 'Choose the analysis that is to be shown beside this one.');
  }
  const part = async (of: ExportInput | ExportReference, contents: AnalysisContents): Promise<SideBySidePart> => ({
    ...(await clipOf({ clip: of.clip, onProgress }, ports, signal)),
    ...{ clipName: of.clipName, contents, repetition: of.repetition ?? 0 },
    analysis: measureAnalysis(contents, of.marks ?? {}),
  });
  const parts = [
    await part(input, contents),
    await part(reference, await readAnalysis(reference.analysisId, ports)),
  ] as const;
  const onFrame = (done: number, total: number): void => onProgress('export', done, total);
  return (outputPath) => renderSideBySide({ parts, outputPath, onFrame }, ports, signal);
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
