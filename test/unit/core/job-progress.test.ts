import { describe, expect, it } from 'vitest';
import { createProgressMeter } from '../../../src-main/core/jobs/job-progress.ts';

describe('progress meter', () => {
  it('knows nothing before the first report', () => {
    expect(createProgressMeter('analyse-clip').current()).toBeUndefined();
  });

  it('adds the chunks up', () => {
    const meter = createProgressMeter('analyse-clip');
    meter.reportChunk(0, 10, 100, 0);
    meter.reportChunk(1, 20, 100, 100);
    meter.reportChunk(0, 15, 100, 200);
    expect(meter.current()).toMatchObject({ stage: 'pose', framesDone: 35, framesTotal: 100 });
  });

  it('counts no frame twice when a chunk starts again with another worker', () => {
    const meter = createProgressMeter('analyse-clip');
    meter.reportChunk(0, 40, 100, 0);
    meter.reportChunk(0, 5, 100, 1000);
    expect(meter.current()?.framesDone).toBe(40);
    meter.reportChunk(0, 60, 100, 2000);
    expect(meter.current()?.framesDone).toBe(60);
  });

  it('never shows more frames than there are: chunks overlap', () => {
    const meter = createProgressMeter('analyse-clip');
    meter.reportChunk(0, 60, 100, 0);
    meter.reportChunk(1, 60, 100, 100);
    expect(meter.current()?.framesDone).toBe(100);
  });

  it('never runs backwards, not even when a job is tried again from its first stage', () => {
    const meter = createProgressMeter('analyse-clip');
    const fractions: number[] = [];
    const look = (): void => void fractions.push(meter.current()?.fraction ?? 0);
    meter.report({ stage: 'scout', framesDone: 50, framesTotal: 100, at: 0 });
    look();
    meter.reportChunk(0, 50, 100, 100);
    look();
    meter.report({ stage: 'probe', framesDone: 0, framesTotal: 1, at: 200 });
    look();
    meter.report({ stage: 'scout', framesDone: 1, framesTotal: 100, at: 300 });
    look();
    meter.report({ stage: 'store', framesDone: 1, framesTotal: 1, at: 400 });
    look();
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeCloseTo(0.99, 10);
  });

  it('measures the speed of the last seconds, of one stage', () => {
    const meter = createProgressMeter('analyse-clip');
    for (let second = 0; second <= 10; second++) meter.reportChunk(0, second * 5, 1000, second * 1000);
    expect(meter.current()?.framesPerSecond).toBeCloseTo(5, 10);
    for (let second = 11; second <= 20; second++) meter.reportChunk(0, 50 + (second - 10) * 30, 1000, second * 1000);
    expect(meter.current()?.framesPerSecond).toBeCloseTo(30, 10);
    meter.report({ stage: 'clean', framesDone: 1, framesTotal: 1, at: 21_000 });
    expect(meter.current()?.framesPerSecond).toBe(0);
  });

  it('guesses the time left from what is done, once enough is done', () => {
    const meter = createProgressMeter('export-analysis');
    meter.report({ stage: 'export', framesDone: 0, framesTotal: 95, at: 0 });
    expect(meter.current()?.secondsLeft).toBeUndefined();
    meter.report({ stage: 'export', framesDone: 45, framesTotal: 95, at: 10_000 });
    expect(meter.current()?.fraction).toBeCloseTo(0.5, 10);
    expect(meter.current()?.secondsLeft).toBeCloseTo(10, 10);
  });

  it('counts no time in which nobody worked: the app was closed for a night', () => {
    const meter = createProgressMeter('export-analysis');
    meter.report({ stage: 'export', framesDone: 0, framesTotal: 95, at: 0 });
    meter.report({ stage: 'export', framesDone: 20, framesTotal: 95, at: 5000 });
    meter.report({ stage: 'export', framesDone: 45, framesTotal: 95, at: 8 * 3600 * 1000 });
    expect(meter.current()?.secondsLeft).toBeLessThan(20);
  });

  it('measures speed and time left from a restart on', () => {
    const meter = createProgressMeter('export-analysis');
    meter.report({ stage: 'export', framesDone: 0, framesTotal: 95, at: 0 });
    meter.report({ stage: 'export', framesDone: 45, framesTotal: 95, at: 1000 });
    meter.restart();
    expect(meter.current()).toMatchObject({ framesPerSecond: 0, framesDone: 45 });
    expect(meter.current()?.secondsLeft).toBeUndefined();
    meter.report({ stage: 'export', framesDone: 45, framesTotal: 95, at: 90_000 });
    meter.report({ stage: 'export', framesDone: 60, framesTotal: 95, at: 93_000 });
    expect(meter.current()?.framesPerSecond).toBeCloseTo(5, 1);
    expect(meter.current()?.secondsLeft).toBeCloseTo(7, 1);
  });

  it('bears reports of equal or falling time: clocks of workers differ', () => {
    const meter = createProgressMeter('analyse-clip');
    meter.reportChunk(0, 30, 100, 5000);
    meter.reportChunk(1, 30, 100, 5000);
    meter.reportChunk(2, 30, 100, 4000);
    const { framesPerSecond = -1, secondsLeft = 0 } = meter.current() ?? {};
    expect(framesPerSecond).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(framesPerSecond)).toBe(true);
    expect(secondsLeft).toBeGreaterThanOrEqual(0);
  });
});
