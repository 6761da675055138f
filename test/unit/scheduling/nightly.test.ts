import { getNextMillis } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../src-main/contract/calls.ts';
import { applyNightly, nightlySchedules } from '../../../src-main/core/scheduling/nightly.ts';
import { createMemoryEngine } from '../../../worker/queue/memory-engine.ts';

const defaults = settingsSchema.parse({});

describe('the jobs of the night', () => {
  it('are a clean-up at two, and nothing else unless somebody wants it', () => {
    expect(nightlySchedules(defaults, 'me', 'Europe/Berlin')).toMatchObject([
      { queue: 'upkeep', id: 'clean-up-me', name: 'clean-up', pattern: '0 2 * * *', timeZone: 'Europe/Berlin' },
    ]);
    const all = { ...defaults, nightlyReAnalysis: true, nightlyTime: '23:45' };
    expect(nightlySchedules(all, 'me', 'UTC').map(({ name, pattern }) => [name, pattern])).toEqual([
      ['clean-up', '45 23 * * *'],
      ['re-analyse', '45 23 * * *'],
    ]);
    expect(nightlySchedules({ ...defaults, nightlyCleanUp: false }, 'me', 'UTC')).toEqual([]);
  });

  it('come and go with the settings', async () => {
    const engine = createMemoryEngine();
    const names = async (): Promise<string[]> => (await engine.schedules('upkeep')).map(({ name }) => name);
    await applyNightly(engine, { ...defaults, nightlyReAnalysis: true }, 'me');
    expect(await names()).toEqual(['clean-up', 're-analyse']);
    await applyNightly(engine, { ...defaults, nightlyCleanUp: false, nightlyReAnalysis: true }, 'me');
    expect(await names()).toEqual(['re-analyse']);
    await applyNightly(engine, { ...defaults, nightlyCleanUp: false }, 'me');
    expect(await names()).toEqual([]);
    expect((await engine.counts('upkeep')).delayed).toBe(0);
    await engine.close();
  });

  it.each([
    ['Europe/Berlin', '02:30', '2027-03-26T12:00:00Z'],
    ['Europe/Berlin', '02:30', '2026-10-23T12:00:00Z'],
    ['America/New_York', '01:30', '2026-10-30T12:00:00Z'],
    ['Australia/Sydney', '02:30', '2026-10-02T12:00:00Z'],
  ])('come once a day in %s at %s, over a change of clocks too', (timeZone, nightlyTime, from) => {
    const [schedule] = nightlySchedules({ ...defaults, nightlyTime }, 'me', timeZone);
    const days: string[] = [];
    let at = Date.parse(from);
    for (let i = 0; i < 5; i++) {
      at = getNextMillis(at, { pattern: schedule?.pattern ?? '', tz: timeZone }) ?? Number.NaN;
      days.push(new Date(at).toLocaleDateString('sv-SE', { timeZone }));
    }
    expect(new Set(days).size).toBe(5);
    expect((Date.parse(days[4] ?? '') - Date.parse(days[0] ?? '')) / 86_400_000).toBe(4);
  });

  it('have a time of day in the settings', () => {
    for (const wrong of ['2:00', '24:00', '12:60', 'noon']) {
      expect(settingsSchema.safeParse({ nightlyTime: wrong }).success).toBe(false);
    }
  });
});
