import { stat } from 'node:fs/promises';
import type { ClipProbe } from '../protocol/clip.ts';
import { ClipRefusedError, throwIfAborted } from '../protocol/errors.ts';
import type { ClipLimits } from '../protocol/jobs.ts';
import { runFfmpeg, throwIfInterrupted } from './ffmpeg-process.ts';
import { inputArguments } from './input-arguments.ts';
import { type ContainerInfo, parseStreamInfo, type VideoStreamInfo } from './parse-stream-info.ts';
import { bitDepthOf, displaySize, isHighDynamicRange } from './picture-geometry.ts';

const probeLimitMilliseconds = 30_000;
/** Where neither the container nor the stream says; the index replaces it by what is measured. */
const assumedFramesPerSecond = 30;

/** Text, art and playlist formats that ffmpeg opens as if they were films. */
const notFilmDemuxers = /^(tty|bin|xbin|adf|idf|hls|concat|dash|ffmetadata|lavfi|srt|ass|webvtt|txd)$/;
const pictureDemuxers = /^(image2|ico|.*_pipe)$/;

export function probeArguments(path: string): string[] {
  return ['-hide_banner', '-nostdin', ...inputArguments(path)];
}

/** Reads the headers of a clip; frame count and rate are the container's claim until the clip is indexed. */
export async function probeClip(
  request: { readonly ffmpegPath: string; readonly path: string; readonly limits: ClipLimits },
  signal: AbortSignal,
): Promise<ClipProbe> {
  throwIfAborted(signal);
  await refuseMissingFile(request.path);
  const lines: string[] = [];
  const { exit } = await runFfmpeg({
    ffmpegPath: request.ffmpegPath,
    arguments: probeArguments(request.path),
    onLine: (line) => lines.push(line),
    silenceLimitMilliseconds: probeLimitMilliseconds,
    signal,
  });
  throwIfInterrupted(exit);
  return describeClip(lines, request.limits);
}

async function refuseMissingFile(path: string): Promise<void> {
  const file = await stat(path).catch((cause: unknown) => {
    throw new ClipRefusedError('CLIP_NOT_FOUND', 'The clip is not there any more: was it moved or renamed?', { cause });
  });
  if (!file.isFile()) throw new ClipRefusedError('CLIP_UNREADABLE', 'This is a folder, not a video clip.');
  if (file.size === 0) {
    throw new ClipRefusedError('CLIP_EMPTY', 'The clip is empty (0 bytes): copy it from the camera again.');
  }
}

/**
 * The probe, from what `ffmpeg -i` printed. Throws ClipRefusedError: unreadable, no video, still image, too small,
 * too long.
 */
export function describeClip(lines: readonly string[], limits: ClipLimits): ClipProbe {
  const container = parseStreamInfo(lines);
  if (!container || container.demuxer.split(',').some((name) => notFilmDemuxers.test(name))) {
    throw unreadable(lines);
  }
  const stream = chooseVideoStream(container);
  if (!stream) throw noVideo(container);
  if (pictureDemuxers.test(container.demuxer)) {
    throw new ClipRefusedError('CLIP_STILL_IMAGE', 'This is a picture, not a video clip: there is no motion in it.');
  }
  if (stream.width === 0 || stream.height === 0) {
    throw new ClipRefusedError('CLIP_NO_FRAMES', 'No frame of the clip can be decoded: the file is damaged.', {
      cause: new Error(lines.join('\n')),
    });
  }
  const probe = toProbe(container, stream);
  refuseBySize(probe, limits);
  refuseByLength({ seconds: claimedSeconds(container), limits });
  return probe;
}

/** Throws CLIP_TOO_LONG. Also asked by the index, for clips whose container does not tell their length. */
export function refuseByLength(length: { readonly seconds: number; readonly limits: ClipLimits }): void {
  const { seconds, limits } = length;
  if (seconds <= limits.maximumSeconds) return;
  throw new ClipRefusedError(
    'CLIP_TOO_LONG',
    `The clip is longer than the limit of ${spokenLength(limits.maximumSeconds)}: cut it to the motion, or raise the limit in the settings.`,
  );
}

