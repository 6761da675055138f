import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RedisConnection } from '../../../worker/connection.ts';
import { startHeartbeat } from '../../../worker/heartbeat.ts';
import type { Heartbeat } from '../../../worker/protocol/control.ts';

/** Answers each transaction when told to. */
class SlowRedis extends EventEmitter {
  readonly said: Heartbeat[] = [];
  readonly answers: (() => void)[] = [];
  multi() {
    const transaction = {
      hset: (_key: string, _id: string, text: string) => {
        this.said.push(JSON.parse(text));
        return transaction;
      },
      exists: () => transaction,
      get: () => transaction,
      exec: () =>
        new Promise((resolve) =>
          this.answers.push(() =>
            resolve([
              [null, 1],
              [null, 1],
              [null, '7'],
            ]),
          ),
        ),
    };
    return transaction;
  }
  hdel = async () => 1;
}

describe('heartbeat', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is sent at once when something changes, and once more for all that changes meanwhile', async () => {
    const redis = new SlowRedis();
    let currentJobs: string[] = [];
    const onAnswer = vi.fn();
    const describeNow = (): Heartbeat => ({
      ...{ workerId: 'w', at: 0, protocolVersion: 1, appVersion: '', versions: { onnxruntime: '' }, memoryBytes: 0 },
      currentJobs,
    });
    const heartbeat = startHeartbeat({
      connection: redis as unknown as RedisConnection,
      ...{ keyPrefix: 'p', workerId: 'w', describe: describeNow, onAnswer, onTick: () => undefined },
    });
    const jobs = () => redis.said.map((said) => said.currentJobs);
    for (const next of [['a'], [], ['b']]) {
      currentJobs = next;
      void heartbeat.changed();
    }
    // No time has passed.
    expect(jobs()).toEqual([['a']]);
    redis.answers[0]?.();
    await vi.waitFor(() => expect(jobs()).toEqual([['a'], ['b']]));
    redis.answers[1]?.();
    await vi.waitFor(() => expect(onAnswer).toHaveBeenCalledTimes(2));
    expect(onAnswer).toHaveBeenLastCalledWith({ paused: true, queueProtocol: 7 });
    await heartbeat.stop();
  });
});
