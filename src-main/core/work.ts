/** What a coach wants done with a clip, as jobs of the queue. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { poseModels } from '../../models/registry.ts';
import { type AnalysisParameters, pipelineVersion, qualityOf } from '../../worker/protocol/analysis.ts';
import type { AssetReference, Sha256 } from '../../worker/protocol/assets.ts';
import { longestHoldMilliseconds } from '../../worker/protocol/conditions.ts';
import { ClipRefusedError, isClipRefusal } from '../../worker/protocol/errors.ts';
import {
  type ClipLimits,
  type ExportKind,
  type JobPayload,
  jobDefinitions,
  type Priority,
  priorities,
} from '../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import type { FileStores } from '../../worker/storage/file-stores.ts';
import { mediaTypeOf } from '../../worker/storage/media-types.ts';
import type { ClipView, JobView } from '../contract/calls.ts';
import type { ShownJobKind } from '../contract/job-view.ts';
import type { When } from '../contract/schedule-views.ts';
import type { JobBoard, JobRequest } from './jobs/job-board.ts';
import type { Library } from './library/library.ts';

/** A clip in the store, whether the library lists it or not. */
export interface StoredClip {
  readonly clip: AssetReference;
  readonly name: string;
}

export interface WorkOptions {
  /** `interactive`, when absent: a coach waits for it. One that is queued already is only ever raised. */
  readonly priority?: Priority | undefined;
  /** At once, when absent. */
  readonly when?: When | undefined;
}

/** What repetitions, moments and metrics are measured by, and what is shown beside them. */
export type ExportOptions = Pick<JobPayload<'export-analysis'>, 'marks' | 'repetition' | 'reference'>;

/** Of the frames alone: whatever a coach says of the clip, they stay the same. */
const unmarkedExports: ReadonlySet<ExportKind> = new Set(['overlay', 'csv', 'json']);

export interface Work {
  /** Copies a file into the store. Throws ClipRefusedError CLIP_NOT_FOUND or CLIP_EMPTY. */
  storeFile(path: string, name: string): Promise<StoredClip>;
  /** Stores a file, lists it in the library, prepares playback and analyses it. */
  /** `options.when` is for the analysis: what the window plays is prepared at once. */
  importFile(path: string, name: string, options?: WorkOptions): Promise<ClipView>;
  analyse(clip: StoredClip, parameters: AnalysisParameters, options?: WorkOptions): Promise<JobView>;
  exportAnalysis(clip: StoredClip, analysisId: Sha256, kind: ExportKind, options?: ExportOptions): Promise<JobView>;
  /** A job that ended changes what the library knows of its clip. */
  recordOutcome(job: JobView): Promise<void>;
}

export interface WorkParts {
  readonly board: JobBoard;
  readonly library: Library;
  readonly stores: FileStores;
  /** Whose jobs they are. */
  readonly owner: string;
  /** Throws where there is no room for another job: AppError DISK_FULL or QUEUE_FULL, or why nothing works now. */
  readonly assertRoom: () => Promise<void>;
  readonly limits: () => ClipLimits;
  /** Whether analyses are left to workers with a graphics processor where there are some. */
  readonly prefersGpu: () => boolean;
  /** Parameters of the analysis that follows an import. */
  readonly defaults: () => AnalysisParameters;
}

