import type { RgbImage } from '../pipeline/ports.ts';
import { startFfmpeg, throwUnlessSucceeded } from './ffmpeg-process.ts';
import { logArguments } from './input-arguments.ts';

export function pictureArguments({ width, height }: Pick<RgbImage, 'width' | 'height'>): string[] {
  return [
    // Standard input carries the picture.
    ...logArguments.filter((argument) => argument !== '-nostdin'),
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', 'pipe:0'],
    ...['-vf', 'scale=out_color_matrix=bt601:out_range=pc,format=yuvj444p', '-frames:v', '1'],
    ...['-c:v', 'mjpeg', '-q:v', '3', '-f', 'image2pipe', 'pipe:1'],
  ];
}

/** The picture as a JPEG. Throws CancelledError, FFMPEG_FAILED. */
export async function encodePicture(
  image: RgbImage,
  { ffmpegPath }: { readonly ffmpegPath: string },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const ffmpeg = startFfmpeg({ ffmpegPath, arguments: pictureArguments(image), writesInput: true, signal });
  const parts: Uint8Array[] = [];
  ffmpeg.output?.on('data', (part: Uint8Array) => parts.push(part));
  // A process that ended early says why in its exit.
  ffmpeg.input?.on('error', () => undefined);
  ffmpeg.input?.end(image.data);
  throwUnlessSucceeded(await ffmpeg.exit, 'The picture could not be written.');
  return Buffer.concat(parts);
}
