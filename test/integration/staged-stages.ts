/** Stages that do what a test asks for: the clip's name is a `StagePlan` as JSON. And the ports they need. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from '../../worker/pipeline/ports.ts';
import type { Stages } from '../../worker/processors.ts';
import { analysisFileNames } from '../../worker/protocol/analysis.ts';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import { AppError, CancelledError, ClipRefusedError, throwIfAborted } from '../../worker/protocol/errors.ts';
import type { StageName } from '../../worker/protocol/jobs.ts';
import { createFileStores } from '../../worker/storage/file-stores.ts';
import { type StagePlan, stagePlanSchema } from './stage-plan.ts';

const device = { requested: 'cpu', active: 'cpu' } as const;
const pollMilliseconds = 5;

interface StageInput {
  readonly clipName: string;
  readonly onProgress: (stage: StageName, framesDone: number, framesTotal: number) => void;
}

/** Notes the start and the end, waits at the gate, fails if the plan says so. */
async function act(
  name: string,
  stage: StageName,
  input: StageInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<StagePlan> {
  const plan = stagePlanSchema.parse(JSON.parse(input.clipName));
  const note = (what: string): void => {
    const at = performance.timeOrigin + performance.now();
    const line = { what, name, worker: ports.workerId, pid: process.pid, at };
    appendFileSync(plan.journal, `${JSON.stringify(line)}\n`);
  };
  note('start');
  const gate = plan.gates[name];
  while (gate !== undefined && !existsSync(gate)) {
    input.onProgress(stage, 0, plan.framesPerChunk);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    if (signal.aborted) note('aborted');
    throwIfAborted(signal);
  }
  for (let frame = 1; frame <= plan.framesPerChunk; frame++) input.onProgress(stage, frame, plan.framesPerChunk);
  const failure = plan.failures[name];
  const isFirst = failure !== undefined && markFirst(plan, name);
  if (failure === 'refused') throw new ClipRefusedError('CLIP_NO_VIDEO', 'There is no video in this file.');
  if (failure === 'always') throw new AppError('FFMPEG_FAILED', 'The decoder failed.');
  if (failure === 'once' && isFirst) throw new AppError('FFMPEG_FAILED', 'The decoder failed.');
  if (failure === 'dies' || (failure === 'dies once' && isFirst)) process.kill(process.pid, 'SIGKILL');
  if (failure === 'freezes once' && isFirst) process.kill(process.pid, 'SIGSTOP');
  const neverEnds = ['endless once', 'hangs once', 'deaf once', 'grows once'].find((kind) => kind === failure);
  const grown = failure === 'grows once' && isFirst ? Buffer.alloc(700e6, 1) : undefined;
  for (let frame = 1; neverEnds !== undefined && isFirst; frame++) {
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    if (failure === 'endless once') input.onProgress(stage, frame, plan.framesPerChunk);
    if (signal.aborted && failure !== 'deaf once') {
      note('aborted');
      throw new CancelledError(`after ${grown?.length ?? 0} bytes`);
    }
  }
  note('end');
  return plan;
}

function markFirst(plan: StagePlan, name: string): boolean {
  try {
    mkdirSync(`${plan.journal}.${name}.failed`);
    return true;
  } catch {
    return false;
  }
}

async function asset({ assets }: Ports, content: unknown): Promise<AssetReference> {
  return await assets.putBytes(new TextEncoder().encode(JSON.stringify(content)), 'application/json');
}

export const stagedStages: Stages = {
  async planAnalysis(input, ports, signal) {
    if (ports.team) await ports.assets.localPath(input.clip);
    const { chunks, framesPerChunk } = await act('plan', 'scout', input, ports, signal);
    const analysisId = input.clip.sha256;
    return {
      reused: false,
      analysisId,
      plan: await asset(ports, ['plan', input.clipName]),
      chunkCount: chunks,
      frames: chunks * framesPerChunk,
    };
  },
  async poseChunk(input, ports, signal) {
    const { framesPerChunk } = await act(`chunk-${input.chunkIndex}`, 'pose', input, ports, signal);
    const chunk = await asset(ports, ['chunk', input.chunkIndex]);
    return { chunk, device, workerId: ports.workerId, frames: framesPerChunk, seconds: 0 };
  },
  async finishAnalysis(input, ports, signal) {
    await act('finish', 'store', input, ports, signal);
    const order = await Promise.all(input.chunks.map(async ({ chunk }) => (await ports.assets.read(chunk)).toString()));
    const frames = input.chunks.reduce((sum, chunk) => sum + chunk.frames, 0);
    const text = new TextEncoder().encode(JSON.stringify(order));
    await ports.analyses.write(input.clip.sha256, new Map(analysisFileNames.map((name) => [name, text])));
    return { analysisId: input.clip.sha256, frames, framesWithPose: frames, people: 1, reused: false };
  },
  preparePlayback: async () => refuse(),
  async exportAnalysis(input, ports, signal) {
    await act('export', 'export', input, ports, signal);
    return { file: await asset(ports, ['export']), suggestedName: 'export.json' };
  },
};

/** What stages of a test must not do. */
export function refuse(): never {
  throw new AppError('INTERNAL', 'These stages need no media, no model and no store.');
}

/** No media, no model and no store. */
export const refusingPorts: Ports = {
  media: {
    probe: refuse,
    index: refuse,
    decode: refuse,
    decodeYuv: refuse,
    makePlayback: refuse,
    ...{ encode: refuse, encodePicture: refuse, placeSideBySide: refuse },
    version: async () => 'none',
  },
  assets: { putFile: refuse, putBytes: refuse, has: refuse, localPath: refuse, read: refuse },
  derived: { get: refuse, put: refuse },
  analyses: { has: refuse, folder: refuse, write: refuse, read: refuse },
  poseEngine: refuse,
  workerId: 'worker',
  versions: { app: 'test', onnxruntime: 'test' },
  temporaryDirectory: '',
  log: () => undefined,
};

/** Stores of the data folder, no media and no model. */
export function stagedPorts(settings: {
  readonly workerId: string;
  readonly dataDirectory: string;
  readonly temporaryDirectory: string;
}): Ports {
  return {
    ...refusingPorts,
    ...createFileStores({ dataDirectory: settings.dataDirectory }),
    workerId: settings.workerId,
    temporaryDirectory: join(settings.temporaryDirectory, settings.workerId),
    log: (message, details) => console.error(JSON.stringify({ message, ...details })),
  };
}
