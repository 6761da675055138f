/** Finds the people in one picture and describes each so that it can be recognised in the next. */
import { keypointIndex, type Skeleton } from '../../models/skeletons.ts';
import { isSameBody, type Sighting } from './people-tracks.ts';
import { colorAt } from './picture.ts';
import type { Box, PoseEngine, PoseEstimate, PoseRegion, YuvImage } from './ports.ts';
import { searchTiles } from './search-tiles.ts';

/** MediaPipe's own threshold for "there is a person in the region". */
export const leastPoseScore = 0.5;
/** For somebody not seen before: foliage and shadows reach 0.5 to 0.8 now and then, people nearly always more. */
const leastNewcomerScore = 0.8;
/** A region below this share of the long side holds a person whom the detector may miss in the full frame. */
const smallRegionShare = 0.35;
/** Tile edges as shares of the short side, largest first. */
const tileShares = [0.6, 0.3] as const;
const leastVisibility = 0.5;
const likeSize = 1.35;
const colorLevels = 6;

export interface Observation {
  readonly frame: number;
  readonly image: YuvImage;
  /** Display pixels per image pixel. */
  readonly displayScale: number;
  /** Where people were a moment ago, image pixels: looked at again even when the full frame shows nothing there. */
  readonly known: readonly PoseRegion[];
  readonly wholeFrame: boolean;
  /** How deep to search with tiles: 0 not at all, 1 large tiles, 2 small ones too. */
  readonly tileDepth: 0 | 1 | 2;
}

/** Everybody found in the picture, each once. */
export async function observePeople(observation: Observation, engine: PoseEngine): Promise<Sighting[]> {
  const { image, displayScale, known, wholeFrame, tileDepth } = observation;
  const tried: PoseRegion[] = [];
  const sightings: Sighting[] = [];

  const confirm = async (region: PoseRegion, leastScore: number): Promise<void> => {
    if (tried.some((other) => isSameRegion(other, region))) return;
    tried.push(region);
    const estimate = await engine.estimate(image, region);
    if (estimate.score < leastScore) return;
    const sighting = sightingOf(observation, estimate, engine.model.skeleton);
    const twin = sightings.findIndex((other) => isSameBody(other.region, sighting.region));
    if (twin < 0) sightings.push(sighting);
    else if ((sightings[twin]?.score ?? 0) < sighting.score) sightings[twin] = sighting;
  };
  const search = async (area?: Box): Promise<void> => {
    for (const { region } of await engine.detect(image, area)) await confirm(region, leastNewcomerScore);
  };

  if (wholeFrame) await search();
  for (const region of known) {
    const seen = sightings.some((sighting) => isSameRegion(scaleRegion(sighting.region, 1 / displayScale), region));
    if (seen) continue;
    await search(areaAround(region, 1.5, image));
    await confirm(region, leastPoseScore);
  }
  const smallest = smallRegionShare * Math.max(image.width, image.height) * displayScale;
  for (const share of tileShares.slice(0, tileDepth)) {
    if (sightings.some((sighting) => sighting.region.size >= smallest)) break;
    for (const tile of searchTiles(image.width, image.height, share)) await search(tile);
    if (sightings.length > 0) break;
  }
  return sightings;
}

/** The same body seen as large: a tile may have cut somebody in half, and then the other size is worth a look too. */
function isSameRegion(a: PoseRegion, b: PoseRegion): boolean {
  return isSameBody(a, b) && Math.max(a.size / b.size, b.size / a.size) < likeSize;
}

