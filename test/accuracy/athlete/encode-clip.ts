import { once } from 'node:events';
import { startFfmpeg, throwUnlessSucceeded } from '../../../worker/media/ffmpeg-process.ts';
import type { Picture } from './render-scene.ts';

export interface ClipRequest {
  readonly ffmpegPath: string;
  readonly outputPath: string;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Standard deviation of the sensor's noise, of 255; the same noise for the same seed. */
  readonly noise?: { readonly deviation: number; readonly seed: number };
  /** How long x264 may think; the slowest when absent. */
  readonly preset?: 'veryslow' | 'medium' | 'veryfast';
  /** Quality of x264: lower is better and bigger. */
  readonly constantRateFactor: number;
}

/** One thread and no encoder banner: the same pictures give the same bytes. */
export function clipArguments(request: ClipRequest): readonly string[] {
  const colour = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'];
  return [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgba'],
    ...[
      '-video_size',
      `${request.width}x${request.height}`,
      '-framerate',
      String(request.framesPerSecond),
      '-i',
      'pipe:0',
    ],
    ...[
      '-vf',
      `${noiseFilter(request)}scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int`,
      '-pix_fmt',
      'yuv420p',
    ],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      request.preset ?? 'veryslow',
      '-crf',
      String(request.constantRateFactor),
      '-threads',
      '1',
      '-g',
      '60',
    ],
    ...[...colour, '-fflags', '+bitexact', '-flags:v', '+bitexact', '-movflags', '+faststart', request.outputPath],
  ];
}

/** ffmpeg draws the noise evenly from -strength to +strength. */
function noiseFilter({ noise }: ClipRequest): string {
  if (noise === undefined || noise.deviation === 0) return '';
  const strength = Math.min(100, Math.max(1, Math.round(noise.deviation * Math.sqrt(3))));
  return `noise=alls=${strength}:allf=t+u:all_seed=${noise.seed},`;
}

/** Encodes pictures, in order, into an MP4. Throws AppError with what ffmpeg said when it fails. */
export async function encodeClip(request: ClipRequest, pictures: AsyncIterable<Picture>): Promise<void> {
  const stopping = new AbortController();
  const ffmpeg = startFfmpeg({
    ffmpegPath: request.ffmpegPath,
    arguments: clipArguments(request),
    writesInput: true,
    signal: stopping.signal,
  });
  const { input } = ffmpeg;
  if (!input) throw new Error('ffmpeg was started without an input');
  try {
    for await (const picture of pictures) {
      if (!input.writable) break;
      if (!input.write(picture)) await Promise.race([once(input, 'drain'), ffmpeg.exit]);
    }
    input.end();
    throwUnlessSucceeded(await ffmpeg.exit, 'The sample could not be encoded.');
  } finally {
    stopping.abort();
  }
}
