/** What a worker process is told when it starts: one JSON in its environment. */
import { z } from 'zod';
import { redisTargetSchema } from './connection.ts';
import { devices } from './protocol/devices.ts';
import { queueNames } from './protocol/queues.ts';

export const workerSettingsVariable = 'SHADOW_TRAINER_WORKER';

export const workerSettingsSchema = z.object({
  workerId: z.string(),
  appVersion: z.string(),
  redis: redisTargetSchema,
  keyPrefix: z.string(),
  /** Queues this worker takes jobs from. */
  queues: z.array(z.enum(queueNames)).min(1),
  dataDirectory: z.string(),
  weightsDirectory: z.string(),
  device: z.enum(devices),
  /** Files that live as long as a job; on the file system of the data, made and removed by whoever starts workers. */
  temporaryDirectory: z.string(),
  /** A worker whose queue stays away for longer than this ends. */
  redisPatienceSeconds: z.number().positive().default(60),
});
export type WorkerSettings = z.infer<typeof workerSettingsSchema>;

/** Throws ZodError or SyntaxError. */
export function readWorkerSettings(environment: NodeJS.ProcessEnv): WorkerSettings {
  return workerSettingsSchema.parse(JSON.parse(environment[workerSettingsVariable] ?? 'null'));
}