function refuseBySize(probe: ClipProbe, limits: ClipLimits): void {
  const { displayWidth, displayHeight } = probe;
  if (Math.min(displayWidth, displayHeight) >= limits.minimumPixels) return;
  throw new ClipRefusedError(
    'CLIP_TOO_SMALL',
    `The picture is too small (${displayWidth} × ${displayHeight}): both sides need at least ${limits.minimumPixels} pixels.`,
  );
}

function unreadable(lines: readonly string[]): ClipRefusedError {
  const text = lines.join('\n');
  const sentence = /moov atom not found/.test(text)
    ? 'The clip was not finished by the camera (its table of contents is missing): copy it again, or repair it.'
    : /Permission denied/.test(text)
      ? 'The clip may not be read: allow access to the file and try again.'
      : 'This file cannot be read as a video: it is damaged or of an unknown kind.';
  return new ClipRefusedError('CLIP_UNREADABLE', sentence, { cause: new Error(text) });
}

function noVideo(container: ContainerInfo): ClipRefusedError {
  const cover = container.streams.some((stream) => stream.kind === 'video');
  const sound = container.streams.some((stream) => stream.kind === 'audio');
  const sentence = cover
    ? 'This is a sound file with a cover picture: there is no video in it.'
    : sound
      ? 'This file holds only sound: there is no video in it.'
      : 'There is no video in this file.';
  return new ClipRefusedError('CLIP_NO_VIDEO', sentence);
}

/** What a player would show: default streams before others, then the larger picture, then the first. */
function chooseVideoStream(container: ContainerInfo): VideoStreamInfo | undefined {
  const films = container.streams.filter((stream) => stream.kind === 'video' && !stream.isCoverPicture);
  return (films as VideoStreamInfo[]).sort(
    (a, b) => Number(b.isDefault) - Number(a.isDefault) || b.width * b.height - a.width * a.height || a.index - b.index,
  )[0];
}

function toProbe(container: ContainerInfo, stream: VideoStreamInfo): ClipProbe {
  const coded = {
    codedWidth: stream.width,
    codedHeight: stream.height,
    sampleAspectRatio: stream.sampleAspectRatio,
    rotationDegrees: stream.rotationDegrees,
  };
  const display = displaySize(coded);
  const claimedRate = stream.framesPerSecond;
  // Rates such as "90k" are the clock of a stream without a rate of its own.
  const framesPerSecond = claimedRate && claimedRate < 1000 ? claimedRate : assumedFramesPerSecond;
  const durationSeconds = claimedSeconds(container);
  return {
    container: containerName(container),
    codec: stream.codec,
    ...coded,
    displayWidth: display.width,
    displayHeight: display.height,
    pixelFormat: stream.pixelFormat,
    bitDepth: bitDepthOf(stream.pixelFormat),
    colorSpace: stream.colorSpace,
    colorTransfer: stream.colorTransfer,
    colorPrimaries: stream.colorPrimaries,
    toneMapped: isHighDynamicRange(stream.colorTransfer),
    hasAudio: container.streams.some((other) => other.kind === 'audio'),
    frameCount: Math.max(1, Math.round(durationSeconds * framesPerSecond)),
    framesPerSecond,
    variableFrameRate: false,
    startSeconds: container.startSeconds ?? 0,
    durationSeconds,
    warnings: [],
    videoStreamIndex: stream.index,
  };
}

/**
 * MP4 counts its length from zero, Matroska and others from the first frame. The shorter reading is taken, so that a
 * clip is never refused for a length it does not have; the index measures it.
 */
function claimedSeconds(container: ContainerInfo): number {
  return Math.max(0, (container.durationSeconds ?? 0) - Math.max(0, container.startSeconds ?? 0));
}

function containerName({ demuxer, majorBrand }: ContainerInfo): string {
  if (/\bmp4\b/.test(demuxer)) return majorBrand === 'qt' ? 'mov' : 'mp4';
  return demuxer.split(',')[0] ?? demuxer;
}

function spokenLength(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 1) return `${Math.round(seconds)} seconds`;
  return Number.isInteger(minutes) ? `${minutes} minute${minutes === 1 ? '' : 's'}` : `${minutes.toFixed(1)} minutes`;
}
