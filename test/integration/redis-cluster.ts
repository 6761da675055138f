/** A real Redis Cluster in one place: three masters with a replica each, every one a process on a free port. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RedisTarget } from '../../worker/connection.ts';
import { defaultKeyPrefix } from '../../worker/protocol/queues.ts';
import { until } from './app-under-test.ts';
import { commandIn, loopback, type Place } from './place.ts';
import { createRedisServers, endProcess, freePorts, type RedisServer, redisCliIn } from './redis-servers.ts';

export interface RedisCluster {
  readonly target: RedisTarget;
  readonly servers: readonly RedisServer[];
  /** The port of the master that has the keys of this prefix now. */
  masterOf(keyPrefix?: string): Promise<number>;
  /** Kills it with -9; resolves to the port of the replica that has taken its place. */
  killMaster(keyPrefix?: string): Promise<number>;
  /** Ends every process and removes the folders. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
const mastersAndReplicas = 6;
/** After this a silent master counts as dead. Short, so that a test need not wait; long enough for a busy machine. */
const nodeTimeoutMilliseconds = 3000;

export async function startRedisCluster(place = loopback): Promise<RedisCluster> {
  const { host } = place;
  const redisCli = (port: number, ...args: string[]) => redisCliIn(place, port, ...args);
  const servers = createRedisServers([], place);
  try {
    const ports = await freePorts(2 * mastersAndReplicas);
    const nodes: RedisServer[] = [];
    for (let i = 0; i < mastersAndReplicas; i++) {
      const [port = 0, busPort = 0] = [ports[i], ports[i + mastersAndReplicas]];
      const args = [
        ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
        ...['--cluster-node-timeout', String(nodeTimeoutMilliseconds), '--appendonly', 'yes'],
        // A replica is ready at once, however long it has not heard of its master.
        ...['--cluster-replica-validity-factor', '0', '--repl-diskless-sync-delay', '0'],
      ];
      nodes.push(await servers.start(port, args));
    }
    const addresses = nodes.map(({ port }) => `${host}:${port}`);
    const args = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'];
    const create = commandIn(place, 'redis-cli', args);
    await run(create.program, create.args);
    await until('the cluster is whole', () => isWhole(place, nodes));

    const living = () => nodes.filter(({ process: { exitCode, signalCode } }) => exitCode === null && !signalCode);
    const masterOf = async (keyPrefix = defaultKeyPrefix): Promise<number> => {
      const [any] = living();
      const port = any?.port ?? 0;
      const slot = Number(await redisCli(port, 'cluster', 'keyslot', keyPrefix));
      const lines = (await redisCli(port, 'cluster', 'nodes')).split('\n').map((line) => line.split(' '));
      const owner = lines.find(
        ([, , flags = '', ...rest]) => /master/.test(flags) && !/fail/.test(flags) && hasSlot(rest.slice(5), slot),
      );
      return Number(/:(\d+)@/.exec(owner?.[1] ?? '')?.[1]);
    };
    return {
      target: { kind: 'cluster', nodes: nodes.map(({ port }) => ({ host, port })) },
      servers: nodes,
      masterOf,
      async killMaster(keyPrefix) {
        const dead = await masterOf(keyPrefix);
        const server = nodes.find(({ port }) => port === dead);
        if (server === undefined) throw new Error('Nobody has these keys.');
        await endProcess(server.process);
        return await until('the replica has taken over', async () => {
          const port = await masterOf(keyPrefix).catch(() => dead);
          return port !== dead && !Number.isNaN(port) && port;
        });
      },
      stop: () => servers.stop(),
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

/** Every node says that all is well, and every replica has caught up with its master. */
async function isWhole(place: Place, nodes: readonly RedisServer[]): Promise<boolean> {
  const states = await Promise.all(
    nodes.map(async ({ port }) => {
      const info = await redisCliIn(place, port, 'cluster', 'info');
      const replication = await redisCliIn(place, port, 'info', 'replication');
      return (
        /cluster_state:ok/.test(info) &&
        /cluster_known_nodes:6/.test(info) &&
        /role:master[\s\S]*state=online|master_link_status:up/.test(replication)
      );
    }),
  );
  return states.every(Boolean);
}

function hasSlot(ranges: readonly string[], slot: number): boolean {
  return ranges.some((range) => {
    const [first, last] = range.split('-').map(Number);
    return first !== undefined && slot >= first && slot <= (last ?? first);
  });
}
