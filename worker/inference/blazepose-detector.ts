/** BlazePose's person detector: pixels in, person regions out. */
import type { Box, PersonDetection, Picture, PoseRegion } from '../pipeline/ports.ts';
import type { Network } from './pose-family.ts';
import { warpImage } from './warp-image.ts';

const edge = 224;
/** Grids of anchors with the anchors in each cell, in the order of the network's rows: 2254 in all. */
const anchorGrids = [
  [28, 2],
  [14, 2],
  [7, 6],
] as const;
const valuesPerBox = 12;
const leastScore = 0.5;
const suppressionOverlap = 0.3;
/** From the circle around the whole body to the region that the landmark model was trained on. */
export const regionMargin = 1.25;

const anchors = anchorGrids.flatMap(([grid, perCell]) =>
  Array.from({ length: grid * grid * perCell }, (_, i) => {
    const cell = Math.floor(i / perCell);
    return { x: ((cell % grid) + 0.5) / grid, y: (Math.floor(cell / grid) + 0.5) / grid };
  }),
);

interface Candidate {
  readonly score: number;
  /** centre x, centre y, width, height, then four keypoints x, y; all 0..1 of the searched square. */
  readonly values: readonly number[];
}

export function createBlazePoseDetector(network: Network) {
  const target = new Float32Array(3 * edge * edge);
  return async function detect(image: Picture, area: Box | undefined): Promise<PersonDetection[]> {
    const part = area ?? { x: 0, y: 0, width: image.width, height: image.height };
    const square: PoseRegion = {
      centerX: part.x + part.width / 2,
      centerY: part.y + part.height / 2,
      size: Math.max(part.width, part.height),
      rotationRadians: 0,
    };
    // Zero outside the picture, which is -1 for the network.
    warpImage(image, square, { target, edge, scale: 2 / 255, offset: -1, border: 'black' });
    const { boxes, scores } = await network.run(target, [1, 3, edge, edge]);
    if (boxes === undefined || scores === undefined) throw new Error('The detector has no output boxes or scores.');
    return suppressOverlaps(readCandidates(boxes, scores)).map((candidate) => toDetection(candidate, square));
  };
}

function readCandidates(boxes: Float32Array, scores: Float32Array): Candidate[] {
  const candidates: Candidate[] = [];
  anchors.forEach((anchor, i) => {
    const logit = Math.min(100, Math.max(-100, scores[i] ?? -100));
    const score = 1 / (1 + Math.exp(-logit));
    if (score < leastScore) return;
    const values = Array.from({ length: valuesPerBox }, (_, k) => {
      const value = (boxes[i * valuesPerBox + k] ?? 0) / edge;
      if (k === 2 || k === 3) return value;
      return value + (k % 2 === 0 ? anchor.x : anchor.y);
    });
    candidates.push({ score, values });
  });
  return candidates.sort((a, b) => b.score - a.score);
}

/** Weighted non-maximum suppression: overlapping candidates are averaged by score, the best score is kept. */
function suppressOverlaps(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  let remaining = [...candidates];
  for (let best = remaining[0]; best !== undefined; best = remaining[0]) {
    const leader = best;
    const group = remaining.filter((other) => other === leader || overlapOf(leader, other) > suppressionOverlap);
    const weight = group.reduce((sum, { score }) => sum + score, 0);
    const values = leader.values.map(
      (_, k) => group.reduce((sum, other) => sum + (other.values[k] ?? 0) * other.score, 0) / weight,
    );
    kept.push({ score: leader.score, values });
    remaining = remaining.filter((other) => !group.includes(other));
  }
  return kept;
}

/** Intersection over union. */
function overlapOf(a: Candidate, b: Candidate): number {
  const [ax = 0, ay = 0, aw = 0, ah = 0] = a.values;
  const [bx = 0, by = 0, bw = 0, bh = 0] = b.values;
  const width = Math.min(ax + aw / 2, bx + bw / 2) - Math.max(ax - aw / 2, bx - bw / 2);
  const height = Math.min(ay + ah / 2, by + bh / 2) - Math.max(ay - ah / 2, by - bh / 2);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (aw * ah + bw * bh - width * height);
}

function toDetection({ score, values }: Candidate, square: PoseRegion): PersonDetection {
  const left = square.centerX - square.size / 2;
  const top = square.centerY - square.size / 2;
  const [x = 0, y = 0, width = 0, height = 0, hipX = 0, hipY = 0, tipX = 0, tipY = 0] = values;
  const toImage = (px: number, py: number) => ({ x: left + px * square.size, y: top + py * square.size });
  const corner = toImage(x - width / 2, y - height / 2);
  return {
    score,
    box: { ...corner, width: width * square.size, height: height * square.size },
    region: regionFromPoints(toImage(hipX, hipY), toImage(tipX, tipY)),
  };
}

/** Square around the body: from mid-hip and a point on the circle around the whole body, turned so that it points up. */
export function regionFromPoints(center: { x: number; y: number }, tip: { x: number; y: number }): PoseRegion {
  return {
    centerX: center.x,
    centerY: center.y,
    size: 2 * Math.hypot(tip.x - center.x, tip.y - center.y) * regionMargin,
    rotationRadians: Math.atan2(tip.x - center.x, center.y - tip.y),
  };
}
