/** What a worker says of itself, every two seconds and whenever something changes, and what it reads in return. */
import type { RedisConnection } from './connection.ts';
import { type Heartbeat, heartbeatKey, heartbeatSeconds, pausedWorkerKey, protocolKey } from './protocol/control.ts';

export interface HeartbeatOptions {
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  readonly workerId: string;
  readonly describe: () => Heartbeat;
  /** Called with every answer. `queueProtocol` is undefined where no app wrote one. */
  readonly onAnswer: (answer: { paused: boolean; queueProtocol: number | undefined }) => void;
  /** Every two seconds, whether the queue answers or not. */
  readonly onTick: () => void;
}

export interface HeartbeatSender {
  /** Says it now; resolves when it has been said. While one is under way, one more follows it. */
  changed(): Promise<void>;
  /** Says that the worker is gone. */
  stop(): Promise<void>;
}

export function startHeartbeat(options: HeartbeatOptions): HeartbeatSender {
  const { connection, keyPrefix: prefix, workerId } = options;
  let current: Promise<void> | undefined;
  let isStale = false;
  let isStopped = false;

  const say = async (): Promise<void> => {
    const answers = await connection
      .multi()
      .hset(heartbeatKey(prefix), workerId, JSON.stringify(options.describe()))
      .exists(pausedWorkerKey(prefix, workerId))
      .get(protocolKey(prefix))
      .exec();
    const [, paused, queueProtocol] = (answers ?? []).map(([, answer]) => answer);
    if (isStopped) return;
    tellParent('changed');
    options.onAnswer({
      paused: paused === 1,
      queueProtocol: typeof queueProtocol === 'string' ? Number(queueProtocol) : undefined,
    });
  };
  const sayUntilFresh = async (): Promise<void> => {
    do {
      isStale = false;
      // Where one is lost, the next may be heard.
      await say().catch(() => undefined);
    } while (isStale && !isStopped);
    // Not in a callback of its own: a change in between would be said by nobody.
    current = undefined;
  };
  const changed = (): Promise<void> => {
    isStale = true;
    current ??= sayUntilFresh();
    return current;
  };
  const timer = setInterval(() => {
    tellParent('beat');
    options.onTick();
    void changed();
  }, heartbeatSeconds * 1000);

  return {
    changed,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await current;
      await connection.hdel(heartbeatKey(prefix), workerId).catch(() => undefined);
    },
  };
}

/**
 * To the process that started this one, where there is one: `beat` while the event loop turns, with or without a
 * queue; `changed` when a heartbeat was written; `ready` when jobs are taken.
 */
export function tellParent(type: 'beat' | 'changed' | 'ready'): void {
  // Where the parent has just gone, `disconnect` says so.
  if (process.connected) process.send?.({ type }, undefined, {}, () => undefined);
}
