import type { ClipIndex, DecodeRequest, MediaPort, RgbImage, YuvImage } from '../pipeline/ports.ts';
import { decodeFrames, type PixelLayout, rgbLayout, yuvLayout } from './decode-frames.ts';
import { encodePicture } from './encode-picture.ts';
import { encodeVideo } from './encode-video.ts';
import { runFfmpeg, throwUnlessSucceeded } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { FilterAbilities } from './frame-filters.ts';
import { indexClip } from './index-clip.ts';
import { makePlayback } from './make-playback.ts';
import { placeSideBySide } from './place-side-by-side.ts';
import { probeClip } from './probe-clip.ts';

/**
 * Everything that reads or writes video, over one ffmpeg program. It is looked for at the first use, so that an app
 * without it still opens and can say what is missing (AppError FFMPEG_MISSING).
 */
export function createMedia(options: { readonly ffmpegPath?: string } = {}): MediaPort {
  let foundPath = options.ffmpegPath;
  const ffmpegPath = () => {
    foundPath ??= findFfmpeg();
    return foundPath;
  };
  const never = new AbortController().signal;
  /** What `ffmpeg -version` prints: the version, and how it was built. */
  let about: Promise<string> | undefined;
  const askAbout = () => {
    about ??= runFfmpeg({ ffmpegPath: ffmpegPath(), arguments: ['-version'], signal: never }).then(
      ({ exit, output }) => {
        throwUnlessSucceeded(exit, 'The video program ffmpeg does not work on this computer.');
        return output;
      },
    );
    return about;
  };
  const askAbilities = async (): Promise<FilterAbilities> => ({
    zscale: (await askAbout()).includes('--enable-libzimg'),
  });
  const decodeAs = <Image extends RgbImage | YuvImage>(layout: PixelLayout<Image>) =>
    async function* decode(request: DecodeRequest, signal: AbortSignal) {
      yield* decodeFrames({ ...request, layout, ffmpegPath: ffmpegPath(), abilities: await askAbilities() }, signal);
    };
  return {
    probe: (path, limits, signal) => probeClip({ ffmpegPath: ffmpegPath(), path, limits }, signal),
    index: (path, limits, onFrame, signal): Promise<ClipIndex> =>
      indexClip({ ffmpegPath: ffmpegPath(), path, limits, onFrame }, signal),
    decode: decodeAs(rgbLayout),
    decodeYuv: decodeAs(yuvLayout),
    makePlayback: async (path, index, assets, onFrame, signal) =>
      makePlayback({ ffmpegPath: ffmpegPath(), abilities: await askAbilities(), path, index, assets, onFrame }, signal),
    encode: (request, frames, signal) => encodeVideo({ ...request, ffmpegPath: ffmpegPath(), frames }, signal),
    encodePicture: (image, signal) => encodePicture(image, { ffmpegPath: ffmpegPath() }, signal),
    placeSideBySide: (request, signal) => placeSideBySide({ ...request, ffmpegPath: ffmpegPath() }, signal),
    version: async () => (await askAbout()).split('\n')[0]?.trim() ?? 'ffmpeg',
  };
}
