/** Draws a skeleton onto a canvas, in the same manner as the exported video. */
import { type Side, type Skeleton, sideOfKeypoint } from '../../../models/skeletons.ts';

/** Below this visibility a keypoint is a guess: dashed and paler. */
export const certainVisibility = 0.5;
/** Below this nothing is drawn: the model says that it does not see the keypoint at all. */
export const leastVisibility = 0.05;
/** Keypoints of face and hand are many and close: drawn finer than the limbs. */
const finePattern = /eye|ear|nose|mouth|pinky|(?<!foot_)index$|thumb/;

export type PoseColours = Readonly<Record<Side | 'hairline', string>>;

export interface PosePicture {
  readonly skeleton: Skeleton;
  /** [F × K × 4]: x, y in display pixels, visibility, presence; missing = NaN. */
  readonly landmarks: ArrayLike<number>;
  readonly frame: number;
  /** Canvas pixels for one display pixel. */
  readonly scale: { readonly x: number; readonly y: number };
  /** Width of a limb's line. Canvas pixels. */
  readonly lineWidth: number;
  readonly colours: PoseColours;
}

interface Keypoint {
  readonly x: number;
  readonly y: number;
  readonly visibility: number;
  readonly side: Side;
  readonly fine: boolean;
}

/** Returns how many keypoints were drawn. The canvas is not cleared. */
export function drawPose(context: CanvasRenderingContext2D, picture: PosePicture): number {
  const keypoints = picture.skeleton.names.map((_, index) => keypointOf(picture, index));
  const { lineWidth, colours } = picture;
  const hairline = Math.max(1.5, lineWidth * 0.9);
  context.lineCap = 'round';
  // All outlines first, or the outline of one limb would cut through the next.
  for (const outline of [true, false]) {
    for (const [first, second] of picture.skeleton.edges) {
      const from = keypoints[first];
      const to = keypoints[second];
      if (from === undefined || to === undefined) continue;
      const visibility = Math.min(from.visibility, to.visibility);
      const certain = visibility >= certainVisibility;
      const width = from.fine || to.fine ? lineWidth * 0.6 : lineWidth;
      const alpha = alphaOf(visibility);
      context.globalAlpha = outline ? alpha * 0.6 : alpha;
      context.strokeStyle = outline ? colours.hairline : colours[from.side === to.side ? from.side : 'middle'];
      context.lineWidth = outline ? width + hairline : width;
      context.setLineDash(certain ? [] : [lineWidth * 2, lineWidth * 2.2]);
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
    context.setLineDash([]);
    for (const point of keypoints) {
      if (point === undefined || point.fine) continue;
      const radius = lineWidth * 1.05;
      context.globalAlpha = outline ? alphaOf(point.visibility) * 0.6 : alphaOf(point.visibility);
      context.fillStyle = outline ? colours.hairline : colours[point.side];
      context.beginPath();
      context.arc(point.x, point.y, outline ? radius + hairline / 2 : radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;
  return keypoints.filter((point) => point !== undefined).length;
}

function keypointOf({ skeleton, landmarks, frame, scale }: PosePicture, index: number): Keypoint | undefined {
  const start = (frame * skeleton.names.length + index) * 4;
  const x = landmarks[start] ?? Number.NaN;
  const y = landmarks[start + 1] ?? Number.NaN;
  const visibility = landmarks[start + 2] ?? Number.NaN;
  if (!Number.isFinite(x) || !Number.isFinite(y) || !(visibility >= leastVisibility)) return undefined;
  const name = skeleton.names[index] ?? '';
  return {
    ...{ x: x * scale.x, y: y * scale.y, visibility },
    ...{ side: sideOfKeypoint(skeleton, index), fine: finePattern.test(name) },
  };
}

/** Whole where certain, sinking to a quarter where the model hardly sees anything. */
function alphaOf(visibility: number): number {
  if (visibility >= certainVisibility) return 1;
  return 0.25 + 0.4 * ((visibility - leastVisibility) / (certainVisibility - leastVisibility));
}

/**
 * Width of a limb's line that suits a person: from the height that the keypoints span, so that a far pitcher is not
 * painted over. Canvas pixels, never finer than `finest`.
 */
export function lineWidthFor(size: { readonly personHeight: number; readonly finest: number }): number {
  const fitting = Number.isFinite(size.personHeight) ? size.personHeight / 90 : 0;
  return Math.min(Math.max(fitting, size.finest), size.finest * 2.5);
}

/** Height that the certain keypoints of a frame span, in display pixels; NaN without any. */
export function personHeight(landmarks: ArrayLike<number>, frame: number, keypointCount: number): number {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < keypointCount; index++) {
    const y = landmarks[(frame * keypointCount + index) * 4 + 1] ?? Number.NaN;
    if (Number.isFinite(y)) {
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return bottom > top ? bottom - top : Number.NaN;
}
