import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportAnalysis } from '../../worker/exports/export-analysis.ts';
import type { DecodeRequest } from '../../worker/pipeline/ports.ts';
import { defaultClipLimits } from '../../worker/protocol/jobs.ts';
import type { ClipMarks } from '../../worker/protocol/marks.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { createPipelineBench, type PipelineBench, samplePath } from './run-pipeline.ts';

describe('the pipeline on the shipped sample', () => {
  const benches: PipelineBench[] = [];
  beforeAll(async () => {
    for (let i = 0; i < 2; i++) benches.push(await createPipelineBench());
  });
  afterAll(async () => {
    for (const bench of benches) await bench.close();
  });

  it('gives the same numbers in whatever order the chunks run, and sees the athlete in every frame', {
    timeout: 180_000,
  }, async () => {
    const [first, second] = benches;
    const forward = await first?.analyse({ path: samplePath });
    const backward = await second?.analyse({
      path: samplePath,
      chunkOrder: (count) => Array.from({ length: count }, (_, i) => count - 1 - i),
    });
    if (!forward || !backward) throw new Error('The pipeline gave no result.');
    expect(forward.document.framesWithPose).toBe(forward.document.frames);
    expect(forward.document.people).toHaveLength(1);
    expect(backward.raw).toEqual(forward.raw);
    expect(backward.cleaned).toEqual(forward.cleaned);
    expect(backward.angles).toEqual(forward.angles);
  });

  it('computes nothing twice', { timeout: 60_000 }, async () => {
    const [first] = benches;
    if (!first) throw new Error('No bench.');
    const engine = await first.ports.poseEngine('blazepose-full');
    const before = engine.inferenceSeconds;
    await first.analyse({ path: samplePath });
    expect(engine.inferenceSeconds).toBe(before);
  });

  it('shows a repetition beside another, meeting at release', { timeout: 60_000 }, async () => {
    const [first] = benches;
    if (!first) throw new Error('No bench.');
    const { ports } = first;
    const { document } = await first.analyse({ path: samplePath });
    const clip = await ports.assets.putFile(samplePath, 'video/mp4');
    // The same clip twice, by marks that put release at other moments.
    const marksWith = (release: number): ClipMarks => ({
      repetitions: [{ fromSeconds: release - 0.15, toSeconds: release + 0.1, events: { release } }],
    });
    const common = { protocolVersion, clip, clipName: 'pitch.mp4', analysisId: document.analysisId } as const;
    const { file, suggestedName } = await exportAnalysis(
      {
        ...{ ...common, kind: 'side-by-side', marks: marksWith(1.7), onProgress: () => undefined },
        reference: { ...common, marks: { ...marksWith(1.4), athlete: "The other: 50% [O'Neil]" } },
      },
      ports,
      new AbortController().signal,
    );
    expect(suggestedName).toBe('pitch-side-by-side.mp4');
    const path = await ports.assets.localPath(file);
    const signal = new AbortController().signal;
    const film = await ports.media.index(path, defaultClipLimits, () => undefined, signal);
    const { displayWidth, displayHeight, framesPerSecond, frameCount } = film.probe;
    expect([displayWidth, displayHeight, Math.round(framesPerSecond)]).toEqual([2560, 720, 60]);
    expect(Math.abs(frameCount - 0.25 * 60)).toBeLessThanOrEqual(1);

    const original = await ports.media.index(samplePath, defaultClipLimits, () => undefined, signal);
    const frameOf = async (request: DecodeRequest): Promise<Uint8Array> => {
      for await (const { image } of ports.media.decode(request, signal)) return image.data.slice();
      throw new Error('No frame came.');
    };
    const meeting = Math.round(0.15 * 60);
    const both = { path, index: film, firstFrame: meeting, endFrame: meeting + 1, width: 2560, height: 720 };
    const shown = await frameOf(both);
    for (const [half, release] of [1.7, 1.4].entries()) {
      const differences: number[] = [];
      for (let shift = -2; shift <= 2; shift++) {
        const firstFrame = release * 60 + shift;
        const range = { firstFrame: Math.round(firstFrame), endFrame: Math.round(firstFrame) + 1 };
        const frame = await frameOf({ path: samplePath, index: original, ...range, width: 1280, height: 720 });
        differences.push(differenceOfHalf(shown, frame, half));
      }
      // Nothing but the right frame of the clip is as much like it.
      expect(differences.indexOf(Math.min(...differences)), `${differences}`).toBe(2);
    }
  });
});

/** Sum of differences of a frame to the left (0) or right (1) half of a picture that is twice as wide. */
function differenceOfHalf(both: Uint8Array, frame: Uint8Array, half: number): number {
  const rowBytes = 1280 * 3;
  let sum = 0;
  for (let at = 0; at < frame.length; at++) {
    const place = Math.floor(at / rowBytes) * rowBytes * 2 + half * rowBytes + (at % rowBytes);
    sum += Math.abs((both[place] as number) - (frame[at] as number));
  }
  return sum;
}
