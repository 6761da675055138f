/**
 * A clip dropped on a coach's app is analysed on another computer, with cables that are pulled; and what the window is
 * told all the while. See team-network.ts.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/job-view.ts';
import { analysisFileNames, analysisFiles } from '../../worker/protocol/analysis.ts';
import { parseHeartbeat } from '../../worker/protocol/control.ts';
import type { ExportKind } from '../../worker/protocol/jobs.ts';
import { type AppUnderTest, startLoopback, until } from './app-under-test.ts';
import { type MadeClips, madeClips } from './media-made-clips.ts';
import { makePersonClip, personSource } from './person-clip.ts';
import { analysisFile, noTeamNetwork, startTeamNetwork, type TeamNetwork, type WorkerMachine } from './team-network.ts';

const obstacle = noTeamNetwork ?? (personSource === undefined ? 'no clip with a person' : undefined);
const stages = ['plan', 'chunk-0', 'chunk-1', 'chunk-2', 'finish'];

describe.skipIf(obstacle !== undefined)(`a team over cables${obstacle ? ` (${obstacle})` : ''}`, () => {
  let team: TeamNetwork;
  let clips: MadeClips;
  let machine: WorkerMachine;
  beforeAll(async () => {
    clips = madeClips();
    team = await startTeamNetwork();
  });
  afterAll(async () => {
    await team?.close();
    clips?.remove();
  });

  const starts = (name: string): number[] =>
    stages.map(
      (stage) => team.journal(name).filter(({ what, name: which }) => what === 'start' && which === stage).length,
    );
  const hasBegun = (name: string, stage: string) => (): boolean =>
    team.journal(name).some(({ what, name: which }) => what === 'start' && which === stage);
  /** What the window heard of the clip's way up: bytes, each time. */
  const bytesSent = ({ clipSha256 }: JobView, since = 0): number[] =>
    team.coach.feed
      .teams(since)
      .flatMap(({ transfers }) => transfers.find(({ id }) => id === `up-${clipSha256}`)?.bytesDone ?? []);
  /** What the window is told when the coach's cable is out. It has to be told soon. */
  const isTold = (since: number, outbox: number) =>
    until(
      'the window says that the team is away',
      () =>
        team.coach.feed
          .teams(since)
          .find(
            (each) =>
              each.state === 'reconnecting' && each.problem?.code === 'TEAM_UNREACHABLE' && each.outbox === outbox,
          ),
      15,
    );
  /** How the team was said to be, without repetitions. */
  const statesSince = (since: number): string[] =>
    team.coach.feed.teams(since).flatMap(({ state }, i, all) => (state === all[i - 1]?.state ? [] : [state]));
  /** How the job was said to be, without repetitions. */
  const storyOf = ({ id }: JobView, since = 0): string[] =>
    team.coach.feed
      .jobs(id, since)
      .map(({ status, place }) => `${status} ${place}`)
      .filter((each, i, all) => each !== all[i - 1]);
  const isToldRunning = (job: JobView) =>
    until('the window says that it runs', () => storyOf(job).at(-1) === 'running team');
  const expectHome = async (job: JobView): Promise<void> => {
    const { analysisId = '' } = await team.coach.done(job.id);
    // Here as soon as the window says so.
    for (const name of analysisFileNames)
      expect(JSON.parse((await analysisFile(team.coach, analysisId, name)).toString())).toEqual(
        [0, 1, 2].map((i) => `["chunk",${i}]`),
      );
    // Here, then there, then here as a whole. There it waits for a worker twice: which of that was seen is chance.
    const [first, ...later] = storyOf(job);
    expect([first, later.pop()]).toEqual(['queued local', 'done team']);
    expect(later.filter((each) => each !== 'queued team' && each !== 'running team')).toEqual([]);
  };
  /** The worker machine cannot be heard any more. */
  const isSilent = (): Promise<boolean> =>
    until('the worker machine has fallen silent', async () => {
      const heartbeats = await team.askRedis('hvals', `${team.keyPrefix}:workers`);
      const last = Math.max(...heartbeats.split('\n').map((text) => parseHeartbeat(text)?.at ?? 0));
      return Date.now() - last > 4000;
    });

  it('analyses on the worker machine what was dropped on the coach’s, bit-equal to the coach’s app alone', async () => {
    const path = makePersonClip(clips, 60);
    const { coach } = team;
    const alone = await startLoopback(join(team.folder, 'alone'));
    const built = await team.startWorkerMachine('rig', 'built');
    try {
      const job = await coach.analysisOf(await coach.importFile(path));
      const here = await analysed(alone, await alone.importFile(path));
      const { analysisId = '', place } = await coach.done(job.id);
      expect([analysisId, place]).toEqual([here, 'team']);
      for (const name of analysisFileNames) {
        const [there, own] = [await analysisFile(coach, analysisId, name), await analysisFile(alone, here, name)];
        if (name === analysisFiles.document) expect(withoutTimes(there)).toEqual(withoutTimes(own));
        else expect(there.equals(own), name).toBe(true);
      }
      const { details } = await coach.call('jobs.details', { jobId: job.id });
      expect(details.workers.every((worker) => worker.startsWith('rig-1'))).toBe(true);
      const chunkStarts = details.timeline.flatMap(({ kind, chunk }) => (kind === 'started' ? (chunk ?? []) : []));
      expect(chunkStarts.sort()).toEqual(Array.from({ length: details.chunks?.total ?? 0 }, (_, i) => i));

      for (const kind of ['overlay', 'csv', 'json', 'c3d'] as const) {
        const theirs = await exported(coach, analysisId, kind);
        const ours = await exported(alone, here, kind);
        // What is made from numbers is made at once; a film is the team's work, and is here when it is said to be done.
        expect(theirs.job.place, kind).toBe(kind === 'overlay' ? 'team' : 'local');
        if (kind === 'json') expect(withoutTimes(theirs.file)).toEqual(withoutTimes(ours.file));
        else expect(theirs.file.equals(ours.file), kind).toBe(true);
        if (kind !== 'overlay') continue;
        const { workers } = (await coach.call('jobs.details', { jobId: theirs.job.id })).details;
        expect(workers.every((worker) => worker.startsWith('rig-1'))).toBe(true);
      }
    } finally {
      expect(await built.end()).toBe(0);
      await alone.end('SIGTERM');
    }
    expect(built.said.at(-1)).toMatch(/^Ending/);
  });

  it('goes on with an upload where the coach’s cable was pulled', async () => {
    machine = await team.startWorkerMachine('rig', 'staged');
    const { feed } = team.coach;
    const clipBytes = 24 * 2 ** 20;
    const job = await team.analyse('upload', {}, clipBytes);
    await until('a part has been sent', () => (bytesSent(job).at(-1) ?? 0) > clipBytes / 8);
    await team.hosts.coach.unplug();
    const out = feed.mark();
    await isTold(out, 1);
    expect(bytesSent(job).at(-1)).toBeLessThan(clipBytes);
    expect(statesSince(out).at(-1)).toBe('reconnecting');
    // What waits on this computer is not said to be anywhere else.
    expect(storyOf(job)).toEqual(['queued local']);
    await team.hosts.coach.plug();
    await expectHome(job);
    expect(statesSince(out).filter((state) => state !== 'team')).toEqual(['reconnecting']);
    expect(starts('upload')).toEqual([1, 1, 1, 1, 1]);
    // Never sent from the beginning again.
    const sent = bytesSent(job);
    expect(sent.filter((bytes, i) => bytes < (sent[i - 1] ?? 0) - 2 ** 21)).toEqual([]);
  });

  it('loses nothing where the worker machine’s cable was pulled during work and the chunk’s way home', async () => {
    const gate = team.gate('cable');
    const job = await team.analyse('work', { gates: { 'chunk-1': gate.path } });
    await until('the chunk is in hand', hasBegun('work', 'chunk-1'));
    await isToldRunning(job);
    const out = team.coach.feed.mark();
    await team.hosts.rig.unplug();
    await isSilent();
    gate.open();
    await until('the chunk is done, and cannot be sent', () =>
      team.journal('work').some(({ what, name }) => what === 'end' && name === 'chunk-1'),
    );
    // The team answers; its work is under way.
    expect(storyOf(job).at(-1)).toBe('running team');
    await team.hosts.rig.plug();
    await expectHome(job);
    expect(new Set(statesSince(out))).toEqual(new Set(['team']));
    // The one in hand may be done again where the cable was out for longer than its lock; nothing else.
    const [plan, first, inHand = 0, ...others] = starts('work');
    expect([plan, first, ...others]).toEqual([1, 1, 1, 1]);
    expect(inHand).toBeLessThanOrEqual(2);
  });

  it('brings an analysis home that was finished while the coach’s cable was out', async () => {
    const gate = team.gate('finish');
    const job = await team.analyse('home', { gates: { finish: gate.path } });
    await until('the last stage has begun', hasBegun('home', 'finish'));
    await isToldRunning(job);
    const out = team.coach.feed.mark();
    await team.hosts.coach.unplug();
    gate.open();
    await until('the queue has the result', async () =>
      (await team.askRedis('hget', `${team.keyPrefix}:analysis:${job.id}`, 'returnvalue')).includes('analysisId'),
    );
    await isTold(out, 0);
    // Done it is when it is here.
    expect(storyOf(job).at(-1)).toMatch(/^(running|queued) team$/);
    await team.hosts.coach.plug();
    await expectHome(job);
    expect(statesSince(out).filter((state) => state !== 'team')).toEqual(['reconnecting']);
    expect(starts('home')).toEqual([1, 1, 1, 1, 1]);
    expect(await machine.end()).toBe(0);
  });
});

