/** Draws a skeleton onto an RGB picture: a small anti-aliased rasteriser for thick lines and discs. */
import { type Side, type Skeleton, sideOfKeypoint } from '../../models/skeletons.ts';
import type { Point, RgbImage } from '../pipeline/ports.ts';

type Colour = readonly [number, number, number];

/** Left and right differ in hue and in brightness, so that colour-blind eyes tell them apart: #35b0ff, #ff9f1c. */
const sideColours: Readonly<Record<Side, Colour>> = {
  left: [0x35, 0xb0, 0xff],
  right: [0xff, 0x9f, 0x1c],
  middle: [0xf2, 0xf4, 0xf8],
};
const outlineColour: Colour = [0x0b, 0x0e, 0x14];
const outlineAlpha = 0.65;
/** Below this visibility a keypoint is a guess: dashed and paler. */
const certainVisibility = 0.5;
/** Below this nothing is drawn: the model says that it does not see the keypoint at all. */
const leastVisibility = 0.05;
/** Keypoints of face and hand are many and close: drawn finer than the limbs. */
const finePattern = /eye|ear|nose|mouth|pinky|(?<!foot_)index$|thumb/;

export interface PoseDrawing {
  readonly skeleton: Skeleton;
  /** [K × 4]: x, y in the picture's pixels, visibility 0..1, presence 0..1. NaN: missing, not drawn. */
  readonly keypoints: Float32Array;
  /** Half the width of a limb's line. Pixels. */
  readonly lineRadius: number;
}

interface Stroke {
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
  readonly colour: Colour;
  readonly alpha: number;
  /** Length of a dash and of a gap in pixels; undefined: a whole line. */
  readonly dash: number | undefined;
}

/** Draws in place: `image.data` is changed. */
export function drawSkeleton(image: RgbImage, drawing: PoseDrawing): void {
  const strokes = [...limbs(drawing), ...joints(drawing)];
  const hairline = Math.max(0.8, drawing.lineRadius * 0.45);
  // All outlines first, or the outline of one limb would cut through the next.
  for (const stroke of strokes) {
    const outline = { ...stroke, radius: stroke.radius + hairline, colour: outlineColour };
    paint(image, { ...outline, alpha: stroke.alpha * outlineAlpha });
  }
  for (const stroke of strokes) paint(image, stroke);
}

/** Half the width of a limb's line that suits a person of this height in a picture. All in pixels. */
export function lineRadiusFor(size: { readonly personHeight: number; readonly imageHeight: number }): number {
  const fitting = Number.isFinite(size.personHeight) ? size.personHeight / 180 : size.imageHeight / 400;
  return Math.min(Math.max(fitting, 0.9), Math.max(1.2, size.imageHeight / 160));
}

function limbs({ skeleton, keypoints, lineRadius }: PoseDrawing): Stroke[] {
  const strokes: Stroke[] = [];
  for (const [first, second] of skeleton.edges) {
    const visibility = Math.min(visibilityOf(keypoints, first), visibilityOf(keypoints, second));
    if (!(visibility >= leastVisibility)) continue;
    const side = sideOfKeypoint(skeleton, first);
    strokes.push({
      from: pointOf(keypoints, first),
      to: pointOf(keypoints, second),
      radius: isFine(skeleton, first) || isFine(skeleton, second) ? lineRadius * 0.6 : lineRadius,
      colour: sideColours[side === sideOfKeypoint(skeleton, second) ? side : 'middle'],
      alpha: alphaOf(visibility),
      dash: visibility < certainVisibility ? lineRadius * 4 : undefined,
    });
  }
  return strokes;
}

function joints({ skeleton, keypoints, lineRadius }: PoseDrawing): Stroke[] {
  const strokes: Stroke[] = [];
  for (const keypoint of new Set(skeleton.edges.flat())) {
    const visibility = visibilityOf(keypoints, keypoint);
    if (!(visibility >= leastVisibility) || isFine(skeleton, keypoint)) continue;
    const point = pointOf(keypoints, keypoint);
    strokes.push({
      from: point,
      to: point,
      radius: lineRadius * 1.6,
      colour: sideColours[sideOfKeypoint(skeleton, keypoint)],
      alpha: alphaOf(visibility),
      dash: undefined,
    });
  }
  return strokes;
}

const isFine = (skeleton: Skeleton, keypoint: number) => finePattern.test(skeleton.names[keypoint] ?? '');

/** NaN when any component is missing. */
function visibilityOf(keypoints: Float32Array, keypoint: number): number {
  const { x, y } = pointOf(keypoints, keypoint);
  return Number.isFinite(x) && Number.isFinite(y) ? (keypoints[keypoint * 4 + 2] ?? Number.NaN) : Number.NaN;
}

function pointOf(keypoints: Float32Array, keypoint: number): Point {
  return { x: keypoints[keypoint * 4] ?? Number.NaN, y: keypoints[keypoint * 4 + 1] ?? Number.NaN };
}

/** Certain keypoints are opaque; guesses fade out. */
function alphaOf(visibility: number): number {
  if (visibility >= certainVisibility) return 1;
  return 0.3 + 0.5 * (visibility / certainVisibility);
}

/** A line with round ends, or a disc where both ends are one point. Coverage falls off over one pixel at the edge. */
function paint(image: RgbImage, stroke: Stroke): void {
  const { data, width, height } = image;
  const { from, to, radius } = stroke;
  const [red, green, blue] = stroke.colour;
  const reach = radius + 1;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(from.x, to.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(from.y, to.y) + reach));
  const alongX = to.x - from.x;
  const alongY = to.y - from.y;
  const squaredLength = alongX * alongX + alongY * alongY;
  const length = Math.sqrt(squaredLength);
  const { dash } = stroke;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x - from.x;
      const dy = y - from.y;
      const along = squaredLength > 0 ? Math.min(1, Math.max(0, (dx * alongX + dy * alongY) / squaredLength)) : 0;
      const distance = Math.hypot(dx - along * alongX, dy - along * alongY);
      let coverage = radius + 0.5 - distance;
      if (coverage <= 0) continue;
      if (dash !== undefined) {
        // Distance into the gap from its nearer dash: gap and dash are equally long.
        const phase = (along * length) % (dash * 2);
        coverage = Math.min(coverage, Math.max(dash - phase, phase - dash * 2 + 1) + 0.5);
        if (coverage <= 0) continue;
      }
      const alpha = Math.min(1, coverage) * stroke.alpha;
      const at = (y * width + x) * 3;
      data[at] = mix(data[at], red, alpha);
      data[at + 1] = mix(data[at + 1], green, alpha);
      data[at + 2] = mix(data[at + 2], blue, alpha);
    }
  }
}

function mix(under: number | undefined, over: number, alpha: number): number {
  return Math.round((under ?? 0) * (1 - alpha) + over * alpha);
}
