import type { ClipIndex } from '../pipeline/ports.ts';
import { type FilterAbilities, playbackFilters } from './frame-filters.ts';
import {
  h264Arguments,
  inputArguments,
  isDamaged,
  logArguments,
  outputTicksPerSecond,
  streamSpecifier,
  threadArguments,
} from './input-arguments.ts';
import { fitInside, type Size } from './picture-geometry.ts';

const proxyLongSide = 1280;
const posterLongSide = 640;
const tileLongSide = 160;
const mostTiles = 12;
/** Every frame of a short clip is a key frame; a long one would fill the disk, and eight frames decode in an instant. */
const framesWithOwnKey = 1800;
const longClipKeyFrameDistance = 8;

export interface PlaybackPlan {
  readonly proxySize: Size;
  readonly posterSize: Size;
  readonly tileSize: Size;
  readonly keyFrameDistance: number;
  readonly posterStamp: number;
  readonly tileStamps: readonly number[];
  /** Of each frame in the proxy: the clip's own times in the proxy's clock. */
  readonly frameTimesSeconds: number[];
}

export function planPlayback(index: ClipIndex): PlaybackPlan {
  const { probe, presentationStamps, timesSeconds } = index;
  const display = { width: probe.displayWidth, height: probe.displayHeight };
  const frames = presentationStamps.length;
  const stampAt = (frame: number) => presentationStamps[Math.min(frames - 1, Math.floor(frame))] ?? 0;
  const tiles = Math.min(mostTiles, frames);
  return {
    proxySize: fitInside(display, { longSide: proxyLongSide, even: true }),
    posterSize: fitInside(display, { longSide: posterLongSide, even: true }),
    tileSize: fitInside(display, { longSide: tileLongSide, even: true }),
    keyFrameDistance: frames <= framesWithOwnKey ? 1 : longClipKeyFrameDistance,
    posterStamp: stampAt(frames / 2),
    tileStamps: Array.from({ length: tiles }, (_, tile) => stampAt(((tile + 0.5) * frames) / tiles)),
    frameTimesSeconds: Array.from(
      timesSeconds,
      (time) => Math.round(time * outputTicksPerSecond) / outputTicksPerSecond,
    ),
  };
}

export interface PlaybackFiles {
  readonly proxyPath: string;
  readonly posterPath: string;
  readonly filmstripPath: string;
}

/**
 * Four outputs of one decode: proxy, poster, filmstrip, and on standard output four grey bytes for each frame, which
 * tell progress and stamps and make ffmpeg end when nobody reads them any more.
 */
export function playbackArguments(request: {
  readonly path: string;
  readonly index: ClipIndex;
  readonly plan: PlaybackPlan;
  readonly files: PlaybackFiles;
  readonly abilities: FilterAbilities;
}): string[] {
  const { path, index, plan, files, abilities } = request;
  const picture = (size: Size) =>
    `scale=${size.width}:${size.height}:flags=area:in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=pc,format=yuvj420p`;
  const isOneOf = (stamps: readonly number[]) => stamps.map((stamp) => `eq(pts,${stamp})`).join('+');
  // The same rule as the index: a frame that does not come later than the one before is left out.
  const inOrder = "select='not(isnan(pts))*(isnan(prev_selected_pts)+gt(pts,prev_selected_pts))'";
  const graph = [
    `[${streamSpecifier(index.probe.videoStreamIndex)}]${inOrder},${playbackFilters(index.probe, plan.proxySize, abilities).join(',')},split=4[film][one][some][all]`,
    `[film]setpts=PTS-STARTPTS,settb=1/${outputTicksPerSecond}[proxy]`,
    `[one]select='${isOneOf([plan.posterStamp])}',${picture(plan.posterSize)}[poster]`,
    `[some]select='${isOneOf(plan.tileStamps)}',${picture(plan.tileSize)},tile=${plan.tileStamps.length}x1[filmstrip]`,
    '[all]crop=2:2:0:0,format=gray,showinfo=checksum=0[ticks]',
  ].join(';');
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
  return [
    ...logArguments,
    '-copyts',
    ...threadArguments({ damaged: isDamaged(index.probe) }),
    ...inputArguments(path),
    ...['-filter_complex', graph],
    ...['-map', '[proxy]'],
    ...h264Arguments({ quality: 23, preset: 'ultrafast', keyFrameDistance: plan.keyFrameDistance }),
    `file:${files.proxyPath}`,
    ...['-map', '[poster]', ...jpeg, `file:${files.posterPath}`],
    ...['-map', '[filmstrip]', ...jpeg, `file:${files.filmstripPath}`],
    ...['-map', '[ticks]', '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ];
}
