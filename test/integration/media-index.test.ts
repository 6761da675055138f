import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMedia } from '../../worker/media/media.ts';
import { AppError, isClipRefusal } from '../../worker/protocol/errors.ts';
import {
  hasRealClips,
  indexOf,
  limits,
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

async function refusal(path: string, using = limits): Promise<{ code: string; message: string }> {
  const error = await media
    .index(path, using, () => undefined, neverAborted)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof AppError)) throw error ?? new Error(`${path} was not refused`);
  return { code: error.code, message: error.message };
}

describe('index of clips made here', () => {
  it('keeps the real times of a variable rate that starts late, and every frame', async () => {
    const path = clips.make(
      'vfr.mkv',
      ...testPicture({ seconds: 2 }),
      ...['-vf', "select='not(mod(n,3))+gt(n,30)',setpts=PTS+5/TB", '-vsync', 'vfr', '-copyts', '-c:v', 'libx264'],
    );
    const { timesSeconds, presentationStamps, probe } = await indexOf(media, path);
    const shown = Array.from({ length: 60 }, (_, n) => n).filter((n) => n % 3 === 0 || n > 30);
    expect(timesSeconds).toHaveLength(shown.length);
    for (const [i, n] of shown.entries()) expect(timesSeconds[i]).toBeCloseTo(n / 30, 2);
    expect(presentationStamps[0]).toBe(5000);
    expect(probe).toMatchObject({
      startSeconds: 5,
      variableFrameRate: true,
      frameCount: shown.length,
      container: 'matroska',
    });
  });

  it('leaves out what an edit list cuts away', async () => {
    const whole = clips.make('whole.mp4', ...testPicture({ seconds: 3 }), '-c:v', 'libx264', '-g', '30');
    const path = clips.make('edited.mp4', '-ss', '1.5', '-i', whole, '-c', 'copy');
    const { probe, timesSeconds } = await indexOf(media, path);
    expect(probe.frameCount).toBe(45);
    expect(timesSeconds[44]).toBeCloseTo(44 / 30, 3);
    expect(probe.warnings).toEqual([]);
  });

  it('finds a hard cut and reports progress', async () => {
    const path = clips.make(
      'cut.mp4',
      ...testPicture({ seconds: 1 }),
      ...['-f', 'lavfi', '-i', 'mandelbrot=s=320x180:r=30', '-t', '2'],
      ...[
        '-filter_complex',
        '[0:v]format=yuv420p,setsar=1[a];[1:v]format=yuv420p,setsar=1[b];[a][b]concat',
        '-c:v',
        'libx264',
      ],
    );
    const progress: number[] = [];
    const index = await media.index(path, limits, (done) => progress.push(done), neverAborted);
    expect(index.cuts).toEqual([30]);
    expect(progress.at(-1)).toBe(60);
  });

  it('goes as far as a broken clip decodes, and says so', async () => {
    const whole = clips.make(
      'long.mp4',
      ...testPicture({ seconds: 4 }),
      ...['-c:v', 'libx264', '-g', '15', '-movflags', '+faststart'],
    );
    const bytes = readFileSync(whole);
    const path = join(clips.folder, 'broken.mp4');
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const { probe } = await indexOf(media, path);
    expect(probe.frameCount).toBeGreaterThan(30);
    expect(probe.frameCount).toBeLessThan(110);
    expect(probe.warnings).toEqual([expect.stringMatching(/^The clip is damaged: only \d\.\d of its 4\.0 seconds/)]);
  });

  it('refuses a film without end by what it measures', async () => {
    const path = clips.make('endless.h264', ...testPicture({ seconds: 20, rate: 10 }), '-c:v', 'libx264');
    expect(await refusal(path, { maximumSeconds: 5, minimumPixels: 64 })).toMatchObject({ code: 'CLIP_TOO_LONG' });
  });

  it('reads names that look like options or addresses', async () => {
    for (const name of ['./-i.mp4', "./concat:a 'b' #1.mp4"]) {
      const path = clips.make(`file:${name}`, ...testPicture({ seconds: 0.2 }), '-c:v', 'libx264');
      expect((await indexOf(media, path.replace('file:', ''))).probe.frameCount).toBe(6);
    }
  });

  it.each([
    ['CLIP_NOT_FOUND', 'nowhere.mp4', undefined],
    ['CLIP_EMPTY', 'empty.mp4', new Uint8Array(0)],
    ['CLIP_UNREADABLE', 'text.mp4', new TextEncoder().encode('not a film')],
    ['CLIP_UNREADABLE', 'text.txt', new TextEncoder().encode('not a film\n')],
    ['CLIP_UNREADABLE', 'list.m3u8', new TextEncoder().encode('#EXTM3U\n#EXTINF:1,\nfile:/etc/passwd\n')],
  ])('refuses with %s: %s', async (code, name, content) => {
    const path = join(clips.folder, name);
    if (content) writeFileSync(path, content);
    expect(await refusal(path)).toMatchObject({ code });
  });

  it('refuses pictures, sound, cover pictures, single frames and specks', async () => {
    const picture = clips.make('picture.jpg', ...testPicture({ seconds: 1 }), '-frames:v', '1');
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1'];
    expect((await refusal(picture)).code).toBe('CLIP_STILL_IMAGE');
    expect((await refusal(clips.make('sound.m4a', ...sound, '-c:a', 'aac'))).code).toBe('CLIP_NO_VIDEO');
    const cover = clips.make(
      'cover.m4a',
      ...sound,
      ...['-i', picture, '-map', '0', '-map', '1', '-c:a', 'aac', '-c:v', 'mjpeg', '-disposition:v', 'attached_pic'],
    );
    expect(await refusal(cover)).toMatchObject({
      code: 'CLIP_NO_VIDEO',
      message: expect.stringContaining('cover picture'),
    });
    const single = clips.make('single.mp4', ...testPicture({ seconds: 1 }), '-frames:v', '1', '-c:v', 'libx264');
    expect((await refusal(single)).code).toBe('CLIP_STILL_IMAGE');
    const speck = clips.make('speck.mp4', ...testPicture({ seconds: 1, size: '62x180' }), '-c:v', 'libx264');
    expect((await refusal(speck)).code).toBe('CLIP_TOO_SMALL');
  });
});

