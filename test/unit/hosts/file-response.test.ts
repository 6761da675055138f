import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileResponse } from '../../../src-main/hosts/file-response.ts';
import { parseByteRange } from '../../../worker/protocol/byte-range.ts';

describe('parseByteRange', () => {
  it.each([
    ['bytes=0-', { start: 0, end: 9 }],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=3-5', { start: 3, end: 5 }],
    ['bytes=3-999', { start: 3, end: 9 }],
    ['bytes=-4', { start: 6, end: 9 }],
    ['bytes=-999', { start: 0, end: 9 }],
    ['bytes=9-9', { start: 9, end: 9 }],
  ])('%s of ten bytes', (header, range) => {
    expect(parseByteRange(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('%s lies outside of ten bytes', (header) => {
    expect(parseByteRange(header, 10)).toBe('unsatisfiable');
  });

  it.each([null, '', 'bytes=', 'bytes=-', 'bytes=0-1,3-4', 'frames=0-1', 'bytes=a-b', 'bytes=-1-2', 'bytes=5-2'])(
    'a header that says no single range gives the whole: %j',
    (header) => {
      expect(parseByteRange(header, 10)).toBeUndefined();
    },
  );

  it('finds no range in an empty file', () => {
    expect(parseByteRange('bytes=0-', 0)).toBe('unsatisfiable');
  });
});

describe('fileResponse', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-hosts-'));
    path = join(folder, 'clip');
    await writeFile(path, '0123456789');
    await writeFile(join(folder, 'empty'), '');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is the whole file with its length and type, or one range of it', async () => {
    const whole = await fileResponse(path, 'video/mp4', null);
    expect(whole.status).toBe(200);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '10',
      'content-type': 'video/mp4',
    });
    expect(await whole.text()).toBe('0123456789');

    const part = await fileResponse(path, 'video/mp4', 'bytes=2-4');
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(part.headers.get('content-length')).toBe('3');
    expect(await part.text()).toBe('234');
  });

  it('says how long the file is when the range lies outside', async () => {
    const response = await fileResponse(path, 'video/mp4', 'bytes=10-');
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */10');
  });

  it('serves an empty file', async () => {
    const response = await fileResponse(join(folder, 'empty'), 'text/plain', null);
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '0', '']);
  });
});
