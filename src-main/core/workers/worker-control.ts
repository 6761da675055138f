/** What the app says to workers, wherever they run. */
import type { RedisConnection } from '../../../worker/connection.ts';
import {
  type ControlMessage,
  controlChannel,
  pausedWorkerKey,
  pausedWorkerSeconds,
  protocolKey,
} from '../../../worker/protocol/control.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';

export interface WorkerControl {
  /** It finishes the job in hand and takes no other until resumed, also after a restart. */
  pause(workerId: string): Promise<void>;
  resume(workerId: string): Promise<void>;
  /** It finishes the job in hand, however long that takes, and ends; whoever runs it starts it again at once. */
  restart(workerId: string): Promise<void>;
  /**
   * It finishes the job in hand within a bounded time, or hands it back, and ends. Started again, it takes none until
   * resumed.
   */
  drain(workerId: string): Promise<void>;
  /** It hands the job in hand back at once, and ends; whoever runs it starts it again. */
  stop(workerId: string): Promise<void>;
  /** Workers that speak another version of the protocol take no jobs from now on. */
  announceProtocol(): Promise<void>;
}

export function createWorkerControl(redis: RedisConnection, prefix: string): WorkerControl {
  const say = async (message: ControlMessage): Promise<void> => {
    await redis.publish(controlChannel(prefix), JSON.stringify(message));
  };
  const markPaused = async (workerId: string): Promise<void> =>
    void (await redis.set(pausedWorkerKey(prefix, workerId), '1', 'EX', pausedWorkerSeconds));
  return {
    async pause(workerId) {
      // The mark comes first: where the message is lost, the worker finds it with its next heartbeat.
      await markPaused(workerId);
      await say({ type: 'pause', workerId });
    },
    async resume(workerId) {
      await redis.del(pausedWorkerKey(prefix, workerId));
      await say({ type: 'resume', workerId });
    },
    restart: (workerId) => say({ type: 'restart', workerId }),
    async drain(workerId) {
      await markPaused(workerId);
      await say({ type: 'drain', workerId });
    },
    stop: (workerId) => say({ type: 'stop', workerId }),
    async announceProtocol() {
      await redis.set(protocolKey(prefix), String(protocolVersion));
    },
  };
}
