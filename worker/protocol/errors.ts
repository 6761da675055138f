/**
 * Errors that cross a boundary (job, bridge, terminal). Every one has a stable code and a sentence
 * that a coach can act on; the technical cause stays in `cause` and in the log.
 */
import { z } from 'zod';
import { stageNames } from './jobs.ts';

export const clipRefusalCodes = [
  'CLIP_NOT_FOUND',
  'CLIP_EMPTY',
  'CLIP_UNREADABLE',
  'CLIP_NO_VIDEO',
  'CLIP_NO_FRAMES',
  'CLIP_STILL_IMAGE',
  'CLIP_TOO_SMALL',
  'CLIP_TOO_LONG',
  'NO_ATHLETE_FOUND',
] as const;

export const errorCodes = [
  ...clipRefusalCodes,
  'CANCELLED',
  'MODEL_MISSING',
  'MODEL_CORRUPT',
  'DEVICE_UNAVAILABLE',
  'FFMPEG_MISSING',
  'FFMPEG_FAILED',
  'DECODE_MISMATCH',
  'DISK_FULL',
  'QUEUE_FULL',
  'QUEUE_DAMAGED',
  'ASSET_MISSING',
  'ASSET_CORRUPT',
  'REDIS_MISSING',
  'REDIS_UNREACHABLE',
  'ALREADY_RUNNING',
  'WORKER_LOST',
  'NO_PROGRESS',
  'TIME_LIMIT',
  'POISONED',
  'PROTOCOL_MISMATCH',
  'TEAM_UNREACHABLE',
  'TEAM_REFUSED',
  'TEAM_FULL',
  'ASSET_UNWANTED',
  'INVALID_INPUT',
  'CONFIGURATION_INVALID',
  'NOT_FOUND',
  'INTERNAL',
] as const;

export type ClipRefusalCode = (typeof clipRefusalCodes)[number];
export type ErrorCode = (typeof errorCodes)[number];

export const queueFullSentence = 'The queue is full. Wait until some of its jobs are done, then try again.';

export const failureSchema = z.object({
  code: z.enum(errorCodes),
  /** One sentence for a coach. */
  message: z.string().min(1),
  /** Where a job failed; absent where nobody could say. */
  origin: z.object({ stage: z.enum(stageNames), worker: z.string(), attempt: z.number().int().positive() }).optional(),
});
/** An error as data: what a failed job, a bridge call or `--json` carries. */
export type Failure = z.infer<typeof failureSchema>;

export class AppError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** The clip itself cannot be analysed: never retried; the terminal exits with 2. */
export class ClipRefusedError extends AppError {
  declare readonly code: ClipRefusalCode;
  constructor(code: ClipRefusalCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
    this.name = 'ClipRefusedError';
  }
}

/** The work was cancelled by someone. Cancelled is not failed. */
export class CancelledError extends AppError {
  constructor(message = 'Cancelled.', options?: { cause?: unknown }) {
    super('CANCELLED', message, options);
    this.name = 'CancelledError';
  }
}

export function isClipRefusal(code: ErrorCode): code is ClipRefusalCode {
  return (clipRefusalCodes as readonly string[]).includes(code);
}

/**
 * Whether the queue leaves a job alone that failed so: trying again cannot help, or, after TIME_LIMIT and POISONED,
 * would take as long or do the same harm again, so that only a person may ask for it.
 */
export function isPermanent(code: ErrorCode): boolean {
  return (
    isClipRefusal(code) ||
    code === 'CANCELLED' ||
    code === 'TIME_LIMIT' ||
    code === 'POISONED' ||
    code === 'PROTOCOL_MISMATCH' ||
    code === 'INVALID_INPUT' ||
    code === 'NOT_FOUND'
  );
}

/** Turns anything thrown into a failure. Unknown errors become INTERNAL with their own message kept. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message: `Something went wrong inside Shadow Trainer: ${detail}` };
}

/** Throws CancelledError when the signal has been aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError(undefined, { cause: signal.reason });
}
