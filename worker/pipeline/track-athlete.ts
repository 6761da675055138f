/**
 * Follows one person through consecutive frames of one chunk. The scout's sightings ("seeds") say where that
 * person is about four times a second: they start the tracker, bring it back when it is lost, and correct it when
 * it has slipped onto somebody else.
 */
import type { PlannedShot } from './analysis-plan.ts';
import { areaAround, leastPoseScore } from './observe-people.ts';
import type { PoseEngine, PoseEstimate, PoseRegion, YuvImage } from './ports.ts';
import { createRegionFilter } from './region-filter.ts';

export interface AthleteTrackerOptions {
  readonly engine: PoseEngine;
  /** Seeds in pixels of the tracked frames. */
  readonly shots: readonly PlannedShot[];
  readonly timesSeconds: Float64Array;
}

/** Beyond this distance, in regions, tracker and scout are not on the same person. */
const farthestFromSeed = 0.5;

export interface AthleteTracker {
  /** Pose of the athlete in a frame; frames must come in ascending order. Undefined where the athlete is not seen. */
  track(frame: number, image: YuvImage): Promise<PoseEstimate | undefined>;
}

export function createAthleteTracker(options: AthleteTrackerOptions): AthleteTracker {
  const { engine, shots, timesSeconds } = options;
  let shot: PlannedShot | undefined;
  let region: PoseRegion | undefined;
  let filter = createRegionFilter();

  const lose = (): void => {
    region = undefined;
    filter = createRegionFilter();
  };

  return {
    async track(frame, image) {
      const current = shots.find(({ firstFrame, endFrame }) => frame >= firstFrame && frame < endFrame);
      if (current !== shot) lose();
      shot = current;
      const expected = shot && expectedRegion(shot, frame, timesSeconds);
      if (expected === undefined) {
        lose();
        return undefined;
      }
      const seed = shot?.seeds.find((candidate) => candidate.frame === frame)?.region;
      if (region && seed && distanceInRegions(region, seed) > farthestFromSeed) lose();

      let estimate = region && (await engine.estimate(image, region));
      if (estimate === undefined || estimate.score < leastPoseScore) {
        lose();
        estimate = await engine.estimate(image, await acquire(engine, image, expected));
      }
      if (estimate.score < leastPoseScore) {
        lose();
        return undefined;
      }
      region = filter.filter(estimate.nextRegion, timesSeconds[frame] ?? 0);
      return estimate;
    },
  };
}

/**
 * Where the athlete should be, between the scout's sightings. Undefined well before the first and after the last:
 * whoever is found there is somebody else.
 */
function expectedRegion(shot: PlannedShot, frame: number, timesSeconds: Float64Array): PoseRegion | undefined {
  const { seeds } = shot;
  const next = seeds.findIndex((seed) => seed.frame >= frame);
  const after = next < 0 ? undefined : seeds[next];
  const before = next < 0 ? seeds.at(-1) : seeds[next - 1];
  const time = (at: number): number => timesSeconds[at] ?? 0;
  if (before && after) {
    const share = (time(frame) - time(before.frame)) / (time(after.frame) - time(before.frame));
    return blend(before.region, after.region, share);
  }
  const nearest = before ?? after;
  if (nearest === undefined || Math.abs(time(frame) - time(nearest.frame)) > longestExtrapolationSeconds)
    return undefined;
  return nearest.region;
}

/** A little more than the time between two looks of the scout. */
const longestExtrapolationSeconds = 0.35;

function blend(a: PoseRegion, b: PoseRegion, share: number): PoseRegion {
  const mix = (from: number, to: number): number => from + (to - from) * share;
  const turn = Math.atan2(
    Math.sin(b.rotationRadians - a.rotationRadians),
    Math.cos(b.rotationRadians - a.rotationRadians),
  );
  return {
    centerX: mix(a.centerX, b.centerX),
    centerY: mix(a.centerY, b.centerY),
    size: mix(a.size, b.size),
    rotationRadians: a.rotationRadians + turn * share,
  };
}

/** Detects around the expected place; the expected region itself where the detector sees nobody near it. */
async function acquire(engine: PoseEngine, image: YuvImage, expected: PoseRegion): Promise<PoseRegion> {
  const detections = await engine.detect(image, areaAround(expected, 1.6, image));
  let nearest = expected;
  let least = farthestFromSeed;
  for (const { region } of detections) {
    const distance = distanceInRegions(region, expected);
    if (distance < least) {
      least = distance;
      nearest = region;
    }
  }
  return nearest;
}

function distanceInRegions(a: PoseRegion, b: PoseRegion): number {
  return Math.hypot(a.centerX - b.centerX, a.centerY - b.centerY) / Math.min(a.size, b.size);
}
