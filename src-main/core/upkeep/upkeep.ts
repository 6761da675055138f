/** Does the jobs of the upkeep queue, in the process of the app: they are about its own data folder. */
import { AppError, CancelledError, toFailure } from '../../../worker/protocol/errors.ts';
import { upkeepQueue } from '../../../worker/protocol/queues.ts';
import { type UpkeepName, type UpkeepResult, upkeepDefinitions } from '../../../worker/protocol/upkeep.ts';
import { type JobHandle, type JobOutcome, type JobSource, workerIsLeaving } from '../../../worker/queue/job-engine.ts';

export type UpkeepProcessors = {
  readonly [N in UpkeepName]: (signal: AbortSignal) => Promise<UpkeepResult<N>>;
};

export interface UpkeepOptions {
  readonly source: JobSource;
  /** The installation whose jobs these are. */
  readonly owner: string;
  readonly processors: UpkeepProcessors;
  readonly onLog: (line: string) => void;
  /** A job has begun or ended. */
  readonly onChange: () => void;
}

export interface Upkeep {
  /** What is in hand goes back to the queue. Does not wait for ever where the queue is away. */
  stop(): Promise<void>;
}

/** How long a job of somebody else's is left to them. */
const othersMilliseconds = 60_000;
const stopMilliseconds = 2000;

export function startUpkeep({ source, owner, processors, onLog, onChange }: UpkeepOptions): Upkeep {
  const visit = async (job: JobHandle, signal: AbortSignal): Promise<JobOutcome> => {
    try {
      const name = job.name as UpkeepName;
      const payload = upkeepDefinitions[name]?.payload.safeParse(job.data).data;
      if (payload === undefined) throw new AppError('PROTOCOL_MISMATCH', `This version does not know "${job.name}".`);
      if (payload.owner !== owner) return { kind: 'handed-back', notBefore: Date.now() + othersMilliseconds };
      if (await source.isCancelled(job.id)) throw new CancelledError();
      onChange();
      return { kind: 'done', result: await processors[name](signal) };
    } catch (error) {
      if (signal.reason === workerIsLeaving) return { kind: 'handed-back' };
      onLog(`${job.name} (${job.id}) failed: ${String(error)}`);
      return { kind: 'failed', failure: toFailure(signal.aborted ? new CancelledError() : error) };
    }
  };
  const consumer = source.consume(upkeepQueue, async (job, signal) => {
    const outcome = await visit(job, signal);
    // When it is written down.
    setTimeout(onChange, 0);
    return outcome;
  });
  consumer.run().catch((error: unknown) => onLog(`upkeep: ${String(error)}`));

  return {
    async stop() {
      const closed = consumer.close();
      consumer.cancelAllJobs(workerIsLeaving);
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, stopMilliseconds))]);
    },
  };
}
