/** A machine that works for a team: joins, keeps its workers running, and heeds what the team server says. */
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis, type RedisConnection, refusedCertificateOf } from '../connection.ts';
import { lockInstance } from '../machine/instance-lock.ts';
import { createSystemMachine, holds, type MachineState } from '../machine/machine-state.ts';
import { workerCount } from '../machine/worker-count.ts';
import { createWorkerFleet, type WorkerFleet } from '../machine/worker-fleet.ts';
import type { NodeRunner } from '../node-runner.ts';
import { heartbeatKey, parseHeartbeat } from '../protocol/control.ts';
import type { Device } from '../protocol/devices.ts';
import { AppError, type ErrorCode } from '../protocol/errors.ts';
import { decodeInvitation, type Invitation } from '../protocol/invitation.ts';
import { queueNames } from '../protocol/queues.ts';
import { rightsOfRole } from '../protocol/team.ts';
import { giveBackJobsOf } from '../queue/give-back.ts';
import { startTidying } from '../storage/tidy-worker-folder.ts';
import { connectTeam, type TeamConnection, type TeamView } from '../team-connection.ts';
import type { GivenWorkerSettings } from '../worker-settings.ts';
import { readInvitation, saveInvitation } from './saved-invitation.ts';

export interface TeamWorkerOptions {
  /** As it was given; undefined: the one that was kept. */
  readonly link: string | undefined;
  readonly dataDirectory: string;
  /** Undefined: as many as this machine carries. */
  readonly workers: number | undefined;
  readonly device: Device;
  readonly whenIdle: boolean;
  readonly cacheBytes: number;
  readonly version: string;
  readonly weightsDirectory: string;
  readonly runner: NodeRunner;
  readonly workerScript: string;
  /** One sentence for whoever watches. */
  readonly say: (sentence: string) => void;
  readonly onWorkerLog: (line: string) => void;
  /** The system's own, when absent. */
  readonly machine?: MachineState;
  readonly lookMilliseconds?: number;
  readonly workerSettings?: Partial<GivenWorkerSettings>;
}

/** What the process ends with, so that a service manager knows when trying again is of no use. */
export const joinExitCodes = { failed: 1, notInvited: 2, refused: 3, otherVersion: 4 } as const;

export function joinExitCode(code: ErrorCode): number {
  if (code === 'INVALID_INPUT') return joinExitCodes.notInvited;
  if (code === 'TEAM_REFUSED') return joinExitCodes.refused;
  return code === 'PROTOCOL_MISMATCH' ? joinExitCodes.otherVersion : joinExitCodes.failed;
}

const defaultLookMilliseconds = 15_000;
const leastLookMilliseconds = 2000;
const idleLookMilliseconds = 5000;
/** Before the server is asked again whether it is there. */
const pausesMilliseconds = [1000, 2000, 5000, 10_000, 20_000, 30_000];
/** The queue of a team may be away for as long as it likes: a worker that ends gains nothing. */
const redisPatienceSeconds = 7 * 24 * 3600;

/**
 * Works until the signal is aborted; the workers have finished or handed back what they had then. Waits for a server
 * that cannot be reached. Throws AppError INVALID_INPUT without an invitation, TEAM_REFUSED or PROTOCOL_MISMATCH as soon
 * as the server says so, ALREADY_RUNNING where another one uses the data folder.
 */
