/** Whoever has no valid token, or no longer one. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { teamPaths } from '../../../worker/protocol/team.ts';
import { until } from '../app-under-test.ts';
import { assetPath, bearer, newHash, type SecurityBench } from './security-bench.ts';

export function describeStrangers(security: () => SecurityBench): void {
  describe('without a valid token', () => {
    const paths = () => [
      ...[assetPath(security().clip.sha256), assetPath(newHash()), teamPaths.team, teamPaths.metrics, teamPaths.health],
      ...[
        teamPaths.members,
        teamPaths.uploads,
        `${teamPaths.uploads}/${security().clip.sha256}`,
        '/',
        '/nothing',
        '/../../etc',
      ],
    ];

    it('everything has the same answer, whatever is there', async () => {
      const tokens = [
        {},
        { authorization: 'Bearer nonsense' },
        { authorization: `Bearer ${security().invitation.token.slice(0, -2)}AA` },
        { authorization: `Basic ${security().invitation.token}` },
        { authorization: `Bearer ${'x'.repeat(5000)}` },
      ];
      const answers = new Set<string>();
      for (const headers of tokens)
        for (const path of paths())
          for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
            const { status, headers: said, body } = await security().bench.ask(method, path, headers);
            const { date: _date, ...rest } = said;
            answers.add(JSON.stringify([status, rest, body.toString()]));
          }
      expect([...answers]).toHaveLength(1);
      expect([...answers][0]).toMatch(/^\[401.*TEAM_REFUSED/);
      await security().isLogged(/no token/);
      await security().isLogged(/unknown or expired token/);
    });

    it('an expired invitation is worth nothing, in the store and in the queue', async () => {
      const short = await security().inviteOverHttps({ name: 'Eve', role: 'coach', expiresInSeconds: 2 });
      const joined = await security().bench.join(short);
      expect(await joined.redis.ping()).toBe('PONG');
      await until('it has expired', async () => {
        return (await security().bench.ask('GET', assetPath(security().clip.sha256), bearer(short))).status === 401;
      });
      await until('its Redis user is gone', async () => !(await security().canLogIn(short)));
    });

    it('a member who was removed is cut off at once, in the store and in the queue', async () => {
      const gone = await security().bench.invite('Mal', 'coach');
      const joined = await security().bench.join(gone);
      await joined.redis.set(`${joined.team.keyPrefix}:x`, '1', 'EX', 60);
      const closed = new Promise((resolve) => joined.redis.once('close', resolve));
      // A connection that has been used and is kept for the next request.
      const socket = await security().openTls();
      const cut = once(socket, 'close');
      const answered = once(socket, 'data');
      socket.write(
        `GET ${teamPaths.team} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gone.token}\r\nconnection: keep-alive\r\n\r\n`,
      );
      expect(String((await answered)[0])).toMatch(/^HTTP\/1.1 200/);
      expect((await security().bench.command('revoke', 'Mal')).exitCode).toBe(0);
      await Promise.all([closed, cut]);
      expect((await security().bench.ask('GET', assetPath(security().clip.sha256), bearer(gone))).status).toBe(401);
      expect(await security().canLogIn(gone)).toBe(false);
      await expect(joined.assets.localPath(security().clip)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
    });
  });
}
