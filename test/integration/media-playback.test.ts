import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blazePose33 } from '../../models/skeletons.ts';
import { renderOverlay } from '../../worker/exports/render-overlay.ts';
import { createMedia } from '../../worker/media/media.ts';
import type { AssetStore, DecodedFrame, Ports } from '../../worker/pipeline/ports.ts';
import { indexOf, madeClips, neverAborted, testPicture } from './media-made-clips.ts';

const media = createMedia();
const clips = madeClips();
afterAll(() => clips.remove());

/** Keeps the files beside the clips; the real stores have tests of their own. */
function folderAssets(prefix: string): Pick<AssetStore, 'putFile'> {
  return {
    putFile: async (path, mediaType) => {
      const bytes = readFileSync(path);
      copyFileSync(path, join(clips.folder, `${prefix}-${basename(path)}`));
      return { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType, byteLength: bytes.length };
    },
  };
}

const mostDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe('makePlayback', () => {
  it.each<[string, string[]]>([
    [
      'late-variable.mkv',
      ['-vf', "select='not(mod(n,3))+gt(n,30)',setpts=PTS+5/TB", '-vsync', 'vfr', '-copyts', '-c:v', 'libx264'],
    ],
    ['ntsc.mp4', ['-vf', 'fps=30000/1001', '-c:v', 'libx264', '-bf', '3']],
    ['anamorphic.mp4', ['-vf', 'scale=401:225,setsar=224/225', '-c:v', 'libx264', '-pix_fmt', 'yuv444p']],
    ['turned.mov', ['-c:v', 'libx264', '-metadata:s:v', 'rotate=90']],
  ])('%s: the proxy has the frames and the times of the index', async (name, args) => {
    const path = clips.make(name, ...testPicture({ seconds: 2, size: '402x226' }), ...args);
    const index = await indexOf(media, path);
    const progress: number[] = [];
    const assets = folderAssets(name) as AssetStore;
    const playback = await media.makePlayback(path, index, assets, (done) => progress.push(done), neverAborted);
    const proxyPath = join(clips.folder, `${name}-proxy.mp4`);
    const proxy = await indexOf(media, proxyPath);
    expect(progress.at(-1)).toBe(index.probe.frameCount);
    expect(proxy.probe).toMatchObject({
      frameCount: index.probe.frameCount,
      codec: 'h264',
      pixelFormat: 'yuv420p',
      sampleAspectRatio: 1,
      startSeconds: 0,
      hasAudio: false,
      displayWidth: playback.proxyWidth,
      displayHeight: playback.proxyHeight,
    });
    expect(mostDifference(playback.frameTimesSeconds, proxy.timesSeconds)).toBeLessThan(1e-6);
    expect(mostDifference(playback.frameTimesSeconds, index.timesSeconds)).toBeLessThan(1e-4);
    // Frame i shows the same picture: the thumbnails differ by compression only.
    const size = { width: 40, height: 24 };
    const grey = async (of: string, using: typeof index) => {
      const means: number[][] = [];
      const request = { path: of, index: using, firstFrame: 0, endFrame: index.probe.frameCount, ...size };
      for await (const { image } of media.decode(request, neverAborted)) means.push([...image.data]);
      return means;
    };
    const [source, shown] = [await grey(path, index), await grey(proxyPath, proxy)];
    for (const [i, pixels] of source.entries()) {
      const other = shown[i] ?? [];
      const difference = pixels.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / pixels.length;
      expect(difference).toBeLessThan(6);
    }
    for (const file of ['poster.jpg', 'filmstrip.jpg']) {
      expect([...readFileSync(join(clips.folder, `${name}-${file}`)).subarray(0, 2)]).toEqual([0xff, 0xd8]);
    }
    expect(playback.filmstripTiles).toBe(12);
  });
});

describe('encode', () => {
  const size = { width: 63, height: 47 };
  async function* frames(count: number): AsyncGenerator<DecodedFrame> {
    const data = new Uint8Array(size.width * size.height * 3);
    for (let index = 0; index < count; index++) yield { index, image: { ...size, data: data.fill(index * 20) } };
  }

  it('writes each frame at its own time, cropped to even sizes', async () => {
    const timesSeconds = Float64Array.of(0, 0.0333, 0.1, 0.25, 1.7);
    const outputPath = join(clips.folder, 'encoded.mp4');
    await media.encode({ outputPath, ...size, timesSeconds }, frames(5), neverAborted);
    const index = await media.index(outputPath, { maximumSeconds: 9, minimumPixels: 2 }, () => undefined, neverAborted);
    expect(mostDifference(timesSeconds, index.timesSeconds)).toBeLessThan(1e-4);
    expect([index.probe.displayWidth, index.probe.displayHeight]).toEqual([62, 46]);
  });

  it('leaves nothing behind when it is cancelled or cannot write', async () => {
    const outputPath = join(clips.folder, 'cancelled.mp4');
    const controller = new AbortController();
    async function* cancelled() {
      for await (const frame of frames(10)) {
        if (frame.index === 3) controller.abort();
        yield frame;
      }
    }
    const timesSeconds = Float64Array.from({ length: 10 }, (_, i) => i / 30);
    await expect(
      media.encode({ outputPath, ...size, timesSeconds }, cancelled(), controller.signal),
    ).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(existsSync(outputPath)).toBe(false);
    const nowhere = join(clips.folder, 'no', 'such', 'folder.mp4');
    await expect(
      media.encode({ outputPath: nowhere, ...size, timesSeconds }, frames(10), neverAborted),
    ).rejects.toMatchObject({
      code: 'FFMPEG_FAILED',
    });
  });
});

describe('renderOverlay', () => {
  it('burns the skeleton into every frame that has a pose', async () => {
    const path = clips.make('grey.mp4', '-f', 'lavfi', '-i', 'color=gray:s=320x240:d=1:r=20', '-c:v', 'libx264');
    const index = await indexOf(media, path);
    const frames = index.probe.frameCount;
    const keypointCount = blazePose33.names.length;
    const landmarks2d = new Float32Array(frames * keypointCount * 4).fill(Number.NaN);
    // A left shin that stands upright in the first half of the clip.
    for (let frame = 0; frame < frames / 2; frame++) {
      landmarks2d.set([160, 40, 1, 1], (frame * keypointCount + 25) * 4);
      landmarks2d.set([160, 200, 1, 1], (frame * keypointCount + 27) * 4);
    }
    const outputPath = join(clips.folder, 'overlay.mp4');
    const motion = {
      timesSeconds: index.timesSeconds,
      keypointCount,
      landmarks2d,
      landmarks3d: new Float32Array(frames * keypointCount * 3),
    };
    let done = 0;
    const input = { clipPath: path, index, motion, skeleton: blazePose33, outputPath, width: 640, height: 480 };
    await renderOverlay({ ...input, onFrame: (count) => (done = count) }, { media } as Ports, neverAborted);
    expect(done).toBe(frames);
    const overlay = await indexOf(media, outputPath);
    expect([...overlay.timesSeconds].map((time) => time.toFixed(3))).toEqual(
      [...index.timesSeconds].map((time) => time.toFixed(3)),
    );
    const request = { path: outputPath, index: overlay, firstFrame: 0, endFrame: frames, width: 640, height: 480 };
    for await (const { index: frame, image } of media.decode(request, neverAborted)) {
      const at = (240 * 640 + 320) * 3;
      const [red = 0, , blue = 0] = image.data.subarray(at, at + 3);
      if (frame < frames / 2) expect(blue - red).toBeGreaterThan(80);
      else expect(Math.abs(blue - red)).toBeLessThan(10);
    }
  });
});
