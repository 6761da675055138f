import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMedia } from '../../worker/media/media.ts';
import { colorAt } from '../../worker/pipeline/picture.ts';
import {
  frameHashes,
  hasRealClips,
  indexOf,
  madeClips,
  nameOf,
  neverAborted,
  noRealClips,
  realClips,
  testPicture,
} from './media-made-clips.ts';

const media = createMedia();
const clips = madeClips();
afterAll(() => clips.remove());

/** Every part of the clip has the bytes of one decode from the start. */
async function expectSameFramesEverywhere(path: string): Promise<void> {
  const index = await indexOf(media, path);
  const { displayWidth: width, displayHeight: height, frameCount } = index.probe;
  const whole = await frameHashes(media, { path, index, firstFrame: 0, endFrame: frameCount, width, height });
  expect(whole.map(([frame]) => frame)).toEqual(Array.from({ length: frameCount }, (_, i) => i));
  for (const part of [0.3, 0.55, 0.9]) {
    const firstFrame = Math.floor(frameCount * part);
    const endFrame = Math.min(frameCount, firstFrame + 4);
    const frames = await frameHashes(media, { path, index, firstFrame, endFrame, width, height });
    expect(frames).toEqual(whole.slice(firstFrame, endFrame));
  }
  const steps = await frameHashes(media, { path, index, firstFrame: 2, endFrame: frameCount, step: 5, width, height });
  expect(steps).toEqual(whole.filter(([frame]) => frame >= 2 && (frame - 2) % 5 === 0));
}

/** The first frame in RGB and in Y'CbCr: the same but for rounding and for the coarser grid of the colours. */
async function expectSameColours(path: string, name: string): Promise<void> {
  const index = await indexOf(media, path);
  const { displayWidth: width, displayHeight: height } = index.probe;
  const request = { path, index, firstFrame: 0, endFrame: 1, width, height };
  const differences: number[] = [];
  for await (const { image: yuv } of media.decodeYuv(request, neverAborted)) {
    for await (const { image: rgb } of media.decode(request, neverAborted)) {
      for (let y = 0; y < height; y += 3) {
        for (let x = 0; x < width; x += 3) {
          colorAt(yuv, x, y).forEach((value, channel) => {
            differences.push(Math.abs(value - (rgb.data[(y * width + x) * 3 + channel] ?? Number.NaN)));
          });
        }
      }
    }
  }
  differences.sort((a, b) => a - b);
  expect(differences.length, name).toBeGreaterThan(1000);
  expect(differences[Math.floor(differences.length / 2)], name).toBeLessThan(2);
  expect(differences[Math.floor(differences.length * 0.9)], name).toBeLessThan(8);
}

describe('frames are the same wherever a decode begins', () => {
  const x264 = (params: string) => ['-c:v', 'libx264', '-preset', 'medium', '-x264-params', params];
  it.each<[string, string[]]>([
    ['closed.mp4', x264('keyint=30')],
    ['open-gop.mp4', x264('keyint=30:open-gop=1:bframes=8:b-pyramid=normal')],
    ['open-gop.mkv', x264('keyint=30:open-gop=1:bframes=8')],
    ['intra-refresh.mp4', x264('keyint=30:intra-refresh=1')],
    ['one-key-frame.mp4', x264('keyint=infinite')],
    ['b-frames.avi', ['-c:v', 'mpeg4', '-bf', '2']],
    ['transport.ts', x264('keyint=30:open-gop=1')],
    ['vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30']],
    ['turned.mov', [...x264('keyint=20'), '-metadata:s:v', 'rotate=90']],
    ['anamorphic.mp4', [...x264('keyint=20'), '-aspect', '4:3']],
    ['ten-bit.mp4', [...x264('keyint=20'), '-pix_fmt', 'yuv420p10le']],
  ])('%s', async (name, args) => {
    await expectSameFramesEverywhere(clips.make(name, ...testPicture({ seconds: 4 }), ...args));
  });

  it('trimmed.mp4, with an edit list', async () => {
    const whole = clips.make('untrimmed.mp4', ...testPicture({ seconds: 5 }), ...x264('keyint=40:open-gop=1'));
    await expectSameFramesEverywhere(clips.make('trimmed.mp4', '-ss', '1.1', '-i', whole, '-c', 'copy'));
  });

  it.skipIf(!hasRealClips).each(
    realClips('odd')
      .filter((path) => !/1x1|mp3|one_frame|zero_bytes/.test(path))
      .map((path) => [nameOf(path), path]),
  )(`%s (${hasRealClips ? 'present' : noRealClips})`, async (_name, path) => {
    await expectSameFramesEverywhere(path);
  });
});

