import type { Job, Queue } from 'bullmq';
import { type Failure, failureSchema } from '../../../worker/protocol/errors.ts';

/** What made a job fail. A parent fails because of a chunk: then it is the chunk's failure. */
export async function readFailure(job: Job, poseQueue: Queue): Promise<Failure> {
  const own = parseFailure(job.failedReason);
  if (own) return own;
  const childId = /^child \S*:([^:\s]+) failed$/.exec(job.failedReason ?? '')?.[1];
  const child = childId === undefined ? undefined : await poseQueue.getJob(childId);
  const inherited = child && parseFailure(child.failedReason);
  if (inherited) return inherited;
  if (/stalled/.test(`${job.failedReason} ${child?.failedReason}`)) {
    return {
      code: 'WORKER_LOST',
      message: 'The worker died more than once on this job. Try again, or try another model.',
    };
  }
  return {
    code: 'INTERNAL',
    message: `Something went wrong inside Shadow Trainer: ${job.failedReason ?? 'no reason given'}`,
  };
}

function parseFailure(text: string | undefined): Failure | undefined {
  try {
    return failureSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
