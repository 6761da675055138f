/** Jobs whose files are a team's: see worker/processors.ts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessors, processJob, type Stages } from '../../../worker/processors.ts';
import { analysisFileNames } from '../../../worker/protocol/analysis.ts';
import { AppError, type ErrorCode } from '../../../worker/protocol/errors.ts';
import { defaultClipLimits, jobDefinitions } from '../../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';
import type { JobHandle } from '../../../worker/queue/job-engine.ts';
import { createFileStores } from '../../../worker/storage/file-stores.ts';
import { receiveAnalysis, sendAnalysis } from '../../../worker/storage/travelling-analysis.ts';
import { stagedPorts, stagedStages } from '../../integration/staged-stages.ts';

const hash = 'a'.repeat(64);
const clip = { sha256: hash, byteLength: 1, mediaType: 'video/mp4' };
const parameters = { model: 'blazepose-lite' } as const;
const base = { protocolVersion, clip, clipName: 'clip.mp4' };
const never = new AbortController().signal;
const bytesOf = (name: string): Uint8Array => new TextEncoder().encode(name);
const files = new Map(analysisFileNames.map((name) => [name, bytesOf(name)]));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-team-jobs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const job = (name: string, data: Record<string, unknown>): JobHandle => ({
  ...{ queue: 'analysis', id: 'job', name, data, priority: 0, attemptsMade: 0 },
  updateData: async () => undefined,
  updateProgress: async () => undefined,
  log: async () => undefined,
  addChildren: async () => undefined,
  childrenResults: async () => undefined,
});

function worker(name: string, stages: Partial<Stages>, sent = async (): Promise<void> => undefined) {
  const stores = createFileStores({ dataDirectory: join(folder, name) });
  let held = 0;
  const ports = {
    ...stagedPorts({ workerId: name, dataDirectory: join(folder, name), temporaryDirectory: folder }),
    ...stores,
    log: () => undefined,
    team: {
      bytesMoved: () => 0,
      assetsFor: () => {
        held++;
        return { assets: stores.assets, sent, release: () => void held-- };
      },
    },
  };
  const context = {
    ports,
    processors: createProcessors({ ...stagedStages, ...stages }),
    isCancelled: async () => false,
  };
  return { ports, held: () => held, run: (handle: JobHandle) => processJob(handle, never, context) };
}

describe('a job of a team', () => {
  const reused = { reused: true, analysisId: hash, frames: 3, framesWithPose: 2, people: 1 } as const;
  const analyse = job('analyse-clip', { ...base, limits: defaultClipLimits, parameters });

  it('returns its analysis as files of the team, also one that was there before, and lets go of the clip', async () => {
    const { ports, run, held } = worker('rig', { planAnalysis: async () => reused });
    await ports.analyses.write(hash, files);
    const outcome = await run(analyse);
    expect(outcome.kind).toBe('done');
    const result = jobDefinitions['analyse-clip'].result.parse(outcome.kind === 'done' ? outcome.result : undefined);
    for (const name of analysisFileNames) {
      const file = result.files?.[name];
      expect(file && new TextDecoder().decode(await ports.assets.read(file))).toBe(name);
    }
    expect(held()).toBe(0);
  });

  it.each(['TEAM_UNREACHABLE', 'TEAM_REFUSED'] as const)(
    'goes back for later at %s, and no try of it is lost',
    async (code) => {
      const { run, held } = worker('rig', { planAnalysis: () => Promise.reject(new AppError(code, 'No way.')) });
      const before = Date.now();
      const outcome = await run(analyse);
      expect(outcome).toMatchObject({ kind: 'handed-back' });
      expect(outcome.kind === 'handed-back' && outcome.notBefore).toBeGreaterThan(before);
      expect(held()).toBe(0);
    },
  );

  it('is not done, and nobody is told of its files, before the team has them', async () => {
    const plan = { ...clip, mediaType: 'application/json' };
    const told: string[] = [];
    const planAnalysis: Stages['planAnalysis'] = async () => {
      told.push('planned');
      return { reused: false, analysisId: hash, plan, chunkCount: 1, frames: 1 };
    };
    const addChildren = async (): Promise<void> => void told.push('chunks');
    const open = worker('rig', { planAnalysis }, async () => void told.push('sent'));
    expect(await open.run({ ...analyse, addChildren })).toEqual({ kind: 'waits' });
    expect(told.splice(0)).toEqual(['planned', 'sent', 'chunks']);

    const blocked = worker('rig', { planAnalysis }, () => Promise.reject(new AppError('TEAM_UNREACHABLE', 'No way.')));
    expect(await blocked.run({ ...analyse, addChildren })).toMatchObject({ kind: 'handed-back' });
    expect(told).toEqual(['planned']);
    const data = { ...base, parameters, plan, chunkIndex: 0 };
    const chunk = { ...job('pose-chunk', data), parent: { queue: 'analysis', id: 'job' } as const };
    const poseChunk: Stages['poseChunk'] = async (_, { workerId }) => ({
      ...{ chunk: plan, device: { requested: 'cpu', active: 'cpu' }, workerId, frames: 1, seconds: 0 },
    });
    const chunks = worker('rig', { poseChunk }, () => Promise.reject(new AppError('TEAM_UNREACHABLE', 'No way.')));
    expect(await chunks.run(chunk)).toMatchObject({ kind: 'handed-back' });
  });

  it.each(['ASSET_MISSING', 'FFMPEG_FAILED'] satisfies ErrorCode[])('fails at %s as ever', async (code) => {
    const { run } = worker('rig', { planAnalysis: () => Promise.reject(new AppError(code, 'No.')) });
    expect(await run(analyse)).toMatchObject({ kind: 'failed', failure: { code } });
  });

  it('fetches the analysis of an export where another machine made it', async () => {
    const rig = worker('rig', {});
    await rig.ports.analyses.write(hash, files);
    const sent = await sendAnalysis(rig.ports, hash);
    const other = worker('spare', {
      async exportAnalysis({ analysisId }, { analyses, assets }) {
        const bytes = await analyses.read(analysisId, 'time.npy');
        return { file: await assets.putBytes(bytes, 'text/plain'), suggestedName: 'x' };
      },
    });
    for (const [name, { sha256, mediaType }] of Object.entries(sent)) {
      const stored = await other.ports.assets.putBytes(bytesOf(name), mediaType);
      expect(stored.sha256).toBe(sha256);
    }
    const data = { ...base, analysisId: hash, kind: 'csv', files: sent };
    expect(await other.run(job('export-analysis', data))).toMatchObject({ kind: 'done' });
  });

  it('leaves no part of an analysis where a file of it is missing', async () => {
    const rig = worker('rig', {});
    await rig.ports.analyses.write(hash, files);
    const sent = await sendAnalysis(rig.ports, hash);
    const other = worker('spare', {});
    await expect(receiveAnalysis(other.ports, hash, sent)).rejects.toMatchObject({ code: 'ASSET_MISSING' });
    expect(await other.ports.analyses.has(hash)).toBe(false);
  });
});