/** A square area around a region, clipped to the image. */
export function areaAround(region: PoseRegion, factor: number, image: { width: number; height: number }): Box {
  const half = (region.size * factor) / 2;
  const x = Math.max(0, Math.floor(region.centerX - half));
  const y = Math.max(0, Math.floor(region.centerY - half));
  const right = Math.min(image.width, Math.ceil(region.centerX + half));
  const bottom = Math.min(image.height, Math.ceil(region.centerY + half));
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

/** The same region in another picture size. */
export function scaleRegion(region: PoseRegion, factor: number): PoseRegion {
  return {
    centerX: region.centerX * factor,
    centerY: region.centerY * factor,
    size: region.size * factor,
    rotationRadians: region.rotationRadians,
  };
}

const limbNames = ['elbow', 'wrist', 'knee', 'ankle'].flatMap((joint) => [`left_${joint}`, `right_${joint}`]);

function sightingOf(observation: Observation, estimate: PoseEstimate, skeleton: Skeleton): Sighting {
  const { frame, image, displayScale } = observation;
  const { landmarks2d } = estimate;
  const point = (name: string): { x: number; y: number; visible: boolean } => {
    const at = keypointIndex(skeleton, name) * 4;
    return {
      x: landmarks2d[at] ?? Number.NaN,
      y: landmarks2d[at + 1] ?? Number.NaN,
      visible: (landmarks2d[at + 2] ?? 0) >= leastVisibility,
    };
  };
  const box = boxOfLandmarks(landmarks2d, estimate.nextRegion);
  const [leftHip, rightHip] = [point('left_hip'), point('right_hip')];
  const [leftShoulder, rightShoulder] = [point('left_shoulder'), point('right_shoulder')];
  const hipX = (leftHip.x + rightHip.x) / 2;
  const hipY = (leftHip.y + rightHip.y) / 2;
  const size = Math.max(box.width, box.height, 1);
  const limbs = new Float32Array(limbNames.length * 2).fill(Number.NaN);
  limbNames.forEach((name, i) => {
    const { x, y, visible } = point(name);
    if (!visible) return;
    limbs[i * 2] = (x - hipX) / size;
    limbs[i * 2 + 1] = (y - hipY) / size;
  });
  const torso = [leftShoulder, rightShoulder, rightHip, leftHip];
  return {
    frame,
    region: scaleRegion(estimate.nextRegion, displayScale),
    box: {
      x: box.x * displayScale,
      y: box.y * displayScale,
      width: box.width * displayScale,
      height: box.height * displayScale,
    },
    score: estimate.score,
    limbs,
    colors: colorsOf(image, torso),
  };
}

/** Around the landmarks that are probably visible; the region itself where hardly any is. */
function boxOfLandmarks(landmarks2d: Float32Array, region: PoseRegion): Box {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  let count = 0;
  for (let at = 0; at < landmarks2d.length; at += 4) {
    if ((landmarks2d[at + 2] ?? 0) < leastVisibility) continue;
    const x = landmarks2d[at] ?? 0;
    const y = landmarks2d[at + 1] ?? 0;
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
    count++;
  }
  if (count < 4) {
    const half = region.size / 2;
    return { x: region.centerX - half, y: region.centerY - half, width: region.size, height: region.size };
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Histogram of the torso's colours over a coarse cube, from a grid of 16 × 16 samples in the middle of its box. */
function colorsOf(image: YuvImage, torso: readonly { x: number; y: number }[]): Float32Array {
  const histogram = new Float32Array(colorLevels ** 3);
  const [left, right] = [Math.min(...torso.map((p) => p.x)), Math.max(...torso.map((p) => p.x))];
  const [top, bottom] = [Math.min(...torso.map((p) => p.y)), Math.max(...torso.map((p) => p.y))];
  const samples = 16;
  for (let row = 0; row < samples; row++) {
    for (let column = 0; column < samples; column++) {
      const x = clamp(Math.round(left + ((column + 0.5) / samples) * (right - left)), image.width - 1);
      const y = clamp(Math.round(top + ((row + 0.5) / samples) * (bottom - top)), image.height - 1);
      const bin = colorAt(image, x, y).reduce((cell, value) => cell * colorLevels + level(value), 0);
      histogram[bin] = (histogram[bin] ?? 0) + 1 / (samples * samples);
    }
  }
  return histogram;
}

const level = (value: number): number => Math.min(colorLevels - 1, Math.floor((value * colorLevels) / 256));

function clamp(value: number, highest: number): number {
  return Math.min(highest, Math.max(0, Number.isNaN(value) ? 0 : value));
}