describe('decode', () => {
  let path = '';
  beforeAll(() => {
    path = clips.make('colours.mp4', ...testPicture({ seconds: 2, size: '640x360' }), '-c:v', 'libx264', '-crf', '10');
  });

  it('scales, and puts out packed RGB', async () => {
    const red = clips.make('red.mp4', '-f', 'lavfi', '-i', 'color=red:s=320x180:d=0.2:r=30', '-c:v', 'libx264');
    const index = await indexOf(media, red);
    for await (const { image } of media.decode(
      { path: red, index, firstFrame: 0, endFrame: 1, width: 101, height: 57 },
      neverAborted,
    )) {
      expect(image.data).toHaveLength(101 * 57 * 3);
      const [r = 0, g = 255, b = 255] = image.data.subarray(3 * 2000);
      expect(r).toBeGreaterThan(245);
      expect(Math.max(g, b)).toBeLessThan(10);
    }
  });

  const yuvKinds: [string, string, string[]][] = [
    ['bt601.mp4', '321x181', ['-c:v', 'libx264']],
    ['bt709.mp4', '1280x720', ['-c:v', 'libx264', '-colorspace', 'bt709']],
    ['full-range.mp4', '640x360', ['-c:v', 'libx264', '-pix_fmt', 'yuvj420p']],
    ['ten-bit-444.mp4', '640x360', ['-c:v', 'libx264', '-pix_fmt', 'yuv444p10le']],
    ['rgb.mp4', '640x360', ['-c:v', 'libx264rgb']],
    ['turned.mov', '640x360', ['-c:v', 'libx264', '-metadata:s:v', 'rotate=90']],
  ];
  it.each(yuvKinds)('gives the same colours as Y’CbCr: %s', async (name, size, args) => {
    const film = clips.make(name, ...testPicture({ seconds: 0.2, size }), '-crf', '4', ...args);
    await expectSameColours(film, name);
  });

  const hdr = realClips('odd').filter((film) => /hdr|bt2020|alpha/.test(film));
  it.skipIf(!hasRealClips).each(hdr.map((film) => [nameOf(film), film]))(
    `gives the same colours as Y’CbCr: %s (${hasRealClips ? 'present' : noRealClips})`,
    async (name, film) => await expectSameColours(film, name),
  );

  it('ends at once when the consumer leaves or the signal fires', async () => {
    const index = await indexOf(media, path);
    const request = { path, index, firstFrame: 0, endFrame: 60, width: 640, height: 360 };
    let frames = 0;
    for await (const _ of media.decode(request, neverAborted)) if (++frames === 2) break;
    expect(frames).toBe(2);
    const controller = new AbortController();
    const started = performance.now();
    await expect(
      (async () => {
        for await (const _ of media.decode(request, controller.signal)) controller.abort();
      })(),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - started).toBeLessThan(2000);
    await expect(
      media.index(path, { maximumSeconds: 9, minimumPixels: 1 }, () => undefined, controller.signal),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('notices a file that is not the one of the index', async () => {
    const index = await indexOf(media, path);
    const other = clips.make(
      'other.mp4',
      ...testPicture({ seconds: 2 }),
      '-c:v',
      'libx264',
      '-video_track_timescale',
      '1000',
    );
    const request = { path: other, index, firstFrame: 5, endFrame: 20, width: 64, height: 36 };
    await expect(frameHashes(media, request)).rejects.toMatchObject({ code: 'DECODE_MISMATCH' });
  });

  it('says which program is missing', async () => {
    const missing = createMedia({ ffmpegPath: '/nowhere/ffmpeg' });
    await expect(indexOf(missing, path)).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
    expect(await media.version()).toMatch(/^ffmpeg version/);
  });
});
