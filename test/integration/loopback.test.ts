/** The loopback host as a browser, and as somebody who should not be there, meets it. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analysisFiles } from '../../worker/protocol/analysis.ts';
import {
  type AppUnderTest,
  createDataDirectory,
  notBuilt,
  removeDataDirectory,
  startLoopback,
  until,
} from './app-under-test.ts';
import { readEvents } from './window-feed.ts';

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

describe.skipIf(notBuilt !== undefined)(`loopback host${notBuilt ? ` (skipped: ${notBuilt})` : ''}`, () => {
  let dataDirectory: string;
  let app: AppUnderTest;
  beforeAll(async () => {
    dataDirectory = await createDataDirectory();
    app = await startLoopback(dataDirectory);
  });
  afterAll(async () => {
    await app?.end('SIGTERM');
    await removeDataDirectory(dataDirectory);
  });

  /** Not `fetch`, which lets nobody choose the host. */
  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, app.origin), { headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const { statusCode = 0, headers: answered } = response;
          resolve({ status: statusCode, headers: answered, body: Buffer.concat(parts).toString() });
        });
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  it.each(['/', '/index.html', '/events', '/asset/a', `/analysis/a/${analysisFiles.document}`, '/call/jobs.list'])(
    'gives nothing at %s without the token, or with another',
    async (path) => {
      expect((await get(path)).status).toBe(403);
      const wrong = 'f'.repeat(app.token.length);
      expect((await get(path, { authorization: `Bearer ${wrong}` })).status).toBe(403);
      expect((await get(`${path}?token=${wrong}`)).status).toBe(403);
      // As long as the token, longer in bytes.
      expect((await get(`${path}?token=${encodeURIComponent('é'.repeat(app.token.length))}`)).status).toBe(403);
    },
  );

  it('refuses calls and uploads without the token', async () => {
    for (const path of ['/call/jobs.list', '/upload'])
      expect((await fetch(new URL(path, app.origin), { method: 'POST', body: '{}' })).status).toBe(403);
  });

  it.each([
    { host: 'evil.example' },
    { host: 'localhost' },
    { host: '127.0.0.1.evil.example' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
  ])('refuses the token itself from %j', async (headers) => {
    expect((await get('/', { ...app.headers, ...headers })).status).toBe(403);
    expect((await get(`/?token=${app.token}`, headers)).status).toBe(403);
  });

  it('takes the token once from the address and hands out a cookie no page can read', async () => {
    const first = await get(`/?token=${app.token}`);
    expect([first.status, first.headers['location']]).toEqual([302, '/']);
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const page = await get('/', { cookie: cookie.split(';')[0] ?? '' });
    expect(page.status).toBe(200);
    expect(page.body).toContain('<html');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });

  it('answers calls, and says what is wrong with the others', async () => {
    expect(await app.call('app.info', {})).toMatchObject({ host: 'loopback', dataDirectory });
    const post = async (name: string, body: string): Promise<unknown> => {
      const init = { method: 'POST', headers: app.headers, body };
      return await (await fetch(new URL(`/call/${name}`, app.origin), init)).json();
    };
    const invalid = { ok: false, failure: { code: 'INVALID_INPUT' } };
    expect(await post('no.such.call', '{}')).toMatchObject(invalid);
    expect(await post('jobs.cancel', '{"jobId":7}')).toMatchObject(invalid);
    expect(await post('jobs.cancel', 'not json')).toMatchObject(invalid);
    expect(await post('jobs.cancel', '{"jobId":"unknown"}')).toMatchObject({ failure: { code: 'NOT_FOUND' } });
    const foreign = { files: [{ id: '/etc/passwd', name: 'passwd' }] };
    expect(await app.call('library.import', foreign)).toMatchObject({
      refused: [{ failure: { code: 'INVALID_INPUT' } }],
    });
  });

  it('takes an upload, stores it by its hash, serves ranges of it, and tells of it', async () => {
    const stream = await fetch(new URL('/events', app.origin), { headers: app.headers });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const events = readEvents(stream);

    const bytes = new TextEncoder().encode('this is no film at all');
    const file = await app.upload('Wurf über Kopf/../1.mp4', bytes);
    expect(file.name).toBe('1.mp4');
    const { clips, refused } = await app.call('library.import', { files: [file] });
    expect(refused).toEqual([]);
    const { clip } = clips[0] ?? expect.fail('nothing imported');
    expect(clip.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await uploadsIn(dataDirectory)).toEqual([]);

    const address = `/asset/${clip.sha256}?${new URLSearchParams({ type: clip.mediaType, bytes: String(clip.byteLength) })}`;
    expect(await get(address, app.headers)).toMatchObject({ status: 200, body: 'this is no film at all' });
    const part = await get(address, { ...app.headers, range: 'bytes=8-9' });
    expect(part).toMatchObject({ status: 206, body: 'no' });
    expect(part.headers['content-range']).toBe(`bytes 8-9/${bytes.length}`);
    expect((await get(address, { ...app.headers, range: 'bytes=500-' })).status).toBe(416);
    expect((await get(`/asset/..%2f..%2fsettings.json`, app.headers)).status).toBe(404);
    expect((await get('/..%2f..%2fpackage.json', app.headers)).status).toBe(404);

    // A file that is no film is refused by a worker, and the window hears so.
    const names = new Set<string>();
    const refusal = await until('the refusal is told', async () => {
      const { value: event } = await events.next();
      if (event === undefined) throw new Error('The stream of events ended.');
      names.add(event.name);
      return event.name === 'clip.changed' && event.data.includes('CLIP_UNREADABLE') && event;
    });
    expect(JSON.parse(refusal.data)).toMatchObject({ clip: { name: '1.mp4', failure: { code: 'CLIP_UNREADABLE' } } });
    expect(names).toContain('job.changed');
    await events.return(undefined);
  });

  it('refuses a name that cannot be read', async () => {
    const init = { method: 'POST', headers: { ...app.headers, 'x-file-name': '%E0%A4%A' }, body: 'x' };
    expect(await (await fetch(new URL('/upload', app.origin), init)).json()).toMatchObject({
      ok: false,
      failure: { code: 'INVALID_INPUT' },
    });
  });
});

/** Files that uploads left behind. */
async function uploadsIn(dataDirectory: string): Promise<string[]> {
  const names = await readdir(join(dataDirectory, 'running'), { recursive: true });
  return names.filter((name) => name.endsWith('/upload'));
}
