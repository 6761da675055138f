/** How the team server is, for people and for Prometheus. */
import type { RedisConnection } from '../connection.ts';
import { type Failure, toFailure } from '../protocol/errors.ts';
import type { StoreFigures } from '../protocol/team.ts';
import type { Gauge } from './server-metrics.ts';
import type { TokenStore } from './token-store.ts';

export interface ServerHealth {
  readonly healthy: boolean;
  readonly trouble?: Failure;
  readonly stores: readonly (StoreFigures & { readonly team: string })[];
}

export interface ServerHealthOptions {
  /** What the queue says of itself. */
  readonly trouble: () => Failure | undefined;
  readonly connection: RedisConnection;
  readonly tokens: TokenStore;
  readonly figures: (team: string) => Promise<StoreFigures>;
}

export interface HealthReader {
  /** With the figures of these teams. Never rejects: what cannot be read is the trouble. */
  read(teams: readonly string[]): Promise<ServerHealth>;
  /** Of a team, and of the server as far as it is everybody's business. */
  gauges(team: string): Promise<Gauge[]>;
}

export function createHealthReader({ trouble, connection, tokens, figures }: ServerHealthOptions): HealthReader {
  const troubleOfQueue = async (): Promise<Failure | undefined> => {
    const known = trouble();
    if (known !== undefined) return known;
    const answers = await connection.ping().then(
      () => true,
      () => false,
    );
    return answers ? undefined : { code: 'REDIS_UNREACHABLE', message: 'The queue does not answer.' };
  };
  const read = async (teams: readonly string[]): Promise<ServerHealth> => {
    let found = await troubleOfQueue();
    const stores: (StoreFigures & { team: string })[] = [];
    try {
      for (const team of teams) stores.push({ team, ...(await figures(team)) });
    } catch (error) {
      found ??= toFailure(error);
    }
    return { healthy: found === undefined, ...(found && { trouble: found }), stores };
  };
  return {
    read,
    async gauges(team) {
      const { healthy, stores } = await read([team]);
      const of = (value: number) => [{ labels: { team }, value }];
      const stored = (pick: (store: StoreFigures) => number) => stores.flatMap((store) => of(pick(store)));
      return [
        { name: 'healthy', help: 'Whether all is well', samples: [{ value: healthy ? 1 : 0 }] },
        { name: 'members', help: 'Valid tokens', samples: of(tokens.list(team).filter(tokens.isValid).length) },
        { name: 'stored_bytes', help: 'Bytes of assets stored', samples: stored((store) => store.storedBytes) },
        { name: 'stored_bytes_limit', help: 'Bytes that may be stored', samples: stored((store) => store.limitBytes) },
      ];
    },
  };
}
