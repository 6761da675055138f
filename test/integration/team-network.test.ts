/** A clip on the coach's computer is analysed on another one, with cables that are pulled: see team-network.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analysisDocumentSchema, analysisFileNames, analysisFiles } from '../../worker/protocol/analysis.ts';
import { parseHeartbeat } from '../../worker/protocol/control.ts';
import { until } from './app-under-test.ts';
import { type MadeClips, madeClips } from './media-made-clips.ts';
import { makePersonClip, personSource } from './person-clip.ts';
import { createPipelineBench } from './run-pipeline.ts';
import { noTeamNetwork, startTeamNetwork, type TeamNetwork, type WorkerMachine } from './team-network.ts';

const obstacle = noTeamNetwork ?? (personSource === undefined ? 'no clip with a person' : undefined);

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

  const starts = (id: string, stage: string): number =>
    team.journal(id).filter(({ what, name }) => what === 'start' && name === stage).length;
  const bytesSent = (id: string): number =>
    Math.max(0, ...team.news(id).map((each) => (each.kind === 'sent' ? each.bytes : 0)));
  /** Nothing has moved for a while: the cable is really out. */
  const isStill = async (id: string): Promise<void> => {
    let looks = 0;
    let before = -1;
    await until('the upload stands still', () => {
      looks = bytesSent(id) === before ? looks + 1 : 0;
      before = bytesSent(id);
      return looks > 20;
    });
  };
  /** The worker machine cannot be heard any more. */
  const isSilent = (): Promise<boolean> =>
    until('the worker machine has fallen silent', async () => {
      const heartbeats = await team.askRedis('hvals', `${team.keyPrefix}:workers`);
      const last = Math.max(...heartbeats.split('\n').map((text) => parseHeartbeat(text)?.at ?? 0));
      return Date.now() - last > 4000;
    });
  const expectHome = async (id: string): Promise<void> => {
    const { folder } = await team.home(id);
    for (const name of analysisFileNames)
      expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual([0, 1, 2].map((i) => `["chunk",${i}]`));
  };

  it('analyses on the worker machine what the coach has, and every number comes home bit-equal', async () => {
    const path = makePersonClip(clips, 60);
    const local = await createPipelineBench();
    try {
      const here = await local.analyse({ path, model: 'blazepose-lite' });
      const built = await team.startWorkerMachine('rig', 'built');
      team.order({ id: 'real', path, clipName: 'clip.mp4' });
      const { analysisId, folder } = await team.home('real');
      expect(analysisId).toBe(here.document.analysisId);
      for (const name of analysisFileNames.filter((each) => each !== analysisFiles.document)) {
        const there = readFileSync(join(folder, name));
        expect(there.equals(Buffer.from(await local.ports.analyses.read(analysisId, name))), name).toBe(true);
      }
      const document = analysisDocumentSchema.parse(
        JSON.parse(readFileSync(join(folder, analysisFiles.document), 'utf8')),
      );
      const { versions, timings, createdAt, devices, ...same } = document;
      expect(here.document).toMatchObject(same);
      expect(await built.end()).toBe(0);
      expect(built.said.at(-1)).toMatch(/^Ending/);
    } finally {
      await local.close();
    }
  });

  it('goes on with an upload where the coach’s cable was pulled', async () => {
    machine = await team.startWorkerMachine('rig', 'staged');
    const clipBytes = 24 * 2 ** 20;
    await team.analyse('upload', {}, clipBytes);
    await until('a part has been sent', () => bytesSent('upload') > clipBytes / 8);
    await team.hosts.coach.unplug();
    await isStill('upload');
    expect(bytesSent('upload')).toBeLessThan(clipBytes);
    await team.hosts.coach.plug();
    await expectHome('upload');
    expect(['plan', 'chunk-0', 'chunk-1', 'chunk-2', 'finish'].map((stage) => starts('upload', stage))).toEqual(
      Array(5).fill(1),
    );
    // Never sent from the beginning again.
    const sent = team.news('upload').flatMap((each) => (each.kind === 'sent' ? [each.bytes] : []));
    expect(sent.filter((bytes, i) => bytes < (sent[i - 1] ?? 0) - 2 ** 21)).toEqual([]);
  });

  it('loses nothing where the worker machine’s cable was pulled during work and the chunk’s way home', async () => {
    const gate = team.gate('cable');
    await team.analyse('work', { gates: { 'chunk-1': gate.path } });
    await until('the chunk is in hand', () => starts('work', 'chunk-1') > 0);
    await team.hosts.rig.unplug();
    await isSilent();
    gate.open();
    await until('the chunk is done, and cannot be sent', () =>
      team.journal('work').some(({ what, name }) => what === 'end' && name === 'chunk-1'),
    );
    expect(team.news('work').some(({ kind }) => kind === 'home')).toBe(false);
    await team.hosts.rig.plug();
    await expectHome('work');
    // The one in hand may be done again where the cable was out for longer than its lock; nothing else.
    expect(starts('work', 'chunk-1')).toBeLessThanOrEqual(2);
    expect(['plan', 'chunk-0', 'chunk-2', 'finish'].map((stage) => starts('work', stage))).toEqual([1, 1, 1, 1]);
  });

  it('brings an analysis home that was finished while the coach’s cable was out', async () => {
    const gate = team.gate('finish');
    await team.analyse('home', { gates: { finish: gate.path } });
    await until('the last stage has begun', () => starts('home', 'finish') > 0);
    await team.hosts.coach.unplug();
    gate.open();
    await until('the queue has the result', async () =>
      (await team.askRedis('hget', `${team.keyPrefix}:analysis:home`, 'returnvalue')).includes('analysisId'),
    );
    expect(team.news('home').some(({ kind }) => kind === 'home')).toBe(false);
    await team.hosts.coach.plug();
    await expectHome('home');
    expect(starts('home', 'finish')).toBe(1);
    expect(await machine.end()).toBe(0);
  });
});
