/** Two clips next to each other as one ffmpeg run, as data. */
import type { SideBySideClip, SideBySideRequest } from '../pipeline/ports.ts';
import { h264Arguments, inputArguments, logArguments } from './input-arguments.ts';

const mostHeight = 1080;
const mostFramesPerSecond = 60;

/** The greater rate of the two, as far as screens show it. */
export function commonRate(clips: readonly Pick<SideBySideClip, 'framesPerSecond' | 'clipSecondsForOne'>[]): number {
  const rates = clips.map(({ framesPerSecond, clipSecondsForOne }) => framesPerSecond * clipSecondsForOne);
  return Math.min(mostFramesPerSecond, Math.max(...rates));
}

/** Real seconds that both clips show before and after the moment at which they meet. */
export function commonSpan(clips: readonly [SideBySideClip, SideBySideClip]): { before: number; after: number } {
  const least = (seconds: (clip: SideBySideClip) => number): number =>
    Math.max(0, Math.min(...clips.map((clip) => seconds(clip) / clip.clipSecondsForOne)));
  return {
    before: least(({ meetingSeconds, fromSeconds }) => meetingSeconds - fromSeconds),
    after: least(({ toSeconds, meetingSeconds }) => toSeconds - meetingSeconds),
  };
}

/** Both in real time, at one rate and one height, each with its label; the moment lies in both at the same frame. */
export function sideBySideArguments(request: SideBySideRequest, abilities: { readonly drawtext: boolean }): string[] {
  const { clips } = request;
  const { before, after } = commonSpan(clips);
  const rate = commonRate(clips);
  const height = even(Math.min(mostHeight, Math.max(...clips.map((clip) => clip.height))));
  const pictures = clips.map((clip, i) => {
    const start = clip.meetingSeconds - before * clip.clipSecondsForOne;
    const filters = [
      // From the cut's own start, not from the first frame after it: else the moments would lie a frame apart.
      `setpts=(PTS-${seconds(start)}/TB)/${seconds(clip.clipSecondsForOne)}`,
      `fps=${seconds(rate)}:start_time=0:round=near`,
      // Never without a frame, where the clip's last one is shown for longer than the others.
      `tpad=stop_mode=clone:stop_duration=1`,
      `trim=end=${seconds(before + after)}`,
      `scale=${even((clip.width * height) / clip.height)}:${height}:flags=bicubic`,
      'setsar=1',
      ...(abilities.drawtext ? [labelFilter(clip.label, height, request.fontPath)] : []),
    ];
    return `[${i}:v:0]${filters.join(',')}[clip${i}]`;
  });
  const graph = [...pictures, '[clip0][clip1]hstack=inputs=2,format=yuv420p[both]'].join(';');
  return [
    ...logArguments,
    ...clips.flatMap(({ path }) => inputArguments(path)),
    ...['-filter_complex', graph, '-map', '[both]'],
    ...h264Arguments({ quality: 20, preset: 'veryfast', keyFrameDistance: 30 }),
    `file:${request.outputPath}`,
  ];
}

function labelFilter(label: string, height: number, fontPath: string): string {
  const size = Math.max(12, Math.round(height / 26));
  const options = [
    `fontfile=${filterValue(fontPath)}`,
    `text=${filterValue(label)}`,
    'expansion=none',
    `fontsize=${size}:fontcolor=white:box=1:boxcolor=0x0b0e14@0.6:boxborderw=${Math.round(size / 2)}`,
    `x=${size}:y=${size}`,
  ];
  return `drawtext=${options.join(':')}`;
}

/** A text as a filter takes it: escaped once as the value of an option, once as part of a graph. */
export function filterValue(text: string): string {
  return text.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&');
}

const even = (length: number): number => Math.max(2, Math.round(length / 2) * 2);

function seconds(value: number): string {
  return String(Number(value.toFixed(6)));
}
