/** The Redis of a chaos run: the app's own, or a cluster. */
import { readFileSync } from 'node:fs';
import { processesNaming } from '../integration/core-bench.ts';
import type { RedisCluster } from '../integration/redis-cluster.ts';
import type { RedisVictim } from './mischief.ts';

/** Started again by the app whenever it dies. */
export function ownRedis(dataDirectory: string): RedisVictim {
  const pid = (): number | undefined =>
    processesNaming(dataDirectory).find((candidate) => {
      try {
        return readFileSync(`/proc/${candidate}/comm`, 'utf8').startsWith('redis-server');
      } catch {
        // It has ended by itself.
        return false;
      }
    });
  return {
    pid,
    mayDie: true,
    kill() {
      const found = pid();
      if (found !== undefined) process.kill(found, 'SIGKILL');
    },
  };
}

/**
 * The master that has the jobs dies once: then its only replica is the master, and nobody is left to follow it. After
 * that the new one is paused, never killed.
 */
export async function clusterRedis(cluster: RedisCluster): Promise<RedisVictim> {
  let port = await cluster.masterOf();
  let hasDied = false;
  let isDying = false;
  return {
    pid: () => (isDying ? undefined : cluster.servers.find((server) => server.port === port)?.process.pid),
    get mayDie() {
      return !hasDied;
    },
    kill() {
      hasDied = true;
      isDying = true;
      const succeed = (successor: number): void => {
        port = successor;
        isDying = false;
      };
      // Without a successor every job is lost, and the run says so.
      cluster.killMaster().then(succeed, () => undefined);
    },
  };
}
