/** What is said to workers directly, beside the queue, and what they say of themselves. Names of keys and channels. */
import { z } from 'zod';
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

/** Hash: worker id to heartbeat. */
export function heartbeatKey(prefix: string): string {
  return `${prefix}:workers`;
}
export const heartbeatSeconds = 2;
/** A worker not heard of for this long is gone. */
export const heartbeatExpirySeconds = 15;

export const controlMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('cancel'), jobIds: z.array(z.string()) }),
  /** Finish the job in hand, take no other, exit. */
  z.object({ type: z.literal('drain'), workerId: z.string().optional() }),
  /** Hand the job in hand back to the queue at once, exit. */
  z.object({ type: z.literal('stop'), workerId: z.string().optional() }),
]);
export type ControlMessage = z.infer<typeof controlMessageSchema>;

export const heartbeatSchema = z.object({
  workerId: z.string(),
  at: z.number(),
  protocolVersion: z.number(),
  appVersion: z.string(),
  /** Of what it works with; ffmpeg is missing where none can be run. */
  versions: z.object({ onnxruntime: z.string(), ffmpeg: z.string().optional() }),
  device: deviceReportSchema.optional(),
  currentJobs: z.array(z.string()),
  memoryBytes: z.number(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

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
