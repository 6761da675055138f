/** Who began what and has not ended it: how a job that kills its workers is told from one that was interrupted. */
import type { RedisConnection } from './connection.ts';
import { pauseKey, protocolKey, startsKey, startsSeconds } from './protocol/control.ts';

export interface StartLedgerOptions {
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  readonly holder: string;
}

export interface Start {
  /** Workers that died, or vanished, in the middle of this job. */
  readonly deaths: number;
  /** When the job, or the one it belongs to, was paused. Milliseconds since 1970. */
  readonly pausedAt: number | undefined;
  /** Protocol version of the queue; undefined where nobody wrote one. */
  readonly queueProtocol: number | undefined;
  /** The visit ended. `settled`: the job has got over what killed its workers before, or is never run again. */
  end(settled: boolean): void;
}

export interface StartLedger {
  /** Notes the start before anything of the job runs; asks in the same round trip what decides whether it may. */
  begin(jobId: string, parentId: string | undefined): Promise<Start>;
  /** Whatever is running, but for that one job, is interrupted by no fault of its own: the worker ends. */
  forgive(guilty?: string): Promise<void>;
}

export function createStartLedger({ connection, keyPrefix: prefix, holder }: StartLedgerOptions): StartLedger {
  const open = new Map<string, string>();
  let count = 0;
  // Nobody waits for these: where they are lost, a job is thought to be more dangerous than it is.
  const ignore = (): void => undefined;

  return {
    async begin(jobId, parentId) {
      const key = startsKey(prefix, jobId);
      const start = `${holder}:${++count}`;
      open.set(start, key);
      const asked = connection.multi().sadd(key, start).expire(key, startsSeconds).scard(key).get(protocolKey(prefix));
      for (const id of [jobId, ...(parentId === undefined ? [] : [parentId])]) asked.get(pauseKey(prefix, id));
      const answers = (await asked.exec()) ?? [];
      const [, , starts, queueProtocol, ...pauses] = answers.map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
      const paused = pauses.find((mark) => typeof mark === 'string');
      return {
        deaths: Number(starts) - 1,
        pausedAt: paused === undefined ? undefined : Number(paused),
        queueProtocol: typeof queueProtocol === 'string' ? Number(queueProtocol) : undefined,
        end(settled) {
          if (!open.delete(start)) return;
          if (settled) connection.del(key).catch(ignore);
          else connection.srem(key, start).catch(ignore);
        },
      };
    },
    async forgive(guilty) {
      const innocent = [...open].filter(([, key]) => guilty === undefined || key !== startsKey(prefix, guilty));
      for (const [start] of innocent) open.delete(start);
      await Promise.all(innocent.map(([start, key]) => connection.srem(key, start).catch(ignore)));
    },
  };
}