/** Resolves to the analysis of the clip. */
async function analysed(app: AppUnderTest, clipSha256: string): Promise<string> {
  return await until('the analysis is done', async () => {
    const { jobs } = await app.call('jobs.list', {});
    const job = jobs.find(({ kind, clipSha256: of }) => kind === 'analyse-clip' && of === clipSha256);
    if (job?.status === 'failed') throw new Error(JSON.stringify(job.failure));
    return job?.analysisId;
  });
}

async function exported(
  app: AppUnderTest,
  analysisId: string,
  kind: ExportKind,
): Promise<{ job: JobView; file: Buffer }> {
  const { jobId } = await app.call('export.start', { analysisId, kind });
  const job = await until(`${kind} is exported`, async () => {
    const now = await app.job(jobId);
    if (now.status === 'failed') throw new Error(JSON.stringify(now.failure));
    return now.status === 'done' && now;
  });
  const { sha256 = '', mediaType = '', byteLength } = job.exported?.file ?? {};
  const query = new URLSearchParams({ type: mediaType, bytes: `${byteLength}` });
  const response = await fetch(new URL(`/asset/${sha256}?${query}`, app.origin), { headers: app.headers });
  expect(response.status).toBe(200);
  return { job, file: Buffer.from(await response.arrayBuffer()) };
}

/** Of a document: when it was made and how long that took are its own; all else is not. */
function withoutTimes(json: Buffer): unknown {
  return JSON.parse(json.toString(), (key, value) => (['createdAt', 'timings'].includes(key) ? undefined : value));
}
