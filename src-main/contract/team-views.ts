/** What the window sees of the team: whether the queue is its, who is there, what travels. */
import { z } from 'zod';
import { deviceReportSchema } from '../../worker/protocol/devices.ts';
import { failureSchema } from '../../worker/protocol/errors.ts';
import { type TeamRole, teamRoles } from '../../worker/protocol/team.ts';

/**
 * `local`: jobs are kept and done on this computer. `team`: in the team's queue, which answers. `reconnecting`: the
 * switch is on, but the team server cannot be reached now.
 */
export const teamStates = ['local', 'team', 'reconnecting'] as const;
export type TeamState = (typeof teamStates)[number];

/** Where the queue is that keeps a job. */
export const jobPlaces = ['local', 'team'] as const;
export type JobPlace = (typeof jobPlaces)[number];

/** What happens to queued jobs when the switch is turned: they change queues, or end where they are. */
export const queuedJobsChoices = ['along', 'stay'] as const;
export type QueuedJobsChoice = (typeof queuedJobsChoices)[number];

export const unreachableChoices = ['wait', 'local'] as const;

/** Whether this computer's workers work for the team while it is idle, and what happens while the team is away. */
export const teamSettingsSchema = z.object({
  shareWorkers: z.boolean().default(false),
  /** New jobs wait in the outbox, or are done on this computer. */
  whenUnreachable: z.enum(unreachableChoices).default('wait'),
  /** Whether new analyses are left to machines with a graphics processor, as long as the team has some. */
  prefersGpu: z.boolean().default(false),
});

/** Whether a member may pause the team's queue, and tell its workers and everybody's jobs what to do. */
export function mayOperate(role: TeamRole): boolean {
  return role === 'operator';
}

const count = z.number().int().nonnegative();

export const teamMembershipSchema = z.object({
  team: z.string(),
  /** As the team's operator called whoever was invited; absent until the team server was reached once. */
  member: z.string().optional(),
  role: z.enum(teamRoles).optional(),
  /** `host:port`. */
  server: z.string(),
  joinedAt: z.string(),
  /** When the invitation's token expires. */
  expiresAt: z.string().optional(),
});
export type TeamMembership = z.infer<typeof teamMembershipSchema>;

export const teamMachineSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** This computer. */
  isThis: z.boolean(),
  /** Whose computer it is, where somebody's app runs on it. */
  person: z.string().optional(),
  /** Its processes that work for the team, and how many of them have a job in hand. */
  workers: count,
  busy: count,
  device: deviceReportSchema.optional(),
  /** Of all its workers together; measured. */
  inferencesPerSecond: z.number().nonnegative().optional(),
  models: z.array(z.string()),
  /** Of Shadow Trainer. */
  version: z.string().optional(),
  /** What its workers have in hand, chunks by their own ids. */
  currentJobs: z.array(z.string()).optional(),
  /** Why one of its workers takes no jobs, in a sentence. */
  refusal: z.string().optional(),
});
export type TeamMachine = z.infer<typeof teamMachineSchema>;

export const teamTransferSchema = z.object({
  id: z.string(),
  direction: z.enum(['up', 'down']),
  /** A clip's name, or what else it is. */
  name: z.string(),
  bytesDone: count,
  bytesTotal: count,
});
export type TeamTransfer = z.infer<typeof teamTransferSchema>;

export const teamStatusSchema = z.object({
  state: z.enum(teamStates),
  /** Since when it is in that state. */
  since: z.string(),
  /** Set while the switch is being turned: jobs are on their way from one queue to the other. */
  isSwitching: z.boolean(),
  /** Absent where this computer has joined no team. */
  membership: teamMembershipSchema.optional(),
  /** Those heard of lately; empty while `local`. */
  machines: z.array(teamMachineSchema),
  /** Jobs of all members in the team's queue, as they were counted last; absent while it is not connected. */
  queue: z.object({ waiting: count, running: count, isPaused: z.boolean() }).optional(),
  /** Why the team cannot be reached, or what else is wrong with it. */
  problem: failureSchema.optional(),
  transfers: z.array(teamTransferSchema),
  /** Jobs that wait on this computer until the team can be reached. */
  outbox: count,
  /** Whether workers of this computer are at the team's disposal now. */
  isSharing: z.boolean(),
  /** Jobs that go on in the queue that was left, until they have ended. */
  leftBehind: count,
});
export type TeamStatus = z.infer<typeof teamStatusSchema>;
