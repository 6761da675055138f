/** Who is there: the team's workers by their machines, and the apps that are connected. */
import type { RedisConnection } from '../../../worker/connection.ts';
import {
  type Heartbeat,
  heartbeatExpirySeconds,
  heartbeatKey,
  parseHeartbeat,
} from '../../../worker/protocol/control.ts';
import { createHeardLately } from '../../../worker/protocol/heard-lately.ts';
import { desktopSchema, desktopSeconds, desktopsKey } from '../../../worker/protocol/team.ts';
import type { WorkerView } from '../../contract/calls.ts';
import type { TeamMachine } from '../../contract/team-views.ts';
import { listWorkers } from '../workers/worker-views.ts';

export interface ThisDesktop {
  readonly id: string;
  /** As the team's operator called whoever it is. */
  readonly person: () => string;
  readonly machine: string;
  readonly version: string;
}

export interface TeamCensus {
  readonly machines: TeamMachine[];
  readonly workers: WorkerView[];
}

export interface TeamMachines {
  /** Says that this computer is there, and reads who else is. Rejects where the queue is away. */
  look(connection: RedisConnection, keyPrefix: string): Promise<TeamCensus>;
  /** Says that this computer is gone. Never rejects, and takes a second at most. */
  leave(connection: RedisConnection, keyPrefix: string): Promise<void>;
}

const leaveMilliseconds = 1000;

export function createTeamMachines(desktop: ThisDesktop, now = (): number => Date.now()): TeamMachines {
  const isThere = createHeardLately(now);
  return {
    async look(connection, keyPrefix) {
      const { id, person: ownPerson, ...own } = desktop;
      const said = { ...own, person: ownPerson(), at: now() };
      await connection.hset(desktopsKey(keyPrefix), id, JSON.stringify(said));
      const [workers, desktops] = await Promise.all([
        connection.hgetall(heartbeatKey(keyPrefix)),
        connection.hgetall(desktopsKey(keyPrefix)),
      ]);
      const machines = new Map<string, TeamMachine>();
      const heartbeats = new Map<string, Heartbeat>();
      for (const [each, text] of Object.entries(desktops)) {
        const heard = desktopSchema.safeParse(parse(text)).data;
        if (heard === undefined || !isThere(`desktop ${each}`, heard.at, desktopSeconds)) {
          await connection.hdel(desktopsKey(keyPrefix), each);
          continue;
        }
        const { machine: name, person, version } = heard;
        machines.set(each, { ...emptyMachine(each, name, each === id), person, version });
      }
      for (const [workerId, text] of Object.entries(workers)) {
        const heartbeat = parseHeartbeat(text);
        if (heartbeat === undefined || !isThere(`worker ${workerId}`, heartbeat.at, heartbeatExpirySeconds)) continue;
        heartbeats.set(workerId, heartbeat);
        const machine = machineOf(heartbeat);
        const before = machines.get(machine.id) ?? emptyMachine(machine.id, machine.name, machine.id === id);
        machines.set(
          machine.id,
          withWorker({ ...before, ...(machine.person && { person: machine.person }) }, heartbeat),
        );
      }
      return {
        machines: [...machines.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
        workers: listWorkers({ list: () => [] }, heartbeats).map((worker) => ({ ...worker, place: 'team' })),
      };
    },
    async leave(connection, keyPrefix) {
      if (connection.status !== 'ready') return;
      const late = new Promise((resolve) => setTimeout(resolve, leaveMilliseconds).unref());
      await Promise.race([connection.hdel(desktopsKey(keyPrefix), desktop.id).catch(() => undefined), late]);
    },
  };
}

/** One that does not say where it runs is told by its own id, without its number. */
function machineOf({ machine, workerId }: Heartbeat): NonNullable<Heartbeat['machine']> {
  const id = workerId.replace(/-\d+$/, '');
  return machine ?? { id, name: id };
}

function emptyMachine(id: string, name: string, isThis: boolean): TeamMachine {
  return { id, name, isThis, workers: 0, busy: 0, models: [] };
}

function withWorker(machine: TeamMachine, heartbeat: Heartbeat): TeamMachine {
  const { currentJobs, device, models = {}, appVersion, refusal } = heartbeat;
  const speed = (machine.inferencesPerSecond ?? 0) + (device?.inferencesPerSecond ?? 0);
  return {
    ...machine,
    workers: machine.workers + 1,
    busy: machine.busy + (currentJobs.length > 0 ? 1 : 0),
    models: [...new Set([...machine.models, ...Object.keys(models)])].sort(),
    version: appVersion,
    currentJobs: [...(machine.currentJobs ?? []), ...currentJobs],
    ...(refusal !== undefined && { refusal }),
    ...(device && { device }),
    ...(speed > 0 && { inferencesPerSecond: speed }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
