/** Queue names, key prefixes, and which queue carries which job. */
import type { JobName } from './jobs.ts';

/** The hash tag keeps every key of a team in one slot of a Redis Cluster. */
export const defaultKeyPrefix = '{shadow-trainer}';

/** What workers take jobs from. */
export const queueNames = ['analysis', 'pose', 'media'] as const;
export type WorkerQueueName = (typeof queueNames)[number];
/** What an app does for its own data folder, which a worker may not even see. */
export const upkeepQueue = 'upkeep';
export const allQueueNames = [...queueNames, upkeepQueue] as const;
export type QueueName = (typeof allQueueNames)[number];

/**
 * Parents have a queue of their own so that waiting for chunks never takes the slot that a chunk needs.
 */
export const queueOfJob: Readonly<Record<JobName, WorkerQueueName>> = {
  'analyse-clip': 'analysis',
  'pose-chunk': 'pose',
  'prepare-playback': 'media',
  'export-analysis': 'media',
};

const keptSeconds = 30 * 24 * 3600;
/**
 * How many ended jobs of a queue stay for the window to show. Done ones for long where they are what a coach looks
 * for; what a chunk or a clip's playback was made into lies in the store, and its job may carry a hundred kilobytes.
 */
const keptDone: Readonly<Record<QueueName, number>> = { analysis: 1000, pose: 200, media: 200, upkeep: 50 };
const keptFailed = 1000;

export function keptJobs(queue: QueueName) {
  return {
    removeOnComplete: { age: keptSeconds, count: keptDone[queue] },
    removeOnFail: { age: keptSeconds, count: keptFailed },
  };
}

/** Events of a queue that stay for whoever listens. They say when to look; what a job is, is read from the job. */
export const keptEvents = 2000;
