/** The switch "Connect to team server", with real queues on both sides and staged work. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeInvitation } from '../../worker/protocol/invitation.ts';
import { assetMissingSentence } from '../../worker/protocol/team.ts';
import { until } from './app-under-test.ts';
import { allStages, createTeamDesktops, ended, starts, type TeamDesktops } from './team-desktops.ts';
import { teamServerNotBuilt } from './team-server-bench.ts';

describe.skipIf(teamServerNotBuilt !== undefined)('the switch to a team', () => {
  let team: TeamDesktops;
  beforeAll(async () => {
    team = await createTeamDesktops();
  });
  afterAll(() => team?.close());

  it('takes an invitation, keeps it for one user, and says nothing of its token', async () => {
    const desktop = await team.desktop('Ann');
    const app = await desktop.start({ workers: 0 });
    const link = encodeInvitation(await team.invite('Ann at home'));
    await expect(app.team.join('https://example.org')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(app.team.join(link.slice(0, -1))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const strange = encodeInvitation({ ...(await team.invite('Ann again')), token: `0123456789ab.${'x'.repeat(43)}` });
    await expect(app.team.join(strange)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
    expect(app.team.status().membership).toBeUndefined();
    const other = encodeInvitation({ ...(await team.invite('Ann later')), protocolVersion: 99 });
    await expect(app.team.join(other)).rejects.toMatchObject({
      code: 'PROTOCOL_MISMATCH',
      message: expect.stringMatching(
        /^This invitation is of a team server with another version.*Update .*this computer/,
      ),
    });

    const onlooker = await team.server.invite('Ann who looks on', 'viewer');
    await app.team.join(encodeInvitation(onlooker));
    await expect(desktop.switch(app, true)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });

    await app.team.join(link);
    const file = join(desktop.dataDirectory, 'team', 'membership.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(app.team.status()).toMatchObject({ state: 'local', membership: { team: 'aces', member: 'Ann at home' } });
    const secret = JSON.parse(readFileSync(file, 'utf8')).invitation.token;
    await desktop.switch(app, true);
    expect(app.team.status().state).toBe('team');
    expect(JSON.stringify([app.team.status(), desktop.log, app.board.list()])).not.toContain(secret);
    await app.team.leave('along');
    expect(app.team.status()).toMatchObject({ state: 'local', machines: [] });
    expect(app.team.status().membership).toBeUndefined();
    expect(() => statSync(file)).toThrow();
    await app.stop();
  });

  it('has an analysis done by the team and brings it home; a second desktop with the same clip computes nothing, and may cancel for itself', async () => {
    const workers = await team.addWorkers('shed', 1);
    const [ben, cat] = [await team.desktop('Ben'), await team.desktop('Cat')];
    const [bens, cats] = [await ben.open(), await cat.open()];
    await ben.switch(bens, true);
    await cat.switch(cats, true);
    const gate = ben.gate('finish');
    const plan = { gates: { finish: gate.path }, journal: join(ben.folder, 'same.journal') };
    const job = await ben.analyse(bens, 'same', plan);
    await until('it is in the team', () => bens.board.get(job.id).place === 'team');
    const same = await cat.analyse(cats, 'same', plan);
    expect(same.id).toBe(job.id);
    await until('the other one has joined', () => {
      const { place, status } = cats.board.get(job.id);
      return place === 'team' && status === 'running' && cats.team.status().outbox === 0;
    });
    await bens.board.cancel(job.id);
    expect(bens.board.get(job.id)).toMatchObject({ status: 'cancelled', place: 'team' });
    gate.open();
    const second = await ended(cats, same);
    expect(bens.board.get(job.id).status).toBe('cancelled');
    expect(await bens.stores.analyses.has(second.analysisId ?? '')).toBe(false);
    // Asked for again, it only has to come home.
    const first = await ended(bens, await ben.analyse(bens, 'same', plan));
    expect([first, second]).toMatchObject([
      { status: 'done', place: 'team' },
      { status: 'done', place: 'team' },
    ]);
    expect(starts(ben, 'same')).toEqual(allStages);
    for (const app of [bens, cats])
      expect((await app.stores.analyses.read(first.analysisId ?? '', 'analysis.json')).byteLength).toBeGreaterThan(0);
    await until('both see the machine and each other', () => {
      const { machines } = cats.team.status();
      return machines.some(({ workers: count }) => count > 0) && machines.filter(({ person }) => person).length === 2;
    });
    // At home, without the team: it is still there, and asked for again nothing is done.
    await ben.switch(bens, false);
    expect(await ben.analyse(bens, 'same', plan)).toMatchObject({ status: 'done' });
    expect(starts(ben, 'same')).toEqual(allStages);
    await bens.stop();
    await cats.stop();
    await workers.stop();
  });

  it('says so where the team server has let go of files, and sends the clip again when the job is tried again', async () => {
    const [una, vic] = [await team.desktop('Una'), await team.desktop('Vic')];
    const [unas, vics] = [await una.open(), await vic.open()];
    await una.switch(unas, true);
    await vic.switch(vics, true);
    const plan = { journal: join(una.folder, 'gone.journal') };
    const workers = await team.addWorkers('greenhouse', 1);
    expect(await ended(unas, await una.analyse(unas, 'gone', plan))).toMatchObject({ status: 'done', place: 'team' });
    // Whoever comes later finds it done, and nothing of it there; the worker machine has no copies any more either.
    for (const stored of [join(team.server.dataDirectory, 'assets'), join(team.server.folder, 'greenhouse', 'assets')])
      rmSync(stored, { recursive: true });
    const job = await vic.analyse(vics, 'gone', plan);
    const missing = { code: 'ASSET_MISSING', message: assetMissingSentence };
    expect(await ended(vics, job)).toMatchObject({ status: 'failed', failure: missing });
    await vics.board.retry(job.id);
    const { status, analysisId } = await ended(vics, job);
    expect(status).toBe('done');
    expect(await vics.stores.analyses.has(analysisId ?? '')).toBe(true);
    await unas.stop();
    await vics.stop();
    await workers.stop();
  });

  it('takes what is queued along, there and back, and lets what runs end where it is', async () => {
    const desktop = await team.desktop('Dan');
    const app = await desktop.open({ workers: 1 });
    const gate = desktop.gate('plan');
    const running = await desktop.analyse(app, 'running', { gates: { plan: gate.path } });
    const queued = await desktop.analyse(app, 'queued');
    await until('one runs', () => app.board.get(running.id).status === 'running');
    await desktop.switch(app, true, 'along');
    await until('the other one is in the team', () => app.board.get(queued.id).place === 'team');
    expect(app.board.get(running.id)).toMatchObject({ status: 'running', place: 'local' });
    expect(await app.team.board.viewOn('local', queued.id)).toBeUndefined();
    await desktop.switch(app, false, 'along');
    expect(app.board.get(queued.id)).toMatchObject({ status: 'queued', place: 'local' });
    gate.open();
    expect(await ended(app, running)).toMatchObject({ status: 'done', place: 'local' });
    expect(await ended(app, queued)).toMatchObject({ status: 'done', place: 'local' });
    for (const name of ['running', 'queued']) expect(starts(desktop, name)).toEqual(allStages);
    await app.stop();
  });

  it('leaves what is queued where it is, if the coach wants that; both queues go on', async () => {
    const desktop = await team.desktop('Eve');
    const app = await desktop.open({ workers: 1 });
    const gate = desktop.gate('plan');
    const running = await desktop.analyse(app, 'running', { gates: { plan: gate.path } });
    const queued = await desktop.analyse(app, 'queued');
    await desktop.switch(app, true, 'stay');
    const theirs = await desktop.analyse(app, 'theirs');
    await until('it is in the team', () => app.board.get(theirs.id).place === 'team');
    gate.open();
    for (const job of [running, queued])
      expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'local' });
    await desktop.switch(app, false, 'stay');
    expect(app.team.status()).toMatchObject({ state: 'local', leftBehind: 1 });
    const workers = await team.addWorkers('yard', 1);
    expect(await ended(app, theirs)).toMatchObject({ status: 'done', place: 'team' });
    expect(await app.stores.analyses.has(app.board.get(theirs.id).analysisId ?? '')).toBe(true);
    for (const name of ['running', 'queued', 'theirs']) expect(starts(desktop, name)).toEqual(allStages);
    await app.stop();
    await workers.stop();
  });

  it('does no damage where the server has another version: one sentence, and jobs wait', async () => {
    const newer = await startServerOfAnotherVersion(team.server.dataDirectory);
    const desktop = await team.desktop('Fay');
    let app = await desktop.open();
    const sentence = 'The team server has another version of Shadow Trainer. Use the same version on both.';
    const elsewhere = encodeInvitation({ ...(await team.invite('Fay elsewhere')), server: newer.address });
    await expect(app.team.join(elsewhere)).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH', message: sentence });
    expect(app.team.status().membership?.member).toBe('Fay');
    await desktop.switch(app, true);
    await app.stop();

    // The server is replaced by a newer one while the app is closed.
    const file = join(desktop.dataDirectory, 'team', 'membership.json');
    const before = readFileSync(file, 'utf8');
    const kept = JSON.parse(before);
    writeFileSync(file, JSON.stringify({ ...kept, invitation: { ...kept.invitation, server: newer.address } }));
    app = await desktop.open();
    await until('it says so', () => app.team.status().problem?.message === sentence);
    const job = await desktop.analyse(app, 'patient');
    expect(app.team.status()).toMatchObject({ state: 'reconnecting', outbox: 1 });
    await app.stop();
    await newer.close();

    writeFileSync(file, before);
    app = await desktop.open();
    const workers = await team.addWorkers('attic', 1);
    expect(await ended(app, job)).toMatchObject({ status: 'done', place: 'team' });
    expect(starts(desktop, 'patient')).toEqual(allStages);
    await app.stop();
    await workers.stop();
  });

  it('says why nobody lets it in any more, keeps what waits, and leaves only when nothing is under way', async () => {
    const desktop = await team.desktop('Gus');
    const app = await desktop.open();
    await desktop.switch(app, true);
    const job = await desktop.analyse(app, 'theirs for now');
    await until('it is in the team', () => app.board.get(job.id).place === 'team');
    await app.board.pause(job.id);
    const gate = desktop.gate('plan');
    const running = await desktop.analyse(app, 'under way', { gates: { plan: gate.path } });
    const workers = await team.addWorkers('loft', 1);
    await until('it is under way', () => starts(desktop, 'under way').includes('plan'));
    await expect(app.team.leave('along')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('still under way in the team'),
    });
    expect(app.team.status()).toMatchObject({ state: 'local', leftBehind: 1 });
    expect(app.board.get(job.id)).toMatchObject({ status: 'paused', place: 'local' });
    gate.open();
    expect(await ended(app, running)).toMatchObject({ status: 'done' });

    await desktop.switch(app, true);
    await team.server.command('revoke', 'Gus');
    await until('it says why', () => app.team.status().problem?.code === 'TEAM_REFUSED');
    const waiting = await desktop.analyse(app, 'afterwards');
    expect(app.team.status()).toMatchObject({ state: 'reconnecting', outbox: expect.any(Number) });
    await app.team.leave('along');
    expect(app.team.status()).toMatchObject({ state: 'local', outbox: 0 });
    app.fleet.resize(1);
    await app.board.resume(job.id);
    for (const each of [job, waiting]) expect(await ended(app, each)).toMatchObject({ status: 'done', place: 'local' });
    await app.stop();
    await workers.stop();
  });
});

/** With the key of the real one, so that the pin is right. */
async function startServerOfAnotherVersion(dataDirectory: string) {
  const read = (name: string): string => readFileSync(join(dataDirectory, 'tls', name), 'utf8');
  const server = createServer({ cert: read('certificate.pem'), key: read('key.pem') }, (_request, answer) => {
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify({ team: 'aces', name: 'Fay', role: 'coach', protocolVersion: 99, shape: 'unknown' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    address: { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
