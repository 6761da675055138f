/** A clean-up removes what nothing needs, and nothing else, whatever goes on beside it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Library, openLibrary } from '../../src-main/core/library/library.ts';
import { type CleanUpOptions, cleanUp } from '../../src-main/core/upkeep/clean-up.ts';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import { chunkJobId } from '../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import type { JobEngine, ProcessJob } from '../../worker/queue/job-engine.ts';
import { createMemoryEngine, type MemoryEngine } from '../../worker/queue/memory-engine.ts';
import { createFileStores, type FileStores } from '../../worker/storage/file-stores.ts';
import { until } from './app-under-test.ts';

const never = new AbortController().signal;
const dayMilliseconds = 24 * 3600 * 1000;
const longAgo = new Date(Date.now() - 30 * dayMilliseconds);

let folder: string;
let stores: FileStores;
let library: Library;
let engine: MemoryEngine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-clean-up-'));
  stores = createFileStores({ dataDirectory: folder });
  library = await openLibrary({ directory: join(folder, 'library'), onChange: () => undefined });
  engine = createMemoryEngine();
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const clean = (more: Partial<CleanUpOptions> = {}) =>
  cleanUp(
    { dataDirectory: folder, libraryDirectory: join(folder, 'library'), stores, engine, library, ...more },
    never,
  );
const pathOf = ({ sha256 }: AssetReference): string => join(folder, 'assets', sha256.slice(0, 2), sha256);
function age(...assets: AssetReference[]): void {
  for (const asset of assets) utimesSync(pathOf(asset), longAgo, longAgo);
}
async function put(text: string, mediaType = 'text/plain'): Promise<AssetReference> {
  return await stores.assets.putBytes(new TextEncoder().encode(text), mediaType);
}
async function old(text: string): Promise<AssetReference> {
  const asset = await put(text);
  age(asset);
  return asset;
}
const isThere = (asset: AssetReference): boolean => existsSync(pathOf(asset)) && existsSync(`${pathOf(asset)}.json`);
const analysisOf = (clip: AssetReference, id: string): Promise<void> =>
  stores.analyses.write(
    id,
    new Map([
      ['analysis.json', new TextEncoder().encode(JSON.stringify({ analysisId: id, clip: { sha256: clip.sha256 } }))],
    ]),
  );
const id = (letter: string): string => letter.repeat(64);
const payload = (clip: AssetReference) => ({ protocolVersion, clip, clipName: 'clip.mp4' });

describe('a clean-up', () => {
  it('removes what nothing speaks of, once it is a day old, with its description and the notes of it', async () => {
    const [orphan, fresh] = [await old('orphan'), await put('fresh')];
    const key = { stage: 'index', version: 1, inputs: { clip: id('a') } };
    await stores.derived.put(key, orphan);
    const unfinished = join(folder, 'unfinished');
    mkdirSync(unfinished, { recursive: true });
    for (const name of ['1-half', '2-half']) writeFileSync(join(unfinished, name), 'half');
    writeFileSync(join(folder, 'library', 'x.json.1.part'), 'half');
    for (const path of [join(unfinished, '1-half'), join(folder, 'library', 'x.json.1.part')])
      utimesSync(path, longAgo, longAgo);

    expect(await clean()).toEqual({ assets: 1, bytes: 6, derived: 1, unfinished: 2 });
    expect(existsSync(pathOf(orphan))).toBe(false);
    expect(existsSync(`${pathOf(orphan)}.json`)).toBe(false);
    expect(isThere(fresh)).toBe(true);
    expect(readdirSync(unfinished)).toEqual(['2-half']);
    expect(await stores.derived.get(key)).toBeUndefined();
    expect(await clean()).toEqual({ assets: 0, bytes: 0, derived: 0, unfinished: 0 });
  });

  it('keeps whatever a clip of the library needs, also one whose record is damaged', async () => {
    const [clip, poster, index, damaged] = [
      await old('clip'),
      await old('poster'),
      await old('index'),
      await old('damaged'),
    ];
    await library.add(clip, 'clip.mp4');
    const playback = { proxy: poster, poster, filmstrip: poster } as never;
    await library.update(clip.sha256, (view) => ({ ...view, playback }));
    await stores.derived.put({ stage: 'index', version: 1, inputs: { clip: clip.sha256 } }, index);
    age(index);
    // As `readJsonFile` puts it aside: the name is all that is left.
    writeFileSync(join(folder, 'library', `${damaged.sha256}.json.damaged`), '{');
    expect(await clean()).toMatchObject({ assets: 0 });
    for (const asset of [clip, poster, index, damaged]) expect(isThere(asset)).toBe(true);
  });

  it('keeps analyses and the clips they are of, and removes what they were made from on the way', async () => {
    const [clip, plan, chunk] = [await old('clip'), await old('plan'), await old('chunk')];
    await library.add(clip, 'clip.mp4');
    await library.update(clip.sha256, (view) => ({ ...view, analysisIds: [id('a')] }));
    await analysisOf(clip, id('a'));
    const unlisted = await old('of a terminal');
    await analysisOf(unlisted, id('b'));
    await stores.derived.put({ stage: 'plan', version: 2, inputs: { analysisId: id('a') } }, plan);
    await stores.derived.put({ stage: 'pose-chunk', version: 2, inputs: { plan: plan.sha256, chunk: 0 } }, chunk);
    age(plan, chunk);
    expect(await clean()).toMatchObject({ assets: 2, derived: 2 });
    expect([isThere(clip), isThere(unlisted), isThere(plan), isThere(chunk)]).toEqual([true, true, false, false]);
    expect(await stores.analyses.has(id('a'))).toBe(true);
    expect(await stores.analyses.has(id('b'))).toBe(true);
  });

  it('keeps what any job that has not gone well needs: waiting, held, at work, between its chunks, failed', async () => {
    const stored: Record<string, AssetReference> = {};
    const asset = async (name: string): Promise<AssetReference> => {
      const found = await old(name);
      stored[name] = found;
      return found;
    };
    const common = { queue: 'analysis', name: 'analyse-clip', priority: 1 } as const;
    const chunk = await asset('finished chunk');
    const note = await asset('noted chunk');
    const plan = await asset('plan');
    await stores.derived.put({ stage: 'pose-chunk', version: 2, inputs: { plan: plan.sha256, chunk: 1 } }, note);
    const process: ProcessJob = async (job, signal) => {
      if (job.queue === 'pose') {
        if (job.id.endsWith('-0')) return { kind: 'done', result: { chunk } };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return { kind: 'handed-back' };
      }
      if (job.id === 'failing') return { kind: 'failed', failure: { code: 'CLIP_NO_VIDEO', message: 'No.' } };
      if (job.id === 'done') return { kind: 'done', result: { made: await asset('made lately') } };
      await job.addChildren(
        [0, 1].map((i) => ({ queue: 'pose', name: 'pose-chunk', id: chunkJobId(job.id, i), data: {}, priority: 1 })),
      );
      await job.updateData({ ...job.data, planned: { plan, chunkCount: 2, frames: 10 } });
      await job.childrenResults();
      return { kind: 'waits' };
    };
    await engine.add({ ...common, id: 'failing', data: payload(await asset('failed')) });
    await engine.add({ ...common, id: 'done', data: payload(await asset('done lately')) });
    await engine.add({ ...common, id: 'planned', data: payload(await asset('planned')) });
    const consumers = [engine.consume('analysis', process), engine.consume('pose', process)];
    for (const consumer of consumers) void consumer.run();
    const stateOf = async (jobId: string) => (await engine.get({ queue: 'analysis', id: jobId }))?.state;
    await until('one failed', async () => (await stateOf('failing')) === 'failed');
    await until('one is done', async () => (await stateOf('done')) === 'completed');
    await until('one waits for its chunks', async () => (await stateOf('planned')) === 'waiting-children');
    await until('a chunk is done', async () => (await engine.counts('pose')).completed === 1);
    for (const consumer of consumers) consumer.pause();
    const later = Date.now() + dayMilliseconds;
    await engine.add({ ...common, id: 'waiting', data: payload(await asset('waiting')) });
    await engine.add({
      ...common,
      id: 'held',
      data: { ...payload(await asset('held')), condition: 'idle' },
      notBefore: later,
    });
    await engine.add({
      queue: 'media',
      name: 'prepare-playback',
      id: 'media',
      priority: 1,
      data: payload(await asset('media')),
    });
    age(...Object.values(stored));

    const orphan = await old('orphan');
    expect(await clean()).toMatchObject({ assets: 1 });
    expect(isThere(orphan)).toBe(false);
    const lost = Object.entries(stored).flatMap(([name, each]) => (isThere(each) ? [] : [name]));
    expect(lost).toEqual([]);

    // What a done job made is nobody's after a while: an export that was not saved.
    expect(await clean({ doneKeptMilliseconds: -1 })).toMatchObject({ assets: 2 });
    expect(lost.length + Object.values(stored).filter(isThere).length).toBe(Object.keys(stored).length - 2);
    for (const consumer of consumers) consumer.cancelAllJobs();
  });

  it('removes nothing at all where it cannot know what is needed', async () => {
    const orphan = await old('orphan');
    const away: JobEngine = { ...engine, list: () => Promise.reject(new Error('The queue does not answer.')) };
    await expect(clean({ engine: away })).rejects.toThrow('does not answer');
    mkdirSync(join(folder, 'library', 'unreadable.json'));
    await expect(clean()).rejects.toThrow();
    expect(isThere(orphan)).toBe(true);
  });

  it('stops between two files when it is told to', async () => {
    await old('orphan');
    const stopped = AbortSignal.abort();
    const options = { dataDirectory: folder, libraryDirectory: join(folder, 'library'), stores, engine, library };
    await expect(cleanUp(options, stopped)).rejects.toThrow();
    expect(await clean()).toMatchObject({ assets: 1 });
  });
});

describe('a clean-up beside others', () => {
  it('leaves what was taken up after it was listed, whole', async () => {
    const [imported, used, exported] = [await old('imported'), await old('used'), await old('exported')];
    const key = { stage: 'index', version: 1, inputs: { clip: id('c') } };
    await stores.derived.put(key, used);
    age(used);
    const listed = await stores.sweep.list();
    await put('imported');
    expect(await stores.derived.get(key)).toEqual(used);
    expect(await stores.assets.keep(exported)).toBe(true);
    for (const asset of listed) expect(await stores.sweep.remove(asset)).toBe(false);
    for (const asset of [imported, used, exported]) {
      await stores.assets.verify(asset);
      expect(await stores.assets.lookUp(asset.sha256)).toEqual(asset);
    }
  });

  it('never takes away a clip that is imported in the same moment', async () => {
    const path = join(folder, 'clip.mp4');
    for (let round = 0; round < 150; round++) {
      const text = `clip ${round}`;
      const clip = await old(text);
      writeFileSync(path, text);
      const importing = async (): Promise<void> => {
        // At another point of the clean-up in each round.
        for (let turn = 0; turn < round % 30; turn++) await new Promise(setImmediate);
        await library.add(await stores.assets.putFile(path, 'video/mp4'), 'clip.mp4');
      };
      await Promise.all([clean(), importing()]);
      expect(library.get(clip.sha256).clip.sha256).toBe(clip.sha256);
      await stores.assets.verify(clip);
      expect((await stores.assets.lookUp(clip.sha256))?.byteLength).toBe(text.length);
      await library.remove(clip.sha256);
    }
  });

  it('gives back what a clean-up that was killed had put aside', async () => {
    const clip = await old('clip');
    await library.add(clip, 'clip.mp4');
    const aside = join(folder, 'removing');
    mkdirSync(aside);
    for (const end of ['', '.json']) {
      writeFileSync(join(aside, `${clip.sha256}${end}`), readFileSync(`${pathOf(clip)}${end}`));
      rmSync(`${pathOf(clip)}${end}`);
    }
    expect(await clean()).toMatchObject({ assets: 0 });
    await stores.assets.verify(clip);
    expect(readdirSync(aside)).toEqual([]);
  });
});
