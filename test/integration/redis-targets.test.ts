/** A queue over every kind of Redis that can be configured, and over the death of its master. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowProducer, QueueEvents, Worker } from 'bullmq';
import { afterEach, describe, expect, it } from 'vitest';
import {
  askRedis,
  closeInTime,
  connectRedis,
  type RedisConnection,
  type RedisTarget,
} from '../../worker/connection.ts';
import { controlChannel } from '../../worker/protocol/control.ts';
import { defaultKeyPrefix as prefix } from '../../worker/protocol/queues.ts';
import { openBullQueue } from '../../worker/queue/open-bull-queue.ts';
import { untilReplicated } from '../../worker/queue/replicated.ts';
import { until } from './app-under-test.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { createRedisServers, endProcess, freePorts, redisCli } from './redis-servers.ts';

const host = '127.0.0.1';
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function connect(target: RedisTarget, patience?: 'answer'): RedisConnection {
  const connection = connectRedis(target, patience);
  cleanUps.push(async () => connection.disconnect());
  return connection;
}

/** The product's queue, and a worker that notes what it did. */
function openQueue(target: RedisTarget) {
  const connection = connect(target, 'answer');
  const queue = openBullQueue('analysis', { connection, prefix });
  const done: string[] = [];
  const worker = new Worker(
    'analysis',
    async (job) => {
      done.push(job.id ?? '');
      return { of: job.id };
    },
    { connection: connect(target), prefix, lockDuration: 3000, stalledInterval: 1000 },
  );
  worker.on('error', () => undefined);
  const close = () => closeInTime(Promise.all([worker.close(true), queue.close()]));
  cleanUps.push(close);
  return { connection, queue, done, close };
}

/** Everything that the product asks of a Redis: jobs, children in another queue, events, the control channel. */
async function roundTrip(target: RedisTarget): Promise<void> {
  const { queue, done, close } = openQueue(target);
  const events = new QueueEvents('analysis', { connection: connect(target), prefix });
  const heard: string[] = [];
  events.on('completed', ({ jobId }) => heard.push(jobId));
  await events.waitUntilReady();
  const subscriber = connect(target);
  const messages: string[] = [];
  subscriber.on('message', (_channel: string, text: string) => messages.push(text));
  await subscriber.subscribe(controlChannel(prefix));

  await queue.add('analyse-clip', {}, { jobId: 'alone' });
  const flow = new FlowProducer({ connection: connect(target), prefix });
  const child = (id: string) => ({ name: 'pose-chunk', queueName: 'pose', opts: { jobId: id } });
  await flow.add({
    name: 'analyse-clip',
    queueName: 'analysis',
    opts: { jobId: 'parent' },
    children: [child('chunk-1'), child('chunk-2')],
  });
  await until('the lonely job is done', () => heard.includes('alone'));
  expect(done).toEqual(['alone']);
  const chunks: string[] = [];
  const poser = new Worker('pose', async (job) => void chunks.push(job.id ?? ''), {
    connection: connect(target),
    prefix,
  });
  await until('the parent is done after its children', () => heard.includes('parent'));
  expect(chunks.sort()).toEqual(['chunk-1', 'chunk-2']);
  expect(await (await queue.getJob('parent'))?.getState()).toBe('completed');

  await connect(target).publish(controlChannel(prefix), 'stop');
  await until('the message came', () => messages.includes('stop'));
  await closeInTime(Promise.all([poser.close(), events.close(), flow.close()]));
  await close();
}

/** Adds jobs one after the other, each until it is accepted, as a coach would: the same id is the same job. */
async function addSurely(to: ReturnType<typeof openQueue>, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    await until(
      `${id} is accepted`,
      () =>
        askRedis(async () => {
          await to.queue.add('analyse-clip', {}, { jobId: id, removeOnComplete: false });
          await untilReplicated(to.connection, to.queue.toKey(id));
          return true;
        }).catch((error: unknown) => {
          if ((error as { code?: string }).code !== 'REDIS_UNREACHABLE') throw error;
          return false;
        }),
      120,
    );
}

