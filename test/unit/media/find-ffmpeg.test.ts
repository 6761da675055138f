import { describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../worker/media/find-ffmpeg.ts';

const machine = (files: string[], environment: Record<string, string> = {}, bundledPath?: string) => ({
  environment: { PATH: '/opt/bin:/usr/bin', ...environment },
  platform: 'linux' as const,
  bundledPath,
  exists: (path: string) => files.includes(path),
});

describe('findFfmpeg', () => {
  it('takes FFMPEG_BIN, then the bundled binary, then the system', () => {
    const files = ['/my/ffmpeg', '/app/ffmpeg', '/usr/bin/ffmpeg'];
    expect(findFfmpeg(machine(files, { FFMPEG_BIN: '/my/ffmpeg' }, '/app/ffmpeg'))).toBe('/my/ffmpeg');
    expect(findFfmpeg(machine(files, {}, '/app/ffmpeg'))).toBe('/app/ffmpeg');
    expect(findFfmpeg(machine(['/usr/bin/ffmpeg'], {}, '/app/ffmpeg'))).toBe('/usr/bin/ffmpeg');
  });

  it('looks beside a packaged archive, not into it', () => {
    const unpacked = '/x/app.asar.unpacked/node_modules/ffmpeg-static/ffmpeg';
    expect(findFfmpeg(machine([unpacked], {}, '/x/app.asar/node_modules/ffmpeg-static/ffmpeg'))).toBe(unpacked);
  });

  it('fails with FFMPEG_MISSING, also for a wrong FFMPEG_BIN', () => {
    expect(() => findFfmpeg(machine([]))).toThrow(expect.objectContaining({ code: 'FFMPEG_MISSING' }));
    expect(() => findFfmpeg(machine(['/usr/bin/ffmpeg'], { FFMPEG_BIN: '/no' }))).toThrow(/FFMPEG_BIN names \/no/);
  });
});
