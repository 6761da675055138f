/**
 * Reads what `ffmpeg -i FILE` prints about a file. There is no ffprobe beside a bundled ffmpeg, and this is the same
 * demuxer that decodes later, so what is said here is what will be decoded.
 */

export interface AudioStreamInfo {
  readonly kind: 'audio';
  readonly index: number;
}

export interface VideoStreamInfo {
  readonly kind: 'video';
  readonly index: number;
  readonly codec: string;
  /** `unknown` where ffmpeg could not tell. */
  readonly pixelFormat: string;
  readonly colorSpace: string;
  readonly colorPrimaries: string;
  readonly colorTransfer: string;
  /** 0 where ffmpeg could not tell. */
  readonly width: number;
  readonly height: number;
  readonly sampleAspectRatio: number;
  readonly framesPerSecond: number | undefined;
  /** Clockwise, as a player has to turn the picture. */
  readonly rotationDegrees: 0 | 90 | 180 | 270;
  /** A cover picture of a sound file, not a film. */
  readonly isCoverPicture: boolean;
  readonly isDefault: boolean;
}

export interface ContainerInfo {
  /** Names of ffmpeg's demuxer, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly demuxer: string;
  readonly majorBrand: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly startSeconds: number | undefined;
  readonly streams: readonly (VideoStreamInfo | AudioStreamInfo)[];
}

const streamPattern = /^\s*Stream #0:(\d+)(?:\[0x[0-9a-f]+\])?(?:\([^)]*\))?: (Video|Audio): (.*)$/;
const anyStreamPattern = /^\s*Stream #\d+:\d+/;

/** Returns undefined when ffmpeg could not open the file at all. */
export function parseStreamInfo(lines: readonly string[]): ContainerInfo | undefined {
  const first = lines.findIndex((line) => /^Input #0, /.test(line));
  if (first < 0) return undefined;
  const head = /^Input #0, (.+), from /.exec(lines[first] ?? '');
  let majorBrand: string | undefined;
  let durationSeconds: number | undefined;
  let startSeconds: number | undefined;
  const streams: (VideoStreamInfo | AudioStreamInfo)[] = [];
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!/^\s/.test(line)) continue;
    majorBrand ??= /^\s+major_brand\s*: (.{1,4})/.exec(line)?.[1]?.trim();
    const duration = /^\s+Duration: (?:(\d+):(\d+):([\d.]+)|N\/A)(?:, start: (-?[\d.]+))?/.exec(line);
    if (duration) {
      const [, hours, minutes, seconds, start] = duration;
      if (hours !== undefined) durationSeconds = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      if (start !== undefined) startSeconds = Number(start);
    }
    const stream = streamPattern.exec(line);
    if (!stream) continue;
    const index = Number(stream[1]);
    if (stream[2] === 'Audio') streams.push({ kind: 'audio', index });
    else streams.push(parseVideoStream(index, stream[3] ?? '', linesOfStream(lines, at)));
  }
  return { demuxer: head?.[1] ?? 'unknown', majorBrand, durationSeconds, startSeconds, streams };
}

/** The indented lines (metadata, side data) between one stream and the next. */
function linesOfStream(lines: readonly string[], at: number): string[] {
  const own: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (!/^\s/.test(line) || anyStreamPattern.test(line)) break;
    own.push(line);
  }
  return own;
}

function parseVideoStream(index: number, description: string, details: readonly string[]): VideoStreamInfo {
  const parts = splitOutsideBrackets(description);
  const codec = /^[\w-]+/.exec(parts[0] ?? '')?.[0] ?? 'unknown';
  const sizeAt = parts.findIndex((part) => /^\d+x\d+/.test(part));
  const size = /^(\d+)x(\d+)/.exec(parts[sizeAt] ?? '');
  // The pixel format stands before the size; a stream that could not be opened has none.
  const format = parts.slice(1, sizeAt < 0 ? undefined : sizeAt).find((part) => /^[a-z][a-z0-9_]*(\(|$)/.test(part));
  const aspect = /SAR (\d+):(\d+)/.exec(description);
  const sampleAspectRatio = aspect ? Number(aspect[1]) / Number(aspect[2]) : 1;
  return {
    kind: 'video',
    index,
    codec,
    ...parsePixelFormat(format ?? ''),
    width: Number(size?.[1] ?? 0),
    height: Number(size?.[2] ?? 0),
    sampleAspectRatio: Number.isFinite(sampleAspectRatio) && sampleAspectRatio > 0 ? sampleAspectRatio : 1,
    framesPerSecond: rate(parts, 'fps') ?? rate(parts, 'tbr'),
    rotationDegrees: parseRotation(details),
    isCoverPicture: /\((attached pic|still image|timed thumbnails)\)/.test(description),
    isDefault: /\(default\)/.test(description),
  };
}

/** For example `yuv420p10le(tv, bt2020nc/bt2020/smpte2084, progressive)`. */
function parsePixelFormat(text: string) {
  const match = /^([a-z0-9_]+)(?:\((.*)\))?/.exec(text);
  const name = match?.[1];
  const unknown = 'unknown';
  const notColour = /^(tv|pc|unknown|progressive|top first|bottom first|top coded first.*|bottom coded first.*)$/;
  const notLocation = /^(left|center|topleft|top|bottomleft|bottom)$/;
  const colour = (match?.[2] ?? '')
    .split(/,\s*/)
    .find((item) => item !== '' && !notColour.test(item) && !notLocation.test(item) && !/^\d+ bpc$/.test(item));
  // Written once where all three agree.
  const [space = unknown, primaries = space, transfer = space] = colour?.split('/') ?? [];
  return {
    pixelFormat: name === undefined || name === 'none' ? unknown : name,
    colorSpace: space,
    colorPrimaries: primaries,
    colorTransfer: transfer,
  };
}

function rate(parts: readonly string[], unit: 'fps' | 'tbr'): number | undefined {
  for (const part of parts) {
    const match = new RegExp(`^([\\d.]+)(k?) ${unit}\\b`).exec(part);
    if (match) return Number(match[1]) * (match[2] === 'k' ? 1000 : 1);
  }
  return undefined;
}

function parseRotation(details: readonly string[]): 0 | 90 | 180 | 270 {
  for (const line of details) {
    const matrix = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(line);
    // ffmpeg states the matrix's own angle, counter-clockwise.
    if (matrix) return quarterTurn(-Number(matrix[1]));
    const tag = /^\s+rotate\s*: (-?\d+)/.exec(line);
    if (tag) return quarterTurn(Number(tag[1]));
  }
  return 0;
}

function quarterTurn(degrees: number): 0 | 90 | 180 | 270 {
  const turn = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}

function splitOutsideBrackets(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '(' || letter === '[') depth++;
    else if (letter === ')' || letter === ']') depth--;
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}
