import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssetStore, ClipIndex } from '../pipeline/ports.ts';
import type { ClipPlayback } from '../protocol/clip.ts';
import { AppError } from '../protocol/errors.ts';
import { throwUnlessSucceeded } from './ffmpeg-process.ts';
import type { FilterAbilities } from './frame-filters.ts';
import { planPlayback, playbackArguments } from './playback-arguments.ts';
import { startStampedFrames } from './stamped-frames.ts';

const silenceLimitMilliseconds = 60_000;

/**
 * One pass over the clip makes proxy, poster and filmstrip, and puts them into the asset store. Throws CancelledError,
 * FFMPEG_FAILED, DISK_FULL, and DECODE_MISMATCH when the frames are not those of the index.
 */
export async function makePlayback(
  request: {
    readonly ffmpegPath: string;
    readonly abilities: FilterAbilities;
    readonly path: string;
    readonly index: ClipIndex;
    readonly assets: AssetStore;
    readonly onFrame: (framesDone: number, framesTotal: number) => void;
  },
  signal: AbortSignal,
): Promise<ClipPlayback> {
  const { ffmpegPath, abilities, path, index, assets, onFrame } = request;
  const folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-playback-'));
  try {
    const plan = planPlayback(index);
    const files = {
      proxyPath: join(folder, 'proxy.mp4'),
      posterPath: join(folder, 'poster.jpg'),
      filmstripPath: join(folder, 'filmstrip.jpg'),
    };
    const pass = await startStampedFrames(
      {
        ffmpegPath,
        arguments: playbackArguments({ path, index, plan, files, abilities }),
        frameBytes: 4,
        silenceLimitMilliseconds,
        endsItself: true,
      },
      signal,
    );
    const { presentationStamps } = index;
    let done = 0;
    for await (const { stamp } of pass.frames) {
      if (stamp !== presentationStamps[done]) throw mismatch(`frame ${done} has stamp ${stamp}`);
      done++;
      onFrame(done, presentationStamps.length);
    }
    throwUnlessSucceeded(await pass.exit, 'The clip could not be prepared for playing.');
    if (done !== presentationStamps.length) throw mismatch(`${done} of ${presentationStamps.length} frames`);
    const [proxy, poster, filmstrip] = await Promise.all([
      assets.putFile(files.proxyPath, 'video/mp4'),
      assets.putFile(files.posterPath, 'image/jpeg'),
      assets.putFile(files.filmstripPath, 'image/jpeg'),
    ]);
    return {
      proxy,
      proxyWidth: plan.proxySize.width,
      proxyHeight: plan.proxySize.height,
      poster,
      filmstrip,
      filmstripTiles: plan.tileStamps.length,
      frameTimesSeconds: plan.frameTimesSeconds,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function mismatch(detail: string): AppError {
  return new AppError('DECODE_MISMATCH', 'The clip has changed since it was read: add it again.', {
    cause: new Error(detail),
  });
}
