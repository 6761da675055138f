import type { RedisConnection } from './connection.ts';
import { controlChannel, parseControlMessage } from './protocol/control.ts';
import { workerIsLeaving } from './queue/job-engine.ts';

export interface ControlListenerOptions {
  readonly subscriber: RedisConnection;
  readonly keyPrefix: string;
  readonly workerId: string;
  /** Stops those that are in hand; `reason` is that of the abort. */
  readonly onStop: (jobIds: readonly string[], reason?: string) => void;
  readonly onLeave: (how: 'restart' | 'drain' | 'stop') => void;
  /** A mark of this worker was set or removed. */
  readonly onMark: () => void;
}

/** Hears what is said to all workers, or to this one. Resolves when it is listening. */
export async function listenForControl(options: ControlListenerOptions): Promise<void> {
  options.subscriber.on('message', (_channel: string, text: string) => {
    const message = parseControlMessage(text);
    if (message?.type === 'cancel') return options.onStop(message.jobIds);
    if (message?.type === 'hand-back') return options.onStop(message.jobIds, workerIsLeaving);
    if (message === undefined || (message.workerId ?? options.workerId) !== options.workerId) return;
    if (message.type === 'pause' || message.type === 'resume') options.onMark();
    else options.onLeave(message.type);
  });
  await options.subscriber.subscribe(controlChannel(options.keyPrefix));
}
