import { describe, expect, it } from 'vitest';
import { poseModels } from '../../../models/registry.ts';
import { keypointIndex } from '../../../models/skeletons.ts';
import { yuvBytes } from '../../../worker/pipeline/picture.ts';
import type {
  ClipIndex,
  DecodedFrame,
  DecodeRequest,
  MediaPort,
  PersonDetection,
  PoseEngine,
  YuvImage,
} from '../../../worker/pipeline/ports.ts';
import { scoutPeople } from '../../../worker/pipeline/scout-people.ts';
import type { ClipProbe } from '../../../worker/protocol/clip.ts';

const [width, height, framesPerSecond] = [1280, 720, 32];
const skeleton = poseModels['blazepose-full'].skeleton;

/** A person as a filled square of one colour: `x` by frame, undefined while out of the picture. */
interface Actor {
  readonly color: number;
  readonly size: number;
  readonly x: (frame: number) => number | undefined;
}

function clipOf(frameCount: number, cuts: number[] = []): ClipIndex {
  const timesSeconds = Float64Array.from({ length: frameCount }, (_, frame) => frame / framesPerSecond);
  const probe = { displayWidth: width, displayHeight: height, frameCount, framesPerSecond } as ClipProbe;
  return { probe, timesSeconds, presentationStamps: timesSeconds, cuts };
}

/** Draws the actors, and sees again exactly what was drawn: small ones only in parts of the picture, as BlazePose does. */
function stage(actors: readonly Actor[]): { media: MediaPort; engine: PoseEngine } {
  let frame = 0;
  const present = (): { x: number; actor: Actor }[] =>
    actors.flatMap((actor) => {
      const x = actor.x(frame);
      return x === undefined ? [] : [{ x, actor }];
    });
  async function* decode(request: DecodeRequest): AsyncGenerator<DecodedFrame<YuvImage>> {
    for (frame = request.firstFrame; frame < request.endFrame; frame += request.step ?? 1) {
      const data = new Uint8Array(yuvBytes(width, height)).fill(128);
      for (const { x, actor } of present()) {
        const half = Math.round(actor.size / 2);
        for (let row = 360 - half; row < 360 + half; row++) {
          data.fill(actor.color, row * width + x - half, row * width + x + half);
        }
      }
      yield { index: frame, image: { width, height, data, matrix: 'bt709' } };
    }
  }
  const regionOf = ({ x, actor }: { x: number; actor: Actor }) => ({
    centerX: x,
    centerY: 360,
    size: actor.size,
    rotationRadians: 0,
  });
  const engine: PoseEngine = {
    model: poseModels['blazepose-full'],
    device: { requested: 'cpu', active: 'cpu' },
    inferenceSeconds: 0,
    async detect(_image: YuvImage, area = { x: 0, y: 0, width, height }): Promise<PersonDetection[]> {
      const large = present().filter(({ x, actor }) => {
        const inside = x >= area.x && x < area.x + area.width && 360 >= area.y && 360 < area.y + area.height;
        return inside && actor.size / Math.max(area.width, area.height) >= 0.3;
      });
      return large.map((person) => ({
        score: 0.9,
        region: regionOf(person),
        box: { x: person.x, y: 360, width: 1, height: 1 },
      }));
    },
    async estimate(_image, region) {
      const person = present().find(({ x, actor }) => Math.abs(x - region.centerX) < actor.size / 2);
      const landmarks2d = new Float32Array(33 * 4);
      if (person) {
        const { x, actor } = person;
        for (let k = 0; k < 33; k++) landmarks2d.set([x, 360, 0.9, 0.9], k * 4);
        for (const [name, dx, dy] of [
          ['left_shoulder', 0.2, -0.2],
          ['right_shoulder', -0.2, -0.2],
          ['left_hip', 0.2, 0.2],
          ['right_hip', -0.2, 0.2],
        ] as const) {
          landmarks2d.set([x + dx * actor.size, 360 + dy * actor.size], keypointIndex(skeleton, name) * 4);
        }
      }
      return {
        score: person ? 0.9 : 0.05,
        landmarks2d,
        landmarks3d: new Float32Array(99),
        nextRegion: person ? regionOf(person) : region,
      };
    },
    async close() {},
  };
  return { media: { decodeYuv: decode } as unknown as MediaPort, engine };
}

async function scout(
  actors: readonly Actor[],
  options: { frames?: number; cuts?: number[]; choice?: { timeSeconds: number; x: number } } = {},
) {
  const { media, engine } = stage(actors);
  const choice = options.choice && {
    timeSeconds: options.choice.timeSeconds,
    box: { x: options.choice.x / width, y: 0.5, width: 0, height: 0 },
  };
  const input = { path: '', index: clipOf(options.frames ?? 96, options.cuts), choice, onFrame: () => undefined };
  return await scoutPeople(input, media, engine, new AbortController().signal);
}

describe('scoutPeople', () => {
  it('keeps a large athlete and a small passer-by as two people', async () => {
    const [shot] = await scout([
      { color: 200, size: 500, x: () => 640 },
      { color: 90, size: 160, x: (frame) => 100 + frame },
    ]);
    expect(shot?.tracks.length).toBeGreaterThanOrEqual(1);
    expect(shot?.tracks[0]?.sightings.map((sighting) => sighting.frame)).toEqual([
      0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88,
    ]);
  });

  it('finds an athlete too small for the whole frame in tiles, in every look', async () => {
    const [shot] = await scout([{ color: 200, size: 150, x: () => 400 }]);
    expect(shot?.tracks).toHaveLength(1);
    expect(shot?.tracks[0]?.sightings).toHaveLength(12);
  });

  it('counts three people who pass one after another', async () => {
    const passing = (from: number) => (frame: number) =>
      frame >= from && frame < from + 30 ? 300 + (frame - from) * 8 : undefined;
    const [shot] = await scout([0, 34, 66].map((from, i) => ({ color: 60 + 80 * i, size: 450, x: passing(from) })));
    expect(shot?.tracks).toHaveLength(3);
  });

  it('never links across a hard cut', async () => {
    const shots = await scout([{ color: 200, size: 500, x: () => 640 }], { cuts: [48] });
    expect(shots.map((shot) => shot.tracks.length)).toEqual([1, 1]);
    expect(shots.map((shot) => shot.scoutedFrames)).toEqual([6, 6]);
  });

  it('marks the person the coach clicked, also one whom nothing else would find', async () => {
    const [shot] = await scout(
      [
        { color: 200, size: 500, x: () => 900 },
        { color: 90, size: 100, x: () => 200 },
      ],
      { choice: { timeSeconds: 1.5, x: 205 } },
    );
    const chosen = shot?.tracks.filter((track) => track.chosen) ?? [];
    expect(chosen).toHaveLength(1);
    expect(chosen[0]?.sightings[0]?.region.centerX).toBe(200);
    // Followed back as far as the scout remembers, and on to the end.
    expect(chosen[0]?.sightings.length).toBeGreaterThan(8);
  });
});
