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
/**
 * Correlation of the details of two pictures, best over all shifts, above which they show the same scene. Measured: across
 * cuts 0.15 to 0.55 (the same hall from two cameras), within scenes above 0.7, also over gaps and turning cameras.
 */
const sameSceneCorrelation = 0.62;
/** Pixels of a thumbnail. */
const blurRadius = 4;
/** Largest shift tried, as a part of width and height. */
const shiftPart = 0.3;

/** Grey levels: pictures with less contrast are not stretched to more, or a fade to black would end in noise. */
const leastDeviation = 8;

/** Grey levels within which a border row or column counts as a bar. */
const barRange = 8;

/** Columns and rows from `left`, `top` up to before `right`, `bottom`. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Thumbnail {
  /** Levelled inside `area` to mean 0 and deviation 1 (less for pictures of hardly any contrast). */
  readonly pixels: Float32Array;
  /** Without even bars at the borders: all films with black bars would look alike. */
  readonly area: Area;
}

interface ThumbnailSize {
  readonly width: number;
  readonly height: number;
}

export function createCutDetector(size: ThumbnailSize): CutDetector {
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
    // One odd frame at either end is a flash or the camera starting, not a scene.
    if (before.length < 2 || after.length < 2 || step < sideStep * leastContrastToSides) return;
    for (const earlier of before) {
      for (const later of after) {
        if (looksAlike({ first: earlier, second: later, size })) return;
      }
    }
    cuts.push(at);
  };

  return {
    push(picture) {
      const thumbnail = level(picture, size);
      const previous = recent[recent.length - 1];
      steps.push(previous ? meanDifference({ first: previous, second: thumbnail, size }) : 0);
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

function level(picture: Uint8Array, size: ThumbnailSize): Thumbnail {
  const area = withoutBars(picture, size);
  const count = (area.right - area.left) * (area.bottom - area.top);
  let sum = 0;
  let squares = 0;
  forEachPixel(area, size, (at) => {
    const value = picture[at] ?? 0;
    sum += value;
    squares += value * value;
  });
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const factor = 1 / Math.max(deviation, leastDeviation);
  const pixels = new Float32Array(picture.length);
  forEachPixel(area, size, (at) => {
    pixels[at] = ((picture[at] ?? 0) - mean) * factor;
  });
  return { pixels, area };
}

/** Leaves out even border rows and columns; a picture that is even everywhere is kept whole. */
function withoutBars(picture: Uint8Array, size: ThumbnailSize): Area {
  const { width, height } = size;
  const isEven = (first: number, stride: number, count: number) => {
    let least = 255;
    let most = 0;
    for (let i = 0; i < count; i++) {
      const value = picture[first + i * stride] ?? 0;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least <= barRange;
  };
  const isEvenColumn = (column: number) => isEven(column, width, height);
  const isEvenRow = (row: number) => isEven(row * width, 1, width);
  let left = 0;
  let right = width;
  let top = 0;
  let bottom = height;
  while (left < right && isEvenColumn(left)) left++;
  while (right > left && isEvenColumn(right - 1)) right--;
  while (top < bottom && isEvenRow(top)) top++;
  while (bottom > top && isEvenRow(bottom - 1)) bottom--;
  return left < right && top < bottom
    ? { left, top, right, bottom }
    : { left: 0, top: 0, right: width, bottom: height };
}

function forEachPixel(area: Area, size: ThumbnailSize, visit: (at: number) => void): void {
  for (let row = area.top; row < area.bottom; row++) {
    for (let column = area.left; column < area.right; column++) visit(row * size.width + column);
  }
}

interface ThumbnailPair {
  readonly first: Thumbnail;
  readonly second: Thumbnail;
  readonly size: ThumbnailSize;
}

function commonArea({ first, second }: ThumbnailPair): Area {
  return {
    left: Math.min(first.area.left, second.area.left),
    top: Math.min(first.area.top, second.area.top),
    right: Math.max(first.area.right, second.area.right),
    bottom: Math.max(first.area.bottom, second.area.bottom),
  };
}

/** 0..1: mean distance of levelled pictures; four deviations count as everything. */
function meanDifference(pair: ThumbnailPair): number {
  const a = pair.first.pixels;
  const b = pair.second.pixels;
  let sum = 0;
  let count = 0;
  forEachPixel(commonArea(pair), pair.size, (at) => {
    sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
    count++;
  });
  return Math.min(1, sum / count / 4);
}

/** Whether two pictures show one scene: their details agree at some shift. */
function looksAlike(pair: ThumbnailPair): boolean {
  const area = commonArea(pair);
  const details: Details = {
    first: detail(pair.first.pixels, area, pair.size),
    second: detail(pair.second.pixels, area, pair.size),
    width: pair.size.width,
  };
  const maximumX = Math.round((area.right - area.left) * shiftPart);
  const maximumY = Math.round((area.bottom - area.top) * shiftPart);
  for (let y = -maximumY; y <= maximumY; y++) {
    for (let x = -maximumX; x <= maximumX; x++) {
      if (correlation(details, area, { x, y }) > sameSceneCorrelation) return true;
    }
  }
  return false;
}

interface Details {
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly width: number;
}

/**
 * A picture less its own blur. Bright sky above and dark ground below make any two outdoor scenes alike; their details
 * do not.
 */
function detail(pixels: Float32Array, area: Area, size: ThumbnailSize): Float32Array {
  const { width } = size;
  const detailed = new Float32Array(pixels.length);
  for (let row = area.top; row < area.bottom; row++) {
    for (let column = area.left; column < area.right; column++) {
      let sum = 0;
      let count = 0;
      for (let y = Math.max(area.top, row - blurRadius); y < Math.min(area.bottom, row + blurRadius + 1); y++) {
        for (let x = Math.max(area.left, column - blurRadius); x < Math.min(area.right, column + blurRadius + 1); x++) {
          sum += pixels[y * width + x] ?? 0;
          count++;
        }
      }
      detailed[row * width + column] = (pixels[row * width + column] ?? 0) - sum / count;
    }
  }
  return detailed;
}

/** Zero-mean correlation of the overlap inside the area when the second picture is moved by the shift. */
function correlation(details: Details, area: Area, shift: { readonly x: number; readonly y: number }): number {
  const { first: a, second: b, width } = details;
  const { x, y } = shift;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  let samples = 0;
  for (let row = Math.max(area.top, area.top + y); row < Math.min(area.bottom, area.bottom + y); row++) {
    for (let column = Math.max(area.left, area.left + x); column < Math.min(area.right, area.right + x); column++) {
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
