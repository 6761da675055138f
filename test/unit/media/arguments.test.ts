import { describe, expect, it } from 'vitest';
import { decodeArguments, decodeAttempts, rgbLayout, yuvLayout } from '../../../worker/media/decode-frames.ts';
import { encodeArguments } from '../../../worker/media/encode-video.ts';
import { indexArguments } from '../../../worker/media/index-clip.ts';
import { planPlayback, playbackArguments } from '../../../worker/media/playback-arguments.ts';
import { probeArguments } from '../../../worker/media/probe-clip.ts';
import { madeIndex } from './made-probe.ts';

const withZscale = { zscale: true };
const log = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'];
const input = ['-protocol_whitelist', 'file', '-i', 'file:/clips/a b.mp4'];
const path = '/clips/a b.mp4';

describe('probeArguments', () => {
  it('opens the file and nothing else', () => {
    expect(probeArguments(path)).toEqual(['-hide_banner', '-nostdin', ...input]);
  });
});

describe('indexArguments', () => {
  const clip = { path, videoStreamIndex: 3, thumbnail: { width: 64, height: 36 } };
  it('decodes every frame to a thumbnail with its stamp', () => {
    expect(indexArguments({ ...clip, damaged: false })).toEqual([
      ...log,
      '-copyts',
      ...input,
      ...['-map', '0:3', '-vf', 'scale=64:36:flags=bilinear,format=gray,showinfo=checksum=0'],
      ...['-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
    ]);
  });

  it('uses one thread for a damaged clip', () => {
    expect(indexArguments({ ...clip, damaged: true }).slice(5, 8)).toEqual(['-copyts', '-threads', '1']);
  });
});

describe('decodeArguments', () => {
  const request = {
    path,
    index: madeIndex(),
    firstFrame: 50,
    endFrame: 60,
    width: 640,
    height: 360,
    layout: rgbLayout,
  };
  it('jumps ahead of the first frame and selects by stamp', () => {
    const [attempt] = decodeAttempts(request);
    expect(attempt).toEqual({ seekSeconds: 1.68, stepInFfmpeg: false });
    expect(attempt && decodeArguments(request, attempt, withZscale)).toEqual([
      ...log,
      ...['-copyts', '-threads', '2', '-seek_timestamp', '1', '-noaccurate_seek', '-ss', '1.680000'],
      ...input,
      ...['-map', '0:0', '-vf'],
      "select='between(pts,25600,30208)',scale=640:360:flags=area+accurate_rnd+full_chroma_int+bitexact,format=rgb24,showinfo=checksum=0",
      ...['-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
    ]);
  });

  it('lets ffmpeg leave out the frames between steps', () => {
    const [attempt] = decodeAttempts({ ...request, step: 3 });
    const filters = attempt && decodeArguments({ ...request, step: 3 }, attempt, withZscale).at(-6);
    expect(filters).toMatch(/^select='if\(between\(pts,25600,30208\),not\(mod\(st\(0,ld\(0\)\+1\)-1,3\)\)\)',scale/);
  });

  it('decodes from the start where jumps are unreliable or save nothing', () => {
    const fromStart = [{ seekSeconds: undefined, stepInFfmpeg: false }];
    expect(decodeAttempts({ ...request, index: madeIndex({ container: 'avi' }) })).toEqual(fromStart);
    expect(decodeAttempts({ ...request, index: madeIndex({ warnings: ['The clip is damaged.'] }) })).toEqual(fromStart);
    expect(decodeAttempts({ ...request, firstFrame: 10 })).toEqual(fromStart);
    expect(decodeAttempts(request).slice(1)).toEqual(fromStart);
  });

  it('counts the jump in the clock of the file', () => {
    const late = { ...request, index: madeIndex({ startSeconds: 8.5 }) };
    expect(decodeAttempts(late)[0]?.seekSeconds).toBeCloseTo(10.18, 9);
  });

  it('tone-maps HDR, scaled first, with zscale or without', () => {
    const hdr = madeIndex({ colorTransfer: 'smpte2084', colorSpace: 'bt2020nc', colorPrimaries: 'unknown' });
    const attempt = { seekSeconds: undefined, stepInFfmpeg: false };
    const filters = (zscale: boolean) => decodeArguments({ ...request, index: hdr }, attempt, { zscale }).at(-6);
    expect(filters(true)).toContain(
      'bitexact,zscale=tin=smpte2084:min=bt2020nc:pin=bt2020:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0:peak=10,zscale=t=bt709:m=bt709:r=tv,format=yuv444p,format=rgb24,',
    );
    expect(filters(false)).toMatch(/bitexact,format=gbrp12le,lutrgb=r='.*',format=rgb24,/);
  });

  it('leaves Y\u2019CbCr as it is stored, and says by which matrix', () => {
    const attempt = { seekSeconds: undefined, stepInFfmpeg: false };
    const stored = (changes: Parameters<typeof madeIndex>[0]) => {
      const index = madeIndex(changes);
      const size = { width: 640, height: 360 };
      return {
        filters: decodeArguments({ ...request, index, layout: yuvLayout }, attempt, withZscale).at(-6),
        matrix: yuvLayout.toImage(new Uint8Array(yuvLayout.frameBytes(size)), size, index.probe).matrix,
      };
    };
    const scaled = 'scale=640:360:flags=area+accurate_rnd+full_chroma_int+bitexact';
    expect(stored({ colorSpace: 'smpte170m' })).toEqual({
      filters: expect.stringContaining(`${scaled}:out_color_matrix=bt601:out_range=tv,format=yuv420p,showinfo`),
      matrix: 'bt601',
    });
    expect(stored({ colorSpace: 'bt2020nc' }).matrix).toBe('bt2020');
    expect(stored({ colorSpace: 'unknown' }).matrix).toBe('bt709');
    expect(stored({ colorSpace: 'unknown', displayWidth: 640, displayHeight: 480 }).matrix).toBe('bt601');
    const hdr = stored({ colorSpace: 'bt2020nc', colorTransfer: 'smpte2084' });
    expect(hdr.matrix).toBe('bt709');
    expect(hdr.filters).toContain('format=rgb24,scale=flags=bicubic+bitexact:out_color_matrix=bt709:out_range=tv');
  });

  it('assumes BT.709 for high definition that does not name its matrix', () => {
    const attempt = { seekSeconds: undefined, stepInFfmpeg: false };
    const filters = (changes: Parameters<typeof madeIndex>[0]) =>
      decodeArguments({ ...request, index: madeIndex({ colorSpace: 'unknown', ...changes }) }, attempt, withZscale).at(
        -6,
      );
    expect(filters({})).toContain(':in_color_matrix=bt709');
    expect(filters({ displayWidth: 640, displayHeight: 480 })).not.toContain('in_color_matrix');
  });
});

describe('playbackArguments', () => {
  it('makes proxy, poster, filmstrip and ticks in one pass', () => {
    const index = madeIndex({ frameCount: 4, displayWidth: 1920, displayHeight: 1081 });
    const plan = planPlayback(index);
    const files = { proxyPath: '/t/proxy.mp4', posterPath: '/t/poster.jpg', filmstripPath: '/t/filmstrip.jpg' };
    const jpeg = [
      '-frames:v',
      '1',
      '-vsync',
      'passthrough',
      '-c:v',
      'mjpeg',
      '-q:v',
      '4',
      '-f',
      'image2',
      '-update',
      '1',
      '-y',
    ];
    const toJpeg = 'flags=area:in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=pc,format=yuvj420p';
    expect(playbackArguments({ path, index, plan, files, abilities: withZscale })).toEqual([
      ...log,
      '-copyts',
      ...input,
      '-filter_complex',
      [
        "[0:0]select='not(isnan(pts))*(isnan(prev_selected_pts)+gt(pts,prev_selected_pts))',scale=1280:720:flags=area+accurate_rnd+full_chroma_int+bitexact:out_color_matrix=bt709:out_range=tv,format=yuv420p,setsar=1,split=4[film][one][some][all]",
        '[film]setpts=PTS-STARTPTS,settb=1/90000[proxy]',
        `[one]select='eq(pts,1024)',scale=640:360:${toJpeg}[poster]`,
        `[some]select='eq(pts,0)+eq(pts,512)+eq(pts,1024)+eq(pts,1536)',scale=160:90:${toJpeg},tile=4x1[filmstrip]`,
        '[all]crop=2:2:0:0,format=gray,showinfo=checksum=0[ticks]',
      ].join(';'),
      ...['-map', '[proxy]', '-vsync', 'passthrough', '-enc_time_base', '1:90000'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-g', '1', '-bf', '0', '-pix_fmt', 'yuv420p'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
      ...['-map_metadata', '-1', '-movflags', '+faststart', '-video_track_timescale', '90000', '-f', 'mp4', '-y'],
      'file:/t/proxy.mp4',
      ...['-map', '[poster]', ...jpeg, 'file:/t/poster.jpg'],
      ...['-map', '[filmstrip]', ...jpeg, 'file:/t/filmstrip.jpg'],
      ...['-map', '[ticks]', '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
    ]);
  });

  it('gives a long clip short groups of pictures', () => {
    expect(planPlayback(madeIndex({ frameCount: 1800 })).keyFrameDistance).toBe(1);
    expect(planPlayback(madeIndex({ frameCount: 1801 })).keyFrameDistance).toBe(8);
  });
});

describe('encodeArguments', () => {
  it('crops to even sizes and keeps the times of the frames', () => {
    expect(encodeArguments({ outputPath: '/t/o.mp4', width: 641, height: 360 })).toEqual([
      ...[
        '-hide_banner',
        '-nostats',
        '-loglevel',
        'repeat+level+info',
        '-f',
        'matroska',
        '-i',
        'pipe:0',
        '-map',
        '0:v:0',
      ],
      ...['-vf', 'crop=640:360:0:0,scale=flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p'],
      ...['-vsync', 'passthrough', '-enc_time_base', '1:90000', '-c:v', 'libx264', '-preset', 'veryfast'],
      ...['-crf', '20', '-g', '30', '-bf', '0', '-pix_fmt', 'yuv420p'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
      ...['-map_metadata', '-1', '-movflags', '+faststart', '-video_track_timescale', '90000', '-f', 'mp4', '-y'],
      'file:/t/o.mp4',
    ]);
  });
});