export async function runTeamWorker(options: TeamWorkerOptions, signal: AbortSignal): Promise<void> {
  const { dataDirectory, say } = options;
  let sentence = 'Starting.';
  const tell = (text: string): void => {
    if (text === sentence) return;
    sentence = text;
    say(text);
  };
  const lock = await lockInstance(dataDirectory, () => sentence);
  let tidying: ReturnType<typeof startTidying> | undefined;
  try {
    const link = options.link ?? (await readInvitation(dataDirectory))?.link;
    if (link === undefined) {
      const message = 'This machine has not been invited yet: start it with --join and the link of an invitation.';
      throw new AppError('INVALID_INPUT', message);
    }
    const invitation = decodeInvitation(link);
    let team = await reach(invitation, tell, signal);
    const { machine } = await saveInvitation(dataDirectory, link);
    const limitBytes = options.cacheBytes;
    tidying = startTidying({ dataDirectory, limitBytes }, options.onWorkerLog);
    while (team !== undefined && !signal.aborted) {
      const service = await openService(options, { invitation, team, machine });
      try {
        team = await watch({ options, service, invitation, team, tell, signal });
      } finally {
        await service.close();
      }
    }
  } finally {
    tidying?.stop();
    await lock.release();
  }
}

/** Asks until the server answers. Undefined when the signal is aborted before. */
async function reach(
  invitation: Invitation,
  tell: (sentence: string) => void,
  signal: AbortSignal,
): Promise<TeamConnection | undefined> {
  for (let vain = 0; !signal.aborted; vain++) {
    try {
      const team = await connectTeam(invitation, signal);
      if (!['queue', 'assets'].every((right) => rightsOfRole[team.view.role].some((own) => own === right))) {
        team.http.close();
        throw new AppError('TEAM_REFUSED', 'This invitation is for looking on only. Ask for one for a worker.');
      }
      return team;
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof AppError) || error.code !== 'TEAM_UNREACHABLE') throw error;
      tell(error.message);
      const milliseconds = pausesMilliseconds[Math.min(vain, pausesMilliseconds.length - 1)];
      await pause(milliseconds, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

interface Joined {
  readonly invitation: Invitation;
  readonly team: TeamConnection;
  readonly machine: string;
}

interface Service {
  readonly fleet: WorkerFleet;
  readonly connection: RedisConnection;
  /** Of the ids of all workers here. */
  readonly idPrefix: string;
  close(): Promise<void>;
}

async function openService(options: TeamWorkerOptions, { invitation, team, machine }: Joined): Promise<Service> {
  const { dataDirectory } = options;
  const temporaryDirectory = join(dataDirectory, 'running');
  // The lock says that what is there belongs to nobody any more.
  await rm(temporaryDirectory, { recursive: true, force: true });
  await mkdir(temporaryDirectory, { recursive: true, mode: 0o700 });
  const { redis, keyPrefix, view } = team;
  const connection = connectRedis(redis, 'answer');
  const idPrefix = `${machineName(view.name)}-${machine}`;
  const fleet = createWorkerFleet({
    ...{ runner: options.runner, workerScript: options.workerScript, idPrefix, onLog: options.onWorkerLog },
    settings: {
      ...{ appVersion: options.version, redis, keyPrefix, queues: [...queueNames], redisPatienceSeconds },
      ...{ dataDirectory, temporaryDirectory, weightsDirectory: options.weightsDirectory, device: options.device },
      team: {
        ...{ server: invitation.server, token: invitation.token, pin: invitation.pin },
        ...{ cacheBytes: options.cacheBytes, keepsOwn: false },
      },
      ...options.workerSettings,
    },
    onChange: () => undefined,
    onTrouble: () => options.say('A worker keeps ending. Look at its messages, or try another device.'),
    onGone: async (holder) => {
      const given = await giveBackJobsOf({ connection, keyPrefix, holder });
      if (given.length > 0) options.onWorkerLog(`given back: ${given.join(', ')}`);
    },
  });
  return {
    ...{ fleet, connection, idPrefix },
    async close() {
      await fleet.stop();
      connection.disconnect();
      await rm(temporaryDirectory, { recursive: true, force: true });
    },
  };
}

interface WatchOptions {
  readonly options: TeamWorkerOptions;
  readonly service: Service;
  readonly invitation: Invitation;
  readonly team: TeamConnection;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Resolves to another connection when the team's queue has moved, to undefined when the signal is aborted. */
async function watch({ options, service, invitation, team, tell, signal }: WatchOptions) {
  const { workers: wanted, lookMilliseconds = defaultLookMilliseconds } = options;
  const most = wanted ?? workerCount({ logicalCores: availableParallelism(), memoryBytes: totalmem() });
  const { platform } = process;
  const isWorking = () => hasJobs(service, team.keyPrefix);
  const machine = options.machine ?? createSystemMachine({ platform, isWorking });
  const { fleet, connection } = service;
  /** The queue is away, or refuses us: the server knows which. */
  let wake = new AbortController();
  const onLoss = (): void => wake.abort();
  // A cluster tells of its nodes apart.
  const losses = ['error', 'node error', 'close'] as const;
  for (const event of losses) connection.on(event, onLoss);
  const isAwake = async (): Promise<boolean> => !options.whenIdle || holds('idle', await machine.read());
  let lookedAt = performance.now();
  let isReachable = true;
  try {
    for (let now = lookedAt; !signal.aborted; now = performance.now()) {
      const awake = await isAwake();
      const running = awake ? most : 0;
      if (fleet.list().length !== running) fleet.resize(running);
      if (now - lookedAt >= (wake.signal.aborted ? leastLookMilliseconds : lookMilliseconds)) {
        lookedAt = now;
        wake = new AbortController();
        const found = await lookAgain(invitation, signal);
        isReachable = found !== 'unreachable';
        if (found && found !== 'unreachable') {
          if (!isSamePlace(found, team)) return found;
          found.http.close();
        }
      }
      tell(stateOf(team.view, { running, isReachable, refusal: refusedCertificateOf(connection) }));
      const shortest = options.whenIdle ? Math.min(idleLookMilliseconds, lookMilliseconds) : lookMilliseconds;
      if (wake.signal.aborted) await pause(leastLookMilliseconds, undefined, { signal }).catch(() => undefined);
      else await pause(shortest, undefined, { signal: AbortSignal.any([signal, wake.signal]) }).catch(() => undefined);
    }
    return undefined;
  } finally {
    for (const event of losses) connection.off(event, onLoss);
    team.http.close();
    tell('Ending: what is in hand is finished, or goes back to the queue.');
  }
}

async function lookAgain(
  invitation: Invitation,
  signal: AbortSignal,
): Promise<TeamConnection | 'unreachable' | undefined> {
  try {
    return await connectTeam(invitation, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof AppError && error.code === 'TEAM_UNREACHABLE') return 'unreachable';
    throw error;
  }
}

/** Where the queue is, and who vouches for it: what workers are started with. */
function isSamePlace(one: TeamConnection, other: TeamConnection): boolean {
  return JSON.stringify([one.redis, one.keyPrefix]) === JSON.stringify([other.redis, other.keyPrefix]);
}

interface State {
  readonly running: number;
  readonly isReachable: boolean;
  readonly refusal: AppError | undefined;
}

function stateOf({ name, team }: TeamView, { running, isReachable, refusal }: State): string {
  if (refusal) return `${name} waits for the queue of team ${team}. ${refusal.message}`;
  if (!isReachable) return `${name} waits for the server of team ${team}, which cannot be reached.`;
  if (running === 0) return `${name} sleeps while somebody uses it; team ${team} waits.`;
  return `${name} works for team ${team} with ${running} ${running === 1 ? 'worker' : 'workers'}.`;
}

/** Part of an id: letters, digits and dashes of the member's name. */
function machineName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-|-$/g, '').slice(0, 30) || 'machine';
}

/** Whether a worker of this machine has a job in hand. */
async function hasJobs({ connection, idPrefix }: Service, keyPrefix: string): Promise<boolean> {
  const heartbeats = await connection.hvals(heartbeatKey(keyPrefix));
  return heartbeats.some((text) => {
    const heartbeat = parseHeartbeat(text);
    return heartbeat?.workerId.startsWith(idPrefix) && heartbeat.currentJobs.length > 0;
  });
}
