import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keypointIndex, blazePose33 as skeleton } from '../../models/skeletons.ts';
import type { AnalysisContents } from '../../worker/pipeline/analysis-files.ts';
import { clipsFolder, noRealClips } from './media-made-clips.ts';
import { createPipelineBench, type PipelineBench } from './run-pipeline.ts';

const pitch = join(clipsFolder, 'pitch_side_far_pan_rhp/raw.mov');
const squat = join(clipsFolder, 'squat_portrait/squat.mp4');
const walk = join(clipsFolder, 'walk_sports2d/demo.mp4');
const hasClips = [pitch, squat, walk].every((path) => existsSync(path));
const because = hasClips ? '' : ` (skipped: ${noRealClips})`;

/** Mid-hip of the pitcher, checked by eye on every eighth frame; the passers-by are never within 40 pixels of it. */
const pitcher: readonly (readonly [frame: number, x: number, y: number])[] = [
  [0, 198, 223],
  [8, 178, 221],
  [16, 138, 218],
  [24, 102, 210],
  [32, 109, 203],
  [40, 141, 209],
  [48, 169, 214],
  [56, 219, 221],
  [64, 242, 204],
  [72, 262, 193],
  [80, 269, 193],
  [88, 284, 191],
  [96, 285, 193],
  [104, 277, 190],
  [112, 269, 186],
];

describe('the pipeline on real clips', () => {
  let bench: PipelineBench;
  beforeAll(async () => {
    bench = await createPipelineBench();
  });
  afterAll(async () => {
    await bench?.close();
  });

  it.skipIf(!hasClips)(
    `follows the far pitcher under a panning camera, and no passer-by${because}`,
    { timeout: 120_000 },
    async () => {
      const contents = await bench.analyse({ path: pitch });
      expect(shareWithPose(contents, 0, 110)).toBeGreaterThanOrEqual(0.95);
      for (let i = 1; i < pitcher.length; i++) {
        const [before, after] = [pitcher[i - 1], pitcher[i]];
        if (!before || !after) continue;
        for (let frame = before[0]; frame < after[0]; frame++) {
          const share = (frame - before[0]) / (after[0] - before[0]);
          const hip = midHip(contents, frame);
          if (hip === undefined) continue;
          const expected = {
            x: before[1] + share * (after[1] - before[1]),
            y: before[2] + share * (after[2] - before[2]),
          };
          expect(Math.hypot(hip.x - expected.x, hip.y - expected.y), `frame ${frame}`).toBeLessThan(30);
        }
      }
    },
  );

  it.skipIf(!hasClips)(
    `finds the squatting athlete in nearly every frame${because}`,
    { timeout: 180_000 },
    async () => {
      const contents = await bench.analyse({ path: squat });
      expect(shareWithPose(contents, 0, contents.document.frames)).toBeGreaterThanOrEqual(0.99);
      expect(contents.document.people).toHaveLength(1);
    },
  );

  it.skipIf(!hasClips)(`counts several people and follows one${because}`, { timeout: 180_000 }, async () => {
    const { document } = await bench.analyse({ path: walk });
    expect(document.people.length).toBeGreaterThanOrEqual(3);
    expect(document.people.filter((person) => person.isAthlete)).toHaveLength(1);
    expect(document.framesWithPose).toBeGreaterThan(150);
  });

  it.skipIf(!hasClips)(`follows whom the coach clicks${because}`, { timeout: 180_000 }, async () => {
    // The woman in the grass, in the middle of the clip.
    const athlete = { timeSeconds: 3.34, box: { x: 0.59, y: 0.75, width: 0, height: 0 } };
    const { document } = await bench.analyse({ path: walk, athlete });
    const chosen = document.people.find((person) => person.isAthlete);
    expect(chosen?.meanBox.y).toBeGreaterThan(0.4);
  });
});

function shareWithPose({ cleaned }: AnalysisContents, from: number, to: number): number {
  let count = 0;
  for (let frame = from; frame < to; frame++)
    if (!Number.isNaN(cleaned.landmarks2d[frame * cleaned.keypointCount * 4])) count++;
  return count / (to - from);
}

function midHip({ cleaned }: AnalysisContents, frame: number): { x: number; y: number } | undefined {
  const at = (name: string, axis: number): number =>
    cleaned.landmarks2d[(frame * cleaned.keypointCount + keypointIndex(skeleton, name)) * 4 + axis] ?? Number.NaN;
  const x = (at('left_hip', 0) + at('right_hip', 0)) / 2;
  const y = (at('left_hip', 1) + at('right_hip', 1)) / 2;
  return Number.isNaN(x) ? undefined : { x, y };
}
