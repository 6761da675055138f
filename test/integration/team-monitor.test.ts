/** The monitor of a team server: who gets in, what they see, and what they may do. */
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { monitorSessionSchema } from '../../src-main/contract/monitor.ts';
import { connectRedis } from '../../worker/connection.ts';
import { heartbeatKey } from '../../worker/protocol/control.ts';
import { teamPaths } from '../../worker/protocol/team.ts';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import type { JobEngine } from '../../worker/queue/job-engine.ts';
import { until } from './app-under-test.ts';
import {
  createTeamServerBench,
  type RawAnswer,
  type TeamMachine,
  type TeamServerBench,
  teamServerNotBuilt,
} from './team-server-bench.ts';

const html = { accept: 'text/html' };
const answerSchema = z.object({
  ok: z.boolean(),
  value: z.record(z.string(), z.unknown()).optional(),
  failure: z.object({ code: z.string() }).optional(),
});

describe.skipIf(teamServerNotBuilt !== undefined)('the monitor of a team server', { timeout: 60_000 }, () => {
  let bench: TeamServerBench;
  let coach: TeamMachine;
  let engine: JobEngine;
  let operator: string;
  let viewer: string;

  beforeAll(async () => {
    // So strict with slow connections that a silent stream of events would be cut at once.
    bench = await createTeamServerBench({ limits: { slowSeconds: 1, leastBytesPerSecond: 10_000 } });
    await bench.start();
    coach = await bench.join(await bench.invite('Ann', 'coach'));
    engine = await openBullEngine(coach.team.redis, coach.team.keyPrefix);
    operator = cookieOf(await signIn({ token: (await bench.invite('Op', 'operator')).token }));
    viewer = cookieOf(await signIn({ token: (await bench.invite('Vic', 'viewer')).token }));
  }, 60_000);
  afterAll(async () => {
    await engine?.close();
    await bench?.close();
  }, 60_000);

  const signIn = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    bench.ask(
      'POST',
      '/sign-in',
      { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      new URLSearchParams(fields).toString(),
    );
  const cookieOf = ({ headers }: RawAnswer): string => String(headers['set-cookie']).split(';')[0] ?? '';
  const get = (path: string, cookie: string): Promise<RawAnswer> => bench.ask('GET', path, { ...html, cookie });
  const call = async (cookie: string, name: string, input: object = {}) => {
    const headers = { cookie, 'content-type': 'application/json' };
    const { status, body } = await bench.ask('POST', `/call/${name}`, headers, JSON.stringify(input));
    return { status, ...answerSchema.parse(JSON.parse(body.toString())) };
  };
  const addJob = async (id: string): Promise<void> => {
    const data = { clip: { sha256: 'a'.repeat(64) }, clipName: 'pitch.mp4', protocolVersion: 1 };
    await engine.add({ queue: 'analysis', name: 'analyse-clip', id, data, priority: 10 });
  };
  const listed = async (cookie: string): Promise<string[]> => {
    const { value } = await call(cookie, 'jobs.list');
    return z
      .object({ jobs: z.array(z.object({ id: z.string() })) })
      .parse(value)
      .jobs.map(({ id }) => id);
  };

  it('gives a browser without a session the sign-in page, without a script, and nothing else', async () => {
    for (const path of ['/', `/enter/${'x'.repeat(43)}`]) {
      const { status, body, headers } = await bench.ask('GET', path, html);
      expect(status).toBe(200);
      expect(body.toString()).toContain('Sign in');
      expect(body.toString()).not.toContain('<script');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
    for (const path of ['/session', '/events', '/call/jobs.list', '/monitor.html', '/assets/monitor.js', '/enter/x']) {
      expect((await bench.ask('GET', path, html)).status, path).toBe(401);
      expect((await bench.ask('POST', path, { ...html, cookie: '__Host-shadow-trainer=x' })).status, path).toBe(401);
    }
  });

  it('knows tokens from other words, whole invitations too, and machines that only compute', async () => {
    expect((await signIn({ token: 'nonsense' })).status).toBe(401);
    expect((await signIn({ token: 'nonsense' })).headers['set-cookie']).toBeUndefined();
    expect((await signIn({})).status).toBe(401);
    const rig = await bench.invite('Rig', 'worker');
    expect((await signIn({ token: rig.token })).body.toString()).toContain('a machine that computes');
    const { text } = await bench.command('invite', '--name', 'Val', '--role', 'viewer');
    const link = /shadow-trainer:\/\/\S+/.exec(text)?.[0] ?? '';
    const signedIn = await signIn({ token: ` ${link}\n` });
    expect(signedIn.status).toBe(303);
    expect(String(signedIn.headers['set-cookie'])).toMatch(/^__Host-.*HttpOnly; Secure; SameSite=Strict/);
    const { value } = {
      value: monitorSessionSchema.parse(JSON.parse((await get('/session', cookieOf(signedIn))).body.toString())),
    };
    expect(value).toMatchObject({ team: 'aces', name: 'Val', role: 'viewer', mayOperate: false });
    await until('it is in the log', () =>
      bench.log().some(({ event, reason }) => event === 'refused' && reason === 'sign-in: unknown or expired token'),
    );
  });

  it('lets a link in once', async () => {
    const { text } = await bench.command('monitor', 'Vic');
    const path = new URL(text.split('\n')[0] ?? '').pathname;
    expect((await bench.ask('GET', path, html)).body.toString()).toContain('signs in one browser');
    const code = path.slice('/enter/'.length);
    expect((await signIn({ code })).status).toBe(303);
    expect((await signIn({ code })).body.toString()).toContain('was used before');
    expect((await bench.command('monitor', 'Nobody')).exitCode).toBe(1);
    expect((await bench.command('monitor', 'Rig')).text).toContain('no member of that name');
  });

  it('is not for pages of other sites, whatever cookie the browser has', async () => {
    const origin = 'https://evil.example';
    expect((await signIn({ token: 'x' }, { origin })).status).toBe(403);
    const headers = { cookie: operator, origin, 'content-type': 'application/json' };
    expect((await bench.ask('POST', '/call/queue.pause', headers, '{}')).status).toBe(403);
    const own = { ...headers, origin: `https://127.0.0.1:${bench.port}` };
    expect((await bench.ask('POST', '/call/queue.resume', own, '{}')).status).toBe(200);
  });

  it('shows jobs and lets an operator act; a viewer is refused whatever changes something', async () => {
    await call(operator, 'queue.pause');
    await addJob('analyse-one');
    await until('both see it', async () => {
      const [first, second] = await Promise.all([listed(operator), listed(viewer)]);
      return first.includes('analyse-one') && second.includes('analyse-one');
    });
    expect((await call(viewer, 'jobs.details', { jobId: 'analyse-one' })).ok).toBe(true);
    expect((await call(viewer, 'queue.statistics')).value).toMatchObject({ statistics: { isPaused: true } });
    for (const [name, input] of [
      ['jobs.cancel', { jobId: 'analyse-one' }],
      ['jobs.discardAll', {}],
      ['queue.resume', {}],
      ['workers.stop', { workerId: 'x' }],
      ['settings.set', {}],
      ['nothing', {}],
    ] as const) {
      expect(await call(viewer, name, input), name).toMatchObject({ status: 403, failure: { code: 'TEAM_REFUSED' } });
    }
    expect(await call(operator, 'settings.get')).toMatchObject({ ok: false, failure: { code: 'INVALID_INPUT' } });
    expect((await call(operator, 'jobs.prioritize', { jobId: 'analyse-one', priority: 'interactive' })).ok).toBe(true);
    expect((await call(operator, 'jobs.cancel', { jobId: 'analyse-one' })).ok).toBe(true);
    const { value } = await call(viewer, 'jobs.list');
    expect(JSON.stringify(value)).toContain('"status":"cancelled"');
    expect((await call(operator, 'jobs.discard', { jobId: 'analyse-one' })).ok).toBe(true);
    expect((await call(operator, 'queue.resume')).ok).toBe(true);
  });

  it('puts nothing back into the queue that was taken elsewhere', async () => {
    await call(operator, 'queue.pause');
    await addJob('analyse-two');
    await until('it is seen', async () => (await listed(viewer)).includes('analyse-two'));
    expect(await engine.remove({ queue: 'analysis', id: 'analyse-two' })).toBe(true);
    await until('it is seen no more', async () => !(await listed(viewer)).includes('analyse-two'));
    expect(await engine.get({ queue: 'analysis', id: 'analyse-two' })).toBeUndefined();
    await call(operator, 'queue.resume');
  });

  it('shows nothing of another team', async () => {
    const other = cookieOf(await signIn({ token: (await bench.invite('Eve', 'operator', '--team', 'bears')).token }));
    await addJob('analyse-three');
    await until('its own team sees it', async () => (await listed(operator)).includes('analyse-three'));
    expect(await listed(other)).toEqual([]);
    expect((await call(other, 'jobs.cancel', { jobId: 'analyse-three' })).failure?.code).toBe('NOT_FOUND');
    await call(operator, 'jobs.cancel', { jobId: 'analyse-three' });
  });

  it('tells of what happens, however silent it was before, and ends with its member', async () => {
    const gone = await bench.invite('Mal', 'viewer');
    const cookie = cookieOf(await signIn({ token: gone.token }));
    const heard = await listen(cookie);
    const connection = connectRedis(coach.team.redis);
    try {
      // Longer than a slow answer is suffered: other connections are looked at, this one must last.
      await until('heartbeats are told of', async () => {
        const text = JSON.stringify({ at: Date.now(), workerId: 'rig-1', currentJobs: [] });
        await connection.hset(heartbeatKey(coach.team.keyPrefix), 'rig-1', text);
        await addJob(`analyse-four`);
        return heard.text().includes('event: job.changed') && heard.seconds() > 2.5;
      });
      expect(heard.hasEnded()).toBe(false);
      expect((await bench.command('revoke', 'Mal')).exitCode).toBe(0);
      await until('it is cut off', () => heard.hasEnded());
      expect((await get('/session', cookie)).status).toBe(401);
    } finally {
      connection.disconnect();
      await call(operator, 'jobs.cancel', { jobId: 'analyse-four' });
    }
  });

  it('has the figures of the queue beside those of the server', async () => {
    const token = (await bench.invite('Pro', 'viewer')).token;
    const { body } = await bench.ask('GET', teamPaths.metrics, { authorization: `Bearer ${token}` });
    expect(body.toString()).toContain('shadow_trainer_team_requests_total');
    expect(body.toString()).toMatch(/shadow_trainer_queue_jobs\{team="aces",queue="analysis",status="waiting"\} \d/);
    expect(body.toString()).not.toContain('bears",queue');
  });

  it('ends a session that is signed out', async () => {
    const cookie = cookieOf(await signIn({ token: (await bench.invite('Out', 'viewer')).token }));
    expect((await get('/session', cookie)).status).toBe(200);
    expect((await bench.ask('POST', '/sign-out', { cookie })).status).toBe(204);
    expect((await get('/session', cookie)).status).toBe(401);
  });

  async function listen(cookie: string) {
    const startedAt = Date.now();
    let text = '';
    let hasEnded = false;
    await new Promise<void>((resolve, reject) => {
      const address = { host: '127.0.0.1', port: bench.port, path: '/events', headers: { cookie } };
      const sending = request({ ...address, rejectUnauthorized: false, agent: false }, (answer) => {
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('error', () => undefined);
        answer.on('close', () => {
          hasEnded = true;
        });
        resolve();
      });
      sending.on('error', reject);
      sending.end();
    });
    return { text: () => text, hasEnded: () => hasEnded, seconds: () => (Date.now() - startedAt) / 1000 };
  }
});
