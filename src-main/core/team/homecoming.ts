/** Analyses that were made elsewhere come to the coach's own disk, each once, until it is there. */
import { AppError, type Failure, toFailure } from '../../../worker/protocol/errors.ts';
import { jobDefinitions } from '../../../worker/protocol/jobs.ts';
import type { StoredJob } from '../../../worker/queue/job-engine.ts';
import type { FileStores } from '../../../worker/storage/file-stores.ts';
import type { RemoteAssetStore } from '../../../worker/storage/remote-asset-store.ts';
import { receiveAnalysis } from '../../../worker/storage/travelling-analysis.ts';
import type { Homecoming } from '../jobs/shown-jobs.ts';

export interface HomecomingOptions {
  readonly assets: RemoteAssetStore;
  readonly analyses: FileStores['analyses'];
  /** Whether anybody here wants what the job made. */
  readonly isWanted: (job: StoredJob) => boolean;
  /** Ends with the connection. */
  readonly signal: AbortSignal;
  readonly onLog: (line: string) => void;
}

const pauseMilliseconds = 2000;
/** What another try may change; anything else is told to the coach, who can have the job done again. */
const passing: ReadonlySet<string> = new Set(['TEAM_UNREACHABLE', 'TEAM_REFUSED', 'CANCELLED', 'DISK_FULL']);

export function createHomecoming(options: HomecomingOptions): Homecoming {
  const { assets, analyses, isWanted, signal, onLog } = options;
  const coming = new Set<string>();
  const failures = new Map<string, Failure>();

  const fetch = async (job: StoredJob, analysisId: string): Promise<void> => {
    const { files } = jobDefinitions['analyse-clip'].result.parse(job.result);
    if (files === undefined) throw new AppError('ASSET_MISSING', 'The team has not kept this analysis. Try again.');
    await receiveAnalysis({ analyses, assets: assets.during(signal) }, analysisId, files);
  };
  return {
    async look(job) {
      if (job.name !== 'analyse-clip' || !isWanted(job)) return 'here';
      const { analysisId } = jobDefinitions['analyse-clip'].result.parse(job.result);
      if (await analyses.has(analysisId)) return 'here';
      const run = `${job.id} ${job.endedAt}`;
      const failure = failures.get(run);
      if (failure) return failure;
      if (coming.has(run) || signal.aborted) return 'coming';
      coming.add(run);
      fetch(job, analysisId)
        .catch(async (error: unknown) => {
          const failed = toFailure(error);
          onLog(`${job.id} does not come home: ${failed.message}`);
          if (passing.has(failed.code)) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
          else failures.set(run, failed);
        })
        .finally(() => coming.delete(run));
      return 'coming';
    },
  };
}