/** What is known of the odd clips: a refusal, or frames and display size. */
const expectations: Readonly<Record<string, string | readonly [number, number, number]>> = {
  '1x1_px.mp4': 'CLIP_TOO_SMALL',
  'alpha_webm.webm': [150, 200, 200],
  'audio_only_mp3.mp3': 'CLIP_NO_VIDEO',
  'av1_mkv.mkv': [125, 640, 360],
  'discard_first_keyframe.mp4': [25, 64, 64],
  'failing_audio.mp4': [280, 640, 360],
  'h264_10bit.mp4': [30, 200, 200],
  'hdr_hevc10_pq.mp4': [325, 320, 180],
  'hevc10_bt2020.mp4': [60, 320, 240],
  'mpeg4_avi.avi': [30, 1280, 720],
  'multistream_subs.mp4': [390, 480, 270],
  'no_duration_webm.webm': [74, 1280, 720],
  'non_zero_start.mp4': [12, 200, 113],
  'odd_dims_444.mp4': [25, 321, 241],
  'one_frame_64px.mp4': 'CLIP_STILL_IMAGE',
  'rotated90_h264.mp4': [17, 270, 480],
  'swf_mp3.swf': 'CLIP_NO_VIDEO',
  'vp9_webm.webm': [30, 1280, 720],
  'zero_bytes.webm': 'CLIP_EMPTY',
};

describe.skipIf(!hasRealClips)(`index of odd clips (${hasRealClips ? 'present' : noRealClips})`, () => {
  it.each(realClips('odd').map((path) => [nameOf(path), path]))(
    '%s gives an index or a refusal',
    async (name, path) => {
      const expected = expectations[name];
      if (typeof expected === 'string') {
        const { code, message } = await refusal(path);
        expect(code).toBe(expected);
        expect(isClipRefusal(expected as 'CLIP_EMPTY')).toBe(true);
        expect(message).toMatch(/^[A-Z].*\.$/);
        return;
      }
      const { probe, timesSeconds } = await indexOf(media, path);
      for (let i = 1; i < timesSeconds.length; i++) expect(timesSeconds[i]).toBeGreaterThan(timesSeconds[i - 1] ?? 0);
      if (expected) expect([probe.frameCount, probe.displayWidth, probe.displayHeight]).toEqual(expected);
    },
  );

  it.each(
    realClips('pitch_side_far_pan_rhp', 'squat_portrait', 'walk_sports2d', 'balance_two_cameras').map((p) => [
      nameOf(p),
      p,
    ]),
  )('%s has no cut', async (_name, path) => {
    expect((await indexOf(media, path)).cuts).toEqual([]);
  });
});
