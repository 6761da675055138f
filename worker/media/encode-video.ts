import { rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { DecodedFrame, EncodeRequest } from '../pipeline/ports.ts';
import { AppError } from '../protocol/errors.ts';
import { startFfmpeg, throwUnlessSucceeded } from './ffmpeg-process.ts';
import { h264Arguments } from './input-arguments.ts';
import { rawVideoFrameHeader, rawVideoHeader } from './raw-video-stream.ts';

export function encodeArguments(request: Pick<EncodeRequest, 'outputPath' | 'width' | 'height'>): string[] {
  // 4:2:0 has no odd sizes; losing one row beats resampling all of them.
  const crop = `crop=${request.width - (request.width % 2)}:${request.height - (request.height % 2)}:0:0`;
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'repeat+level+info'],
    ...['-f', 'matroska', '-i', 'pipe:0', '-map', '0:v:0'],
    ...['-vf', `${crop},scale=flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p`],
    ...h264Arguments({ quality: 20, preset: 'veryfast', keyFrameDistance: 30 }),
    `file:${request.outputPath}`,
  ];
}

/**
 * Writes the frames as H.264 MP4, frame i at `timesSeconds[i]`; the first frame that comes is at 0. Nothing stays at
 * `outputPath` after a failure. Throws CancelledError, FFMPEG_FAILED, DISK_FULL.
 */
export async function encodeVideo(
  request: EncodeRequest & { readonly ffmpegPath: string; readonly frames: AsyncIterable<DecodedFrame> },
  signal: AbortSignal,
): Promise<void> {
  const { width, height, timesSeconds, outputPath } = request;
  const ffmpeg = startFfmpeg({
    ffmpegPath: request.ffmpegPath,
    arguments: encodeArguments(request),
    writesInput: true,
    signal,
  });
  const { input } = ffmpeg;
  if (!input) throw new AppError('INTERNAL', 'ffmpeg was started without an input to write to.');
  ffmpeg.output?.resume();
  let running = true;
  const ended = ffmpeg.exit.then((exit) => {
    running = false;
    return exit;
  });
  try {
    input.write(rawVideoHeader({ width, height }));
    let startSeconds: number | undefined;
    for await (const { index, image } of request.frames) {
      const time = timesSeconds[index] ?? Number.NaN;
      if (image.data.length !== width * height * 3 || Number.isNaN(time)) {
        throw new AppError('INTERNAL', `Frame ${index} does not fit the video that it is written to.`);
      }
      startSeconds ??= time;
      input.write(rawVideoFrameHeader({ timeSeconds: time - startSeconds, byteLength: image.data.length }));
      // The frame's buffer is written again later: it has to be out first.
      await Promise.race([written(input, image.data), ended]);
      if (!running) break;
    }
    input.end();
    throwUnlessSucceeded(await ended, 'The video could not be written.');
  } catch (error) {
    ffmpeg.stop();
    await ended;
    await rm(outputPath, { force: true });
    throw error;
  }
}

function written(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(bytes, () => resolve());
  });
}
