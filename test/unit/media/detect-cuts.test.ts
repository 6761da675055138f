import { describe, expect, it } from 'vitest';
import { createCutDetector } from '../../../worker/media/detect-cuts.ts';

const size = { width: 64, height: 36 };

/** A scene of smooth random blobs, larger than the picture, so that a camera can turn over it. */
function scene(seed: number): (x: number, y: number) => number {
  let state = seed;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  const blobs = Array.from({ length: 60 }, () => ({
    x: random() * 260 - 40,
    y: random() * 80 - 20,
    radius: 2 + random() * 8,
    value: random() * 200 - 100,
  }));
  return (x, y) => {
    let value = 128;
    for (const blob of blobs) {
      const squared = ((x - blob.x) ** 2 + (y - blob.y) ** 2) / blob.radius ** 2;
      if (squared < 9) value += blob.value * Math.exp(-squared);
    }
    return value;
  };
}

interface View {
  readonly scene: (x: number, y: number) => number;
  readonly panX?: number;
  readonly gain?: number;
  readonly offset?: number;
  readonly athleteX?: number;
  /** Columns of black on each side. */
  readonly bars?: number;
}

function picture(view: View): Uint8Array {
  const { panX = 0, gain = 1, offset = 0, athleteX, bars = 0 } = view;
  const pixels = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      let value = view.scene(x + panX, y);
      if (athleteX !== undefined && Math.abs(x - athleteX) < 3 && y > 10 && y < 30) value = 20;
      value = x < bars || x >= size.width - bars ? 0 : value * gain + offset;
      pixels[y * size.width + x] = Math.max(0, Math.min(255, value));
    }
  }
  return pixels;
}

function cutsOf(views: readonly View[]): number[] {
  const detector = createCutDetector(size);
  for (const view of views) detector.push(picture(view));
  return detector.finish();
}

const repeat = (count: number, view: (frame: number) => View) => Array.from({ length: count }, (_, i) => view(i));
const first = scene(11);
const second = scene(57);

describe('createCutDetector', () => {
  it('finds hard cuts between scenes, also short ones and near both ends', () => {
    const views = [
      ...repeat(3, () => ({ scene: first })),
      ...repeat(20, () => ({ scene: second })),
      ...repeat(3, () => ({ scene: first })),
    ];
    expect(cutsOf(views)).toEqual([3, 23]);
  });

  it('finds a cut between pictures with the same black bars', () => {
    expect(
      cutsOf([...repeat(10, () => ({ scene: first, bars: 20 })), ...repeat(10, () => ({ scene: second, bars: 20 }))]),
    ).toEqual([10]);
  });

  it('finds a cut out of a turning camera', () => {
    const views = [
      ...repeat(12, (frame) => ({ scene: first, panX: frame * 0.6 })),
      ...repeat(12, (frame) => ({ scene: second, panX: frame * 0.6 })),
    ];
    expect(cutsOf(views)).toEqual([12]);
  });

  it('takes a fast pan for what it is', () => {
    expect(
      cutsOf(repeat(40, (frame) => ({ scene: first, panX: frame < 10 ? 0 : Math.min(110, (frame - 10) * 8) }))),
    ).toEqual([]);
  });

  it('takes a shaking camera for what it is', () => {
    expect(cutsOf(repeat(40, (frame) => ({ scene: first, panX: 20 + ((frame * 37) % 9) })))).toEqual([]);
  });

  it('takes flashes for what they are, also on the first and the last frame', () => {
    expect(
      cutsOf(
        repeat(30, (frame) => ({
          scene: first,
          ...(frame % 29 === 0 || frame === 14 ? { gain: 0.2, offset: 200 } : {}),
        })),
      ),
    ).toEqual([]);
  });

  it('takes a jump of the exposure for what it is', () => {
    expect(cutsOf(repeat(30, (frame) => ({ scene: first, ...(frame > 15 ? { gain: 0.5, offset: 90 } : {}) })))).toEqual(
      [],
    );
  });

  it('takes a fade to black for what it is', () => {
    expect(cutsOf(repeat(60, (frame) => ({ scene: first, gain: Math.max(0, 1 - frame / 40) })))).toEqual([]);
  });

  it('takes a fast athlete for what it is', () => {
    expect(cutsOf(repeat(20, (frame) => ({ scene: first, athleteX: frame * 6 })))).toEqual([]);
  });

  it('takes a gap in a turning camera for what it is', () => {
    expect(cutsOf(repeat(30, (frame) => ({ scene: first, panX: frame + (frame > 14 ? 14 : 0) })))).toEqual([]);
  });

  it('copes with no frame and with one', () => {
    expect(cutsOf([])).toEqual([]);
    expect(cutsOf([{ scene: first }])).toEqual([]);
  });
});
