import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/setup/find-chromium.mjs';
import { findFfmpeg } from '../../worker/media/find-ffmpeg.ts';
import type { ClipRecipe } from './clip-recipe.ts';
import { hipShoulderSeparationDegrees } from './hip-shoulder-separation.ts';
import { openClipRenderer, type RenderOptions, renderClip } from './render-clip.ts';

const recipe: ClipRecipe = {
  name: 'left-hander, panned',
  athlete: { seed: 3, hand: 'left' },
  motion: { kind: 'throw' },
  camera: {
    view: 'quarter-front',
    width: 160,
    height: 128,
    framesPerSecond: 15,
    exposureSeconds: 1 / 500,
    athleteHeightFraction: 0.7,
    heightMetres: 1.3,
    support: 'panned',
    seed: 5,
  },
  picture: { place: 'gym', noise: 1.5, compression: 20 },
  fromSeconds: 0.9,
  toSeconds: 1.3,
};

const chromiumPath = findChromium();
const run = promisify(execFile);

describe.skipIf(chromiumPath === undefined)('renderClip (skipped without Chromium)', () => {
  const folders: string[] = [];
  /** Drafts of renderers, one of which died. */
  const abandoned = 'clip-0.11111111-2222-3333-4444-555555555555';
  const atWork = 'clip-1.11111111-2222-3333-4444-666666666666';
  const options = async (): Promise<RenderOptions> => {
    const cacheFolder = await mkdtemp(join(tmpdir(), 'render-clip-'));
    folders.push(cacheFolder);
    return { cacheFolder, chromiumPath: chromiumPath ?? '', ffmpegPath: findFfmpeg() };
  };
  let first: RenderOptions;
  beforeAll(async () => {
    first = await options();
    const hourAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const name of [abandoned, atWork]) await mkdir(join(first.cacheFolder, name));
    await utimes(join(first.cacheFolder, abandoned), hourAgo, hourAgo);
  });
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it('draws the athlete where the truth says he is', async () => {
    const { clipPath, truth } = await renderClip(recipe, first);
    expect(truth.frameCount).toBe(6);
    const kept = await readdir(first.cacheFolder);
    expect(kept).toContain(atWork);
    expect(kept).not.toContain(abandoned);
    expect(truth.hand).toBe('left');
    const { width, height, frameCount, keypoints } = truth;
    const frames = await decode(clipPath, width * height * 3);
    expect(frames).toHaveLength(frameCount);
    // Between one frame and another a body has moved over the wall: where it stands, the still picture would differ.
    frames.forEach((pixels, index) => {
      const points = truth.points2d[index] ?? [];
      const at = (name: (typeof keypoints)[number]): readonly [number, number] =>
        points[keypoints.indexOf(name)] ?? [Number.NaN, Number.NaN];
      const colour = ([x, y]: readonly [number, number]): readonly number[] =>
        [...pixels.subarray((Math.floor(y) * width + Math.floor(x)) * 3)].slice(0, 3);
      const [left, right] = [at('left_hip'), at('right_hip')];
      const seat = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2] as const;
      const beside = [seat[0] + (seat[0] < width / 2 ? 0.45 : -0.45) * width, seat[1]] as const;
      expect(difference(colour(seat), colour(beside)), `frame ${index}`).toBeGreaterThan(250);
    });
    for (const [index, points] of truth.points3d.entries()) {
      const [a = 0, b = 0, c = 0] = points[keypoints.indexOf('left_shoulder')] ?? [];
      const [x = 0, y = 0] = truth.points2d[index]?.[keypoints.indexOf('left_shoulder')] ?? [];
      // The focal length is in the projection's first row: its part across the view, in pixels.
      const across = Math.hypot(...(truth.projections[index]?.slice(0, 3) ?? []));
      const focal = Math.sqrt(across ** 2 - (width / 2) ** 2);
      expect((focal * a) / c + width / 2).toBeCloseTo(x, 6);
      expect((focal * b) / c + height / 2).toBeCloseTo(y, 6);
    }
  });

  it('keeps a clip, and draws the same bytes anew', async () => {
    const nowhere: RenderOptions = { ...first, chromiumPath: '/nowhere/chromium' };
    const { clipPath, truth } = await renderClip({ ...recipe, name: recipe.name }, nowhere);
    const again = await renderClip(recipe, await options());
    expect(again.clipPath).not.toBe(clipPath);
    expect(again.truth).toEqual(truth);
    expect((await readFile(again.clipPath)).equals(await readFile(clipPath))).toBe(true);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const stopped = await options();
    const renderer = openClipRenderer(stopped);
    await expect(renderer.render(recipe, AbortSignal.abort())).rejects.toThrow();
    await renderer.close();
    expect(await readdir(stopped.cacheFolder)).toEqual([]);
  });
});

describe('hipShoulderSeparationDegrees', () => {
  it('is positive for either hand when the hips lead', () => {
    // Seen from above: x to home plate, y to first base. Shoulders closed (towards third base), hips open to the plate.
    const right = {
      leftShoulder: [0.2, 0, 1.5],
      rightShoulder: [-0.2, 0, 1.5],
      leftHip: [0.07, 0.07, 1],
      rightHip: [-0.07, -0.07, 1],
      hand: 'right',
    } as const;
    expect(hipShoulderSeparationDegrees(right)).toBeCloseTo(45, 9);
    const mirrored = ([x, y, z]: readonly [number, number, number]): readonly number[] => [x, -y, z];
    expect(
      hipShoulderSeparationDegrees({
        leftShoulder: mirrored(right.rightShoulder),
        rightShoulder: mirrored(right.leftShoulder),
        leftHip: mirrored(right.rightHip),
        rightHip: mirrored(right.leftHip),
        hand: 'left',
      }),
    ).toBeCloseTo(45, 9);
  });
});

async function decode(path: string, frameBytes: number): Promise<readonly Uint8Array[]> {
  const { stdout } = await run(
    findFfmpeg(),
    ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 2 ** 26 },
  );
  return Array.from({ length: stdout.length / frameBytes }, (_, index) =>
    stdout.subarray(index * frameBytes, (index + 1) * frameBytes),
  );
}

function difference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0);
}
