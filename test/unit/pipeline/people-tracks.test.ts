import { describe, expect, it } from 'vitest';
import { isSameBody, linkCost, linkSightings } from '../../../worker/pipeline/people-tracks.ts';
import { sightingAt, trackOf } from './sightings.ts';

describe('linkSightings', () => {
  it('keeps two people apart who pass close by each other, by their colours', () => {
    const athlete = trackOf(0, [sightingAt({ frame: 0, x: 300, y: 300, color: 5 })]);
    const passer = trackOf(1, [sightingAt({ frame: 0, x: 360, y: 300, color: 90 })]);
    // In the next look the passer-by stands where the athlete was nearest to.
    const linked = linkSightings(
      [athlete, passer],
      [sightingAt({ frame: 8, x: 318, y: 300, color: 90 }), sightingAt({ frame: 8, x: 335, y: 300, color: 5 })],
    );
    expect(linked.map((track) => track?.id)).toEqual([1, 0]);
  });

  it('takes somebody far away for a new person', () => {
    const track = trackOf(0, [sightingAt({ frame: 0, x: 300, y: 300 })]);
    expect(linkSightings([track], [sightingAt({ frame: 8, x: 500, y: 300 })])).toEqual([undefined]);
  });

  it('never links one track to two sightings', () => {
    const track = trackOf(0, [sightingAt({ frame: 0, x: 300, y: 300 })]);
    const linked = linkSightings(
      [track],
      [sightingAt({ frame: 8, x: 310, y: 300 }), sightingAt({ frame: 8, x: 302, y: 300 })],
    );
    expect(linked.map((found) => found?.id)).toEqual([undefined, 0]);
  });
});

describe('linkCost', () => {
  it('refuses a person of another size', () => {
    const small = sightingAt({ frame: 0, x: 300, y: 300, size: 100 });
    const large = sightingAt({ frame: 8, x: 300, y: 300, size: 250 });
    expect(linkCost(small, large)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('isSameBody', () => {
  it('holds for overlapping regions, not for neighbours', () => {
    const region = { centerX: 100, centerY: 100, size: 90, rotationRadians: 0 };
    expect(isSameBody(region, { ...region, centerX: 120 })).toBe(true);
    expect(isSameBody(region, { ...region, centerX: 140 })).toBe(false);
  });
});
