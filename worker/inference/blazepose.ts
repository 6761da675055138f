/** Pre- and post-processing of BlazePose GHUM: the landmark model and its detector. */
import { blazePose33 } from '../../models/skeletons.ts';
import type { Picture, PoseEstimate, PoseRegion } from '../pipeline/ports.ts';
import { createBlazePoseDetector, regionFromPoints } from './blazepose-detector.ts';
import type { PoseFamilyFactory, Tensors } from './pose-family.ts';
import { warpImage } from './warp-image.ts';

const edge = 256;
/** 33 body landmarks and two auxiliary points that give the next region; four more are unused. */
const bodyLandmarks = 33;
const auxiliaryCenter = 33;
const auxiliaryTip = 34;
const refinedLandmarks = 39;
const valuesPerLandmark = 5;
const heatmapEdge = 64;
const heatmapRadius = 3;
const leastHeat = 0.5;

export const createBlazePose: PoseFamilyFactory = ({ detector, landmarks: network }) => {
  const target = new Float32Array(3 * edge * edge);
  // x, y of all landmarks, 0..1 of the crop, then in image pixels.
  const points = new Float64Array(refinedLandmarks * 2);
  return {
    detect: createBlazePoseDetector(detector),
    async estimate(image: Picture, region: PoseRegion, mirrored = false): Promise<PoseEstimate> {
      warpImage(image, region, { target, edge, scale: 1 / 255, offset: 0, border: 'clamp', mirrored });
      const { landmarks, flag, heatmap, world } = await network.run(target, [1, 3, edge, edge]);
      if (!landmarks || !flag || !heatmap || !world) throw new Error('The landmark model lacks an output.');
      readPoints(landmarks, heatmap, points);
      if (mirrored) for (let i = 0; i < points.length; i += 2) points[i] = 1 - (points[i] ?? 0);
      toImage(points, region);
      const point = (i: number) => ({ x: points[i * 2] ?? Number.NaN, y: points[i * 2 + 1] ?? Number.NaN });
      return {
        score: flag[0] ?? 0,
        landmarks2d: assemble2d(landmarks, points, mirrored),
        landmarks3d: assemble3d(world, region.rotationRadians, mirrored),
        nextRegion: regionFromPoints(point(auxiliaryCenter), point(auxiliaryTip)),
      };
    },
  };
};

/** Landmarks in the crop, each drawn to the weighted middle of its heatmap where that is sure enough. */
function readPoints(landmarks: Float32Array, heatmap: Tensors[string], points: Float64Array): void {
  for (let i = 0; i < refinedLandmarks; i++) {
    const x = (landmarks[i * valuesPerLandmark] ?? 0) / edge;
    const y = (landmarks[i * valuesPerLandmark + 1] ?? 0) / edge;
    points[i * 2] = x;
    points[i * 2 + 1] = y;
    const column = Math.trunc(x * heatmapEdge);
    const row = Math.trunc(y * heatmapEdge);
    if (column < 0 || row < 0 || column >= heatmapEdge || row >= heatmapEdge) continue;
    let [sum, sumX, sumY, most] = [0, 0, 0, 0];
    for (let r = Math.max(0, row - heatmapRadius); r <= Math.min(heatmapEdge - 1, row + heatmapRadius); r++) {
      for (let c = Math.max(0, column - heatmapRadius); c <= Math.min(heatmapEdge - 1, column + heatmapRadius); c++) {
        const heat = sigmoid(heatmap?.[(i * heatmapEdge + r) * heatmapEdge + c] ?? Number.NEGATIVE_INFINITY);
        sum += heat;
        sumX += heat * c;
        sumY += heat * r;
        most = Math.max(most, heat);
      }
    }
    if (most < leastHeat || sum <= 0) continue;
    points[i * 2] = sumX / sum / heatmapEdge;
    points[i * 2 + 1] = sumY / sum / heatmapEdge;
  }
}

function toImage(points: Float64Array, region: PoseRegion): void {
  const cos = Math.cos(region.rotationRadians) * region.size;
  const sin = Math.sin(region.rotationRadians) * region.size;
  for (let i = 0; i < points.length; i += 2) {
    const x = (points[i] ?? 0) - 0.5;
    const y = (points[i + 1] ?? 0) - 0.5;
    points[i] = region.centerX + x * cos - y * sin;
    points[i + 1] = region.centerY + x * sin + y * cos;
  }
}

/** Which of the model's landmarks is landmark i of the person: in the mirror, a left hand looks like a right one. */
const mirrorImages = Array.from({ length: bodyLandmarks }, (_, i) => i);
for (const [left, right] of blazePose33.leftRightPairs) [mirrorImages[left], mirrorImages[right]] = [right, left];

function assemble2d(landmarks: Float32Array, points: Float64Array, mirrored: boolean): Float32Array {
  const result = new Float32Array(bodyLandmarks * 4);
  for (let i = 0; i < bodyLandmarks; i++) {
    const from = mirrored ? (mirrorImages[i] ?? i) : i;
    result[i * 4] = points[from * 2] ?? Number.NaN;
    result[i * 4 + 1] = points[from * 2 + 1] ?? Number.NaN;
    result[i * 4 + 2] = sigmoid(landmarks[from * valuesPerLandmark + 3] ?? 0);
    result[i * 4 + 3] = sigmoid(landmarks[from * valuesPerLandmark + 4] ?? 0);
  }
  return result;
}

/** The model sees an upright crop: its world is turned back into the picture's. */
function assemble3d(world: Float32Array, rotationRadians: number, mirrored: boolean): Float32Array {
  const cos = Math.cos(rotationRadians);
  const sin = Math.sin(rotationRadians);
  const result = new Float32Array(bodyLandmarks * 3);
  for (let i = 0; i < bodyLandmarks; i++) {
    const from = (mirrored ? (mirrorImages[i] ?? i) : i) * 3;
    const seenX = world[from] ?? Number.NaN;
    const x = mirrored ? -seenX : seenX;
    const y = world[from + 1] ?? Number.NaN;
    result[i * 3] = x * cos - y * sin;
    result[i * 3 + 1] = x * sin + y * cos;
    result[i * 3 + 2] = world[from + 2] ?? Number.NaN;
  }
  return result;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
