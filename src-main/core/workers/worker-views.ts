import type { RedisConnection } from '../../../worker/connection.ts';
import {
  type Heartbeat,
  heartbeatExpirySeconds,
  heartbeatKey,
  heartbeatSchema,
  heartbeatSeconds,
} from '../../../worker/protocol/control.ts';
import type { WorkerView } from '../../contract/calls.ts';
import type { EventHub } from '../event-hub.ts';
import type { WorkerFleet } from './worker-fleet.ts';

/** Every worker of the queue: the local ones as the fleet knows them, all with what they say of themselves. */
export async function listWorkers(fleet: WorkerFleet, redis: RedisConnection, prefix: string): Promise<WorkerView[]> {
  const heartbeats = await readHeartbeats(redis, prefix);
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
    views.push({ id, status: activity(heartbeat), restarts: 0, ...said(heartbeat) });
  }
  return views;
}

/** Emits `worker.changed` for whatever changes, until the returned function is called. */
export function watchWorkers(list: () => Promise<WorkerView[]>, events: EventHub): () => void {
  const before = new Map<string, string>();
  const look = async (): Promise<void> => {
    for (const worker of await list()) {
      const text = JSON.stringify(worker);
      if (before.get(worker.id) === text) continue;
      before.set(worker.id, text);
      events.emit('worker.changed', { worker });
    }
  };
  const timer = setInterval(() => look().catch(() => undefined), heartbeatSeconds * 1000);
  return () => clearInterval(timer);
}

async function readHeartbeats(redis: RedisConnection, prefix: string): Promise<Map<string, Heartbeat>> {
  const stored = await redis.hgetall(heartbeatKey(prefix));
  const alive = new Map<string, Heartbeat>();
  for (const [id, text] of Object.entries(stored)) {
    const heartbeat = heartbeatSchema.safeParse(JSON.parse(text)).data;
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
    ...(currentJob && { currentJob }),
  };
}
