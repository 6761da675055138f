/** A Redis that somebody else runs: reached, looked at, and left as it is. */
import { askRedis, connectRedis, type RedisTarget } from '../../../worker/connection.ts';
import { AppError, type Failure } from '../../../worker/protocol/errors.ts';
import type { LocalRedis } from './local-redis.ts';

export interface RemoteRedisOptions {
  readonly target: RedisTarget;
  /** It is not set up to keep a queue. */
  readonly onProblem: (problem: Failure) => void;
}

/** Throws AppError REDIS_UNREACHABLE, or CONFIGURATION_INVALID when it does not let us in. */
export async function reachRemoteRedis({ target, onProblem }: RemoteRedisOptions): Promise<LocalRedis> {
  const connection = connectRedis(target, 'answer');
  try {
    const information = await askRedis(() => connection.info()).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'REDIS_UNREACHABLE') throw error;
      const message = `No Redis answers at ${describeTarget(target)}.`;
      throw new AppError(error.code, message, { cause: error.cause });
    });
    const forgets = /^maxmemory_policy:(?!noeviction)(\S+)/m.exec(information)?.[1];
    if (forgets !== undefined) {
      const message = `The Redis of the queue may forget jobs when its memory is full (maxmemory-policy ${forgets}). Set it to noeviction.`;
      onProblem({ code: 'CONFIGURATION_INVALID', message });
    }
    if (/^aof_enabled:0/m.test(information)) {
      const message = 'The Redis of the queue does not write every job to its disk. Set appendonly to yes.';
      onProblem({ code: 'CONFIGURATION_INVALID', message });
    }
  } finally {
    connection.disconnect();
  }
  return { target, trouble: () => undefined, stop: async () => undefined };
}

/** Without its secrets. */
function describeTarget(target: RedisTarget): string {
  const list = (nodes: readonly { host: string; port: number }[]): string =>
    nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
  switch (target.kind) {
    case 'socket':
      return target.path;
    case 'server':
      return list([target]);
    case 'cluster':
      return list(target.nodes);
    case 'sentinel':
      return `${list(target.sentinels)} (${target.name})`;
  }
}
