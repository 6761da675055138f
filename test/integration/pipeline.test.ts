import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
});
