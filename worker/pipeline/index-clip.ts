import type { AssetReference } from '../protocol/assets.ts';
import { ClipRefusedError } from '../protocol/errors.ts';
import type { ClipLimits } from '../protocol/jobs.ts';
import { decodeClipIndex, encodeClipIndex, encodeJson } from './analysis-plan.ts';
import type { ClipIndex, OnProgress, Ports } from './ports.ts';

/** Bumped when the index of the same clip may come out differently. */
const indexVersion = 1;

export interface IndexClipInput {
  readonly clip: AssetReference;
  readonly limits: ClipLimits;
  readonly onProgress: OnProgress;
}

/**
 * Probes and indexes a clip, once: a second call, also by another job or process, finds the first one's result.
 * Throws ClipRefusedError for a clip that cannot be analysed.
 */
export async function indexClip(input: IndexClipInput, ports: Ports, signal: AbortSignal): Promise<ClipIndex> {
  const key = { stage: 'index', version: indexVersion, inputs: { clip: input.clip.sha256 } };
  const known = await ports.derived.get(key);
  if (known) {
    const index = decodeClipIndex(JSON.parse(new TextDecoder().decode(await ports.assets.read(known))));
    refuseBeyondLimits(index, input.limits);
    return index;
  }
  const path = await ports.assets.localPath(input.clip);
  input.onProgress('probe', 0, 0);
  const index = await ports.media.index(
    path,
    input.limits,
    (done, total) => input.onProgress('index', done, total),
    signal,
  );
  const asset = await ports.assets.putBytes(encodeJson(encodeClipIndex(index)), 'application/json');
  await ports.derived.put(key, asset);
  return index;
}

/** A stored index may have been made under other limits than today's. */
function refuseBeyondLimits({ probe }: ClipIndex, limits: ClipLimits): void {
  if (probe.durationSeconds > limits.maximumSeconds) {
    throw new ClipRefusedError(
      'CLIP_TOO_LONG',
      `The clip is ${Math.round(probe.durationSeconds)} seconds long; the limit in the settings is ${limits.maximumSeconds}.`,
    );
  }
  if (Math.min(probe.displayWidth, probe.displayHeight) < limits.minimumPixels) {
    throw new ClipRefusedError(
      'CLIP_TOO_SMALL',
      `The picture is ${probe.displayWidth} × ${probe.displayHeight} pixels; at least ${limits.minimumPixels} each way are needed.`,
    );
  }
}
