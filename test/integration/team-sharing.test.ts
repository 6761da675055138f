/** A coach's computer works for the team while nobody uses it; and the same numbers, whoever computes them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analysisDocumentSchema, analysisFileNames, analysisFiles } from '../../worker/protocol/analysis.ts';
import { builtFile, notReady, until } from './app-under-test.ts';
import { madeClips } from './media-made-clips.ts';
import { makePersonClip } from './person-clip.ts';
import { allStages, createTeamDesktops, ended, starts, type TeamDesktops } from './team-desktops.ts';
import { teamServerNotBuilt } from './team-server-bench.ts';

describe.skipIf(teamServerNotBuilt !== undefined)('workers of a coach', () => {
  let team: TeamDesktops;
  beforeAll(async () => {
    team = await createTeamDesktops();
  }, 60_000);
  afterAll(() => team?.close());

  it('work for the team while nobody uses the computer, and go at once when somebody does', async () => {
    const reading = { onMains: true, idleSeconds: 0 };
    const sharer = await team.desktop('Ann', { machine: { read: async () => reading } });
    const asker = await team.desktop('Ben');
    const [app, asking] = [await sharer.open({ workers: 1 }), await asker.open()];
    await sharer.switch(app, true);
    await asker.switch(asking, true);
    const gate = asker.gate('chunk-1');
    const job = await asker.analyse(asking, 'shared', { gates: { 'chunk-1': gate.path } });
    await until('it is in the team', () => asking.board.get(job.id).place === 'team');

    reading.idleSeconds = 3600;
    await app.calls['settings.set']({ settings: {} });
    expect(app.team.status().isSharing).toBe(false);
    await app.calls['settings.set']({ settings: { team: { shareWorkers: true } } });
    await until('it works for the other one', () => starts(asker, 'shared').includes('chunk-1'));
    expect(app.team.status().isSharing).toBe(true);
    await until('the other one sees who works', () =>
      asking.team
        .status()
        .machines.some(({ person, workers, busy }) => person === 'Ann' && workers === 1 && busy === 1),
    );

    // The coach who looks at the queue sees the team's, and may not tell it what to do; an operator may.
    // A heartbeat may be older than the chunk that is in hand now.
    const theirs = await until('its workers are listed, and what they do', async () =>
      (await asking.calls['workers.list']({})).workers.find(
        ({ place, status, currentJobs }) =>
          place === 'team' && status === 'busy' && currentJobs?.some((id) => id.endsWith('-chunk-1')),
      ),
    );
    await until('its queue is counted', () => asking.team.status().queue?.running === 1);
    const isPaused = async () => (await asking.calls['queue.statistics']({})).statistics.isPaused;
    for (const refused of [asking.calls['queue.pause']({}), asking.calls['workers.restart']({ workerId: theirs.id })])
      await expect(refused).rejects.toMatchObject({
        code: 'TEAM_REFUSED',
        message: expect.stringMatching(/^Only an operator/),
      });
    expect(await isPaused()).toBe(false);
    await asking.team.join(await team.link('Ben who operates', 'operator'));
    await until('it is connected again', () => asking.team.status().state === 'team');
    await asking.calls['queue.pause']({});
    expect(await isPaused()).toBe(true);
    expect((await app.calls['queue.statistics']({})).statistics.isPaused).toBe(true);
    await until('all are told', () => app.team.status().queue?.isPaused === true);
    await asking.calls['settings.set']({ settings: { metrics: { enabled: true, port: 0 } } });
    const { metricsAddress = '' } = await asking.calls['app.info']({});
    const figures = await (await fetch(metricsAddress)).text();
    expect(figures).toContain('shadow_trainer_queue_paused{queue="pose"} 0');
    expect(figures).toContain('shadow_trainer_queue_paused{team="aces",queue="pose"} 1');
    expect(figures).toContain(`shadow_trainer_worker_busy{team="aces",worker="${theirs.id}"} 1`);
    await asking.calls['queue.resume']({});

    reading.idleSeconds = 0;
    await until('it has stopped', () => asker.journal('shared').some(({ what }) => what === 'aborted'));
    expect(app.team.status().isSharing).toBe(false);
    await until('nobody works there any more', () =>
      asking.team.status().machines.every(({ workers }) => workers === 0),
    );
    expect(asking.board.get(job.id)).toMatchObject({ status: 'running', place: 'team' });

    gate.open();
    reading.idleSeconds = 3600;
    expect(await ended(asking, job)).toMatchObject({ status: 'done', place: 'team' });
    // Nothing but what was in hand is done again.
    expect(starts(asker, 'shared')).toEqual([...allStages, 'chunk-1'].sort());
    await app.stop();
    await asking.stop();
  });

  it.skipIf(notReady !== undefined)('or a team’s machine find the same numbers to the last bit', async () => {
    const clips = madeClips();
    try {
      const path = makePersonClip(clips, 70);
      const built = {
        workerScript: builtFile('worker.js'),
        redisGuardScript: builtFile('redis-guard.js'),
        runner: { execPath: process.execPath, env: {} },
      };
      const [here, there] = [await team.desktop('Cat', built), await team.desktop('Dan', built)];
      const [own, theirs] = [await here.open({ workers: 1 }), await there.open()];
      const analyse = async (app: typeof own) => {
        const { clip } = await app.work.storeFile(path, 'person.mp4');
        return await app.work.analyse({ clip, name: 'person.mp4' }, { model: 'blazepose-lite' });
      };
      const local = await ended(own, await analyse(own));
      await own.stop();
      await there.switch(theirs, true);
      const machine = await team.addWorkers('shed', 1, builtFile('worker.js'));
      const remote = await ended(theirs, await analyse(theirs));
      expect([local, remote]).toMatchObject([
        { status: 'done', place: 'local' },
        { status: 'done', place: 'team' },
      ]);
      expect(remote.analysisId).toBe(local.analysisId);
      const id = local.analysisId ?? '';
      for (const name of analysisFileNames.filter((each) => each !== analysisFiles.document))
        expect(
          Buffer.from(await theirs.stores.analyses.read(id, name)).equals(await own.stores.analyses.read(id, name)),
          name,
        ).toBe(true);
      const documentOf = async (app: typeof own) => {
        const text = new TextDecoder().decode(await app.stores.analyses.read(id, analysisFiles.document));
        // When it was made and how long that took is all that may differ.
        const { createdAt: _at, timings: _timings, ...rest } = analysisDocumentSchema.parse(JSON.parse(text));
        return rest;
      };
      expect(await documentOf(theirs)).toEqual(await documentOf(own));
      await machine.stop();
      await theirs.stop();
    } finally {
      clips.remove();
    }
  });
});
