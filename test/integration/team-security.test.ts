/** Who has no business on a team server gets nothing from it, and is written down. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeInvitation, type Invitation } from '../../worker/protocol/invitation.ts';
import { protocolHeader, redisUserOf, teamPaths, wantedAssetKey } from '../../worker/protocol/team.ts';
import { fetchPinnedCertificate } from '../../worker/storage/team-http.ts';
import { nameWantedAsset } from '../../worker/wanted-assets.ts';
import { until } from './app-under-test.ts';
import {
  createTeamServerBench,
  type RawAnswer,
  type TeamMachine,
  type TeamServerBench,
  teamServerNotBuilt,
} from './team-server-bench.ts';

const host = '127.0.0.1';
const limits = {
  uploadBytes: 1_000_000,
  teamBytes: 3_000_000,
  unfinishedUploads: 3,
  slowSeconds: 1,
  leastBytesPerSecond: 10_000,
  headerSeconds: 1,
};

describe.skipIf(teamServerNotBuilt !== undefined)('security of a team server', { timeout: 60_000 }, () => {
  let bench: TeamServerBench;
  let invitation: Invitation;
  let coach: TeamMachine;
  let other: TeamMachine;
  let operator: Invitation;
  /** On the server, of the team `aces`. */
  let clip: Awaited<ReturnType<typeof putClip>>;
  beforeAll(async () => {
    bench = await createTeamServerBench({ limits });
    await bench.start();
    invitation = await bench.invite('Ann', 'coach');
    operator = await bench.invite('Op', 'operator');
    coach = await bench.join(invitation);
    other = await bench.join(await bench.invite('Bea', 'coach', '--team', 'bears'));
    clip = await putClip(1000);
    await coach.assets.upload(clip);
  }, 60_000);
  afterAll(() => bench?.close(), 60_000);

  const putClip = (bytes: number) => coach.stores.assets.putBytes(new Uint8Array(randomBytes(bytes)), 'video/mp4');
  const bearer = ({ token }: Pick<Invitation, 'token'>) => ({ authorization: `Bearer ${token}` });
  const refusals = (): readonly string[] =>
    bench.log().flatMap(({ event, reason }) => (event === 'refused' && reason !== undefined ? [reason] : []));
  const isLogged = (reason: RegExp) =>
    until(`${reason} in the log`, () => refusals().some((text) => reason.test(text)));
  const codeOf = ({ body }: RawAnswer): unknown => JSON.parse(body.toString()).code;
  const assetPath = (sha256: string): string => `${teamPaths.assets}/${sha256}`;
  const operate = async (method: string, path: string, body?: unknown): Promise<RawAnswer> =>
    await bench.ask(method, path, { ...bearer(operator), 'content-type': 'application/json' }, JSON.stringify(body));
  const inviteOverHttps = async (wish: object): Promise<Invitation> => {
    const answer = await operate('POST', teamPaths.members, wish);
    expect(answer.status).toBe(201);
    return decodeInvitation(z.object({ link: z.string() }).parse(JSON.parse(answer.body.toString())).link);
  };
  const tusHeaders = (sha256: string, size: number | undefined, mediaType = 'video/mp4') => {
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    return {
      ...bearer(invitation),
      'tus-resumable': '1.0.0',
      ...(size !== undefined && { 'upload-length': String(size) }),
      'upload-metadata': `sha256 ${encode(sha256)},mediaType ${encode(mediaType)}`,
    };
  };
  const newHash = (): string => createHash('sha256').update(randomBytes(8)).digest('hex');

  describe('without a valid token', () => {
    const paths = () => [
      ...[assetPath(clip.sha256), assetPath(newHash()), teamPaths.team, teamPaths.metrics, teamPaths.health],
      ...[teamPaths.members, teamPaths.uploads, `${teamPaths.uploads}/${clip.sha256}`, '/', '/nothing', '/../../etc'],
    ];

    it('everything has the same answer, whatever is there', async () => {
      const tokens = [
        {},
        { authorization: 'Bearer nonsense' },
        { authorization: `Bearer ${invitation.token.slice(0, -2)}AA` },
        { authorization: `Basic ${invitation.token}` },
        { authorization: `Bearer ${'x'.repeat(5000)}` },
      ];
      const answers = new Set<string>();
      for (const headers of tokens)
        for (const path of paths())
          for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
            const { status, headers: said, body } = await bench.ask(method, path, headers);
            const { date: _date, ...rest } = said;
            answers.add(JSON.stringify([status, rest, body.toString()]));
          }
      expect([...answers]).toHaveLength(1);
      expect([...answers][0]).toMatch(/^\[401.*TEAM_REFUSED/);
      await isLogged(/no token/);
      await isLogged(/unknown or expired token/);
    });

    it('an expired invitation is worth nothing, in the store and in the queue', async () => {
      const short = await inviteOverHttps({ name: 'Eve', role: 'coach', expiresInSeconds: 2 });
      const joined = await bench.join(short);
      expect(await joined.redis.ping()).toBe('PONG');
      await until('it has expired', async () => {
        return (await bench.ask('GET', assetPath(clip.sha256), bearer(short))).status === 401;
      });
      await until('its Redis user is gone', async () => !(await canLogIn(short)));
    });

    it('a member who was removed is cut off at once, in the store and in the queue', async () => {
      const gone = await bench.invite('Mal', 'coach');
      const joined = await bench.join(gone);
      await joined.redis.set(`${joined.team.keyPrefix}:x`, '1', 'EX', 60);
      const closed = new Promise((resolve) => joined.redis.once('close', resolve));
      // A connection that has been used and is kept for the next request.
      const socket = await openTls();
      const cut = once(socket, 'close');
      const answered = once(socket, 'data');
      socket.write(
        `GET ${teamPaths.team} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gone.token}\r\nconnection: keep-alive\r\n\r\n`,
      );
      expect(String((await answered)[0])).toMatch(/^HTTP\/1.1 200/);
      expect((await bench.command('revoke', 'Mal')).exitCode).toBe(0);
      await Promise.all([closed, cut]);
      expect((await bench.ask('GET', assetPath(clip.sha256), bearer(gone))).status).toBe(401);
      expect(await canLogIn(gone)).toBe(false);
      await expect(joined.assets.localPath(clip)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
    });
  });

  it('another team sees nothing of this one, in the store and in the queue', async () => {
    const answer = await bench.ask('GET', assetPath(clip.sha256), {
      authorization: other.team.http.headers['authorization'] ?? '',
    });
    const absent = await bench.ask('GET', assetPath(newHash()), {
      authorization: other.team.http.headers['authorization'] ?? '',
    });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(absent.body);
    await coach.redis.set(`${coach.team.keyPrefix}:secret`, 'ours');
    await expect(other.redis.get(`${coach.team.keyPrefix}:secret`)).rejects.toThrow(/NOPERM/);
    await expect(coach.redis.get(`${coach.team.keyPrefix}:secret`)).resolves.toBe('ours');
  });

  it('each role has its rights and no more', async () => {
    const viewer = await bench.invite('Vic', 'viewer');
    const rig = await bench.invite('Rig', 'worker');
    const status = async (who: Invitation, path: string, method = 'GET') =>
      (await bench.ask(method, path, bearer(who))).status;
    expect(await status(viewer, teamPaths.metrics)).toBe(200);
    expect(await status(viewer, assetPath(clip.sha256))).toBe(403);
    expect(await status(viewer, teamPaths.uploads, 'POST')).toBe(403);
    expect(await canLogIn(viewer)).toBe(false);
    expect(await status(rig, assetPath(clip.sha256))).toBe(200);
    expect(await status(rig, teamPaths.metrics)).toBe(403);
    for (const who of [viewer, rig, invitation]) {
      expect(await status(who, teamPaths.members)).toBe(403);
      expect(await status(who, `${teamPaths.members}/Ann`, 'DELETE')).toBe(403);
    }
    expect((await operate('GET', teamPaths.members)).body.toString()).toContain('"Ann"');
    expect((await operate('POST', teamPaths.members, { name: 'X', role: 'coach', team: 'bears' })).status).toBe(403);
    expect((await operate('DELETE', `${teamPaths.members}/Bea`)).status).toBe(404);
    await isLogged(/no right to members/);
  });

  it('no path leads out of the store', async () => {
    const inside = (await readFile(join(bench.dataDirectory, 'members.json'))).toString();
    const tricks = [
      ...[
        '/v1/assets/../../members.json',
        '/v1/assets/..%2f..%2fmembers.json',
        '/v1/assets/%2e%2e/%2e%2e/members.json',
      ],
      ...['/v1/assets/....//members.json', '/v1/assets/..\\..\\members.json', `/v1/assets/${clip.sha256}%00.json`],
      ...[`/v1/assets/${clip.sha256}.json`, `/v1/assets/../assets/${clip.sha256}/../../members.json`],
      ...['/v1/uploads/..%2f..%2fmembers', '/v1/uploads/../../members', `/v1/uploads/${clip.sha256}.json`],
      ...[`/v1/uploads/../bears/${clip.sha256}`, `//etc/passwd`, `/v1/uploads/%00`],
    ];
    for (const trick of tricks)
      for (const method of ['GET', 'HEAD', 'PATCH', 'DELETE']) {
        const answer = await bench.ask(method, trick, {
          ...tusHeaders(newHash(), 10),
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        });
        expect([400, 404], `${method} ${trick}`).toContain(answer.status);
        expect(answer.body.toString()).not.toContain('hash');
      }
    expect((await readFile(join(bench.dataDirectory, 'members.json'))).toString()).toContain(
      JSON.parse(inside).members[0].hash,
    );
    await isLogged(/no such upload/);
    await isLogged(/no such address/);
    await isLogged(/no address/);
  });

  describe('uploads', () => {
    const create = (sha256: string, size: number | undefined, mediaType?: string) =>
      bench.ask('POST', teamPaths.uploads, tusHeaders(sha256, size, mediaType));
    const want = (sha256: string, byteLength: number) =>
      nameWantedAsset(coach.redis, coach.team.keyPrefix, { sha256, byteLength, mediaType: 'video/mp4' });
    const unfinished = async (): Promise<string[]> => await readdir(join(bench.dataDirectory, 'uploads', 'aces'));

    it('are taken only for what was named, with its size and type, for a while', async () => {
      const sha256 = newHash();
      expect(await create(sha256, 100)).toMatchObject({ status: 403 });
      await want(sha256, 100);
      expect((await create(sha256, 101)).status).toBe(403);
      expect((await create(sha256, 100, 'text/html')).status).toBe(403);
      const forever = newHash();
      await coach.redis.set(
        wantedAssetKey(coach.team.keyPrefix, forever),
        JSON.stringify({ byteLength: 100, mediaType: 'video/mp4' }),
      );
      expect(codeOf(await create(forever, 100))).toBe('ASSET_UNWANTED');
      await isLogged(/ASSET_UNWANTED/);
    });

    it('say what they are, in full', async () => {
      expect((await create('../../etc', 100)).status).toBe(400);
      expect((await create(newHash(), undefined)).status).toBe(400);
      expect((await create(newHash(), -5)).status).toBe(400);
      expect((await create(newHash(), 100, 'text/html\r\nx: y')).status).toBe(400);
    });

    it('are not larger than a team may store', async () => {
      const large = newHash();
      await want(large, 1_000_001);
      expect(codeOf(await create(large, 1_000_001))).toBe('TEAM_FULL');
      const begun: string[] = [];
      const answers: number[] = [];
      for (let i = 0; i < 4; i++) {
        const sha256 = newHash();
        await want(sha256, 900_000);
        answers.push((await create(sha256, 900_000)).status);
        begun.push(sha256);
      }
      // The fourth is one too many; together they would be too much as well.
      expect(answers).toEqual([201, 201, 201, 429]);
      for (const sha256 of begun)
        await bench.ask('DELETE', `${teamPaths.uploads}/${sha256}`, tusHeaders(sha256, undefined));
      expect(await unfinished()).toEqual([]);
    });

    it('end where they said they would, also without a length', async () => {
      const sha256 = newHash();
      await want(sha256, 50_000);
      expect((await create(sha256, 50_000)).status).toBe(201);
      const headers = {
        ...tusHeaders(sha256, undefined),
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      };
      const path = `${teamPaths.uploads}/${sha256}`;
      // As chunks: a body without an end.
      const answer = await bench
        .ask('PATCH', path, { ...headers, 'transfer-encoding': 'chunked' }, randomBytes(900_000))
        .catch((error: NodeJS.ErrnoException) => error);
      if ('status' in answer) expect(answer.status).toBeGreaterThanOrEqual(400);
      const declared = await bench
        .ask('PATCH', path, { ...headers, 'content-length': '900000' }, randomBytes(900_000))
        .catch(() => undefined);
      if (declared) expect(declared.status).toBeGreaterThanOrEqual(400);
      for (const name of await unfinished())
        expect((await readFile(join(bench.dataDirectory, 'uploads', 'aces', name))).byteLength).toBeLessThanOrEqual(
          50_000,
        );
      await bench.ask('DELETE', path, tusHeaders(sha256, undefined));
    });

    it('that only hold a connection are cut off', async () => {
      const sha256 = newHash();
      await want(sha256, 500_000);
      expect((await create(sha256, 500_000)).status).toBe(201);
      const body = await openTls();
      body.write(
        `PATCH ${teamPaths.uploads}/${sha256} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${invitation.token}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 500000\r\n\r\n`,
      );
      const drip = setInterval(() => body.write('x'), 100);
      const headers = await openTls();
      headers.write('GET / HTTP/1.1\r\n');
      const more = setInterval(() => headers.write('x-slow: 1\r\n'), 100);
      const silent = connectPlain({ host, port: bench.port });
      silent.on('error', () => undefined);
      await Promise.all([body, headers, silent].map((socket) => once(socket, 'close')));
      clearInterval(drip);
      clearInterval(more);
      await isLogged(/slow body/);
      await isLogged(/no HTTP: ERR_HTTP_REQUEST_TIMEOUT/);
      await isLogged(/no TLS: ERR_TLS_HANDSHAKE_TIMEOUT/);
      await bench.ask('DELETE', `${teamPaths.uploads}/${sha256}`, tusHeaders(sha256, undefined));
    });
  });

  describe('in Redis', () => {
    it('a member has no keys, channels and commands but those of the team', async () => {
      const { redis } = coach;
      const refused: readonly (readonly [string, ...string[]])[] = [
        ...([
          ['get', 'x'],
          ['set', 'x', '1'],
          ['get', '{shadow-trainer-bears}:x'],
          ['del', '{shadow-trainer}:x'],
        ] as const),
        ...([
          ['get', '{shadow-trainer-acesx}:x'],
          ['hgetall', 'bull:analysis:meta'],
        ] as const),
        ...([
          ['keys', '*'],
          ['scan', '0'],
          ['randomkey'],
          ['dbsize'],
          ['flushall'],
          ['flushdb'],
          ['swapdb', '0', '1'],
        ] as const),
        ...([['config', 'get', '*'], ['config', 'set', 'dir', '/tmp'], ['debug', 'sleep', '0'], ['shutdown']] as const),
        ...([
          ['acl', 'whoami'],
          ['acl', 'list'],
          ['acl', 'setuser', 'me', 'on'],
          ['client', 'list'],
          ['client', 'kill', 'x:1'],
        ] as const),
        ...([
          ['save'],
          ['bgsave'],
          ['bgrewriteaof'],
          ['monitor'],
          ['replicaof', 'no', 'one'],
          ['module', 'list'],
        ] as const),
        ...([
          ['script', 'flush'],
          ['script', 'kill'],
          ['function', 'load', 'x'],
          ['slowlog', 'get'],
          ['latency', 'doctor'],
        ] as const),
        ...([
          ['migrate', 'h', '1', 'k', '0', '1'],
          ['object', 'encoding', 'x'],
          ['dump', '{shadow-trainer-aces}:x'],
        ] as const),
        ...([
          ['publish', '{shadow-trainer-bears}:control', 'x'],
          ['publish', 'x', 'y'],
          ['psubscribe', '*'],
        ] as const),
        ...([
          ['eval', "return redis.call('get', 'x')", '0'],
          ['eval', "return redis.call('get', KEYS[1])", '1', 'x'],
        ] as const),
        ...([
          ['eval', "return redis.call('config', 'get', '*')", '0'],
          ['rename', '{shadow-trainer-aces}:secret', 'x'],
        ] as const),
      ];
      for (const [name, ...args] of refused) {
        await expect(redis.call(name, ...args), [name, ...args].join(' ')).rejects.toThrow(
          /NOPERM|can't (run|access)|permission|denied|not allowed/i,
        );
      }
      expect(await redis.ping()).toBe('PONG');
      await isLogged(/redis command/);
      await isLogged(/redis key/);
      await isLogged(/redis channel/);
    });

    it('nobody comes in without a password, or with a wrong one, or in plain text', async () => {
      const tls = { rejectUnauthorized: false };
      const options = {
        host,
        port: bench.redisPort,
        lazyConnect: true,
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      };
      const attempts = [
        { ...options, tls },
        { ...options, tls, username: redisUserOf('aces', invitation.token), password: 'wrong' },
        { ...options, tls, username: 'default', password: '' },
        { ...options, tls, username: 'shadow-trainer-server', password: invitation.token },
        { ...options, username: redisUserOf('aces', invitation.token), password: invitation.token },
      ];
      for (const attempt of attempts) {
        const client = new Redis(attempt);
        client.on('error', () => undefined);
        await expect(client.connect().then(() => client.call('ping'))).rejects.toThrow();
        client.disconnect();
      }
      await isLogged(/redis auth/);
      await until('the plain one in the log', () =>
        bench.log().some(({ event, line }) => event === 'redis' && /Error accepting a client/.test(String(line))),
      );
    });
  });

  it('plain text on the TLS port is refused', async () => {
    const socket = connectPlain({ host, port: bench.port });
    let said = '';
    socket.on('data', (data) => {
      said += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.write(
      `GET ${assetPath(clip.sha256)} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${invitation.token}\r\n\r\n`,
    );
    await once(socket, 'close');
    expect(said).not.toContain('HTTP');
    await isLogged(/no TLS: ERR_SSL/);
  });

  it('another server at the address is not spoken to', async () => {
    const wrong = { ...invitation, pin: createHash('sha256').update('other').digest('base64url') };
    const before = refusals().length;
    await expect(fetchPinnedCertificate(wrong.server, wrong.pin)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
    await expect(bench.join(wrong)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
    await expect(bench.join({ ...invitation, pin: undefined })).rejects.toMatchObject({ code: 'TEAM_UNREACHABLE' });
    expect(
      refusals()
        .slice(before)
        .filter((reason) => /token/.test(reason)),
    ).toEqual([]);
  });

  it('another protocol version is told so in a sentence, both ways', async () => {
    const [older, newer] = await Promise.all(
      ['0', '2'].map((version) =>
        bench.ask('GET', teamPaths.team, { ...bearer(invitation), [protocolHeader]: version }),
      ),
    );
    expect(older?.status).toBe(426);
    expect(older?.body.toString()).toMatch(/PROTOCOL_MISMATCH.*Update it on this computer/);
    expect(newer?.body.toString()).toMatch(/PROTOCOL_MISMATCH.*Update it on the team server/);
    await isLogged(/protocol 2/);
  });

  it('no secret lies on the disk or in the log', async () => {
    const secrets = [invitation, operator].map(({ token }) => token.split('.')[1] ?? '');
    const names = await readdir(bench.dataDirectory, { recursive: true, withFileTypes: true });
    for (const entry of names.filter((each) => each.isFile())) {
      const text = (await readFile(join(entry.parentPath, entry.name))).toString('latin1');
      for (const secret of secrets) expect(text.includes(secret), entry.name).toBe(false);
    }
    for (const secret of secrets) expect(JSON.stringify(bench.log())).not.toContain(secret);
  });

  it('health and metrics are told to those who may know', async () => {
    const metrics = (await bench.ask('GET', teamPaths.metrics, bearer(operator))).body.toString();
    expect(metrics).toMatch(/^shadow_trainer_team_refused_total [1-9]/m);
    expect(metrics).toMatch(/^shadow_trainer_team_stored_bytes\{team="aces"\} 1000$/m);
    expect(JSON.parse((await bench.ask('GET', teamPaths.health, bearer(operator))).body.toString())).toEqual({
      healthy: true,
    });
    expect((await bench.command('health')).text.trim()).toBe('All is well.');
  });

  async function canLogIn({ token, team }: Invitation): Promise<boolean> {
    const client = new Redis({
      ...{ host, port: bench.redisPort, username: redisUserOf(team, token), password: token },
      ...{ tls: { rejectUnauthorized: false }, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 },
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.ping();
      return true;
    } catch {
      return false;
    } finally {
      client.disconnect();
    }
  }

  async function openTls(): Promise<Socket> {
    const socket = connectTls({ host, port: bench.port, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    socket.resume();
    return socket;
  }
});
