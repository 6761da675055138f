/**
 * Who of the people in a shot is the athlete. Four things speak for a person, each 0..1 relative to the others
 * in the same shot, so that the choice works at any distance and frame rate:
 *
 * - size: the coach films the athlete; whoever is larger is nearer and more likely meant
 * - motion: wrists, elbows, knees and ankles moving against the hips. Walking past, standing and watching move
 *   them less than a throw does, and a camera pan does not move them at all
 * - presence: the share of the shot in which the person is seen; passers-by pass
 * - centrality: the athlete is kept near the middle
 *
 * A click or box of the coach overrules all of it.
 */
import type { PersonTrack, Sighting } from './people-tracks.ts';

const weights = { size: 0.45, motion: 0.35, centrality: 0.2 } as const;

export interface AthleteScore {
  readonly size: number;
  readonly motion: number;
  readonly presence: number;
  readonly centrality: number;
  readonly total: number;
}

export interface ShotFrame {
  readonly width: number;
  readonly height: number;
  /** Scouted frames in the shot. */
  readonly scoutedFrames: number;
  /** Seconds of each frame of the clip. */
  readonly timesSeconds: Float64Array;
}

/** Scores of the tracks of one shot, in the order given. */
export function scoreTracks(tracks: readonly PersonTrack[], shot: ShotFrame): AthleteScore[] {
  const sizes = tracks.map((track) => mean(track.sightings.map((sighting) => sighting.region.size)));
  const motions = tracks.map((track) => limbSpeed(track.sightings, shot.timesSeconds));
  const largest = Math.max(...sizes);
  const liveliest = Math.max(...motions, Number.EPSILON);
  return tracks.map((track, i) => {
    const score = {
      size: (sizes[i] ?? 0) / largest,
      motion: (motions[i] ?? 0) / liveliest,
      presence: Math.min(1, track.sightings.length / shot.scoutedFrames),
      centrality: mean(track.sightings.map((sighting) => centrality(sighting, shot))),
    };
    const merit = weights.size * score.size + weights.motion * score.motion + weights.centrality * score.centrality;
    // A factor, not a summand: nothing makes up for being there only in passing. The root keeps late comers in play.
    const total = merit * Math.sqrt(score.presence);
    return { ...score, total };
  });
}

/** Index of the athlete's track in the shot: the coach's choice, else the highest total. -1 without tracks. */
export function chooseAthlete(tracks: readonly PersonTrack[], scores: readonly AthleteScore[]): number {
  const chosen = tracks.findIndex((track) => track.chosen);
  if (chosen >= 0) return chosen;
  let best = -1;
  scores.forEach((score, i) => {
    if (best < 0 || score.total > (scores[best]?.total ?? 0)) best = i;
  });
  return best;
}

/** Mean speed of the limbs against the hips, body sizes per second. */
function limbSpeed(sightings: readonly Sighting[], timesSeconds: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 1; i < sightings.length; i++) {
    const [before, after] = [sightings[i - 1], sightings[i]];
    if (before === undefined || after === undefined) continue;
    const seconds = (timesSeconds[after.frame] ?? 0) - (timesSeconds[before.frame] ?? 0);
    if (seconds <= 0) continue;
    for (let limb = 0; limb < before.limbs.length; limb += 2) {
      const dx = (after.limbs[limb] ?? Number.NaN) - (before.limbs[limb] ?? Number.NaN);
      const dy = (after.limbs[limb + 1] ?? Number.NaN) - (before.limbs[limb + 1] ?? Number.NaN);
      const speed = Math.hypot(dx, dy) / seconds;
      if (Number.isNaN(speed)) continue;
      sum += speed;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** 1 in the middle of the picture, 0 in a corner. */
function centrality(sighting: Sighting, shot: ShotFrame): number {
  const dx = sighting.region.centerX - shot.width / 2;
  const dy = sighting.region.centerY - shot.height / 2;
  return Math.max(0, 1 - Math.hypot(dx, dy) / (Math.hypot(shot.width, shot.height) / 2));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
