/** What a team gets over: a master, the server, a machine that never comes back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './app-under-test.ts';
import { noTeamNetwork, startTeamNetwork, type TeamNetwork } from './team-network.ts';

describe.skipIf(noTeamNetwork !== undefined)(`outages of a team${noTeamNetwork ? ` (${noTeamNetwork})` : ''}`, () => {
  let team: TeamNetwork;
  beforeAll(async () => {
    team = await startTeamNetwork();
    await team.startWorkerMachine('rig', 'staged');
  });
  afterAll(() => team?.close());

  const startsOf = (id: string, stage: string) =>
    team.journal(id).filter(({ what, name }) => what === 'start' && name === stage);
  const counts = (id: string, ...stages: string[]): number[] => stages.map((stage) => startsOf(id, stage).length);

  it('goes on after the master of its queue was killed, with the chunk in hand', async () => {
    const gate = team.gate('failover');
    const job = await team.analyse('failover', { gates: { 'chunk-1': gate.path } });
    await until('the chunk is in hand', () => startsOf('failover', 'chunk-1').length > 0);
    await team.cluster.killMaster(team.keyPrefix);
    gate.open();
    await team.coach.done(job.id);
    // A failover may take the lock of the one in hand, and the last second of what was written; nothing else.
    expect(counts('failover', 'plan', 'chunk-0', 'chunk-2')).toEqual([1, 1, 1]);
    expect(startsOf('failover', 'chunk-1').length).toBeLessThanOrEqual(2);
  });

  it('waits for the server where it was killed, and sends what is done when it is back', async () => {
    const gate = team.gate('server');
    const job = await team.analyse('killed', { gates: { 'chunk-0': gate.path } });
    await until('the chunk is in hand', () => startsOf('killed', 'chunk-0').length > 0);
    await team.server.stop('SIGKILL');
    gate.open();
    await until('the chunk is done, and cannot be sent', () =>
      team.journal('killed').some(({ what, name }) => what === 'end' && name === 'chunk-0'),
    );
    await until('the window says that the team is away', async () => {
      const { status } = await team.coach.call('team.status', {});
      return status.state === 'reconnecting';
    });
    expect(await team.coach.job(job.id)).toMatchObject({ status: 'running', place: 'team' });
    await team.server.start();
    await team.coach.done(job.id);
    expect(counts('killed', 'plan', 'chunk-0', 'chunk-1', 'chunk-2', 'finish')).toEqual([1, 1, 1, 1, 1]);
  });

  it('computes on another machine what one that vanished for good had in hand, and only that', async () => {
    const gate = team.gate('vanished');
    const job = await team.analyse('vanished', { gates: { 'chunk-1': gate.path } });
    await until('the chunk is in hand', () => startsOf('vanished', 'chunk-1').length > 0);
    await team.hosts.rig.unplug();
    const spare = await team.startWorkerMachine('spare', 'staged');
    await until('the other machine has the chunk', () =>
      startsOf('vanished', 'chunk-1').some(({ worker }) => worker.startsWith('spare')),
    );
    await until('the window shows who is there, and no other', async () => {
      const { machines } = (await team.coach.call('team.status', {})).status;
      const working = machines.flatMap(({ name, workers }) => (workers > 0 ? [name.replace(/-.*/, '')] : []));
      return working.join() === 'spare';
    });
    gate.open();
    await team.coach.done(job.id);
    expect(counts('vanished', 'plan', 'chunk-0', 'chunk-1', 'chunk-2', 'finish')).toEqual([1, 1, 2, 1, 1]);
    expect(await spare.end()).toBe(0);
  });

  it('takes an invitation back from a machine that works: it ends, and says why', async () => {
    await team.hosts.rig.plug();
    const removed = await team.startWorkerMachine('rig', 'staged');
    const name = removed.name;
    expect((await team.server.command('revoke', name)).exitCode).toBe(0);
    expect(await removed.ended).toBe(3);
    expect(removed.log()).toContain('does not know this invitation');
  });
});
