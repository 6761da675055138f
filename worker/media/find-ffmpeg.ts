import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import bundledFfmpegPath from 'ffmpeg-static';
import { AppError } from '../protocol/errors.ts';

/** What the search for ffmpeg depends on, so that a test can state its own machine. */
export interface FfmpegSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly bundledPath: string | undefined;
  readonly exists: (path: string) => boolean;
}

const thisMachine = (): FfmpegSurroundings => ({
  environment: process.env,
  platform: process.platform,
  bundledPath: bundledFfmpegPath ?? undefined,
  exists: existsSync,
});

/**
 * The ffmpeg program to run: `FFMPEG_BIN`, then the binary that comes with the app, then the system's.
 * Throws AppError FFMPEG_MISSING, also when FFMPEG_BIN names a file that is not there: a wrong override is never ignored.
 */
export function findFfmpeg(surroundings: FfmpegSurroundings = thisMachine()): string {
  const { environment, exists } = surroundings;
  const override = environment['FFMPEG_BIN'];
  if (override) {
    if (exists(override)) return override;
    throw new AppError('FFMPEG_MISSING', `FFMPEG_BIN names ${override}, but there is no such file.`);
  }
  for (const path of candidates(surroundings)) {
    if (exists(path)) return path;
  }
  throw new AppError(
    'FFMPEG_MISSING',
    'The video program ffmpeg is not installed: run "npm run setup", or install ffmpeg and try again.',
  );
}

function candidates({ environment, platform, bundledPath }: FfmpegSurroundings): string[] {
  const name = platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const searchPath = environment['PATH'] ?? environment['Path'] ?? '';
  const system = searchPath.split(platform === 'win32' ? ';' : delimiter).filter((folder) => folder !== '');
  // Programs cannot be started from inside a packaged archive: the packager lays them beside it.
  const bundled = bundledPath?.replace(/app\.asar(?!\.unpacked)/, 'app.asar.unpacked');
  return [...(bundled ? [bundled] : []), ...system.map((folder) => join(folder, name))];
}
