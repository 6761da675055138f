/** A coach's cable to the team is pulled at the worst moments; what waits goes on when it is back, nothing twice. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import type { TeamStatus } from '../../src-main/contract/team-views.ts';
import type { App } from '../../src-main/core/app.ts';
import { until } from './app-under-test.ts';
import type { StagePlan } from './stage-plan.ts';
import { allStages, createTeamDesktops, type Desktop, ended, starts, type TeamDesktops } from './team-desktops.ts';
import { teamServerNotBuilt } from './team-server-bench.ts';

const isIn = (app: App, state: TeamStatus['state']) => (): boolean => app.team.status().state === state;

/** A clip of that many bytes, whose stages do what the plan says. */
async function analyseLarge(desktop: Desktop, app: App, name: string, bytes: number): Promise<JobView> {
  const path = join(desktop.folder, `${name}.mp4`);
  writeFileSync(path, randomBytes(bytes));
  const plan: StagePlan = {
    journal: join(desktop.folder, `${name}.journal`),
    ...{ chunks: 3, framesPerChunk: 10, gates: {}, failures: {} },
  };
  const { clip } = await app.work.storeFile(path, `${name}.mp4`);
  return await app.work.analyse({ clip, name: JSON.stringify(plan) }, { model: 'blazepose-lite' });
}

describe.skipIf(teamServerNotBuilt !== undefined)('the cable to a team', () => {
  let team: TeamDesktops;
  beforeAll(async () => {
    team = await createTeamDesktops();
    await team.addWorkers('shed', 1);
  }, 60_000);
  afterAll(() => team?.close());

  it('pulled while the clip goes up: the window says so, the rest of the clip follows, once', async () => {
    const desktop = await team.desktop('Ann');
    const app = await desktop.open();
    await desktop.switch(app, true);
    const bytes = 6_000_000;
    const before = team.cables.web.bytesUp;
    const cut = team.cables.web.cutAfter('up', bytes / 2);
    const job = await analyseLarge(desktop, app, 'up', bytes);
    expect(job).toMatchObject({ status: 'queued', place: 'local' });
    await cut;
    team.pull();
    await until('it says that the team is away', isIn(app, 'reconnecting'));
    expect(app.team.status()).toMatchObject({ outbox: 1, problem: { code: 'TEAM_UNREACHABLE' } });
    team.plug();
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'team' });
    expect(app.team.status()).toMatchObject({ state: 'team', outbox: 0 });
    // What was on the wire when it broke may have gone twice; half of the clip has not.
    expect(team.cables.web.bytesUp - before).toBeLessThan(1.3 * bytes);
    expect(starts(desktop, 'up')).toEqual(allStages);
    await app.stop();
  });

  it('pulled while the team works: the work goes on, and its result comes home when the cable is back', async () => {
    const desktop = await team.desktop('Ben');
    const app = await desktop.open();
    await desktop.switch(app, true);
    const gate = desktop.gate('chunk-1');
    const job = await desktop.analyse(app, 'work', { gates: { 'chunk-1': gate.path } });
    await until('it is under way', () => starts(desktop, 'work').includes('chunk-1'));
    team.pull();
    await until('it says that the team is away', isIn(app, 'reconnecting'));
    gate.open();
    await until('the team is ready', () =>
      desktop.journal('work').some((l) => l.name === 'finish' && l.what === 'end'),
    );
    expect(app.board.get(job.id).status).toBe('running');
    team.plug();
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'team' });
    expect(starts(desktop, 'work')).toEqual(allStages);
    await app.stop();
  });

  it('pulled while the result comes home: it is not shown as done before it is here', async () => {
    const desktop = await team.desktop('Cat');
    const app = await desktop.open();
    await desktop.switch(app, true);
    const gate = desktop.gate('finish');
    const job = await desktop.analyse(app, 'home', { gates: { finish: gate.path } });
    await until('it is at its end', () => starts(desktop, 'home').includes('finish'));
    // Only the way of files is broken: the queue still says how the job is.
    team.cables.web.cut(true);
    gate.open();
    const address = { queue: 'analysis', id: job.id } as const;
    await until('it is done there', async () => {
      const there = await app.team.board.engineOf(job.id).get(address);
      return there?.state === 'completed';
    });
    await until('it says that the team is away', isIn(app, 'reconnecting'));
    expect(app.board.get(job.id).status).toBe('running');
    expect(await app.stores.analyses.has(job.clipSha256)).toBe(false);
    team.plug();
    const done = await ended(app, job);
    expect(done).toMatchObject({ status: 'done', place: 'team' });
    expect(await app.stores.analyses.has(done.analysisId ?? '')).toBe(true);
    expect(starts(desktop, 'home')).toEqual(allStages);
    await app.stop();
  });

  it('out when the app starts: jobs wait in the outbox over restarts, are cancelled there, and go when it is back', async () => {
    const desktop = await team.desktop('Dan');
    let app = await desktop.open();
    await desktop.switch(app, true);
    team.pull();
    await until('it says that the team is away', isIn(app, 'reconnecting'));
    const job = await desktop.analyse(app, 'wait');
    const dropped = await desktop.analyse(app, 'dropped');
    await app.board.cancel(dropped.id);
    expect(app.board.get(dropped.id).status).toBe('cancelled');
    await app.stop();
    app = await desktop.open();
    await until('it says that the team is away', isIn(app, 'reconnecting'));
    expect(app.team.status().outbox).toBe(1);
    expect(app.board.get(job.id)).toMatchObject({ status: 'queued', place: 'local' });
    team.plug();
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'team' });
    expect(starts(desktop, 'dropped')).toEqual([]);
    await app.stop();
  });

  it('out, and the coach does not want to wait: done here; what the team has done meanwhile is taken from it', async () => {
    const [desktop, other] = [await team.desktop('Eve'), await team.desktop('Fay')];
    const [app, others] = [await desktop.open(), await other.open()];
    await app.calls['settings.set']({ settings: { team: { whenUnreachable: 'local' } } });
    await desktop.switch(app, true);
    await other.switch(others, true);
    const plan = { journal: join(desktop.folder, 'same.journal') };
    const done = await other.analyse(others, 'same', plan);
    expect(await ended(others, done)).toMatchObject({ status: 'done' });
    team.pull();
    await until('it says that the team is away', isIn(app, 'reconnecting'));
    const same = await desktop.analyse(app, 'same', plan);
    const alone = await desktop.analyse(app, 'alone');
    expect([app.board.get(same.id), app.board.get(alone.id)]).toMatchObject([{ place: 'local' }, { place: 'local' }]);
    team.plug();
    expect(await ended(app, same)).toMatchObject({ status: 'done', place: 'team' });
    expect(starts(desktop, 'same')).toEqual(allStages);
    expect(await app.stores.analyses.has(done.analysisId ?? same.clipSha256)).toBe(true);
    // Nobody else was asked for it: it is still this computer's.
    app.fleet.resize(1);
    expect(await ended(app, alone)).toMatchObject({ status: 'done', place: 'local' });
    await app.stop();
    await others.stop();
  });
});
