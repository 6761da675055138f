/**
 * Finds hard cuts in a stream of tiny grey pictures.
 *
 * A cut is a change of scene between two frames: what came before looks alike, what comes after looks alike, and the two
 * do not look like each other however they are shifted. That order of questions keeps out what only looks like a cut:
 * - a flash or a bird before the lens: the picture after it looks like the picture before it;
 * - a pan or a shake: shifted, the two sides look alike, or the sides change as much within themselves;
 * - a fast athlete: moves few pixels of the whole picture;
 * - the exposure jumping: brightness and contrast are taken out before pictures are compared.
 */
export interface CutDetector {
  /** Takes the next frame's picture (8-bit grey, `width * height` bytes). The bytes are copied. */
  push(picture: Uint8Array): void;
  /** All cuts: the index of each first frame after a cut, ascending. Ends the stream. */
  finish(): number[];
}

/** Frames on each side of a possible cut that have to agree. */
const sideFrames = 3;
/** Mean difference of two neighbouring pictures (0..1, levelled) below which nobody would see a cut. */
const leastDifference = 0.06;
/** How much larger the step has to be than the largest step within the sides. */
const leastContrastToSides = 2.2;
/** Correlation of the two sides, best over all shifts, above which they show the same scene. */
const sameSceneCorrelation = 0.6;
/** Largest shift tried, as a part of width and height. */
const shiftPart = 0.3;

interface Thumbnail {
  /** Levelled to mean 0 and deviation 1. */
  readonly pixels: Float32Array;
  readonly histogram: Float32Array;
  /** Grey everywhere: nothing to compare. */
  readonly flat: boolean;
}

export function createCutDetector(size: { readonly width: number; readonly height: number }): CutDetector {
  const { width, height } = size;
  // Candidates are few; their neighbourhood is kept, the rest is forgotten.
  const recent: Thumbnail[] = [];
  const steps: number[] = [];
  let count = 0;
  const cuts: number[] = [];

  /** Decides whether frame `at` is the first of a new scene; frames after `last` do not exist (yet). */
  const decide = (at: number, last: number) => {
    const step = steps[at] ?? 0;
    if (at < 1 || step < leastDifference) return;
    const frame = (index: number) => recent[index - (count - recent.length)];
    const before: Thumbnail[] = [];
    const after: Thumbnail[] = [];
    let sideStep = 0;
    for (let offset = 0; offset < sideFrames; offset++) {
      const earlier = frame(at - 1 - offset);
      const later = at + offset <= last ? frame(at + offset) : undefined;
      if (earlier) before.push(earlier);
      if (later) after.push(later);
      if (offset > 0) {
        if (earlier) sideStep = Math.max(sideStep, steps[at - offset] ?? 0);
        if (later) sideStep = Math.max(sideStep, steps[at + offset] ?? 0);
      }
    }
    if (step < sideStep * leastContrastToSides) return;
    for (const earlier of before) {
      for (const later of after) {
        if (looksAlike({ first: earlier, second: later, width, height })) return;
      }
    }
    cuts.push(at);
  };

  return {
    push(picture) {
      const thumbnail = level(picture);
      const previous = recent[recent.length - 1];
      steps.push(previous ? meanDifference(previous, thumbnail) : 0);
      recent.push(thumbnail);
      count++;
      if (recent.length > sideFrames * 2 + 1) recent.shift();
      decide(count - sideFrames, count - 1);
    },
    finish() {
      for (let at = Math.max(1, count - sideFrames + 1); at < count; at++) decide(at, count - 1);
      return cuts;
    },
  };
}

function level(picture: Uint8Array): Thumbnail {
  const count = picture.length;
  let sum = 0;
  let squares = 0;
  for (const value of picture) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const flat = deviation < 2;
  const pixels = new Float32Array(count);
  const histogram = new Float32Array(24);
  const factor = flat ? 0 : 1 / deviation;
  for (let i = 0; i < count; i++) {
    const value = ((picture[i] ?? 0) - mean) * factor;
    pixels[i] = value;
    const bin = Math.min(23, Math.max(0, Math.floor((value + 3) * 4)));
    histogram[bin] = (histogram[bin] ?? 0) + 1 / count;
  }
  return { pixels, histogram, flat };
}

/** 0..1: mean distance of levelled pictures; four deviations count as everything. */
function meanDifference(a: Thumbnail, b: Thumbnail): number {
  if (a.flat !== b.flat) return 1;
  let sum = 0;
  for (let i = 0; i < a.pixels.length; i++) sum += Math.abs((a.pixels[i] ?? 0) - (b.pixels[i] ?? 0));
  return Math.min(1, sum / a.pixels.length / 4);
}

/** Whether two pictures show one scene: they agree at some shift. */
function looksAlike(pair: {
  readonly first: Thumbnail;
  readonly second: Thumbnail;
  readonly width: number;
  readonly height: number;
}): boolean {
  const { first, second, width, height } = pair;
  if (first.flat || second.flat) return first.flat === second.flat;
  const maximumX = Math.round(width * shiftPart);
  const maximumY = Math.round(height * shiftPart);
  // Unequal distributions of grey need more agreement: chance shifts of a new scene do not reach it.
  const needed = sameSceneCorrelation + 0.25 * histogramDistance(first, second);
  for (let y = -maximumY; y <= maximumY; y++) {
    for (let x = -maximumX; x <= maximumX; x++) {
      if (correlation({ first, second, width, height, x, y }) > needed) return true;
    }
  }
  return false;
}

/** Zero-mean correlation of the overlap when the second picture is moved by x, y. */
function correlation(pair: {
  readonly first: Thumbnail;
  readonly second: Thumbnail;
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
}): number {
  const { width, height, x, y } = pair;
  const a = pair.first.pixels;
  const b = pair.second.pixels;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  let samples = 0;
  for (let row = Math.max(0, y); row < Math.min(height, height + y); row++) {
    for (let column = Math.max(0, x); column < Math.min(width, width + x); column++) {
      const valueA = a[row * width + column] ?? 0;
      const valueB = b[(row - y) * width + column - x] ?? 0;
      sumA += valueA;
      sumB += valueB;
      sumAA += valueA * valueA;
      sumBB += valueB * valueB;
      sumAB += valueA * valueB;
      samples++;
    }
  }
  const covariance = sumAB - (sumA * sumB) / samples;
  const spread = (sumAA - (sumA * sumA) / samples) * (sumBB - (sumB * sumB) / samples);
  return spread > 1e-9 ? covariance / Math.sqrt(spread) : 0;
}

/** Half the summed difference: 0 the same, 1 nothing in common. */
function histogramDistance(a: Thumbnail, b: Thumbnail): number {
  let sum = 0;
  for (let bin = 0; bin < a.histogram.length; bin++) sum += Math.abs((a.histogram[bin] ?? 0) - (b.histogram[bin] ?? 0));
  return sum / 2;
}
