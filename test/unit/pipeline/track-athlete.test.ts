import { describe, expect, it } from 'vitest';
import { poseModels } from '../../../models/registry.ts';
import { yuvBytes } from '../../../worker/pipeline/picture.ts';
import type { PoseEngine, PoseRegion, YuvImage } from '../../../worker/pipeline/ports.ts';
import { createAthleteTracker } from '../../../worker/pipeline/track-athlete.ts';

const image: YuvImage = { width: 1000, height: 500, data: new Uint8Array(yuvBytes(1000, 500)), matrix: 'bt709' };
const timesSeconds = Float64Array.from({ length: 100 }, (_, frame) => frame / 30);
const regionAt = (centerX: number): PoseRegion => ({ centerX, centerY: 250, size: 100, rotationRadians: 0 });

/** An engine that sees people at the given places and follows whoever is in the region it is asked for. */
function engineSeeing(peopleAt: () => readonly number[]): PoseEngine {
  return {
    model: poseModels['blazepose-full'],
    device: { requested: 'cpu', active: 'cpu' },
    inferenceSeconds: 0,
    async detect(_image, area) {
      return peopleAt()
        .filter((x) => area === undefined || (x >= area.x && x <= area.x + area.width))
        .map((x) => ({ score: 0.9, region: regionAt(x), box: { x, y: 0, width: 1, height: 1 } }));
    },
    async estimate(_image, region) {
      const person = peopleAt().find((x) => Math.abs(x - region.centerX) < region.size / 2);
      return {
        score: person === undefined ? 0.1 : 0.9,
        landmarks2d: new Float32Array(33 * 4).fill(person ?? 0),
        landmarks3d: new Float32Array(33 * 3),
        nextRegion: regionAt(person ?? region.centerX),
      };
    },
    async close() {},
  };
}

function follow(options: {
  athlete: (frame: number) => number | undefined;
  passer?: (frame: number) => number;
  seeds: readonly number[];
}) {
  let frame = 0;
  const people = (): number[] =>
    [options.passer?.(frame), options.athlete(frame)].filter((x): x is number => x !== undefined);
  const seeds = options.seeds.map((at) => ({ frame: at, region: regionAt(options.athlete(at) ?? Number.NaN) }));
  const tracker = createAthleteTracker({
    engine: engineSeeing(people),
    shots: [{ firstFrame: 0, endFrame: 100, seeds }],
    timesSeconds,
  });
  return async (at: number): Promise<number | undefined> => {
    frame = at;
    return (await tracker.track(at, image))?.landmarks2d[0];
  };
}

describe('createAthleteTracker', () => {
  it('follows the athlete past somebody who crosses', async () => {
    const athlete = (): number => 500;
    const at = follow({ athlete, passer: (frame) => frame * 10, seeds: [0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80] });
    for (let frame = 0; frame < 80; frame++) {
      const x = await at(frame);
      // While both overlap nobody can tell; a quarter of a second later the scout has put it right.
      if (frame < 45 || frame >= 64) expect(x).toBe(500);
    }
  });

  it('finds the athlete again after a gap and says nothing in it', async () => {
    const at = follow({ athlete: (frame) => (frame >= 10 && frame < 15 ? undefined : 400), seeds: [0, 8, 16, 24] });
    for (let frame = 0; frame < 24; frame++) expect(await at(frame)).toBe(frame >= 10 && frame < 15 ? undefined : 400);
  });

  it('takes nobody else once the athlete has left', async () => {
    const at = follow({ athlete: (frame) => (frame <= 16 ? 400 : undefined), passer: () => 430, seeds: [0, 8, 16] });
    for (let frame = 0; frame <= 16; frame++) await at(frame);
    for (let frame = 30; frame < 60; frame++) expect(await at(frame)).toBeUndefined();
  });

  it('starts afresh after a hard cut', async () => {
    let frame = 0;
    const tracker = createAthleteTracker({
      engine: engineSeeing(() => (frame < 50 ? [200] : [230, 800])),
      shots: [
        { firstFrame: 0, endFrame: 50, seeds: [{ frame: 0, region: regionAt(200) }] },
        { firstFrame: 50, endFrame: 100, seeds: [{ frame: 52, region: regionAt(800) }] },
      ],
      timesSeconds,
    });
    const track = async (at: number): Promise<number | undefined> => {
      frame = at;
      return (await tracker.track(at, image))?.landmarks2d[0];
    };
    expect(await track(49)).toBeUndefined();
    expect(await track(50)).toBe(800);
  });
});