const idsOf = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}-${i}`);

/** Jobs before, while and after `kill`: all are done, and still known to be. */
async function surviveMaster(target: RedisTarget, kill: () => Promise<unknown>): Promise<void> {
  const opened = openQueue(target);
  await addSurely(opened, idsOf('before', 50));
  const [killed] = await Promise.all([kill(), addSurely(opened, idsOf('while', 50))]);
  expect(killed).toBeDefined();
  await addSurely(opened, idsOf('after', 10));
  const accepted = [...idsOf('before', 50), ...idsOf('while', 50), ...idsOf('after', 10)];
  await until('every accepted job is done', async () => {
    const states = await Promise.all(accepted.map((id) => opened.queue.getJobState(id)));
    return states.every((state) => state === 'completed');
  });
  expect([...new Set(opened.done)].sort()).toEqual([...accepted].sort());
}

describe.skipIf(process.platform === 'win32')('a Redis Cluster', () => {
  it('carries the queue, its flows, events and control channel, and survives the death of a master', async () => {
    const cluster = await startRedisCluster();
    cleanUps.push(() => cluster.stop());
    await roundTrip(cluster.target);
    await surviveMaster(cluster.target, () => cluster.killMaster());
  });

  it('that is gone: who has to answer says so in time, who can wait goes on when it is back', async () => {
    const cluster = await startRedisCluster();
    cleanUps.push(() => cluster.stop());
    const asking = connect(cluster.target, 'answer');
    const waiting = connect(cluster.target);
    const key = `${prefix}:known`;
    await asking.set(key, 'yes');
    for (const { process: child } of cluster.servers) child.kill('SIGSTOP');
    const unknown: RedisTarget = { kind: 'cluster', nodes: [{ host, port: (await freePorts(1))[0] ?? 0 }] };
    const answers = [asking, connect(unknown, 'answer')].map((each) => askRedis(() => each.get(key)));
    const later = waiting.get(key);
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' });
    for (const { process: child } of cluster.servers) child.kill('SIGCONT');
    expect(await later).toBe('yes');
  });
});

describe.skipIf(process.platform === 'win32')('a Redis behind Sentinel', () => {
  it('carries the queue, and survives the death of the master', async () => {
    const password = 'a secret';
    const servers = createRedisServers(['-a', password, '--no-auth-warning']);
    const sentinels = createRedisServers();
    cleanUps.push(
      () => servers.stop(),
      () => sentinels.stop(),
    );
    const [masterPort = 0, replicaPort = 0, sentinelPort = 0] = await freePorts(3);
    const secret = ['--requirepass', password, '--masterauth', password, '--appendonly', 'yes'];
    const master = await servers.start(masterPort, secret);
    await servers.start(replicaPort, [...secret, '--replicaof', host, String(masterPort)]);
    await sentinels.start(
      sentinelPort,
      ['--sentinel'],
      [
        `sentinel monitor main ${host} ${masterPort} 1`,
        `sentinel auth-pass main "${password}"`,
        'sentinel down-after-milliseconds main 1000',
        'sentinel failover-timeout main 3000',
      ],
    );
    const current = async (): Promise<number> =>
      Number((await redisCli(sentinelPort, 'sentinel', 'get-master-addr-by-name', 'main')).split('\n')[1]);
    await until('the sentinel knows the replica', async () =>
      /slaves=1/.test(await redisCli(sentinelPort, 'info', 'sentinel')),
    );
    const target: RedisTarget = { kind: 'sentinel', sentinels: [{ host, port: sentinelPort }], name: 'main', password };
    await roundTrip(target);
    await surviveMaster(target, async () => {
      await endProcess(master.process);
      return await until('the replica has taken over', async () => (await current()) === replicaPort);
    });
  });
});

const noOpenssl = ((): string | undefined => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'openssl is not installed';
  }
})();

describe.skipIf(noOpenssl !== undefined)(`a Redis with TLS${noOpenssl ? ` (skipped: ${noOpenssl})` : ''}`, () => {
  it('carries the queue where certificates are right, and is not reached where they are not', async () => {
    const [port = 0] = await freePorts(1);
    const files = createRedisServers();
    cleanUps.push(() => files.stop());
    const [cert, key] = [join(files.folder, 'cert.pem'), join(files.folder, 'key.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
      ],
      { stdio: 'pipe' },
    );
    const servers = createRedisServers([
      ...['--tls', '--cacert', cert, '--cert', cert, '--key', key, '-a', 'secret', '--no-auth-warning'],
    ]);
    cleanUps.push(() => servers.stop());
    await servers.start(port, [
      ...['--port', '0', '--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
      ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'yes', '--requirepass', 'secret'],
    ]);
    const pem = { ca: readFileSync(cert, 'utf8'), cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    const target: RedisTarget = { kind: 'server', host, port, username: 'default', password: 'secret', tls: pem };
    await roundTrip(target);

    const refused = [true, { ca: pem.ca }].map((tls) =>
      askRedis(() => connect({ ...target, tls }, 'answer').get(`${prefix}:any`)),
    );
    for (const answer of refused) await expect(answer).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' });
  });
});
