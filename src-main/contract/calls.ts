/** Every call and event of the bridge, with schemas: parsed once, by the host, at the boundary. */
import { z } from 'zod';
import { defaultModelId, modelIds } from '../../models/registry.ts';
import {
  analysisDocumentSchema,
  analysisParametersSchema,
  defaultQuality,
  qualities,
} from '../../worker/protocol/analysis.ts';
import { assetReferenceSchema, sha256Schema } from '../../worker/protocol/assets.ts';
import { clipPlaybackSchema, clipProbeSchema } from '../../worker/protocol/clip.ts';
import { workerTotalsSchema } from '../../worker/protocol/control.ts';
import { deviceReportSchema, devices } from '../../worker/protocol/devices.ts';
import { failureSchema } from '../../worker/protocol/errors.ts';
import { exportKinds, prioritySchema } from '../../worker/protocol/jobs.ts';
import { clipMarksSchema } from '../../worker/protocol/marks.ts';
import { memberNameSchema } from '../../worker/protocol/team.ts';
import { upkeepNames } from '../../worker/protocol/upkeep.ts';
import { type JobView, jobViewSchema } from './job-view.ts';
import { invitedMemberSchema, memberInvitationSchema, teamMemberSchema } from './member-views.ts';
import { jobDetailsSchema, queueNoticeSchema, queueStatisticsSchema } from './queue-views.ts';
import { scheduleViewSchema, timeOfDaySchema, whenSchema } from './schedule-views.ts';
import { jobPlaces, queuedJobsChoices, teamSettingsSchema, teamStatusSchema } from './team-views.ts';

export type { JobView };

export const clipViewSchema = z.object({
  /** The clip's sha256 is its identity. */
  clip: assetReferenceSchema,
  name: z.string(),
  addedAt: z.string(),
  probe: clipProbeSchema.optional(),
  playback: clipPlaybackSchema.optional(),
  /** Newest first. */
  analysisIds: z.array(sha256Schema),
  /** Set when the clip was refused. */
  failure: failureSchema.optional(),
  /** What the coach says of it. */
  marks: clipMarksSchema.optional(),
});
export type ClipView = z.infer<typeof clipViewSchema>;

export const workerViewSchema = z.object({
  id: z.string(),
  status: z.enum(['starting', 'idle', 'busy', 'restarting', 'stopped']),
  device: deviceReportSchema.optional(),
  currentJob: z.string().optional(),
  memoryBytes: z.number().optional(),
  /** Whose queue it works for; this computer's own, when absent. */
  place: z.enum(jobPlaces).optional(),
  /** The machine it runs on; absent where that is this computer. */
  machine: z.string().optional(),
  /** It takes no jobs until it is resumed. */
  paused: z.boolean().optional(),
  /** It ends when it has finished what it has in hand. */
  leaving: z.boolean().optional(),
  /** All that it has in hand, chunks by their own ids. */
  currentJobs: z.array(z.string()).optional(),
  versions: z
    .object({ app: z.string(), protocol: z.number(), onnxruntime: z.string(), ffmpeg: z.string().optional() })
    .optional(),
  totals: workerTotalsSchema.optional(),
  /** Why it takes no jobs, in a sentence. */
  refusal: z.string().optional(),
  restarts: z.number().int().nonnegative(),
});
export type WorkerView = z.infer<typeof workerViewSchema>;

const portSentence = 'a port is a whole number from 0 to 65535';
const addressSentence = 'an address is four numbers as 127.0.0.1, an IPv6 address, or localhost';

