import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { madeClips, testPicture } from './media-made-clips.ts';

const clips = madeClips();
afterAll(() => clips.remove());

/** Process ids of ffmpeg runs that name the path. */
function ffmpegsOf(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      const file = join('/proc', id, 'cmdline');
      try {
        const [program = '', ...args] = readFileSync(file, 'utf8').split('\0');
        return program.endsWith('ffmpeg') && args.includes(`file:${path}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const exited = (child: ChildProcess) => new Promise<void>((done) => child.once('exit', () => done()));

describe.skipIf(!existsSync('/proc/self/cmdline'))('a killed process leaves no ffmpeg behind (needs /proc)', () => {
  const runs = {
    index: 'await media.index(path, limits, say, signal);',
    decode: `const index = await media.index(path, limits, () => {}, signal);
      const request = { path, index, firstFrame: 0, endFrame: index.probe.frameCount, width: 1280, height: 720 };
      for await (const frame of media.decode(request, signal)) { say(); await new Promise((later) => setTimeout(later, 50)); }`,
    playback: `const index = await media.index(path, limits, () => {}, signal);
      await media.makePlayback(path, index, {}, say, signal);`,
  };
  it.each(Object.entries(runs))(
    '%s',
    async (name, body) => {
      const path = clips.make(
        `${name}.mp4`,
        ...testPicture({ seconds: 20, size: '1280x720' }),
        ...['-c:v', 'libx264', '-preset', 'ultrafast'],
      );
      const script = `
      import { createMedia } from ${JSON.stringify(resolve(import.meta.dirname, '../../worker/media/media.ts'))};
      const media = createMedia();
      const path = ${JSON.stringify(path)};
      const limits = { maximumSeconds: 600, minimumPixels: 64 };
      const signal = new AbortController().signal;
      const say = () => process.stdout.write('.');
      const run = async () => { ${body} };
      void run();`;
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
        cwd: resolve(import.meta.dirname, '../..'),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const gone = exited(child);
      await new Promise((started) => child.stdout.once('data', started));
      expect(ffmpegsOf(path).length).toBeGreaterThan(0);
      child.kill('SIGKILL');
      await gone;
      await until(() => ffmpegsOf(path).length === 0);
    },
    30_000,
  );
});
