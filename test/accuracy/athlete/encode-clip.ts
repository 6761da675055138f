import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Picture } from './render-scene.ts';

export interface ClipRequest {
  readonly ffmpegPath: string;
  readonly outputPath: string;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
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
    ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int', '-pix_fmt', 'yuv420p'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'veryslow',
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

/** Encodes pictures, in order, into an MP4. Throws what ffmpeg said when it fails. */
export async function encodeClip(request: ClipRequest, pictures: AsyncIterable<Picture>): Promise<void> {
  const ffmpeg = spawn(request.ffmpegPath, clipArguments(request), { stdio: ['pipe', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  ffmpeg.stderr.on('data', (piece: Buffer) => said.push(piece));
  const ended = once(ffmpeg, 'close');
  // A broken pipe is told by the exit code below, with ffmpeg's own words.
  ffmpeg.stdin.on('error', () => undefined);
  for await (const picture of pictures) {
    if (!ffmpeg.stdin.writable) break;
    if (!ffmpeg.stdin.write(picture)) await Promise.race([once(ffmpeg.stdin, 'drain'), ended]);
  }
  ffmpeg.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg could not encode the clip: ${Buffer.concat(said).toString()}`);
}