export const settingsSchema = z.object({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  model: z.enum(modelIds).default(defaultModelId),
  quality: z.enum(qualities).default(defaultQuality),
  device: z.enum(devices).default('cpu'),
  /** Worker processes; undefined: from the machine. */
  workers: z.number().int().min(1).max(64).optional(),
  maximumClipSeconds: z.number().positive().max(7200).default(600),
  /** The queue's Redis, from the next start on; undefined: the app's own. `REDIS_URL` and its like overrule it. */
  redisUrl: z.url({ protocol: /^(rediss?|unix)$/, error: 'This is no address of a Redis.' }).optional(),
  /** The longest that one visit of a job to a worker may take, from the next start on. */
  jobTimeLimitSeconds: z.number().positive().optional(),
  /** When the jobs of the night are done. */
  nightlyTime: timeOfDaySchema.default('02:00'),
  /** Files that nothing needs any more go. */
  nightlyCleanUp: z.boolean().default(true),
  /** Clips whose analyses are by another model, with another quality, or by an older version are analysed again. */
  nightlyReAnalysis: z.boolean().default(false),
  /** Whether to be told, outside of the window, when a batch ends or a job dies. */
  notifications: z.boolean().default(true),
  /** Figures for Prometheus. Whoever reaches the address can read them. */
  metrics: z
    .object({
      enabled: z.boolean().default(false),
      address: z.union([z.ipv4(), z.ipv6(), z.literal('localhost')], addressSentence).default('127.0.0.1'),
      /** 0: any free one. */
      port: z.number(portSentence).int(portSentence).min(0, portSentence).max(65_535, portSentence).default(9464),
    })
    .prefault({}),
  team: teamSettingsSchema.prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;

const nothing = z.object({});
const oneJob = z.object({ jobId: z.string() });
const workerChoice = z.object({ workerId: z.string() });
const teamOutcome = z.object({ status: teamStatusSchema });

export const appCalls = {
  'app.info': {
    input: nothing,
    output: z.object({
      version: z.string(),
      host: z.enum(['electron', 'loopback', 'terminal']),
      dataDirectory: z.string(),
      ffmpegVersion: z.string().optional(),
      /** Where figures are served for Prometheus; absent while they are not. */
      metricsAddress: z.string().optional(),
      logicalCores: z.number().int().positive(),
      sampleAvailable: z.boolean(),
    }),
  },
  'library.list': { input: nothing, output: z.object({ clips: z.array(clipViewSchema) }) },
  /** Copies each file into the asset store, then prepares playback and analyses it. */
  'library.import': {
    input: z.object({
      files: z.array(z.object({ id: z.string(), name: z.string() })),
      /** Of the analyses; what the window plays is prepared at once. */
      when: whenSchema.optional(),
    }),
    output: z.object({
      clips: z.array(clipViewSchema),
      refused: z.array(z.object({ name: z.string(), failure: failureSchema })),
    }),
  },
  'library.importSample': { input: nothing, output: z.object({ clip: clipViewSchema }) },
  /** Takes the place of what was said before. Rejects where the clip is not in the library. */
  'library.mark': { input: z.object({ clipSha256: sha256Schema, marks: clipMarksSchema }), output: nothing },
  'library.remove': { input: z.object({ clipSha256: sha256Schema }), output: nothing },
  /** Analyses again, for example with another model or another athlete. Returns the job that does or did it. */
  'analysis.start': {
    input: z.object({
      clipSha256: sha256Schema,
      parameters: analysisParametersSchema,
      when: whenSchema.optional(),
    }),
    output: z.object({ jobId: z.string() }),
  },
  'analysis.open': {
    input: z.object({ analysisId: sha256Schema }),
    output: z.object({ document: analysisDocumentSchema }),
  },
  'export.start': {
    input: z.object({
      analysisId: sha256Schema,
      kind: z.enum(exportKinds),
      /** For `side-by-side`: which repetition, counted from 0, and the one that it is shown beside. */
      repetition: z.number().int().nonnegative().optional(),
      reference: z
        .object({ analysisId: sha256Schema, repetition: z.number().int().nonnegative().optional() })
        .optional(),
    }),
    output: z.object({ jobId: z.string() }),
  },
  'jobs.list': { input: nothing, output: z.object({ jobs: z.array(jobViewSchema) }) },
  'jobs.cancel': { input: oneJob, output: nothing },
  /** Before or after others, from now on; what has begun goes on. For what a coach opens, and for "analyse this next". */
  'jobs.prioritize': { input: oneJob.extend({ priority: prioritySchema }), output: nothing },
  /** One that waits for its time, or for the machine, waits no longer. */
  'jobs.runNow': { input: oneJob, output: nothing },
  /** Goes on from the stage that failed: what is finished is kept. */
  'jobs.retry': { input: oneJob, output: nothing },
  'jobs.retryAll': { input: nothing, output: z.object({ count: z.number().int().nonnegative() }) },
  /** An ended job is forgotten; what it made stays. */
  'jobs.discard': { input: oneJob, output: nothing },
  /** Every failed one. */
  'jobs.discardAll': { input: nothing, output: z.object({ count: z.number().int().nonnegative() }) },
  /** What is in hand goes back to the queue, and nothing of the job is begun until it is resumed. */
  'jobs.pause': { input: oneJob, output: nothing },
  'jobs.resume': { input: oneJob, output: nothing },
  'jobs.details': { input: oneJob, output: z.object({ details: jobDetailsSchema }) },
  /**
   * No worker takes a job until it is resumed; what runs goes on. While the team is connected this is about the team's
   * queue, and so are the figures; then, and for the team's workers, it rejects for whoever is no operator.
   */
  'queue.pause': { input: nothing, output: nothing },
  'queue.resume': { input: nothing, output: nothing },
  'queue.statistics': { input: nothing, output: z.object({ statistics: queueStatisticsSchema }) },
  /** What is done by itself; single jobs that come later are in `jobs.list`, and cancelled there. */
  'schedules.list': { input: nothing, output: z.object({ schedules: z.array(scheduleViewSchema) }) },
  /** From now on it is not done by itself; the same as switching it off in the settings. */
  'schedules.cancel': { input: z.object({ kind: z.enum(upkeepNames) }), output: nothing },
  /** Once more, now; `schedules.changed` tells of its end. */
  'schedules.runNow': { input: z.object({ kind: z.enum(upkeepNames) }), output: oneJob },
  'workers.list': { input: nothing, output: z.object({ workers: z.array(workerViewSchema) }) },
  /** It finishes what it has in hand and takes no other job until resumed, wherever it runs. */
  'workers.pause': { input: workerChoice, output: nothing },
  'workers.resume': { input: workerChoice, output: nothing },
  /** It finishes what it has in hand, however long that takes, and is started again. */
  'workers.restart': { input: workerChoice, output: nothing },
  /** It finishes what it has in hand within a bounded time, or hands it back; it takes no other job until resumed. */
  'workers.drain': { input: workerChoice, output: nothing },
  /** It hands back what it has in hand at once, and is started again. */
  'workers.stop': { input: workerChoice, output: nothing },
  /**
   * Takes an invitation as it was pasted or opened, asks its team server, and keeps it; the switch stays where it is.
   * Rejects with a sentence where the link, the version or the token is not right.
   */
  'team.join': { input: z.object({ invitation: z.string() }), output: teamOutcome },
  /** Forgets the invitation; the queue is this computer's own from then on. */
  'team.leave': { input: z.object({ queuedJobs: z.enum(queuedJobsChoices).default('along') }), output: teamOutcome },
  /** Nothing that runs is interrupted: it ends where it is. */
  'team.switch': { input: z.object({ on: z.boolean(), queuedJobs: z.enum(queuedJobsChoices) }), output: teamOutcome },
  'team.status': { input: nothing, output: teamOutcome },
  /** Of an operator: who was invited, whom to invite, whom to shut out. Rejects where the team server refuses. */
  'members.list': { input: nothing, output: z.object({ members: z.array(teamMemberSchema) }) },
  'members.invite': { input: memberInvitationSchema, output: invitedMemberSchema },
  'members.remove': { input: z.object({ name: memberNameSchema }), output: nothing },
  /** An address that shows a browser the team's monitor, once, for whoever this computer is to the team. */
  'monitor.link': { input: nothing, output: z.object({ url: z.url({ protocol: /^https$/ }) }) },
  'settings.get': { input: nothing, output: z.object({ settings: settingsSchema }) },
  'settings.set': { input: z.object({ settings: settingsSchema }), output: z.object({ settings: settingsSchema }) },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export const appEvents = {
  'clip.changed': z.object({ clip: clipViewSchema }),
  'clip.removed': z.object({ clipSha256: sha256Schema }),
  'job.changed': z.object({ job: jobViewSchema }),
  'job.removed': oneJob,
  /** A schedule, or one of its runs. */
  'schedules.changed': nothing,
  'queue.notice': z.object({ notice: queueNoticeSchema }),
  'worker.changed': z.object({ worker: workerViewSchema }),
  'team.changed': teamOutcome,
  /** Somebody opened a link outside of the window. Nothing is joined until the coach says so. */
  'team.invited': z.object({ invitation: z.string() }),
  'settings.changed': z.object({ settings: settingsSchema }),
  /** Something the coach should know that belongs to no single job. */
  'app.problem': z.object({ failure: failureSchema }),
} as const satisfies Record<string, z.ZodType>;
