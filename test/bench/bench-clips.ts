/** Clips of known size and length, cut from one source clip with ffmpeg. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../worker/media/find-ffmpeg.ts';

export interface BenchClipRequest {
  readonly source: string;
  readonly folder: string;
  readonly name: string;
  readonly heightPixels: number;
  /** The source is repeated until it is as long as this. */
  readonly durationSeconds: number;
}

/** Arguments of ffmpeg for one bench clip; width follows from the source's shape, even as H.264 wants it. */
export function benchClipArguments({ source, heightPixels, durationSeconds }: BenchClipRequest, output: string) {
  return [
    ...['-v', 'error', '-y', '-stream_loop', '-1', '-i', source, '-t', String(durationSeconds)],
    ...['-vf', `scale=-2:${heightPixels}`, '-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18'],
    ...['-pix_fmt', 'yuv420p', output],
  ];
}

/** Writes the clip and returns its path. */
export async function makeBenchClip(request: BenchClipRequest): Promise<string> {
  const output = join(request.folder, `${request.name}.mp4`);
  await promisify(execFile)(findFfmpeg(), benchClipArguments(request, output));
  return output;
}