export function createWork({
  board,
  library,
  stores,
  owner,
  assertRoom,
  limits,
  prefersGpu,
  defaults,
}: WorkParts): Work {
  const submit = async <N extends ShownJobKind>(request: JobRequest<N>): Promise<JobView> => {
    await assertRoom();
    return await board.submit(request).catch(async (error: unknown) => {
      // Why the queue fell silent over it may be known by now.
      await assertRoom();
      throw error;
    });
  };

  const commonPayload = (clip: StoredClip) =>
    ({ protocolVersion, owner, clip: clip.clip, clipName: clip.name, limits: limits() }) as const;

  const storeFile = async (path: string, name: string): Promise<StoredClip> => {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || !found.isFile()) {
      throw new ClipRefusedError('CLIP_NOT_FOUND', `There is no file ${name}.`);
    }
    if (found.size === 0) throw new ClipRefusedError('CLIP_EMPTY', `${name} is empty (0 bytes).`);
    await assertRoom();
    // By the coach's name for it: an upload lies under another one.
    return { clip: await stores.assets.putFile(path, mediaTypeOf(name)), name };
  };

  const analyse: Work['analyse'] = async (clip, wanted, { priority = 'interactive', when } = {}) => {
    // Said or not, the same quality is the same job.
    const parameters = { ...wanted, quality: qualityOf(wanted) };
    const { detector, landmarks } = poseModels[parameters.model];
    const code = [protocolVersion, pipelineVersion, detector.sha256, landmarks.sha256];
    return await submit({
      name: 'analyse-clip',
      id: jobId('analyse', [clip.clip.sha256, parameters, limits(), code]),
      payload: {
        ...commonPayload(clip),
        parameters,
        ...(when && 'condition' in when && when),
        ...(prefersGpu() && { prefers: 'gpu' }),
      },
      priority: priorities[priority],
      notBefore: when && notBeforeOf(when),
      isIntact: async ({ analysisId }) => analysisId !== undefined && (await stores.analyses.has(analysisId)),
    });
  };

  const prepare = async (clip: StoredClip, { priority = 'interactive' }: WorkOptions = {}): Promise<JobView> =>
    await submit({
      name: 'prepare-playback',
      id: jobId('playback', [clip.clip.sha256, limits(), protocolVersion, pipelineVersion]),
      payload: commonPayload(clip),
      priority: priorities[priority],
      isIntact: async (_view, result) => {
        const playback = jobDefinitions['prepare-playback'].result.safeParse(result).data?.playback;
        if (playback === undefined) return false;
        const assets = [playback.proxy, playback.poster, playback.filmstrip];
        return (await Promise.all(assets.map(stores.assets.keep))).every(Boolean);
      },
    });

  const recordOutcome = async (job: JobView): Promise<void> => {
    const { analysisId, failure } = job;
    const result = job.kind === 'prepare-playback' && job.status === 'done' ? await board.resultOf(job.id) : undefined;
    const prepared = jobDefinitions['prepare-playback'].result.safeParse(result).data;
    const refusal = job.status === 'failed' && failure && isClipRefusal(failure.code) ? failure : undefined;
    await library.update(job.clipSha256, ({ failure: before, ...clip }) => {
      // An analysis that went well settles what was refused before, under other limits or without a chosen athlete.
      const remaining = refusal ?? (analysisId === undefined ? before : undefined);
      return {
        ...clip,
        ...(prepared && { probe: prepared.probe, playback: prepared.playback }),
        ...(analysisId && { analysisIds: [analysisId, ...clip.analysisIds.filter((id) => id !== analysisId)] }),
        ...(remaining && { failure: remaining }),
      };
    });
  };

  return {
    storeFile,
    analyse,
    recordOutcome,
    async importFile(path, name, options) {
      const stored = await storeFile(path, name);
      const clip = await library.add(stored.clip, name);
      // What was done for this clip before, perhaps before it was removed from the library, is news to its record.
      await recordOutcome(await prepare(clip, options));
      await recordOutcome(await analyse(clip, defaults(), options));
      return library.get(clip.clip.sha256);
    },
    async exportAnalysis(clip, analysisId, kind, options = {}) {
      // Those that are not given are absent, so that the same export is the same job.
      const wanted: ExportOptions = unmarkedExports.has(kind) ? {} : JSON.parse(JSON.stringify(options));
      const saidOfIt = Object.keys(wanted).length === 0 ? [] : [wanted];
      return await submit({
        name: 'export-analysis',
        id: jobId(`export-${kind}`, [analysisId, clip.name, protocolVersion, ...saidOfIt]),
        payload: { protocolVersion, owner, clip: clip.clip, clipName: clip.name, analysisId, kind, ...wanted },
        priority: priorities.interactive,
        isIntact: async ({ exported }) => exported !== undefined && (await stores.assets.keep(exported.file)),
      });
    },
  };
}

/** Milliseconds since 1970: of a condition a day that comes only if it never holds. */
function notBeforeOf(when: When): number {
  return 'at' in when ? Date.parse(when.at) : Date.now() + longestHoldMilliseconds;
}

/** The same inputs give the same id, so the same work is one job. */
function jobId(kind: string, inputs: unknown): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32)}`;
}
