/** The same jobs once in peace and once in chaos, and what differs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisCluster, startRedisCluster } from '../integration/redis-cluster.ts';
import { createSmallDisk, noSmallDisk } from '../integration/small-disk.ts';
import { clusterRedis } from './redis-victims.ts';
import { type ChaosOptions, type ChaosResult, runChaos } from './run-chaos.ts';

export interface ChaosReport {
  readonly jobs: number;
  readonly completed: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Results that are not those of the calm run, byte for byte. */
  readonly differing: number;
  readonly kills: number;
  readonly seconds: number;
  readonly calmSeconds: number;
  readonly strikes: ChaosResult['strikes'];
  readonly repeatedStages: number;
  readonly givenUp: readonly string[];
  /** In words, for whoever looks for the cause. */
  readonly findings: readonly string[];
}

/** Room for the queue's file before it is rewritten, and for what the jobs make: only mischief may fill the disk. */
const diskMegabytes = (jobs: number): number => 96 + Math.ceil(jobs / 10);

export async function compareWithCalm(options: {
  readonly jobs: number;
  readonly seed: number;
  readonly strikes: number;
  readonly workers: number;
  /** A real cluster of three masters and three replicas, of which a master dies; else a Redis of the app's own. */
  readonly cluster: boolean;
  readonly limitSeconds: number;
  readonly log: (line: string) => void;
}): Promise<ChaosReport> {
  const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-chaos-'));
  const disk = noSmallDisk === undefined ? createSmallDisk(diskMegabytes(options.jobs)) : undefined;
  if (disk === undefined) options.log(`the disk is not filled: ${noSmallDisk}`);
  let cluster: RedisCluster | undefined;
  try {
    if (options.cluster) cluster = await startRedisCluster();
    const calm = await runChaos({
      ...options,
      strikes: 0,
      dataDirectory: join(folder, 'calm'),
      journal: join(folder, 'calm.journal'),
    });
    options.log(`calm: ${calm.completed} of ${options.jobs} jobs in ${calm.seconds.toFixed(1)} s`);
    const chaos = await runChaos({
      ...options,
      disk,
      ...(cluster && { redis: await chaosCluster(cluster) }),
      dataDirectory: join(disk?.path ?? folder, 'chaos'),
      journal: join(folder, 'chaos.journal'),
    });
    const differing = [...calm.documents].filter(([clip, document]) => chaos.documents.get(clip) !== document);
    return {
      jobs: options.jobs,
      completed: chaos.completed,
      lost: chaos.lost.length,
      duplicated: chaos.duplicated.length,
      differing: differing.length,
      kills: Object.values(chaos.strikes).reduce((sum, count) => sum + count, 0),
      seconds: chaos.seconds,
      calmSeconds: calm.seconds,
      strikes: chaos.strikes,
      repeatedStages: chaos.repeatedStages,
      givenUp: chaos.givenUp,
      findings: [
        ...calm.lost.map((text) => `calm run: ${text}`),
        ...calm.duplicated.map((text) => `calm run: ${text}`),
        ...chaos.lost,
        ...chaos.duplicated,
        ...differing.map(([clip]) => `result ${clip} differs`),
      ],
    };
  } finally {
    await cluster?.stop();
    disk?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function chaosCluster(cluster: RedisCluster): Promise<ChaosOptions['redis']> {
  const nodes = cluster.servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return { victim: await clusterRedis(cluster), environment: { REDIS_CLUSTER_NODES: nodes } };
}
