import { yuvBytes } from '../pipeline/picture.ts';
import type { DecodedFrame, DecodeRequest, RgbImage, YuvImage } from '../pipeline/ports.ts';
import type { ClipProbe } from '../protocol/clip.ts';
import { AppError } from '../protocol/errors.ts';
import { throwIfInterrupted } from './ffmpeg-process.ts';
import { type FilterAbilities, matrixOf, rgbFilters, yuvFilters } from './frame-filters.ts';
import { inputArguments, isDamaged, logArguments, streamSpecifier, threadArguments } from './input-arguments.ts';
import type { Size } from './picture-geometry.ts';
import { startStampedFrames } from './stamped-frames.ts';

/** One way to get at the frames. */
export interface DecodeAttempt {
  /** Where to jump to in the file's own clock; undefined: decode from the start. */
  readonly seekSeconds: number | undefined;
  /** Let ffmpeg drop the frames between the steps; else they come and are skipped here. */
  readonly stepInFfmpeg: boolean;
}

/** Containers with an index of their key frames; in others a jump may land anywhere. */
const seekableContainers: ReadonlySet<string> = new Set(['mp4', 'mov', 'matroska']);
/** A jump that saves less than this is not worth its risk. */
const leastSavedSeconds = 0.5;
/** More than any codec's reordering of frames. */
const marginFrames = 8;

/**
 * The attempts in order, each tried only where the one before did not give the expected stamps. A jump lands on a key
 * frame at or before its target; the margin keeps it clear of the frames that a key frame with references to its past
 * ("open group of pictures") cannot show.
 */
export function decodeAttempts(request: DecodeRequest): DecodeAttempt[] {
  const { probe, timesSeconds } = request.index;
  const step = request.step ?? 1;
  const fromStart: DecodeAttempt[] = [
    ...(step > 1 ? [{ seekSeconds: undefined, stepInFfmpeg: true }] : []),
    { seekSeconds: undefined, stepInFfmpeg: false },
  ];
  const saved = (timesSeconds[request.firstFrame] ?? 0) - marginFrames / probe.framesPerSecond;
  if (isDamaged(probe) || !seekableContainers.has(probe.container) || saved < leastSavedSeconds) return fromStart;
  return [{ seekSeconds: probe.startSeconds + saved, stepInFfmpeg: step > 1 }, ...fromStart];
}

/** What the frames are made of. */
export interface PixelLayout<Image> {
  filters(clip: ClipProbe, size: Size, abilities: FilterAbilities): string[];
  frameBytes(size: Size): number;
  toImage(data: Uint8Array, size: Size, clip: ClipProbe): Image;
}

export const rgbLayout: PixelLayout<RgbImage> = {
  filters: rgbFilters,
  frameBytes: ({ width, height }) => width * height * 3,
  toImage: (data, { width, height }) => ({ width, height, data }),
};

export const yuvLayout: PixelLayout<YuvImage> = {
  filters: yuvFilters,
  frameBytes: ({ width, height }) => yuvBytes(width, height),
  toImage: (data, { width, height }, clip) => ({ width, height, data, matrix: matrixOf(clip) }),
};

export function decodeArguments(
  request: DecodeRequest & { readonly layout: Pick<PixelLayout<unknown>, 'filters'> },
  attempt: DecodeAttempt,
  abilities: FilterAbilities,
): string[] {
  const { index, firstFrame, endFrame } = request;
  const step = request.step ?? 1;
  const stamps = index.presentationStamps;
  const inRange = `between(pts,${stamps[firstFrame] ?? 0},${stamps[endFrame - 1] ?? 0})`;
  // Counts the frames in range in variable 0 and keeps every step-th.
  const everyStep = `not(mod(st(0,ld(0)+1)-1,${step}))`;
  const select = attempt.stepInFfmpeg ? `if(${inRange},${everyStep})` : inRange;
  const seek =
    attempt.seekSeconds === undefined
      ? []
      : ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', attempt.seekSeconds.toFixed(6)];
  return [
    ...logArguments,
    '-copyts',
    ...threadArguments({ damaged: isDamaged(index.probe), mostThreads: 2 }),
    ...seek,
    ...inputArguments(request.path),
    ...['-map', streamSpecifier(index.probe.videoStreamIndex)],
    '-vf',
    [`select='${select}'`, ...request.layout.filters(index.probe, request, abilities), 'showinfo=checksum=0'].join(','),
    ...['-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ];
}

/**
 * Streams the frames of the request, found by their stamps. The bytes are those that one decode from the start gives,
 * wherever the request begins. A frame's `image.data` is the consumer's until it asks for the next frame but one.
 * May end early where the clip is damaged; throws DECODE_MISMATCH when the file is not the one that was indexed.
 */
export async function* decodeFrames<Image extends RgbImage | YuvImage>(
  request: DecodeRequest & {
    readonly ffmpegPath: string;
    readonly abilities: FilterAbilities;
    readonly layout: PixelLayout<Image>;
  },
  signal: AbortSignal,
): AsyncGenerator<DecodedFrame<Image>, void, void> {
  const { index, layout } = request;
  const step = request.step ?? 1;
  const endFrame = Math.min(request.endFrame, index.presentationStamps.length);
  const attempts = decodeAttempts(request);
  let next = request.firstFrame;
  for (const [at, attempt] of attempts.entries()) {
    if (next >= endFrame) return;
    const isLast = at === attempts.length - 1;
    const decoded = await startStampedFrames(
      {
        ffmpegPath: request.ffmpegPath,
        arguments: decodeArguments({ ...request, firstFrame: next, endFrame }, attempt, request.abilities),
        frameBytes: layout.frameBytes(request),
      },
      signal,
    );
    for await (const { stamp, data } of decoded.frames) {
      const expected = index.presentationStamps[next] ?? Number.NaN;
      if (stamp === expected) {
        yield { index: next, image: layout.toImage(data, request, index.probe) };
        next += step;
        if (next >= endFrame) return;
      } else if (stamp > expected) {
        if (!isLast) break;
        throw mismatch(`frame ${next}: expected stamp ${expected}, got ${stamp}`);
      }
    }
    const exit = await decoded.exit;
    throwIfInterrupted(exit);
    if (isLast && next < endFrame && !isDamaged(index.probe)) {
      throw mismatch(`frame ${next} of ${endFrame} did not come:\n${exit.lastLines.join('\n')}`);
    }
  }
}

function mismatch(detail: string): AppError {
  return new AppError('DECODE_MISMATCH', 'The clip has changed since it was read: add it again.', {
    cause: new Error(detail),
  });
}
