/** What is said to workers directly, beside the queue, and what they say of themselves. Names of keys and channels. */
import { z } from 'zod';
import { modelIds } from '../../models/registry.ts';
import { deviceReportSchema } from './devices.ts';

/** Publish/subscribe channel on which every worker listens. */
export function controlChannel(prefix: string): string {
  return `${prefix}:control`;
}

/** Set while a job is to be cancelled, so that a worker that picks it up later does not run it. */
export function cancelKey(prefix: string, jobId: string): string {
  return `${prefix}:cancel:${jobId}`;
}
export const cancelKeySeconds = 7 * 24 * 3600;

/**
 * Set, to the time in milliseconds, while a job is paused, or the analysis that a chunk belongs to. What a worker has
 * in hand it finishes; whatever it takes after that it puts back, for a while that `pausedJobDelay` gives: so taking
 * the mark away is all that resuming needs, and promoting the job makes it act at once.
 */
export function pauseKey(prefix: string, jobId: string): string {
  return `${prefix}:pause:${jobId}`;
}

export const pauseSeconds = 365 * 24 * 3600;

/** Milliseconds until a paused job is looked at again: soon at first, seldom when it has been paused for long. */
export function pausedJobDelay(pausedForMilliseconds: number): number {
  return Math.min(10_000, Math.max(1000, pausedForMilliseconds / 2));
}

/** Set while a worker is paused; the control message only says that it should look now. */
export function pausedWorkerKey(prefix: string, workerId: string): string {
  return `${prefix}:paused-worker:${workerId}`;
}
export const pausedWorkerSeconds = 7 * 24 * 3600;

/** Set of the queues that are paused by whoever takes the jobs out of them. */
export function heldQueuesKey(prefix: string): string {
  return `${prefix}:held`;
}

/** Sorted set of those who do, by when their leases end: milliseconds since 1970 on the clock of Redis. */
export function holdsKey(prefix: string): string {
  return `${prefix}:holds`;
}

/** The protocol version of the jobs in the queue, written by the app that adds them. */
export function protocolKey(prefix: string): string {
  return `${prefix}:protocol`;
}

/**
 * Set of the starts of a job that have not ended: one that its worker died in stays. The size of the set is what
 * tells a job that kills its workers from one that was interrupted.
 */
export function startsKey(prefix: string, jobId: string): string {
  return `${prefix}:starts:${jobId}`;
}
export const startsSeconds = 7 * 24 * 3600;

/** Hash: worker id to heartbeat. */
export function heartbeatKey(prefix: string): string {
  return `${prefix}:workers`;
}
export const heartbeatSeconds = 2;
/** A worker not heard of for this long is gone. */
export const heartbeatExpirySeconds = 15;

export const controlMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('cancel'), jobIds: z.array(z.string()) }),
  /** Put these back into the queue at once, if in hand; the worker stays. */
  z.object({ type: z.literal('hand-back'), jobIds: z.array(z.string()) }),
  /** Finish the job in hand, however long that takes, and exit, to be started again by whoever runs the worker. */
  z.object({ type: z.literal('restart'), workerId: z.string() }),
  /** Finish the job in hand within a bounded time, take no other, exit. */
  z.object({ type: z.literal('drain'), workerId: z.string().optional() }),
  /** Hand the job in hand back to the queue at once, exit. */
  z.object({ type: z.literal('stop'), workerId: z.string().optional() }),
  /** Finish the job in hand and take no other until resumed; the worker stays. Its mark is set or removed before. */
  z.object({ type: z.literal('pause'), workerId: z.string() }),
  z.object({ type: z.literal('resume'), workerId: z.string() }),
]);
export type ControlMessage = z.infer<typeof controlMessageSchema>;

const count = z.number().int().nonnegative();
/** Since the worker started. */
export const workerTotalsSchema = z.object({
  /** Jobs and chunks; each attempt counts. */
  done: count,
  failed: count,
  /** In which the pose was found. */
  frames: count,
  /** With a job in hand; two at once count twice. */
  busySeconds: z.number().nonnegative(),
});
export type WorkerTotals = z.infer<typeof workerTotalsSchema>;

/** Where workers run. `person`: whose app it is that runs them. */
export const machineSchema = z.object({ id: z.string(), name: z.string(), person: z.string().optional() });
export type Machine = z.infer<typeof machineSchema>;

export const heartbeatSchema = z.object({
  workerId: z.string(),
  machine: machineSchema.optional(),
  at: z.number(),
  protocolVersion: z.number(),
  appVersion: z.string(),
  /** Of what it works with; ffmpeg is missing where none can be run. */
  versions: z.object({ onnxruntime: z.string(), ffmpeg: z.string().optional() }),
  /** Models whose weights it has, by the sha256 of their landmark networks. */
  models: z.partialRecord(z.enum(modelIds), z.string()).optional(),
  device: deviceReportSchema.optional(),
  currentJobs: z.array(z.string()),
  memoryBytes: z.number(),
  totals: workerTotalsSchema.optional(),
  paused: z.boolean().optional(),
  /** It ends when it has finished what it has in hand. */
  leaving: z.boolean().optional(),
  /** Why it takes no jobs, in a sentence; undefined while it does. */
  refusal: z.string().optional(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** How a worker says why it ended; 0 where whoever runs it told it to. */
export const workerExitCodes = {
  failed: 1,
  /** Over the control channel: start it again. */
  asked: 74,
  /** Between two jobs it had grown beyond its memory: start it again. */
  grown: 75,
  /** It ended itself in the middle of a job: too much memory, */
  tooMuchMemory: 76,
  /** or a job that did not stop when asked to. */
  deafJob: 77,
} as const;

/** Undefined for what this version does not understand. */
export function parseControlMessage(text: string): ControlMessage | undefined {
  return controlMessageSchema.safeParse(parseJson(text)).data;
}

/** Undefined for what this version does not understand. */
export function parseHeartbeat(text: string): Heartbeat | undefined {
  return heartbeatSchema.safeParse(parseJson(text)).data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
