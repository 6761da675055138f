import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blazePose33 } from '../../../models/skeletons.ts';
import { clipArguments } from '../../accuracy/athlete/encode-clip.ts';
import { lightProjection } from '../../accuracy/athlete/page/light-view.ts';
import { sample, samplePitch } from '../../accuracy/athlete/sample.ts';
import { truthText } from '../../accuracy/athlete/sample-truth.ts';
import { project, viewData } from '../../accuracy/athlete/scene/camera.ts';
import type { Vector3 } from '../../accuracy/athlete/vector.ts';

interface Truth {
  readonly keypoints: readonly string[];
  readonly events: Readonly<Record<string, number>>;
  readonly frames: readonly {
    readonly timeSeconds: number;
    readonly points2d: readonly (readonly [number, number])[];
    readonly points3d: readonly (readonly [number, number, number])[];
  }[];
}

const folder = new URL('../../fixtures/sample/', import.meta.url);
const pitch = samplePitch();

describe('the shipped sample', () => {
  const shipped: Truth = JSON.parse(readFileSync(new URL('truth.json', folder), 'utf8'));

  it('has the truth that its generator makes', () => {
    const made: Truth = JSON.parse(truthText(pitch));
    expect(shipped.keypoints).toEqual(made.keypoints);
    expect(shipped.events).toEqual(made.events);
    expect(shipped.frames).toHaveLength(180);
    // Not equal to the letter: sine and cosine may differ in the last bit between machines.
    made.frames.forEach((frame, index) => {
      const other = shipped.frames[index];
      expect(other?.timeSeconds).toBe(frame.timeSeconds);
      const wanted = frame.points3d.flat();
      const found = other?.points3d.flat() ?? [];
      expect(Math.max(...wanted.map((value, at) => Math.abs(value - (found[at] ?? Number.NaN))))).toBeLessThan(2e-4);
    });
  });

  it('names keypoints of the model only, and keeps them inside the picture', () => {
    const known: readonly string[] = blazePose33.names;
    expect(shipped.keypoints.filter((name) => !known.includes(name))).toEqual([]);
    expect(shipped.keypoints.length).toBeGreaterThanOrEqual(30);
    for (const [x, y] of shipped.frames.flatMap((frame) => frame.points2d)) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(sample.camera.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(sample.camera.height);
    }
  });

  it('is small enough to ship', () => {
    expect(statSync(new URL('pitch.mp4', folder)).size).toBeLessThan(1_500_000);
  });
});

describe('drawing the sample', () => {
  it('asks for the same frame twice in the same words', () => {
    expect(samplePitch().frame(101)).toEqual(pitch.frame(101));
  });

  it('spends more instants on a fast frame than on a still one', () => {
    expect(pitch.frame(100).instants.length).toBeGreaterThan(pitch.frame(5).instants.length);
  });

  it('projects to the same pixel as the renderer’s matrix', () => {
    const point: Vector3 = [1.4, -0.3, 1.1];
    const { viewProjection: m } = viewData(sample.camera, 12);
    const [x = 0, y = 0, , w = 1] = times(m, point);
    const [column, row] = project(sample.camera, point);
    expect(column).toBeCloseTo((x / w / 2 + 0.5) * sample.camera.width, 6);
    expect(row).toBeCloseTo((0.5 - y / w / 2) * sample.camera.height, 6);
  });

  it('sees the whole athlete from the light', () => {
    const matrix = lightProjection([0.4, -0.5, 0.8], [1, 0, 0.7], 2.2);
    for (const point of [
      [1, 0, 0.7],
      [2.5, 0.5, 0],
      [0, -0.5, 1.9],
    ] as const) {
      for (const value of times([...matrix], point).slice(0, 3)) expect(Math.abs(value)).toBeLessThan(1);
    }
  });
});

describe('clipArguments', () => {
  it('encodes the same pictures to the same bytes', () => {
    const request = { ffmpegPath: 'ffmpeg', outputPath: 'out.mp4', width: 64, height: 32, framesPerSecond: 60 };
    expect(clipArguments({ ...request, constantRateFactor: 21 }).join(' ')).toBe(
      '-hide_banner -loglevel error -y -f rawvideo -pix_fmt rgba -video_size 64x32 -framerate 60 -i pipe:0 ' +
        '-vf scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int -pix_fmt yuv420p ' +
        '-c:v libx264 -preset veryslow -crf 21 -threads 1 -g 60 ' +
        '-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv ' +
        '-fflags +bitexact -flags:v +bitexact -movflags +faststart out.mp4',
    );
  });
});

/** Column-major matrix times a point. */
function times(m: readonly number[], [x, y, z]: Vector3): number[] {
  return [0, 1, 2, 3].map(
    (row) => (m[row] ?? 0) * x + (m[row + 4] ?? 0) * y + (m[row + 8] ?? 0) * z + (m[row + 12] ?? 0),
  );
}
