import { median } from '../median.ts';
import type { Motion } from '../motion.ts';

/** Keypoints that are seen worse (0..1) do not take part. */
const leastVisibility = 0.5;
const fewestKeypoints = 6;
const rounds = 6;
/** The scale is taken to change no faster: half of the span that it is averaged over. */
const halfWindowSeconds = 0.4;

/**
 * How many pixels a metre of the athlete is, in every frame: the camera that lays the landmarks in space on those in the
 * picture, as a scale and a shift (a body is small against its distance from the camera: at twelve metres the error of
 * leaving perspective out is a fifteenth of a stretched arm's length). Least squares over the visible keypoints with
 * Geman and McClure's weights, so that a limb that lies elsewhere in space than in the picture does not count; then the
 * median over 0.8 s, for the athlete nears the camera slowly and landmarks err fast. [F]; NaN where he is not seen
 * within that span.
 */
export function fitPictureScale(motion: Motion): Float64Array {
  const { timesSeconds } = motion;
  const raw = timesSeconds.map((_, frame) => scaleOfFrame(motion, frame));
  let [first, end] = [0, 0];
  return timesSeconds.map((time) => {
    while ((timesSeconds[first] as number) < time - halfWindowSeconds) first++;
    while (end < timesSeconds.length && (timesSeconds[end] as number) <= time + halfWindowSeconds) end++;
    return median(raw.subarray(first, end));
  });
}

interface Pair {
  /** Metres. */
  readonly x: number;
  readonly y: number;
  /** Pixels. */
  readonly u: number;
  readonly v: number;
  readonly visibility: number;
}

function scaleOfFrame({ keypointCount, landmarks2d, landmarks3d }: Motion, frame: number): number {
  const pairs: Pair[] = [];
  for (let sample = frame * keypointCount; sample < (frame + 1) * keypointCount; sample++) {
    const [u, v, visibility] = [0, 1, 2].map((at) => landmarks2d[sample * 4 + at] as number) as [
      number,
      number,
      number,
    ];
    const [x, y] = [landmarks3d[sample * 3] as number, landmarks3d[sample * 3 + 1] as number];
    if (visibility >= leastVisibility && Number.isFinite(u + v + x + y)) pairs.push({ x, y, u, v, visibility });
  }
  if (pairs.length < fewestKeypoints) return Number.NaN;
  let weights = pairs.map(({ visibility }) => visibility);
  let scale = Number.NaN;
  for (let round = 0; round < rounds; round++) {
    const mean = (of: (pair: Pair) => number): number =>
      weightedSum(pairs, weights, of) / weightedSum(pairs, weights, one);
    const middle = { x: mean(({ x }) => x), y: mean(({ y }) => y), u: mean(({ u }) => u), v: mean(({ v }) => v) };
    const spread = ({ x, y }: Pair): number => (x - middle.x) ** 2 + (y - middle.y) ** 2;
    scale =
      weightedSum(
        pairs,
        weights,
        ({ x, y, u, v }) => (x - middle.x) * (u - middle.u) + (y - middle.y) * (v - middle.v),
      ) / weightedSum(pairs, weights, spread);
    const errors = pairs.map(({ x, y, u, v }) =>
      Math.hypot(u - middle.u - scale * (x - middle.x), v - middle.v - scale * (y - middle.y)),
    );
    const usual = Math.max(median(errors), 1e-6 * Math.abs(scale));
    weights = pairs.map(({ visibility }, i) => visibility / (1 + ((errors[i] as number) / (2 * usual)) ** 2) ** 2);
  }
  return scale > 0 ? scale : Number.NaN;
}

function one(): number {
  return 1;
}

function weightedSum(pairs: readonly Pair[], weights: readonly number[], of: (pair: Pair) => number): number {
  return pairs.reduce((sum, pair, i) => sum + (weights[i] as number) * of(pair), 0);
}
