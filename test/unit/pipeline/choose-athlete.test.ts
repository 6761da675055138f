import { describe, expect, it } from 'vitest';
import { chooseAthlete, scoreTracks } from '../../../worker/pipeline/choose-athlete.ts';
import type { Sighting } from '../../../worker/pipeline/people-tracks.ts';
import { sightingAt, trackOf } from './sightings.ts';

const looks = 10;
const timesSeconds = Float64Array.from({ length: 200 }, (_, frame) => frame / 30);
const shot = { width: 1280, height: 720, scoutedFrames: looks, timesSeconds };

function seen(count: number, at: (i: number) => Omit<Parameters<typeof sightingAt>[0], 'frame'>): Sighting[] {
  return Array.from({ length: count }, (_, i) => sightingAt({ frame: i * 8, ...at(i) }));
}

describe('chooseAthlete', () => {
  it('prefers the one who throws to a larger one who stands', () => {
    const tracks = [
      trackOf(
        0,
        seen(looks, () => ({ x: 640, y: 360, size: 260 })),
      ),
      trackOf(
        1,
        seen(looks, (i) => ({ x: 500, y: 360, size: 220, reach: i % 2 })),
      ),
    ];
    expect(chooseAthlete(tracks, scoreTracks(tracks, shot))).toBe(1);
  });

  it('prefers the one who stays to a passer-by', () => {
    const tracks = [
      trackOf(
        0,
        seen(3, (i) => ({ x: 200 + i * 60, y: 360, reach: 0.2 * i })),
      ),
      trackOf(
        1,
        seen(looks, (i) => ({ x: 640, y: 360, reach: 0.2 * i })),
      ),
    ];
    expect(chooseAthlete(tracks, scoreTracks(tracks, shot))).toBe(1);
  });

  it('follows the coach, whatever speaks against it', () => {
    const tracks = [
      trackOf(
        0,
        seen(looks, () => ({ x: 640, y: 360, size: 300 })),
      ),
      trackOf(
        1,
        seen(2, () => ({ x: 30, y: 30, size: 60 })),
        true,
      ),
    ];
    expect(chooseAthlete(tracks, scoreTracks(tracks, shot))).toBe(1);
  });

  it('finds nobody where nobody was seen', () => {
    expect(chooseAthlete([], scoreTracks([], shot))).toBe(-1);
  });
});
