/** Who has no business on a team server gets nothing from it, and is written down. One server for all: see the folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { teamPaths } from '../../worker/protocol/team.ts';
import { describeMembers } from './team-security/members.ts';
import { describeQueueUsers } from './team-security/queue-users.ts';
import { bearer, createSecurityBench, type SecurityBench } from './team-security/security-bench.ts';
import { describeStrangers } from './team-security/strangers.ts';
import { describeUploads } from './team-security/uploads.ts';
import { describeWire } from './team-security/wire.ts';
import { teamServerNotBuilt } from './team-server-bench.ts';

describe.skipIf(teamServerNotBuilt !== undefined)('security of a team server', { timeout: 60_000 }, () => {
  let opened: SecurityBench;
  const security = (): SecurityBench => opened;
  beforeAll(async () => {
    opened = await createSecurityBench();
  }, 60_000);
  afterAll(() => opened?.bench.close(), 60_000);

  describeStrangers(security);
  describeMembers(security);
  describeUploads(security);
  describeQueueUsers(security);
  describeWire(security);

  it('no secret lies on the disk or in the log', async () => {
    const secrets = [security().invitation, security().operator].map(({ token }) => token.split('.')[1] ?? '');
    const names = await readdir(security().bench.dataDirectory, { recursive: true, withFileTypes: true });
    for (const entry of names.filter((each) => each.isFile())) {
      const text = (await readFile(join(entry.parentPath, entry.name))).toString('latin1');
      for (const secret of secrets) expect(text.includes(secret), entry.name).toBe(false);
    }
    for (const secret of secrets) expect(JSON.stringify(security().bench.log())).not.toContain(secret);
  });

  it('health and metrics are told to those who may know', async () => {
    const metrics = (await security().bench.ask('GET', teamPaths.metrics, bearer(security().operator))).body.toString();
    expect(metrics).toMatch(/^shadow_trainer_team_refused_total [1-9]/m);
    const stored = Number(/^shadow_trainer_team_stored_bytes\{team="aces"\} (\d+)$/m.exec(metrics)?.[1]);
    expect(stored).toBeGreaterThanOrEqual(1000);
    expect(metrics).toMatch(/^shadow_trainer_team_stored_bytes_limit\{team="aces"\} 3000000$/m);
    expect(metrics).toMatch(/^shadow_trainer_team_uploads_corrupt_total [1-9]/m);
    expect(metrics).not.toContain('bears');
    const health = (await security().bench.ask('GET', teamPaths.health, bearer(security().operator))).body.toString();
    const stores = [{ team: 'aces', storedBytes: stored, limitBytes: 3_000_000 }];
    expect(JSON.parse(health)).toEqual({ healthy: true, stores });
    const { text } = await security().bench.command('health');
    expect(text).toMatch(/^All is well\.\nFiles of aces: 0\.0 of 0\.0 GB\.\nFiles of bears: /);
  });
});
