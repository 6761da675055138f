/** An app that dies while its jobs change queues: each is in one queue afterwards, and done once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportedJobsSchema, snapshotJobs } from '../../worker/queue/exported-jobs.ts';
import { until } from './app-under-test.ts';
import { allStages, createTeamDesktops, ended, starts, type TeamDesktops } from './team-desktops.ts';
import { teamServerNotBuilt } from './team-server-bench.ts';

describe.skipIf(teamServerNotBuilt !== undefined)('an app that was killed in the middle of the switch', () => {
  let team: TeamDesktops;
  beforeAll(async () => {
    team = await createTeamDesktops();
  }, 60_000);
  afterAll(() => team?.close());

  it('had written the file, and not yet emptied its own queue: the job is in one queue, and done once', async () => {
    const desktop = await team.desktop('Ann');
    let app = await desktop.open();
    const job = await desktop.analyse(app, 'clip');
    const jobs = await snapshotJobs(app.team.board.engineOf(job.id));
    expect(jobs.jobs.map(({ id }) => id)).toEqual([job.id]);
    await desktop.switch(app, true, 'stay');
    expect(app.board.get(job.id).place).toBe('local');
    await app.stop();
    writeFileSync(join(desktop.dataDirectory, 'team', 'outbox.json'), JSON.stringify(jobs));
    app = await desktop.open();
    await until('it is in the team', () => app.board.get(job.id).place === 'team');
    expect(app.team.board.viewOn('local', job.id)).toBeUndefined();
    expect(app.team.status().outbox).toBe(0);
    const workers = await team.addWorkers('shed', 1);
    app.fleet.resize(1);
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'team' });
    expect(starts(desktop, 'clip')).toEqual(allStages);
    await app.stop();
    await workers.stop();
  });

  it('had given the job to the team, and not yet emptied the file: it is done once', async () => {
    const desktop = await team.desktop('Ben');
    let app = await desktop.open();
    const job = await desktop.analyse(app, 'given');
    const outbox = join(desktop.dataDirectory, 'team', 'outbox.json');
    const jobs = await snapshotJobs(app.team.board.engineOf(job.id));
    await desktop.switch(app, true, 'along');
    await until('it is in the team', () => app.board.get(job.id).place === 'team');
    const workers = await team.addWorkers('yard', 1);
    expect(await ended(app, job)).toMatchObject({ status: 'done' });
    await app.stop();
    writeFileSync(outbox, JSON.stringify(jobs));
    app = await desktop.open();
    await until('the file is empty', async () => {
      const { jobs: left } = exportedJobsSchema.parse(JSON.parse(await readFile(outbox, 'utf8')));
      return left.length === 0;
    });
    expect(await ended(app, job)).toMatchObject({ status: 'done' });
    expect(starts(desktop, 'given')).toEqual(allStages);
    await app.stop();
    await workers.stop();
  });

  it('was on the way back: with the file written, and with the team emptied already', async () => {
    const desktop = await team.desktop('Cat');
    let app = await desktop.open();
    await desktop.switch(app, true);
    const job = await desktop.analyse(app, 'back');
    await until('it is in the team', () => app.board.get(job.id).place === 'team');
    const jobs = await snapshotJobs(app.team.board.engineOf(job.id));
    const own = { ...jobs, jobs: jobs.jobs.filter(({ id }) => id === job.id) };
    await app.stop();
    const note = join(desktop.dataDirectory, 'team', 'membership.json');
    const membership = JSON.parse(await readFile(note, 'utf8'));
    const inbox = join(desktop.dataDirectory, 'team', 'inbox.json');
    writeFileSync(note, JSON.stringify({ ...membership, isOn: false, hasLeftBehind: true }));
    writeFileSync(inbox, JSON.stringify({ isTaken: false, jobs: own }));
    await cp(desktop.dataDirectory, `${desktop.dataDirectory}-later`, { recursive: true });

    app = await desktop.open({ workers: 1 });
    await until('it is back', () => app.board.list().some(({ id, place }) => id === job.id && place === 'local'));
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'local' });
    await expect(readFile(inbox)).rejects.toThrow();
    await app.stop();

    // The same once more, and the team has the job no longer.
    await rm(desktop.dataDirectory, { recursive: true });
    await cp(`${desktop.dataDirectory}-later`, desktop.dataDirectory, { recursive: true });
    await rm(join(desktop.folder, 'back.journal'));
    app = await desktop.open({ workers: 1 });
    await until('it is back', () => app.board.list().some(({ id, place }) => id === job.id && place === 'local'));
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'local' });
    expect(starts(desktop, 'back')).toEqual(allStages);
    await app.stop();
  });

  it('again and again, whenever: nothing is lost, and nothing is done twice', async () => {
    const desktop = await team.desktop('Dan');
    let app = await desktop.open();
    const names = Array.from({ length: 8 }, (_, i) => `many-${i}`);
    const jobs = await Promise.all(names.map((name) => desktop.analyse(app, name)));
    await app.stop();
    const script = join(import.meta.dirname, 'switching-app.ts');
    for (let death = 0; death < 4; death++) {
      const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, desktop.dataDirectory], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const died = once(child, 'exit');
      const turns = Math.floor(Math.random() * 3);
      await new Promise<void>((resolve) => {
        let heard = 0;
        child.on('message', () => {
          // Within the next turn, sooner or later.
          if (heard++ === turns) setTimeout(resolve, Math.random() * 120);
        });
        child.on('exit', () => resolve());
      });
      child.kill('SIGKILL');
      await died;
    }
    app = await until('the last one has let go of the folder', () => desktop.open().catch(() => undefined));
    await desktop.switch(app, true);
    const workers = await team.addWorkers('barn', 1);
    app.fleet.resize(1);
    for (const job of jobs) expect(await ended(app, job)).toMatchObject({ status: 'done' });
    for (const name of names) expect(starts(desktop, name), name).toEqual(allStages);
    expect(app.team.status()).toMatchObject({ state: 'team', outbox: 0 });
    await app.stop();
    await workers.stop();
  });

  it('finds its jobs again when it starts without the team, and sends once more what the team has lost', async () => {
    const desktop = await team.desktop('Eve');
    let app = await desktop.open();
    await desktop.switch(app, true);
    const job = await desktop.analyse(app, 'lost');
    await until('it is in the team', () => app.board.get(job.id).place === 'team');
    await app.stop();
    team.pull();
    app = await desktop.open();
    await until('it says that the team is away', () => app.team.status().problem?.code === 'TEAM_UNREACHABLE');
    expect(app.board.get(job.id)).toMatchObject({ kind: 'analyse-clip', status: 'queued', place: 'team' });
    expect((await desktop.analyse(app, 'lost')).id).toBe(job.id);
    expect(app.team.status().outbox).toBe(0);
    await team.forget();
    team.plug();
    const workers = await team.addWorkers('cellar', 1);
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'team' });
    expect(starts(desktop, 'lost')).toEqual(allStages);
    await app.stop();
    await workers.stop();
  });
});
