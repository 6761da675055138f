/** What a worker process is told when it starts: one JSON in its environment. */
import { z } from 'zod';
import { redisTargetSchema } from './connection.ts';
import { machineSchema } from './protocol/control.ts';
import { devices } from './protocol/devices.ts';
import { invitationSchema } from './protocol/invitation.ts';
import { defaultGraceSeconds, defaultMostDeaths, limitOverridesSchema } from './protocol/limits.ts';
import { queueNames } from './protocol/queues.ts';

export const workerSettingsVariable = 'SHADOW_TRAINER_WORKER';

/** Where files come from and go to when the jobs are a team's. */
export const teamFilesSchema = invitationSchema.pick({ server: true, token: true, pin: true }).extend({
  /** Of copies of what the team server has. */
  cacheBytes: z.number().positive(),
  /** Whether the data folder is a coach's, in which what is made stays; else it is a copy as soon as it was sent. */
  keepsOwn: z.boolean(),
});
export type TeamFiles = z.infer<typeof teamFilesSchema>;

export const workerSettingsSchema = z.object({
  workerId: z.string(),
  /** What others call the machine that it runs on. */
  machine: machineSchema.optional(),
  appVersion: z.string(),
  redis: redisTargetSchema,
  keyPrefix: z.string(),
  /** Queues this worker takes jobs from. */
  queues: z.array(z.enum(queueNames)).min(1),
  dataDirectory: z.string(),
  /** Absent where all files are in the data folder. */
  team: teamFilesSchema.optional(),
  weightsDirectory: z.string(),
  device: z.enum(devices),
  /** Threads that the model runs on where the device is the processor; two, where the machine has them, when absent. */
  inferenceThreads: z.number().int().positive().optional(),
  /** Files that live as long as a job; on the file system of the data, made and removed by whoever starts workers. */
  temporaryDirectory: z.string(),
  /** A worker whose queue stays away for longer than this ends. */
  redisPatienceSeconds: z.number().positive().default(60),
  /** Unlike any other process that takes jobs; by default the worker's id with that of its process. */
  holder: z.string().optional(),
  /** The longest that one visit of a job may take, whatever its stages' limits. */
  jobTimeLimitSeconds: z.number().positive().optional(),
  /** In the place of `stageLimits`. */
  limits: limitOverridesSchema.optional(),
  /** How long a job that was asked to stop may take to. */
  graceSeconds: z.number().positive().default(defaultGraceSeconds),
  /** A job that took this many workers with it is not tried again. */
  mostDeaths: z.number().int().positive().default(defaultMostDeaths),
  /** Grown beyond this, the worker ends between two jobs and is started again. */
  restartAboveBytes: z.number().positive().optional(),
  /** Grown beyond this, it ends at once. */
  endAboveBytes: z.number().positive().optional(),
});
export type WorkerSettings = z.infer<typeof workerSettingsSchema>;
/** As written: what has a default may be left out. */
export type GivenWorkerSettings = z.input<typeof workerSettingsSchema>;

/** Throws ZodError or SyntaxError. */
export function readWorkerSettings(environment: NodeJS.ProcessEnv): WorkerSettings {
  return workerSettingsSchema.parse(JSON.parse(environment[workerSettingsVariable] ?? 'null'));
}
