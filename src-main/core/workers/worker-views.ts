import type { RedisConnection } from '../../../worker/connection.ts';
import type { WorkerFleet } from '../../../worker/machine/worker-fleet.ts';
import {
  type Heartbeat,
  heartbeatExpirySeconds,
  heartbeatKey,
  heartbeatSeconds,
  parseHeartbeat,
} from '../../../worker/protocol/control.ts';
import type { WorkerView } from '../../contract/calls.ts';
import type { EventHub } from '../event-hub.ts';

/** Every worker of the queue: the local ones as the fleet knows them, all with what they say of themselves. */
export function listWorkers(
  fleet: Pick<WorkerFleet, 'list'>,
  heartbeats: ReadonlyMap<string, Heartbeat>,
): WorkerView[] {
  const local = fleet.list();
  const views = local.map(({ id, status, restarts }): WorkerView => {
    const heartbeat = heartbeats.get(id);
    const isAlive = status === 'running' && heartbeat !== undefined;
    return {
      id,
      status: isAlive ? activity(heartbeat) : status === 'running' ? 'starting' : status,
      restarts,
      ...said(heartbeat),
    };
  });
  for (const [id, heartbeat] of heartbeats) {
    if (local.some((worker) => worker.id === id)) continue;
    // One that does not say where it runs is known by its own id, without its number.
    const machine = heartbeat.machine?.name ?? id.replace(/-\d+$/, '');
    views.push({ id, machine, status: activity(heartbeat), restarts: 0, ...said(heartbeat) });
  }
  return views;
}

export interface WorkerWatch {
  /** Looks at once: something happened to a worker. */
  look(): void;
  stop(): void;
}

/** Emits `worker.changed` for whatever changes; a worker that is gone is reported once more, as stopped. */
export function watchWorkers(list: () => Promise<WorkerView[]>, events: EventHub): WorkerWatch {
  const before = new Map<string, WorkerView>();
  /** Looks one after the other, so that an older one is never told after a newer one. */
  let isLooking = false;
  let isStale = false;
  const compare = async (): Promise<void> => {
    const workers = await list();
    const gone = [...before.values()].filter(({ id }) => !workers.some((worker) => worker.id === id));
    for (const { id, restarts } of gone) {
      before.delete(id);
      events.emit('worker.changed', { worker: { id, restarts, status: 'stopped' } });
    }
    for (const worker of workers) {
      if (JSON.stringify(worker) === JSON.stringify(before.get(worker.id))) continue;
      before.set(worker.id, worker);
      events.emit('worker.changed', { worker });
    }
  };
  const lookUntilFresh = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    do {
      isStale = false;
      // Where Redis is away, the next look finds out.
      await compare().catch(() => undefined);
    } while (isStale);
    isLooking = false;
  };
  const look = (): void => {
    isStale = true;
    void lookUntilFresh();
  };
  const timer = setInterval(look, heartbeatSeconds * 1000);
  return { look, stop: () => clearInterval(timer) };
}

/** Of every worker that was heard of lately. */
export async function readHeartbeats(redis: RedisConnection, prefix: string): Promise<Map<string, Heartbeat>> {
  const stored = await redis.hgetall(heartbeatKey(prefix));
  const alive = new Map<string, Heartbeat>();
  for (const [id, text] of Object.entries(stored)) {
    const heartbeat = parseHeartbeat(text);
    if (heartbeat && Date.now() - heartbeat.at < heartbeatExpirySeconds * 1000) alive.set(id, heartbeat);
    else await redis.hdel(heartbeatKey(prefix), id);
  }
  return alive;
}

function activity(heartbeat: Heartbeat): 'idle' | 'busy' {
  return heartbeat.currentJobs.length > 0 ? 'busy' : 'idle';
}

function said(heartbeat: Heartbeat | undefined): Partial<WorkerView> {
  if (heartbeat === undefined) return {};
  const [currentJob] = heartbeat.currentJobs;
  return {
    memoryBytes: heartbeat.memoryBytes,
    ...(heartbeat.device && { device: heartbeat.device }),
    ...(currentJob && { currentJob, currentJobs: heartbeat.currentJobs }),
    versions: { app: heartbeat.appVersion, protocol: heartbeat.protocolVersion, ...heartbeat.versions },
    ...(heartbeat.totals && { totals: heartbeat.totals }),
    ...(heartbeat.paused && { paused: true }),
    ...(heartbeat.leaving && { leaving: true }),
    ...(heartbeat.refusal !== undefined && { refusal: heartbeat.refusal }),
  };
}
