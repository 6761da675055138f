/** Members who want more than they may have. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Invitation } from '../../../worker/protocol/invitation.ts';
import { teamPaths } from '../../../worker/protocol/team.ts';
import { assetPath, bearer, newHash, type SecurityBench } from './security-bench.ts';

export function describeMembers(security: () => SecurityBench): void {
  it('another team sees nothing of this one, in the store and in the queue', async () => {
    const answer = await security().bench.ask('GET', assetPath(security().clip.sha256), {
      authorization: security().other.team.http.headers['authorization'] ?? '',
    });
    const absent = await security().bench.ask('GET', assetPath(newHash()), {
      authorization: security().other.team.http.headers['authorization'] ?? '',
    });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(absent.body);
    await security().coach.redis.set(`${security().coach.team.keyPrefix}:secret`, 'ours');
    await expect(security().other.redis.get(`${security().coach.team.keyPrefix}:secret`)).rejects.toThrow(/NOPERM/);
    await expect(security().coach.redis.get(`${security().coach.team.keyPrefix}:secret`)).resolves.toBe('ours');
  });

  it('each role has its rights and no more', async () => {
    const viewer = await security().bench.invite('Vic', 'viewer');
    const rig = await security().bench.invite('Rig', 'worker');
    const status = async (who: Invitation, path: string, method = 'GET') =>
      (await security().bench.ask(method, path, bearer(who))).status;
    expect(await status(viewer, teamPaths.metrics)).toBe(200);
    expect(await status(viewer, assetPath(security().clip.sha256))).toBe(403);
    expect(await status(viewer, teamPaths.uploads, 'POST')).toBe(403);
    expect(await security().canLogIn(viewer)).toBe(false);
    expect(await status(rig, assetPath(security().clip.sha256))).toBe(200);
    expect(await status(rig, teamPaths.metrics)).toBe(403);
    for (const who of [viewer, rig, security().invitation]) {
      expect(await status(who, teamPaths.members)).toBe(403);
      expect(await status(who, `${teamPaths.members}/Ann`, 'DELETE')).toBe(403);
    }
    expect((await security().operate('GET', teamPaths.members)).body.toString()).toContain('"Ann"');
    expect(
      (await security().operate('POST', teamPaths.members, { name: 'X', role: 'coach', team: 'bears' })).status,
    ).toBe(403);
    expect((await security().operate('DELETE', `${teamPaths.members}/Bea`)).status).toBe(404);
    await security().isLogged(/no right to members/);
  });

  it('no path leads out of the store', async () => {
    const inside = (await readFile(join(security().bench.dataDirectory, 'members.json'))).toString();
    const tricks = [
      ...[
        '/v1/assets/../../members.json',
        '/v1/assets/..%2f..%2fmembers.json',
        '/v1/assets/%2e%2e/%2e%2e/members.json',
      ],
      ...[
        '/v1/assets/....//members.json',
        '/v1/assets/..\\..\\members.json',
        `/v1/assets/${security().clip.sha256}%00.json`,
      ],
      ...[
        `/v1/assets/${security().clip.sha256}.json`,
        `/v1/assets/../assets/${security().clip.sha256}/../../members.json`,
      ],
      ...['/v1/uploads/..%2f..%2fmembers', '/v1/uploads/../../members', `/v1/uploads/${security().clip.sha256}.json`],
      ...[`/v1/uploads/../bears/${security().clip.sha256}`, `//etc/passwd`, `/v1/uploads/%00`],
    ];
    for (const trick of tricks)
      for (const method of ['GET', 'HEAD', 'PATCH', 'DELETE']) {
        const answer = await security().bench.ask(method, trick, {
          ...security().tusHeaders(newHash(), 10),
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        });
        expect([400, 404], `${method} ${trick}`).toContain(answer.status);
        expect(answer.body.toString()).not.toContain('hash');
      }
    expect((await readFile(join(security().bench.dataDirectory, 'members.json'))).toString()).toContain(
      JSON.parse(inside).members[0].hash,
    );
    await security().isLogged(/no such upload/);
    await security().isLogged(/no such address/);
    await security().isLogged(/no address/);
  });
}
