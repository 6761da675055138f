/**
 * People seen in the scouted frames, linked over time. Pure: sightings in, tracks out.
 * Frames are scouted about four times a second, so a person's next sighting is near the last one in units of
 * their own size; where the camera pans, the one it follows stays nearest of all.
 */
import type { Box, PoseRegion } from './ports.ts';

/** One person in one scouted frame. All lengths in display pixels. */
export interface Sighting {
  readonly frame: number;
  readonly region: PoseRegion;
  /** Around the visible landmarks. */
  readonly box: Box;
  readonly score: number;
  /** Wrists, elbows, knees and ankles relative to mid-hip, in units of the box's larger side. [8 × 2], NaN unseen. */
  readonly limbs: Float32Array;
  /** Colours of the torso: a normalised histogram, sum 1. */
  readonly colors: Float32Array;
}

export interface PersonTrack {
  readonly id: number;
  readonly sightings: Sighting[];
  /** The coach pointed at this person. */
  chosen: boolean;
}

/** A person is looked for again for this long after the last sighting. */
export const longestAbsenceSeconds = 1.5;
/** Regions are about 1.4 body heights wide; a running athlete moves half a body height in a quarter of a second. */
const farthestStep = 0.6;
/** The region of one person breathes with the pose: crouched, striding, arms up. */
const largestSizeRatio = 2.2;
const worstAccepted = 1;
/** Someone dressed so differently is another person, unless hardly moved: then it was a shadow, a glove, a turn. */
const foreignColors = 0.8;
const closeStep = 0.2;

/** How unlike a sighting is to the last one of a track: below 1 it may be the same person. */
export function linkCost(previous: Sighting, next: Sighting): number {
  const size = (previous.region.size + next.region.size) / 2;
  const distance =
    Math.hypot(next.region.centerX - previous.region.centerX, next.region.centerY - previous.region.centerY) / size;
  const ratio = next.region.size / previous.region.size;
  const sizeRatio = Math.max(ratio, 1 / ratio);
  if (distance > farthestStep || sizeRatio > largestSizeRatio) return Number.POSITIVE_INFINITY;
  const colors = colorDistance(previous, next);
  if (colors > foreignColors && distance > closeStep) return Number.POSITIVE_INFINITY;
  return distance / farthestStep / 2 + Math.log(sizeRatio) / Math.log(largestSizeRatio) / 4 + colors / 2;
}

/** Hellinger distance of the torso colours, 0 (same) to 1 (nothing in common). */
function colorDistance(a: Sighting, b: Sighting): number {
  let overlap = 0;
  for (let i = 0; i < a.colors.length; i++) overlap += Math.sqrt((a.colors[i] ?? 0) * (b.colors[i] ?? 0));
  return Math.sqrt(Math.max(0, 1 - overlap));
}

/**
 * Pairs live tracks with the sightings of one frame, cheapest pair first.
 * @returns for each sighting the track it continues, or undefined for a new person
 */
export function linkSightings(
  live: readonly PersonTrack[],
  sightings: readonly Sighting[],
): (PersonTrack | undefined)[] {
  const pairs: { cost: number; track: PersonTrack; sighting: number }[] = [];
  for (const track of live) {
    const last = track.sightings.at(-1);
    if (last === undefined) continue;
    sightings.forEach((sighting, index) => {
      const cost = linkCost(last, sighting);
      if (cost <= worstAccepted) pairs.push({ cost, track, sighting: index });
    });
  }
  pairs.sort((a, b) => a.cost - b.cost);
  const linked: (PersonTrack | undefined)[] = sightings.map(() => undefined);
  const taken = new Set<PersonTrack>();
  for (const { track, sighting } of pairs) {
    if (linked[sighting] !== undefined || taken.has(track)) continue;
    linked[sighting] = track;
    taken.add(track);
  }
  return linked;
}

/** True when two regions hold the same body: centres within a third of the smaller one's size. */
export function isSameBody(a: PoseRegion, b: PoseRegion): boolean {
  return Math.hypot(a.centerX - b.centerX, a.centerY - b.centerY) < Math.min(a.size, b.size) / 3;
}
