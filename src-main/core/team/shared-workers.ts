/** This computer's workers at the team's disposal, as long as nobody uses it and its coach allows it. */

import { holds, type MachineState } from '../../../worker/machine/machine-state.ts';
import { createWorkerFleet, type WorkerFleet } from '../../../worker/machine/worker-fleet.ts';
import type { NodeRunner } from '../../../worker/node-runner.ts';
import type { Machine } from '../../../worker/protocol/control.ts';
import type { Invitation } from '../../../worker/protocol/invitation.ts';
import { giveBackJobsOf } from '../../../worker/queue/give-back.ts';
import { startTidying } from '../../../worker/storage/tidy-worker-folder.ts';
import type { GivenWorkerSettings } from '../../../worker/worker-settings.ts';
import { createWorkerControl } from '../workers/worker-control.ts';
import type { TeamSession } from './team-session.ts';

export interface SharedWorkersOptions {
  readonly runner: NodeRunner;
  readonly workerScript: string;
  /** What workers of this computer are told, whatever they work for. */
  readonly settings: () => Omit<GivenWorkerSettings, 'workerId' | 'holder' | 'redis' | 'keyPrefix' | 'team'>;
  readonly idPrefix: string;
  readonly thisMachine: () => Machine;
  readonly machine: MachineState;
  readonly isAllowed: () => boolean;
  readonly count: () => number;
  readonly onLog: (line: string) => void;
  readonly onChange: () => void;
  readonly lookMilliseconds?: number;
}

export interface SharedWorkers {
  isSharing(): boolean;
  /** Undefined: there is no team to work for. */
  follow(session: TeamSession | undefined, invitation: Invitation | undefined): void;
  /** Looks now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

const defaultLookMilliseconds = 2000;
/** Of what the workers fetch for others. */
const cacheBytes = 10 * 2 ** 30;

export function createSharedWorkers(options: SharedWorkersOptions): SharedWorkers {
  const { machine, onLog, onChange } = options;
  let team: { session: TeamSession; fleet: WorkerFleet } | undefined;
  let isSharing = false;
  const ending = new Set<Promise<void>>();

  const openFleet = ({ redis, keyPrefix, connection }: TeamSession, { server, token, pin }: Invitation): WorkerFleet =>
    createWorkerFleet({
      ...options,
      settings: {
        ...options.settings(),
        ...{ redis, keyPrefix },
        machine: options.thisMachine(),
        team: { server, token, cacheBytes, keepsOwn: false, ...(pin !== undefined && { pin }) },
      },
      onGone: async (holder) => void (await giveBackJobsOf({ connection, keyPrefix, holder })),
      onTrouble: () => onLog('a worker for the team keeps ending'),
    });
  const setSharing = (wanted: boolean): void => {
    if (team === undefined || wanted === isSharing) return;
    isSharing = wanted;
    const leaving = wanted ? [] : team.fleet.list();
    team.fleet.resize(wanted ? options.count() : 0);
    // At once, and not when what they have in hand is finished: somebody uses the computer.
    const control = createWorkerControl(team.session.connection, team.session.keyPrefix);
    for (const { id } of leaving) control.stop(id).catch(() => undefined);
    onChange();
  };
  const look = async (): Promise<void> => {
    if (team === undefined) return;
    const isIdle = options.isAllowed() && holds('idle', await machine.read());
    setSharing(options.isAllowed() && isIdle);
  };
  const timer = setInterval(() => void look(), options.lookMilliseconds ?? defaultLookMilliseconds);
  timer.unref();
  const tidying = startTidying({ dataDirectory: options.settings().dataDirectory, limitBytes: cacheBytes }, onLog);
  return {
    isSharing: () => isSharing,
    look,
    follow(session, invitation) {
      if (session === team?.session) return;
      setSharing(false);
      if (team) {
        const ended = team.fleet.stop().finally(() => ending.delete(ended));
        ending.add(ended);
      }
      team = session && invitation && { session, fleet: openFleet(session, invitation) };
      void look();
    },
    async stop() {
      clearInterval(timer);
      tidying.stop();
      this.follow(undefined, undefined);
      await Promise.all(ending);
    },
  };
}
