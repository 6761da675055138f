/** Engines are changed with jobs in flight: out of one and into another, in every direction, as one file. */

import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProcessors, processJob, type Stages } from '../../worker/processors.ts';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import { AppError, throwIfAborted } from '../../worker/protocol/errors.ts';
import { defaultClipLimits, type JobPayload, priorities } from '../../worker/protocol/jobs.ts';
import { queueNames } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { type ExportedJobs, exportJobs, importJobs, parseExportedJobs } from '../../worker/queue/exported-jobs.ts';
import { type JobAddress, type NewJob, unfinishedStates } from '../../worker/queue/job-engine.ts';
import { until } from '../integration/app-under-test.ts';
import { createRedisBench, type RedisBench } from '../integration/redis-bench.ts';
import { refuse, refusingPorts } from '../integration/staged-stages.ts';
import type { JobEngineUnderTest } from './job-engine-bench.ts';
import { openMemoryEngine, openRedisEngine } from './job-engines.ts';

const chunkCount = 4;
const framesPerChunk = 10;
const device = { requested: 'cpu', active: 'cpu' } as const;

function asset(content: string): AssetReference {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { sha256, mediaType: 'text/plain', byteLength: content.length };
}

/** Stages whose results depend on their input alone. They note what ran to its end, and wait where they are told to. */
function notedStages(options: { gates?: readonly string[]; failing?: readonly string[] } = {}) {
  const started: string[] = [];
  const ended: string[] = [];
  const act = async (what: string, signal: AbortSignal): Promise<void> => {
    started.push(what);
    if (options.gates?.includes(what)) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throwIfAborted(signal);
    if (options.failing?.includes(what)) throw new AppError('FFMPEG_FAILED', 'The decoder failed.');
    ended.push(what);
  };
  const stages: Stages = {
    async planAnalysis({ clip, clipName }, _ports, signal) {
      await act(`${clipName} plan`, signal);
      const frames = chunkCount * framesPerChunk;
      return { reused: false, analysisId: clip.sha256, plan: asset(`${clipName} plan`), chunkCount, frames };
    },
    async poseChunk({ clipName, chunkIndex }, _ports, signal) {
      await act(`${clipName} chunk ${chunkIndex}`, signal);
      const chunk = asset(`${clipName} chunk ${chunkIndex}`);
      return { chunk, device, workerId: 'worker', frames: framesPerChunk, seconds: 0 };
    },
    async finishAnalysis({ clipName, chunks }, _ports, signal) {
      await act(`${clipName} finish`, signal);
      const { sha256 } = asset(chunks.map(({ chunk }) => chunk.sha256).join());
      const frames = chunks.reduce((sum, chunk) => sum + chunk.frames, 0);
      return { analysisId: sha256, frames, framesWithPose: frames, people: 1, reused: false };
    },
    preparePlayback: refuse,
    async exportAnalysis({ clipName }, _ports, signal) {
      await act(`${clipName} export`, signal);
      return { file: asset(clipName), suggestedName: `${clipName}.csv` };
    },
  };
  return { stages, started, ended };
}

function analysis(clipName: string): NewJob & { data: JobPayload<'analyse-clip'> } {
  return {
    ...{ queue: 'analysis', name: 'analyse-clip', id: `analyse-${clipName}`, priority: priorities.interactive },
    data: {
      ...{ protocolVersion, clip: asset(clipName), clipName, limits: defaultClipLimits },
      parameters: { model: 'blazepose-lite' },
    },
  };
}
function exportOf(clipName: string, more: Partial<NewJob> = {}): NewJob {
  const { sha256: analysisId } = asset(`${clipName} analysis`);
  const data: JobPayload<'export-analysis'> = {
    protocolVersion,
    clip: asset(clipName),
    clipName,
    analysisId,
    kind: 'csv',
  };
  return {
    queue: 'media',
    name: 'export-analysis',
    id: `export-${clipName}`,
    priority: priorities.batch,
    data,
    ...more,
  };
}

let bench: RedisBench;
beforeAll(async () => {
  bench = createRedisBench();
  await bench.start();
}, 60_000);
afterAll(() => bench.close(), 60_000);
const engines = {
  memory: openMemoryEngine,
  redis: () => openRedisEngine({ kind: 'socket', path: bench.socket }),
};

