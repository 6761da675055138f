import { clipPlaybackSchema } from '../protocol/clip.ts';
import type { JobPayload, JobResult } from '../protocol/jobs.ts';
import { encodeJson } from './analysis-plan.ts';
import { indexClip } from './index-clip.ts';
import type { OnProgress, Ports } from './ports.ts';

/** Bumped when proxy, poster or filmstrip of the same clip may come out differently. */
const playbackVersion = 1;

/** Probes the clip and makes what the window plays and lists. Throws ClipRefusedError. */
export async function preparePlayback(
  input: JobPayload<'prepare-playback'> & { readonly onProgress: OnProgress },
  ports: Ports,
  signal: AbortSignal,
): Promise<JobResult<'prepare-playback'>> {
  const index = await indexClip(input, ports, signal);
  const key = { stage: 'playback', version: playbackVersion, inputs: { clip: input.clip.sha256 } };
  const known = await ports.derived.get(key);
  if (known) {
    const stored = JSON.parse(new TextDecoder().decode(await ports.assets.read(known)));
    return { probe: index.probe, playback: clipPlaybackSchema.parse(stored) };
  }
  const path = await ports.assets.localPath(input.clip);
  const onFrame = (done: number, total: number): void => input.onProgress('playback', done, total);
  const playback = await ports.media.makePlayback(path, index, ports.assets, onFrame, signal);
  await ports.derived.put(key, await ports.assets.putBytes(encodeJson(playback), 'application/json'));
  return { probe: index.probe, playback };
}
