import { describe, expect, it } from 'vitest';
import { stageNames } from '../../../worker/protocol/jobs.ts';
import { type StageLimits, secondsFor, stageLimits } from '../../../worker/protocol/limits.ts';
import { createStageClock } from '../../../worker/stage-clock.ts';

const fixed = (base: number, perFrame = 0): StageLimits['soft'] => ({ base, perFrame });
const pose: StageLimits = { soft: fixed(10, 1), hard: fixed(20, 2), silence: fixed(5) };
const start = (options: Partial<Parameters<typeof createStageClock>[0]> = {}) =>
  createStageClock({
    firstStage: 'pose',
    overrides: { pose },
    jobTimeLimitSeconds: undefined,
    graceSeconds: 3,
    ...options,
  });

describe('stage clock', () => {
  it('ends what says nothing, and what says the same thing again and again', () => {
    expect(start().advance(5, false)).toBeUndefined();
    expect(start().advance(5.1, false)).toMatchObject({ code: 'NO_PROGRESS' });
    const clock = start();
    for (let second = 0; second < 5; second++) {
      clock.report('pose', 7, 100);
      expect(clock.advance(1, false)).toBeUndefined();
    }
    clock.report('pose', 7, 100);
    expect(clock.advance(1, false)).toMatchObject({ code: 'NO_PROGRESS' });
  });

  it('takes files that come for no silence', () => {
    const clock = start();
    clock.advance(5, false);
    clock.moved();
    expect(clock.advance(5, false)).toBeUndefined();
    expect(clock.advance(0.1, false)).toMatchObject({ code: 'NO_PROGRESS' });
  });

  it('gives a longer clip more time, soft and hard', () => {
    const clock = start();
    const work = (seconds: number, isAsked = false) => {
      let verdict: ReturnType<typeof clock.advance>;
      for (let i = 0; i < seconds; i++) {
        clock.report('pose', i % 2, 50);
        verdict = clock.advance(1, isAsked);
        if (verdict !== undefined) return { verdict, after: i + 1 };
      }
      return undefined;
    };
    expect(work(60)).toBeUndefined();
    expect(work(1)).toMatchObject({ verdict: { code: 'TIME_LIMIT' }, after: 1 });
    // Nobody asked it to stop: even so it is ended at 20 + 2 × 50 seconds.
    let seconds = 61;
    for (;;) {
      clock.report('pose', seconds % 2, 50);
      const verdict = clock.advance(1, false);
      seconds++;
      if (verdict === 'end') break;
    }
    expect(seconds).toBe(121);
  });

  it('begins anew with each stage', () => {
    const clock = start({ overrides: { pose, clean: pose } });
    clock.report('pose', 1, 0);
    expect(clock.advance(4, false)).toBeUndefined();
    clock.report('pose', 2, 0);
    expect(clock.advance(4, false)).toBeUndefined();
    clock.report('clean', 0, 0);
    expect(clock.advance(4, false)).toBeUndefined();
  });

  it('holds the whole visit to the time limit of a job', () => {
    const clock = start({ jobTimeLimitSeconds: 2 });
    expect(clock.advance(2, false)).toBeUndefined();
    expect(clock.advance(0.5, false)).toMatchObject({ code: 'TIME_LIMIT', message: expect.stringContaining('2 s') });
    expect(clock.advance(3, false)).toBe('end');
  });

  it('ends what was asked to stop, by whomever, and does not within its grace', () => {
    const clock = start();
    expect(clock.advance(3, true)).toBeUndefined();
    expect(clock.advance(0.1, true)).toBe('end');
  });

  it.each(stageNames)('has limits for %s in the order silence, soft, hard, whatever the length', (stage) => {
    for (const frames of [0, 100, 100_000]) {
      const { soft, hard, silence } = stageLimits[stage];
      expect(secondsFor(silence, frames)).toBeGreaterThan(0);
      expect(secondsFor(silence, frames)).toBeLessThanOrEqual(secondsFor(soft, frames));
      expect(secondsFor(soft, frames)).toBeLessThan(secondsFor(hard, frames));
    }
  });
});