describe('jobs in flight change engines', { timeout: 60_000 }, () => {
  const open: JobEngineUnderTest[] = [];
  async function start(kind: keyof typeof engines): Promise<JobEngineUnderTest> {
    const subject = await engines[kind]();
    open.push(subject);
    return subject;
  }
  afterEach(async () => {
    for (const subject of open.splice(0)) await subject.close();
  }, 60_000);

  const work = (subject: JobEngineUnderTest, stages: Stages) => {
    const context = {
      ports: refusingPorts,
      processors: createProcessors(stages),
      isCancelled: subject.engine.isCancelled,
    };
    return subject.startWorker((job, signal) => processJob(job, signal, context));
  };
  const resultOf = async (subject: JobEngineUnderTest, job: JobAddress): Promise<unknown> =>
    (
      await until(`${job.id} has ended`, async () => {
        const found = await subject.engine.get(job);
        return (found?.state === 'completed' || found?.state === 'failed') && found;
      })
    ).result;
  const unfinishedIn = async (subject: JobEngineUnderTest): Promise<string[]> => {
    const listed = queueNames.map((queue) => subject.engine.list(queue, { states: unfinishedStates, limit: 100 }));
    return (await Promise.all(listed)).flat().map(({ id }) => id);
  };

  it.each([
    ['redis', 'memory'],
    ['memory', 'redis'],
    ['redis', 'redis'],
    ['memory', 'memory'],
  ] as const)(
    'from %s to %s: each ends once, with the same result, and nothing finished runs again',
    async (from, to) => {
      const jobs = [analysis('a'), analysis('b'), exportOf('c', { attemptsMade: 2 })];
      const calm = await start('memory');
      await work(calm, notedStages().stages);
      for (const job of jobs) await calm.engine.add(job);
      const expected = await Promise.all(jobs.map((job) => resultOf(calm, job)));
      expect(expected).not.toContain(undefined);

      const source = await start(from);
      const later = exportOf('later', { notBefore: Date.now() + 1e7 });
      const unwanted = analysis('unwanted');
      const before = notedStages({ gates: ['a chunk 2', 'b plan', 'c export'] });
      await work(source, before.stages);
      await source.engine.cancel([unwanted.id]);
      for (const job of [...jobs, later, unwanted]) await source.engine.add(job);
      await until('one is in the middle of a chunk, one in its plan, one in its only stage', () =>
        ['a chunk 2', 'b plan', 'c export'].every((stage) => before.started.includes(stage)),
      );
      let written = '';
      const report = await exportJobs(source.engine, async (document) => {
        written = JSON.stringify(document);
      });
      expect([...report.taken].sort()).toEqual([...jobs, later].map(({ id }) => id).sort());
      expect(report.left).toEqual([]);
      await until('the cancelled one has ended where it was', async () => (await unfinishedIn(source)).length === 0);

      const target = await start(to);
      const after = notedStages();
      await importJobs(target.engine, parseExportedJobs(written));
      // Nothing changes for those that are there.
      await importJobs(target.engine, parseExportedJobs(written));
      expect(await target.engine.get(later)).toMatchObject({ state: 'delayed', notBefore: later.notBefore });
      expect((await target.engine.get(exportOf('c')))?.attemptsMade).toBe(2);
      await work(target, after.stages);
      expect(await Promise.all(jobs.map((job) => resultOf(target, job)))).toEqual(expected);

      const everything = [...before.ended, ...after.ended].sort();
      expect(everything).toEqual([...new Set(everything)]);
      expect(before.ended).toEqual(['a plan', 'a chunk 0', 'a chunk 1']);
      expect(await unfinishedIn(target)).toEqual([later.id]);
      expect(before.started.filter((stage) => stage.startsWith('unwanted'))).toEqual([]);
    },
  );

  it('twice on the way: what the first engine finished is still not done again', async () => {
    const job = analysis('a');
    const noted = [notedStages({ gates: ['a chunk 1'] }), notedStages({ gates: ['a chunk 3'] }), notedStages()];
    let document: ExportedJobs | undefined;
    for (const [i, { stages, started }] of noted.entries()) {
      const subject = await start(i % 2 === 0 ? 'redis' : 'memory');
      if (document) await importJobs(subject.engine, document);
      else await subject.engine.add(job);
      await work(subject, stages);
      if (i === noted.length - 1) {
        expect(await resultOf(subject, job)).toMatchObject({ frames: chunkCount * framesPerChunk });
      } else {
        await until('it is in the middle', () => started.includes(`a chunk ${[1, 3][i]}`));
        await exportJobs(subject.engine, async (written) => {
          document = written;
        });
      }
    }
    expect(noted.map(({ ended }) => ended)).toEqual([
      ['a plan', 'a chunk 0'],
      ['a chunk 1', 'a chunk 2'],
      ['a chunk 3', 'a finish'],
    ]);
  });

  it.each(['redis', 'memory'] as const)('out of %s, a chunk brings along how often it failed', async (kind) => {
    const source = await start(kind);
    const before = notedStages({ failing: ['a chunk 0'], gates: ['a chunk 1'] });
    await work(source, before.stages);
    await source.engine.add(analysis('a'));
    await until('the first chunk has failed, the second runs', () => before.started.includes('a chunk 1'));
    const failed = before.started.filter((stage) => stage === 'a chunk 0').length;
    const documents: ExportedJobs[] = [];
    await exportJobs(source.engine, async (document) => void documents.push(document));
    const [exported] = documents[0]?.jobs ?? [];
    expect(exported?.name === 'analyse-clip' && exported.resume?.chunks.map((chunk) => chunk.attemptsMade)).toEqual([
      failed,
      0,
      0,
      0,
    ]);
  });

  it.each(['redis', 'memory'] as const)('all stay in %s, and go on, when the file cannot be written', async (kind) => {
    const source = await start(kind);
    const gated = notedStages({ gates: ['a chunk 1'] });
    await work(source, gated.stages);
    const job = analysis('a');
    await source.engine.add(job);
    await until('a chunk is in hand', () => gated.started.includes('a chunk 1'));
    const failure = new Error('The disk is full.');
    await expect(exportJobs(source.engine, () => Promise.reject(failure))).rejects.toBe(failure);
    // It was handed back, and is taken again.
    await until('it goes on', () => gated.started.filter((stage) => stage === 'a chunk 1').length === 2);
    expect((await source.engine.get(job))?.state).toBe('waiting-children');
  });

  it.each(['redis', 'memory'] as const)('leaves in %s what a schedule brings: every app has its own', async (kind) => {
    const source = await start(kind);
    const { data } = analysis('nightly');
    const schedule = {
      queue: 'analysis',
      id: 'nightly',
      name: 'analyse-clip',
      data,
      priority: priorities.batch,
    } as const;
    await source.engine.schedule({ ...schedule, pattern: '0 3 * * *', timeZone: 'UTC' });
    const before = await unfinishedIn(source);
    expect(before).toHaveLength(1);
    expect(await exportJobs(source.engine, async () => undefined)).toEqual({ taken: [], left: [] });
    expect(await unfinishedIn(source)).toEqual(before);
    expect(await source.engine.schedules('analysis')).toHaveLength(1);
  });

  it('leaves in Redis what a worker does not let go of, and says so', { timeout: 90_000 }, async () => {
    const source = await start('redis');
    // Deaf: it neither ends nor hands back.
    await source.startWorker(() => new Promise(() => undefined));
    const [held, free] = [exportOf('held'), exportOf('free')];
    await source.engine.add(held);
    await source.engine.add(free);
    await until('the first is in hand', async () => (await source.engine.get(held))?.state === 'active');
    const documents: ExportedJobs[] = [];
    const report = await exportJobs(source.engine, async (document) => void documents.push(document), {
      releaseMilliseconds: 500,
    });
    expect(report).toEqual({ taken: [free.id], left: [held.id] });
    expect(documents.at(-1)?.jobs.map(({ id }) => id)).toEqual([free.id]);
  });

  it('refuses a file that it cannot read whole', () => {
    expect(() => parseExportedJobs('{')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    const document = { format: 'shadow-trainer/jobs', formatVersion: 1, protocolVersion, exportedAt: '' };
    const { id, priority, name } = analysis('a');
    const job = { id, priority, name, attemptsMade: 0, createdAt: 0, paused: false, log: [] };
    expect(parseExportedJobs(JSON.stringify({ ...document, jobs: [] })).jobs).toEqual([]);
    expect(() =>
      parseExportedJobs(JSON.stringify({ ...document, jobs: [{ ...job, payload: { clip: 'no asset' } }] })),
    ).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
