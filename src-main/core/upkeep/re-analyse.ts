/** Analyses of the library by today's model, quality and pipeline, where there is none yet. */
import { type ModelId, poseModels } from '../../../models/registry.ts';
import {
  type AnalysisDocument,
  analysisDocumentSchema,
  analysisFiles,
  pipelineVersion,
  type Quality,
  qualityOf,
} from '../../../worker/protocol/analysis.ts';
import type { UpkeepResult } from '../../../worker/protocol/upkeep.ts';
import type { FileAnalysisStore } from '../../../worker/storage/file-analysis-store.ts';
import type { ClipView } from '../../contract/calls.ts';
import type { Library } from '../library/library.ts';
import type { Work } from '../work.ts';

export interface ReAnalyseOptions {
  readonly library: Library;
  readonly analyses: FileAnalysisStore;
  readonly work: Pick<Work, 'analyse'>;
  readonly model: ModelId;
  readonly quality: Quality;
}

/**
 * Idempotent: the same analysis is the same job. Clips that nobody has analysed, or that were refused, are left alone;
 * the athlete that the coach chose last stays chosen. The new analyses wait behind whatever a coach waits for.
 */
export async function reAnalyse(options: ReAnalyseOptions, signal: AbortSignal): Promise<UpkeepResult<'re-analyse'>> {
  const { library, analyses, work, model, quality } = options;
  const wanted = { model, quality };
  const clips = library.list();
  let queued = 0;
  for (const clip of clips) {
    signal.throwIfAborted();
    const documents = await documentsOf(clip, analyses);
    const [latest] = documents;
    if (latest === undefined || clip.failure || documents.some((document) => isOfToday(document, wanted))) continue;
    const job = await work.analyse(clip, { ...latest.parameters, ...wanted }, { priority: 'batch' });
    if (job.status === 'queued') queued++;
  }
  return { clips: clips.length, queued };
}

/** Newest first; without those that are gone or that this version cannot read. */
async function documentsOf({ analysisIds }: ClipView, analyses: FileAnalysisStore): Promise<AnalysisDocument[]> {
  const documents = await Promise.all(
    analysisIds.map(async (id) => {
      try {
        const bytes = await analyses.read(id, analysisFiles.document);
        return analysisDocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
      } catch {
        return [];
      }
    }),
  );
  return documents.flat();
}

function isOfToday(
  { model, parameters, versions }: AnalysisDocument,
  wanted: Pick<ReAnalyseOptions, 'model' | 'quality'>,
): boolean {
  const { detector, landmarks } = poseModels[wanted.model];
  return (
    model.id === wanted.model &&
    qualityOf(parameters) === wanted.quality &&
    model.detectorSha256 === detector.sha256 &&
    model.landmarksSha256 === landmarks.sha256 &&
    versions.pipeline === pipelineVersion
  );
}
