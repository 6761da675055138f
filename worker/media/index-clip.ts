import type { ClipIndex } from '../pipeline/ports.ts';
import type { ClipProbe } from '../protocol/clip.ts';
import { ClipRefusedError } from '../protocol/errors.ts';
import type { ClipLimits } from '../protocol/jobs.ts';
import { createCutDetector } from './detect-cuts.ts';
import { throwIfInterrupted } from './ffmpeg-process.ts';
import { thumbnailFilters } from './frame-filters.ts';
import { inputArguments, logArguments, streamSpecifier, threadArguments } from './input-arguments.ts';
import type { TimeBase } from './parse-showinfo.ts';
import { fitInside, type Size } from './picture-geometry.ts';
import { probeClip, refuseByLength } from './probe-clip.ts';
import { startStampedFrames } from './stamped-frames.ts';

const thumbnailLongSide = 64;
const silenceLimitMilliseconds = 60_000;

export function indexArguments(clip: {
  readonly path: string;
  readonly videoStreamIndex: number | undefined;
  readonly thumbnail: Size;
  readonly damaged: boolean;
}): string[] {
  return [
    ...logArguments,
    '-copyts',
    ...threadArguments(clip),
    ...inputArguments(clip.path),
    ...['-map', streamSpecifier(clip.videoStreamIndex)],
    ...['-vf', [...thumbnailFilters(clip.thumbnail), 'showinfo=checksum=0'].join(',')],
    ...['-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ];
}

interface IndexRequest {
  readonly ffmpegPath: string;
  readonly path: string;
  readonly limits: ClipLimits;
  readonly onFrame: (framesDone: number, framesTotal: number) => void;
}

/**
 * Decodes the clip once: the stamp of every frame that the decoder puts out, and the hard cuts. Frames that do not come
 * later than the frame before them cannot be shown in order and are left out, here and in every later decode.
 * Throws ClipRefusedError, also CLIP_NO_FRAMES, CLIP_STILL_IMAGE (one frame) and CLIP_TOO_LONG (measured).
 */
export async function indexClip(request: IndexRequest, signal: AbortSignal): Promise<ClipIndex> {
  const { ffmpegPath, path, limits } = request;
  const probe = await probeClip({ ffmpegPath, path, limits }, signal);
  const first = await decodeOnce({ ...request, probe, damaged: false }, signal);
  const pass = first.errorCount === 0 ? first : await decodeOnce({ ...request, probe, damaged: true }, signal);
  const { stamps, timeBase, cuts } = pass;
  if (stamps.length === 0 || !timeBase) {
    throw new ClipRefusedError(
      'CLIP_NO_FRAMES',
      'No frame of the clip can be decoded: the file is damaged or of a kind that cannot be played.',
      { cause: new Error(pass.lastLines.join('\n')) },
    );
  }
  if (stamps.length === 1) {
    throw new ClipRefusedError('CLIP_STILL_IMAGE', 'The clip has only one frame: there is no motion in it.');
  }
  return buildIndex({ probe, stamps, timeBase, cuts, errorCount: pass.errorCount });
}

interface DecodePass {
  readonly stamps: readonly number[];
  readonly timeBase: TimeBase | undefined;
  readonly cuts: readonly number[];
  readonly errorCount: number;
  readonly lastLines: readonly string[];
}

async function decodeOnce(
  request: IndexRequest & { readonly probe: ClipProbe; readonly damaged: boolean },
  signal: AbortSignal,
): Promise<DecodePass> {
  const { ffmpegPath, path, probe, damaged, limits } = request;
  const display = { width: probe.displayWidth, height: probe.displayHeight };
  const thumbnail = fitInside(display, { longSide: thumbnailLongSide });
  const decoded = await startStampedFrames(
    {
      ffmpegPath,
      arguments: indexArguments({ path, videoStreamIndex: probe.videoStreamIndex, thumbnail, damaged }),
      frameBytes: thumbnail.width * thumbnail.height,
      silenceLimitMilliseconds,
    },
    signal,
  );
  const detector = createCutDetector(thumbnail);
  const stamps: number[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for await (const { stamp, data } of decoded.frames) {
    // Also false for a frame without a stamp.
    if (!(stamp > latest)) continue;
    latest = stamp;
    stamps.push(stamp);
    detector.push(data);
    request.onFrame(stamps.length, Math.max(stamps.length, probe.frameCount));
    const base = decoded.timeBase();
    if (base) refuseByLength({ seconds: (stamp - (stamps[0] ?? 0)) * seconds(base), limits });
  }
  const exit = await decoded.exit;
  throwIfInterrupted(exit);
  return {
    stamps,
    timeBase: decoded.timeBase(),
    cuts: detector.finish(),
    errorCount: decoded.errorCount(),
    lastLines: exit.lastLines,
  };
}

const seconds = (base: TimeBase) => base.numerator / base.denominator;

/** Puts what was measured in the place of what the container claimed. */
export function buildIndex(measured: {
  readonly probe: ClipProbe;
  /** At least two, strictly increasing. */
  readonly stamps: readonly number[];
  readonly timeBase: TimeBase;
  readonly cuts: readonly number[];
  readonly errorCount: number;
}): ClipIndex {
  const { probe, timeBase } = measured;
  const tick = seconds(timeBase);
  const presentationStamps = Float64Array.from(measured.stamps);
  const first = presentationStamps[0] ?? 0;
  const timesSeconds = presentationStamps.map((stamp) => ((stamp - first) * timeBase.numerator) / timeBase.denominator);
  const intervals = presentationStamps.slice(1).map((stamp, i) => stamp - (presentationStamps[i] ?? 0));
  const median = medianOf(intervals);
  // A coarse clock (Matroska: 1 ms) makes even frames alternate by a tick; that is not a variable rate.
  const tolerance = Math.max(1.5, 0.1 * median);
  const lastTime = timesSeconds[timesSeconds.length - 1] ?? 0;
  const durationSeconds = lastTime + median * tick;
  return {
    probe: {
      ...probe,
      frameCount: presentationStamps.length,
      framesPerSecond: rateOf({ intervals, median, tick }),
      variableFrameRate: intervals.some((interval) => Math.abs(interval - median) > tolerance),
      startSeconds: first * tick,
      durationSeconds,
      warnings: [...probe.warnings, ...damage({ probe, durationSeconds, errorCount: measured.errorCount })],
    },
    timesSeconds,
    presentationStamps,
    cuts: measured.cuts,
  };
}

/** The rate of the median interval; intervals within a tick of it are averaged, so that 33/34/33 ms gives 30. */
function rateOf(clip: { readonly intervals: Float64Array; readonly median: number; readonly tick: number }): number {
  const near = clip.intervals.filter((interval) => Math.abs(interval - clip.median) <= 1);
  const mean = near.reduce((sum, interval) => sum + interval, 0) / near.length;
  return 1 / (mean * clip.tick);
}

function damage(clip: {
  readonly probe: ClipProbe;
  readonly durationSeconds: number;
  readonly errorCount: number;
}): string[] {
  if (clip.errorCount === 0) return [];
  const claimed = clip.probe.durationSeconds;
  if (claimed - clip.durationSeconds > Math.max(0.5, claimed * 0.02)) {
    return [
      `The clip is damaged: only ${clip.durationSeconds.toFixed(1)} of its ${claimed.toFixed(1)} seconds can be decoded.`,
    ];
  }
  return ['The clip is damaged in places: some of its frames may be missing or show errors.'];
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
