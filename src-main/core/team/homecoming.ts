/** What was made elsewhere, analyses and exported files, comes to the coach's own disk, each once, until it is there. */
import { AppError, type Failure, toFailure } from '../../../worker/protocol/errors.ts';
import { jobDefinitions } from '../../../worker/protocol/jobs.ts';
import type { StoredJob } from '../../../worker/queue/job-engine.ts';
import type { FileStores } from '../../../worker/storage/file-stores.ts';
import type { RemoteAssetStore } from '../../../worker/storage/remote-asset-store.ts';
import { receiveAnalysis } from '../../../worker/storage/travelling-analysis.ts';
import type { Homecoming } from '../jobs/shown-jobs.ts';

export interface HomecomingOptions {
  readonly assets: RemoteAssetStore;
  readonly stores: Pick<FileStores, 'analyses' | 'assets'>;
  /** Whether anybody here wants what the job made. */
  readonly isWanted: (job: StoredJob) => boolean;
  /** Ends with the connection. */
  readonly signal: AbortSignal;
  readonly onLog: (line: string) => void;
}

const pauseMilliseconds = 2000;
/** What another try may change; anything else is told to the coach, who can have the job done again. */
const passing: ReadonlySet<string> = new Set(['TEAM_UNREACHABLE', 'TEAM_REFUSED', 'CANCELLED', 'DISK_FULL']);

interface Arrival {
  isHere(): Promise<boolean>;
  fetch(): Promise<void>;
}

export function createHomecoming(options: HomecomingOptions): Homecoming {
  const { assets, stores, isWanted, signal, onLog } = options;
  const { analyses } = stores;
  const coming = new Set<string>();
  const failures = new Map<string, Failure>();

  const analysis = (result: unknown): Arrival => {
    const { analysisId, files } = jobDefinitions['analyse-clip'].result.parse(result);
    return {
      isHere: () => analyses.has(analysisId),
      async fetch() {
        if (files === undefined) throw new AppError('ASSET_MISSING', 'The team has not kept this analysis. Try again.');
        await receiveAnalysis({ analyses, assets: assets.during(signal) }, analysisId, files);
      },
    };
  };
  const exported = (result: unknown): Arrival => {
    const { file } = jobDefinitions['export-analysis'].result.parse(result);
    return { isHere: () => stores.assets.has(file), fetch: () => assets.keep(file, signal) };
  };
  const arrivals: Partial<Record<string, (result: unknown) => Arrival>> = {
    'analyse-clip': analysis,
    'export-analysis': exported,
  };
  return {
    async look(job) {
      const arrival = isWanted(job) ? arrivals[job.name]?.(job.result) : undefined;
      if (arrival === undefined || (await arrival.isHere())) return 'here';
      const run = `${job.id} ${job.endedAt}`;
      const failure = failures.get(run);
      if (failure) return failure;
      if (coming.has(run) || signal.aborted) return 'coming';
      coming.add(run);
      arrival
        .fetch()
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
