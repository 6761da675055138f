/** Files of a team over wires that break, with a real team server. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import { teamPaths } from '../../worker/protocol/team.ts';
import { until } from './app-under-test.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';
import {
  createTeamServerBench,
  type TeamMachine,
  type TeamServerBench,
  teamServerNotBuilt,
} from './team-server-bench.ts';

const clipBytes = 3 * 2 ** 20 + 17;

describe.skipIf(teamServerNotBuilt !== undefined)('files of a team', { timeout: 60_000 }, () => {
  let bench: TeamServerBench;
  let proxy: CuttingProxy;
  let coach: TeamMachine;
  let worker: TeamMachine;
  beforeAll(async () => {
    bench = await createTeamServerBench();
    await bench.start();
    proxy = await startCuttingProxy(bench.port);
    coach = await bench.join(await bench.invite('Ann', 'coach'), { port: proxy.port, keepsOwn: true });
    worker = await bench.join(await bench.invite('Rig', 'worker'), { port: proxy.port });
  }, 60_000);
  afterAll(async () => {
    await proxy?.close();
    await bench?.close();
  }, 60_000);
  afterEach(() => proxy.mend());

  const newClip = async (machine: TeamMachine, bytes = clipBytes): Promise<AssetReference> =>
    await machine.stores.assets.putBytes(new Uint8Array(randomBytes(bytes)), 'video/mp4');
  const onServer = (reference: AssetReference): Promise<Buffer> =>
    readFile(join(bench.dataDirectory, 'assets', 'aces', reference.sha256.slice(0, 2), reference.sha256));
  const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const unfinished = async (): Promise<string[]> =>
    (await readdir(join(bench.dataDirectory, 'uploads', 'aces'))).filter((name) => !name.endsWith('.json'));

  // The first positions are within the TLS handshake and the headers, the last within the last bytes of the file.
  const positions = [1, 300, 1500, 2500, 4000, 70_000, 1_000_000, 2_000_000, clipBytes, clipBytes + 2500];
  /** Anywhere, but the same with every run. */
  const scattered = [1, 2, 3, 4].map((i) => createHash('sha256').update(`${i}`).digest().readUInt32BE() % clipBytes);

  it('resumes an upload that broke at any byte, and sends nothing twice that had arrived', async () => {
    for (const position of [...positions, ...scattered]) {
      const clip = await newClip(coach);
      const before = proxy.bytesUp;
      const broke = proxy.cutAfter('up', position);
      await coach.assets.upload(clip);
      const sent = proxy.bytesUp - before;
      expect(hashOf(await onServer(clip)), `cut after ${position}`).toBe(clip.sha256);
      if (sent >= position) await broke;
      // What was in the buffers of the wire when it broke is all that may go again.
      expect(sent, `cut after ${position}`).toBeLessThan(clip.byteLength + 600_000);
    }
    expect(await unfinished()).toEqual([]);
    // A wire that broke is nobody's fault, unless it never came to a handshake, and no secret is in what is said of it.
    const blamed = bench.log().filter(({ level, reason }) => level !== 'info' && reason !== 'no TLS: ECONNRESET');
    expect(blamed).toEqual([]);
    expect(JSON.stringify(bench.log())).not.toMatch(/Bearer|authorization/i);
  });

  it('resumes a download that broke at any byte', async () => {
    const clip = await newClip(coach);
    await coach.assets.upload(clip);
    const machine = await bench.join(await bench.invite('Rig that loses it', 'worker'), { port: proxy.port });
    for (const position of [...positions, ...scattered]) {
      await machine.stores.assets.remove(clip);
      const before = proxy.bytesDown;
      const broke = proxy.cutAfter('down', position);
      expect(hashOf(await machine.assets.read(clip)), `cut after ${position}`).toBe(clip.sha256);
      if (proxy.bytesDown - before >= position) await broke;
      expect(proxy.bytesDown - before, `cut after ${position}`).toBeLessThan(clip.byteLength + 600_000);
      expect(await readdir(join(machine.dataDirectory, 'team', 'partial'))).toEqual([]);
    }
  });

  it('goes on after the server was killed in the middle of an upload', async () => {
    const clip = await newClip(coach, 8 * 2 ** 20);
    const sent = coach.assets.upload(clip);
    await proxy.cutAfter('up', 4 * 2 ** 20);
    proxy.cut(true);
    const partial = join(bench.dataDirectory, 'uploads', 'aces', clip.sha256);
    await until('the server has written what came', async () => (await stat(partial)).size > 3 * 2 ** 20);
    await bench.stop('SIGKILL');
    await bench.start();
    const kept = await unfinished();
    const before = proxy.bytesUp;
    proxy.mend();
    await sent;
    expect(hashOf(await onServer(clip))).toBe(clip.sha256);
    expect(kept).toEqual([clip.sha256]);
    expect(proxy.bytesUp - before).toBeLessThan(6 * 2 ** 20);
  });

  it('says that the server cannot be reached, and goes on when it is asked again', async () => {
    const clip = await newClip(coach);
    proxy.cut(true);
    await expect(coach.assets.upload(clip)).rejects.toMatchObject({ code: 'TEAM_UNREACHABLE' });
    await expect(worker.assets.localPath(clip)).rejects.toMatchObject({ code: 'TEAM_UNREACHABLE' });
    proxy.mend();
    await coach.assets.upload(clip);
    expect(hashOf(await worker.assets.read(clip))).toBe(clip.sha256);
  });

  it('sends a clip once, however many ask for it, and fetches it once', async () => {
    const clip = await newClip(coach);
    const other = await bench.join(await bench.invite('Bob', 'coach'), { port: proxy.port });
    await other.stores.assets.putBytes(await coach.stores.assets.read(clip), clip.mediaType);
    const before = { up: proxy.bytesUp, down: proxy.bytesDown };
    // Two on one machine share a transfer; a second machine finds the clip there.
    await Promise.all([coach.assets.upload(clip), coach.assets.upload(clip)]);
    await other.assets.upload(clip);
    expect(proxy.bytesUp - before.up).toBeLessThan(1.3 * clip.byteLength);
    await Promise.all([worker.assets.read(clip), worker.assets.localPath(clip), worker.assets.read(clip)]);
    await worker.assets.read(clip);
    expect(proxy.bytesDown - before.down).toBeLessThan(1.3 * clip.byteLength);
  });

  it('takes the same clip from two machines at once', async () => {
    const clip = await newClip(coach);
    const other = await bench.join(await bench.invite('Cay', 'coach'), { port: proxy.port });
    await other.stores.assets.putBytes(await coach.stores.assets.read(clip), clip.mediaType);
    // What is on its way when the other one takes over is sent again: how much that is depends on the network.
    await Promise.all([coach.assets.upload(clip), other.assets.upload(clip)]);
    expect(hashOf(await worker.assets.read(clip))).toBe(clip.sha256);
  });

  it('refuses what is not what its hash says, keeps nothing of it, and takes the right bytes then', async () => {
    const clip = await newClip(coach);
    const path = await coach.stores.assets.localPath(clip);
    const right = await readFile(path);
    const wrong = Buffer.from(right);
    wrong[1000] = (wrong[1000] ?? 0) ^ 1;
    await writeFile(path, wrong);
    await expect(coach.assets.upload(clip)).rejects.toMatchObject({ code: 'ASSET_CORRUPT' });
    expect(await unfinished()).toEqual([]);
    await expect(worker.assets.localPath(clip)).rejects.toMatchObject({ code: 'ASSET_MISSING' });
    await writeFile(path, right);
    await coach.assets.upload(clip);
    expect(hashOf(await worker.assets.read(clip))).toBe(clip.sha256);
  });

  it('never takes damaged bytes from the server', async () => {
    const clip = await newClip(coach);
    await coach.assets.upload(clip);
    const path = join(bench.dataDirectory, 'assets', 'aces', clip.sha256.slice(0, 2), clip.sha256);
    const bytes = await readFile(path);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(worker.assets.localPath(clip)).rejects.toMatchObject({ code: 'ASSET_CORRUPT' });
    expect(await worker.stores.assets.has(clip)).toBe(false);
  });

  it('ends a transfer when nobody wants it any more', async () => {
    const clip = await newClip(coach, 8 * 2 ** 20);
    const abort = new AbortController();
    const sending = coach.assets.upload(clip, abort.signal);
    await proxy.cutAfter('up', 2 * 2 ** 20);
    abort.abort();
    await expect(sending).rejects.toMatchObject({ code: 'CANCELLED' });
    await coach.assets.upload(clip);
    const fetching = new AbortController();
    const reading = worker.assets.during(fetching.signal).read(clip);
    await proxy.cutAfter('down', 2 * 2 ** 20);
    fetching.abort();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(hashOf(await worker.assets.read(clip))).toBe(clip.sha256);
  });

  describe('with little room on a worker machine', () => {
    let small: TeamMachine;
    let count = 0;
    beforeEach(async () => {
      small = await bench.join(await bench.invite(`Small ${++count}`, 'worker'), { cacheBytes: 250_000 });
    });
    const fetched = (): string => join(small.dataDirectory, 'team', 'fetched');
    /** As if it had been used that long ago. */
    const usedAgo = async (clip: AssetReference, seconds: number): Promise<void> => {
      const then = new Date(Date.now() - seconds * 1000);
      await utimes(join(fetched(), clip.sha256), then, then);
    };
    const has = (clip: AssetReference): Promise<boolean> => small.stores.assets.has(clip);

    it('removes what was used least recently, but nothing that is in use or is nowhere else', async () => {
      const clips = await Promise.all([1, 2, 3, 4].map(() => newClip(coach, 100_000)));
      const [oldest, older, newer, newest] = clips as [AssetReference, AssetReference, AssetReference, AssetReference];
      for (const clip of clips) await coach.assets.upload(clip);
      const own = await newClip(small, 100_000);
      for (const clip of [oldest, older, newer]) await small.assets.localPath(clip);
      const held = small.assets.hold([oldest.sha256]);
      await usedAgo(oldest, 9000);
      await usedAgo(older, 6000);
      await usedAgo(newer, 3000);
      await small.assets.localPath(newest);
      expect(await Promise.all([oldest, older, newer, newest, own].map(has))).toEqual([true, false, false, true, true]);
      held.release();
      // What the server has lost stays here.
      await usedAgo(oldest, 9000);
      await usedAgo(newest, 9000);
      await rm(join(bench.dataDirectory, 'assets', 'aces', oldest.sha256.slice(0, 2)), { recursive: true });
      await small.assets.localPath(newer);
      expect(await Promise.all([oldest, newer, newest].map(has))).toEqual([true, true, false]);
      expect(hashOf(await small.assets.read(older))).toBe(older.sha256);
      // But not for ever: the server lets go of what nobody uses.
      await usedAgo(oldest, 25 * 3600);
      await small.assets.makeRoom();
      expect(await has(oldest)).toBe(false);
    });
  });

  it('answers ranges and says by the ETag what it is', async () => {
    const clip = await newClip(coach, 1000);
    await coach.assets.upload(clip);
    const authorization = coach.team.http.headers['authorization'] ?? '';
    const path = `${teamPaths.assets}/${clip.sha256}`;
    const bytes = Buffer.from(await coach.stores.assets.read(clip));
    const part = await bench.ask('GET', path, { authorization, range: 'bytes=10-19' });
    expect(part.status).toBe(206);
    expect(part.headers).toMatchObject({ 'content-range': 'bytes 10-19/1000', etag: `"${clip.sha256}"` });
    expect(part.body).toEqual(bytes.subarray(10, 20));
    expect((await bench.ask('GET', path, { authorization, range: 'bytes=2000-' })).status).toBe(416);
    expect((await bench.ask('GET', path, { authorization, 'if-none-match': `"${clip.sha256}"` })).status).toBe(304);
    const head = await bench.ask('HEAD', path, { authorization });
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '1000', 'content-type': 'video/mp4' } });
    await until('the log says so', () => bench.log().some(({ event }) => event === 'upload finished'));
  });
});
