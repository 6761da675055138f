/** Queue names, key prefixes, and which queue carries which job. */
import type { JobName } from './jobs.ts';

/** The hash tag keeps every key of a team in one slot of a Redis Cluster. */
export const defaultKeyPrefix = '{shadow-trainer}';

export const queueNames = ['analysis', 'pose', 'media'] as const;
export type QueueName = (typeof queueNames)[number];

/**
 * Parents have a queue of their own so that waiting for chunks never takes the slot that a chunk needs.
 */
export const queueOfJob: Readonly<Record<JobName, QueueName>> = {
  'analyse-clip': 'analysis',
  'pose-chunk': 'pose',
  'prepare-playback': 'media',
  'export-analysis': 'media',
};
