/** The queue as a member of a team has it: over TLS, as a Redis user who may do what the queue needs and no more. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../integration/app-under-test.ts';
import {
  createTeamServerBench,
  type TeamMachine,
  type TeamServerBench,
  teamServerNotBuilt,
} from '../integration/team-server-bench.ts';
import { testJobControl } from './job-control.conformance.ts';
import { testJobEngine } from './job-engine.conformance.ts';
import { openRedisEngine } from './job-engines.ts';
import { testJobSchedules } from './job-schedules.conformance.ts';
import { testJobSharing } from './job-sharing.conformance.ts';
import { testJobWishes } from './job-wishes.conformance.ts';

describe.skipIf(teamServerNotBuilt !== undefined)('with the rights of a member', () => {
  let bench: TeamServerBench;
  let machine: TeamMachine;
  beforeAll(async () => {
    bench = await createTeamServerBench();
    await bench.start();
    machine = await bench.join(await bench.invite('Rig', 'worker'));
  }, 60_000);
  afterAll(() => bench?.close(), 60_000);

  /** Below the team's prefix, so that tests do not see each other's jobs. */
  const open = () => openRedisEngine(machine.team.redis, `${machine.team.keyPrefix}:${randomUUID()}`);
  for (const suite of [testJobEngine, testJobControl, testJobWishes, testJobSharing, testJobSchedules])
    suite('of a team', open);

  it('was refused nothing', async () => {
    const refused = () => bench.log().flatMap(({ event, object }) => (event === 'refused' ? [object] : []));
    // The server reads the refusals of Redis in turn: when it has this one, it has those before.
    await expect(machine.redis.call('keys', '*')).rejects.toThrow('NOPERM');
    await until('the refusal is in the log', () => refused().length > 0);
    expect(refused()).toEqual(['keys']);
  });
});
