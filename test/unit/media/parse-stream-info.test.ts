import { describe, expect, it } from 'vitest';
import { parseStreamInfo } from '../../../worker/media/parse-stream-info.ts';
import { describeClip } from '../../../worker/media/probe-clip.ts';
import { ClipRefusedError } from '../../../worker/protocol/errors.ts';
import { defaultClipLimits } from '../../../worker/protocol/jobs.ts';

const phone = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:a, from b.mov':
  Metadata:
    major_brand     : qt  
    minor_version   : 0
  Duration: 00:01:02.50, start: 0.000000, bitrate: 8000 kb/s
  Stream #0:0[0x1](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 96 kb/s (default)
  Stream #0:1[0x2](und): Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv, bt2020nc/bt2020/arib-std-b67, progressive), 1920x1080, 7900 kb/s, 59.96 fps, 60 tbr, 600 tbn (default)
    Metadata:
      handler_name    : Core Media Video
    Side data:
      DOVI configuration record: version: 1.0
      displaymatrix: rotation of -90.00 degrees
  Stream #0:2[0x3](und): Data: none (mebx / 0x7862656D), 0 kb/s (default)
At least one output file must be specified`.split('\n');

const describeText = (text: string) => describeClip(text.split('\n'), defaultClipLimits);
const refusal = (text: string): ClipRefusedError => {
  try {
    describeText(text);
  } catch (error) {
    if (error instanceof ClipRefusedError) return error;
    throw error;
  }
  throw new Error('was not refused');
};
const input = (demuxer: string, duration: string, ...streams: string[]) =>
  [`Input #0, ${demuxer}, from 'file:x':`, `  Duration: ${duration}, bitrate: 1 kb/s`, ...streams].join('\n');

describe('parseStreamInfo', () => {
  it('reads a phone clip: turn, colour, depth, brand', () => {
    const info = parseStreamInfo(phone);
    expect(info?.majorBrand).toBe('qt');
    expect(info?.durationSeconds).toBe(62.5);
    expect(info?.streams).toHaveLength(2);
    expect(info?.streams[1]).toEqual({
      kind: 'video',
      index: 1,
      codec: 'hevc',
      pixelFormat: 'yuv420p10le',
      colorSpace: 'bt2020nc',
      colorPrimaries: 'bt2020',
      colorTransfer: 'arib-std-b67',
      width: 1920,
      height: 1080,
      sampleAspectRatio: 1,
      framesPerSecond: 59.96,
      rotationDegrees: 90,
      isCoverPicture: false,
      isDefault: true,
    });
  });

  it('reads Matroska, where the aspect ratio is a part of its own and the length may be missing', () => {
    const info = parseStreamInfo([
      "Input #0, matroska,webm, from 'file:x':",
      '  Duration: N/A, start: 0.500000, bitrate: N/A',
      '  Stream #0:0(eng): Video: vp9 (Profile 0), yuv420p(tv, bt470bg/bt709/bt709), 720x576, SAR 16:15 DAR 4:3, 25 fps, 25 tbr, 1k tbn (default)',
    ]);
    expect(info?.durationSeconds).toBeUndefined();
    expect(info?.startSeconds).toBe(0.5);
    expect(info?.streams[0]).toMatchObject({ width: 720, sampleAspectRatio: 16 / 15, colorPrimaries: 'bt709' });
  });

  it('reads the rotate tag that ffmpeg 4.4 prints', () => {
    const info = parseStreamInfo([
      "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:x':",
      '    Stream #0:0(und): Video: h264 (High), yuv420p, 640x360, 25 fps, 25 tbr, 12800 tbn (default)',
      '    Metadata:',
      '      rotate          : 270',
    ]);
    expect(info?.streams[0]).toMatchObject({ rotationDegrees: 270 });
  });

  it('says undefined for what could not be opened', () => {
    expect(parseStreamInfo(['file:x: Invalid data found when processing input'])).toBeUndefined();
  });
});

describe('describeClip', () => {
  it('turns the display size and names the tone-mapping', () => {
    const probe = describeClip(phone, defaultClipLimits);
    expect(probe).toMatchObject({
      container: 'mov',
      displayWidth: 1080,
      displayHeight: 1920,
      bitDepth: 10,
      toneMapped: true,
      hasAudio: true,
      videoStreamIndex: 1,
      frameCount: 3748,
    });
  });

  it('takes the default stream before a larger one, and the larger of equals', () => {
    const video = (index: number, size: string, end = '') =>
      `  Stream #0:${index}: Video: h264, yuv420p, ${size}, 25 fps, 25 tbr, 1k tbn${end}`;
    const two = input('matroska,webm', '00:00:01.00', video(0, '320x180', ' (default)'), video(1, '640x360'));
    expect(describeText(two).videoStreamIndex).toBe(0);
    const equal = input('matroska,webm', '00:00:01.00', video(0, '320x180'), video(1, '640x360'));
    expect(describeText(equal).videoStreamIndex).toBe(1);
  });

  it.each([
    ['CLIP_UNREADABLE', 'file:x: Invalid data found when processing input', /damaged or of an unknown kind/],
    ['CLIP_UNREADABLE', '[mov] moov atom not found', /not finished by the camera/],
    [
      'CLIP_UNREADABLE',
      input('tty', '00:00:01.00', '  Stream #0:0: Video: ansi, pal8, 640x400, 25 fps'),
      /cannot be read/,
    ],
    ['CLIP_NO_VIDEO', input('mp3', '00:00:13.25', '  Stream #0:0: Audio: mp3, 8000 Hz'), /only sound/],
    [
      'CLIP_NO_VIDEO',
      input(
        'mp3',
        '00:00:13.25',
        '  Stream #0:0: Audio: mp3, 8000 Hz',
        '  Stream #0:1: Video: mjpeg (Baseline), yuvj420p(pc), 640x360, 90k tbr, 90k tbn (attached pic)',
      ),
      /cover picture/,
    ],
    [
      'CLIP_STILL_IMAGE',
      input('image2', '00:00:00.04', '  Stream #0:0: Video: mjpeg, yuvj420p(pc), 640x360, 25 fps'),
      /picture, not a video/,
    ],
    [
      'CLIP_TOO_SMALL',
      input('mov,mp4,m4a', '00:00:05.00', '  Stream #0:0: Video: h264, yuv444p(progressive), 1x1, 1 fps, 1 tbr'),
      /too small \(1 × 1\)/,
    ],
    [
      'CLIP_TOO_LONG',
      input('mov,mp4,m4a', '01:00:00.00', '  Stream #0:0: Video: h264, yuv420p, 640x360, 25 fps, 25 tbr'),
      /longer than the limit of 10 minutes/,
    ],
    [
      'CLIP_NO_FRAMES',
      input('mov,mp4,m4a', '00:00:05.00', '  Stream #0:0: Video: h264 (avc1), none, 25 tbr, 90k tbn'),
      /No frame/,
    ],
  ])('refuses with %s', (code, text, sentence) => {
    const error = refusal(text);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
  });
});
