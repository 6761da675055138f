/** Lines of ffmpeg's `showinfo` filter, which tells the presentation stamp of every frame that passes it. */

/** Seconds per tick. */
export interface TimeBase {
  readonly numerator: number;
  readonly denominator: number;
}

const framePattern = /Parsed_showinfo_\d+ @ \S+\] (?:\[\w+\] )?n:\s*\d+ pts:\s*(-?\d+|NOPTS|nan)/;
const timeBasePattern = /Parsed_showinfo_\d+ @ \S+\] (?:\[\w+\] )?config in time_base: (\d+)\/(\d+)/;

/** The stamp in ticks; NaN for a frame without one; undefined for any other line. */
export function parseFrameStamp(line: string): number | undefined {
  const stamp = framePattern.exec(line)?.[1];
  return stamp === undefined ? undefined : Number(stamp);
}

export function parseTimeBase(line: string): TimeBase | undefined {
  const match = timeBasePattern.exec(line);
  return match ? { numerator: Number(match[1]), denominator: Number(match[2]) } : undefined;
}

/** What decoders call an error at the start of a trimmed clip or about its sound, with every picture whole. */
const harmlessPatterns = [
  /mmco: unref short failure/,
  /co located POCs unavailable/,
  /number of reference frames .* exceeds max/,
  /non monoton(?:ous|ically increasing) dts/i,
  /\[(?:aac|mp3|ac3|eac3|opus|vorbis|flac|alac|pcm|amr|wma|dca|truehd)\w* @/,
];

/** A line that tells of damage to the pictures. Needs `-loglevel level+…`. */
export function isDamageLine(line: string): boolean {
  return /\[(error|fatal|panic)\] /.test(line) && !harmlessPatterns.some((pattern) => pattern.test(line));
}
