import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClipView, settingsSchema } from '../../../src-main/contract/calls.ts';
import { openLibrary } from '../../../src-main/core/library/library.ts';
import { openSettingsStore } from '../../../src-main/core/settings/settings-store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shadow-trainer-core-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('settings', () => {
  const defaults = settingsSchema.parse({});
  const path = (): string => join(directory, 'settings.json');

  it('have defaults, and are still there after the next start', async () => {
    const store = await openSettingsStore(path());
    expect(store.get()).toEqual(defaults);
    expect(defaults).toMatchObject({
      theme: 'system',
      model: 'blazepose-full',
      device: 'cpu',
      maximumClipSeconds: 600,
      nightlyTime: '02:00',
      nightlyCleanUp: true,
      nightlyReAnalysis: false,
      notifications: true,
      metrics: { enabled: false, address: '127.0.0.1', port: 9464 },
    });
    await store.set({ theme: 'dark', workers: 3 });
    expect((await openSettingsStore(path())).get()).toEqual({ ...defaults, theme: 'dark', workers: 3 });
    expect(await readdir(directory)).toEqual(['settings.json']);
  });

  it.each(['{"theme":', '{"theme":"purple"}', '[]'])(
    'that are damaged give the defaults and are kept: %s',
    async (text) => {
      await writeFile(path(), text);
      expect((await openSettingsStore(path())).get()).toEqual(defaults);
      expect(await readFile(`${path()}.damaged`, 'utf8')).toBe(text);
    },
  );

  it('that are not valid change nothing', async () => {
    const store = await openSettingsStore(path());
    await expect(store.set({ workers: 0 })).rejects.toThrow();
    expect(store.get()).toEqual(defaults);
  });

  it('written at the same time end as the last of them', async () => {
    const store = await openSettingsStore(path());
    await Promise.all([1, 2, 3, 4, 5].map((workers) => store.set({ workers })));
    expect(store.get().workers).toBe(5);
    expect((await openSettingsStore(path())).get().workers).toBe(5);
  });
});

describe('library', () => {
  const reference = (letter: string) => ({ sha256: letter.repeat(64), mediaType: 'video/mp4', byteLength: 5 });

  async function open() {
    const changed: ClipView[] = [];
    return { changed, library: await openLibrary({ directory, onChange: (clip) => void changed.push(clip) }) };
  }

  it('keeps a clip over a restart, and leaves no half-written file', async () => {
    const { library, changed } = await open();
    const clip = await library.add(reference('a'), 'throw.mp4');
    expect(clip).toMatchObject({ clip: reference('a'), name: 'throw.mp4', analysisIds: [] });
    expect(changed).toEqual([clip]);
    expect((await open()).library.list()).toEqual([clip]);
    expect(await readdir(directory)).toEqual([`${'a'.repeat(64)}.json`]);
  });

  it('takes the same clip once, under its first name', async () => {
    const { library, changed } = await open();
    const first = await library.add(reference('a'), 'throw.mp4');
    expect(await library.add(reference('a'), 'copy of throw.mp4')).toEqual(first);
    expect(library.list()).toHaveLength(1);
    expect(changed).toHaveLength(1);
  });

  it('lists the newest first', async () => {
    for (const [letter, addedAt] of [
      ['a', '2026-01-01T00:00:00.000Z'],
      ['b', '2026-01-03T00:00:00.000Z'],
      ['c', '2026-01-02T00:00:00.000Z'],
    ] as const) {
      const record: ClipView = { clip: reference(letter), name: letter, addedAt, analysisIds: [] };
      await writeFile(join(directory, `${letter.repeat(64)}.json`), JSON.stringify(record));
    }
    expect((await open()).library.list().map(({ name }) => name)).toEqual(['b', 'c', 'a']);
  });

  it('changes a record, tells of real changes only, and keeps all of several at once', async () => {
    const { library, changed } = await open();
    const { clip } = await library.add(reference('a'), 'throw.mp4');
    await library.update(clip.sha256, (same) => ({ ...same }));
    expect(changed).toHaveLength(1);
    const ids = ['1', '2', '3'].map((digit) => digit.repeat(64));
    await Promise.all(
      ids.map((id) => library.update(clip.sha256, (it) => ({ ...it, analysisIds: [...it.analysisIds, id] }))),
    );
    expect((await open()).library.get(clip.sha256).analysisIds).toEqual(ids);
  });

  it('forgets a removed clip for good, also while a change of it is being written', async () => {
    const { library } = await open();
    const { clip } = await library.add(reference('a'), 'throw.mp4');
    const written = library.update(clip.sha256, (it) => ({ ...it, name: 'new' }));
    await library.remove(clip.sha256);
    await written;
    await library.update(clip.sha256, (it) => ({ ...it, name: 'late' }));
    expect(library.list()).toEqual([]);
    expect((await open()).library.list()).toEqual([]);
    expect(() => library.get(clip.sha256)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    await expect(library.remove(clip.sha256)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('opens without a record that cannot be read, and keeps that file', async () => {
    const { library } = await open();
    const clip = await library.add(reference('a'), 'throw.mp4');
    await writeFile(join(directory, `${'b'.repeat(64)}.json`), '{"clip":');
    expect((await open()).library.list()).toEqual([clip]);
    expect(await readdir(directory)).toContain(`${'b'.repeat(64)}.json.damaged`);
  });
});
