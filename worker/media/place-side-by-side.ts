import { rm } from 'node:fs/promises';
import type { SideBySideRequest } from '../pipeline/ports.ts';
import { runFfmpeg, throwUnlessSucceeded } from './ffmpeg-process.ts';
import { sideBySideArguments } from './side-by-side-arguments.ts';

/** Without labels where this ffmpeg was built without letters. Nothing stays at `outputPath` after a failure. Throws CancelledError, FFMPEG_FAILED, DISK_FULL. */
export async function placeSideBySide(
  request: SideBySideRequest & { readonly ffmpegPath: string },
  signal: AbortSignal,
): Promise<void> {
  const { ffmpegPath } = request;
  try {
    const { output } = await runFfmpeg({ ffmpegPath, arguments: ['-hide_banner', '-filters'], signal });
    const abilities = { drawtext: /\bdrawtext\b/.test(output) };
    const { exit } = await runFfmpeg({ ffmpegPath, arguments: sideBySideArguments(request, abilities), signal });
    throwUnlessSucceeded(exit, 'The video could not be written.');
  } catch (error) {
    await rm(request.outputPath, { force: true });
    throw error;
  }
}
