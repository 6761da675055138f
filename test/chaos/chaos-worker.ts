/**
 * A real worker process with real queue, control channel and step job, whose stages are short and depend on nothing but
 * their input: what they make is a hash chain from the clip to the document, so that a lost, doubled, misplaced or
 * foreign piece shows in the last hash.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createProcessors, type Stages } from '../../worker/processors.ts';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import { throwIfAborted } from '../../worker/protocol/errors.ts';
import { runWorker } from '../../worker/run-worker.ts';
import { readWorkerSettings } from '../../worker/worker-settings.ts';
import { refuse, stagedPorts } from '../integration/staged-stages.ts';

const settings = readWorkerSettings(process.env);
const ports = stagedPorts(settings);
const device = { requested: 'cpu', active: 'cpu' } as const;
const chunkCount = 3;
const framesPerChunk = 8;
const millisecondsPerFrame = 6;

const hash = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex');
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const put = (text: string): Promise<AssetReference> => ports.assets.putBytes(bytesOf(text), 'text/plain');
const read = async (asset: AssetReference): Promise<string> => (await ports.assets.read(asset)).toString();

/** One short line, appended in one write: whole even when the process dies in the next instruction. */
function note(journal: string, what: 'start' | 'end', clip: string, stage: string): void {
  appendFileSync(journal, `${JSON.stringify({ what, clip, stage, at: Date.now() })}\n`);
}

async function work(onFrame: (frame: number) => void, signal: AbortSignal): Promise<void> {
  for (let frame = 1; frame <= framesPerChunk; frame++) {
    await new Promise((resolve) => setTimeout(resolve, millisecondsPerFrame));
    throwIfAborted(signal);
    onFrame(frame);
  }
}

const stages: Stages = {
  async planAnalysis({ clip, clipName, onProgress }, _, signal) {
    note(clipName, 'start', clip.sha256, 'plan');
    await work((frame) => onProgress('scout', frame, framesPerChunk), signal);
    const plan = await put(hash('plan', clip.sha256));
    note(clipName, 'end', clip.sha256, 'plan');
    return { reused: false, analysisId: clip.sha256, plan, chunkCount, frames: chunkCount * framesPerChunk };
  },
  async poseChunk({ clip, clipName, chunkIndex, plan, onProgress }, { workerId }, signal) {
    const stage = `chunk-${chunkIndex}`;
    note(clipName, 'start', clip.sha256, stage);
    await work((frame) => onProgress('pose', frame, framesPerChunk), signal);
    const chunk = await put(hash(stage, await read(plan)));
    note(clipName, 'end', clip.sha256, stage);
    return { chunk, device, workerId, frames: framesPerChunk, seconds: 0 };
  },
  async finishAnalysis({ clip, clipName, chunks, onProgress }, _, signal) {
    note(clipName, 'start', clip.sha256, 'finish');
    await work((frame) => onProgress('store', frame, framesPerChunk), signal);
    const texts = await Promise.all(chunks.map(({ chunk }) => read(chunk)));
    await ports.analyses.write(clip.sha256, new Map([['analysis.json', bytesOf(hash('finish', ...texts))]]));
    note(clipName, 'end', clip.sha256, 'finish');
    const frames = chunks.length * framesPerChunk;
    return { analysisId: clip.sha256, frames, framesWithPose: frames, people: 1, reused: false };
  },
  preparePlayback: async () => refuse(),
  exportAnalysis: async () => refuse(),
};

await runWorker({
  settings,
  ports,
  processors: createProcessors(stages),
  measureDevice: async () => device,
  onEnd: async () => undefined,
});
