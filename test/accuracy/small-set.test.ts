import { describe, expect, it } from 'vitest';
import { defaultModelId } from '../../models/registry.ts';
import { defaultQuality } from '../../worker/protocol/analysis.ts';
import { accuracyJson, accuracyJsonSchema, accuracyRows } from './accuracy-rows.ts';
import { goldensOf, readGoldens, worseThanGoldens } from './goldens.ts';
import { clipsFolder, measureSet } from './measure-set.ts';

describe('accuracy on the small set', () => {
  it('is not worse than it was, and is told in rows that programs can read', async () => {
    const request = { set: 'small', models: [defaultModelId], qualities: [defaultQuality] } as const;
    // Analysed anew every time: an analysis from before a change would hide what the change did.
    const measurements = await measureSet({ ...request, clipsFolder });
    expect(worseThanGoldens(goldensOf(measurements), readGoldens())).toEqual([]);
    const rows = accuracyRows(measurements);
    const told = accuracyJsonSchema.parse(JSON.parse(JSON.stringify(accuracyJson(rows, defaultModelId))));
    expect(told.rows.map(({ view }) => view)).toEqual(['side', 'side', 'front', 'quarter-rear']);
    expect(rows).toHaveLength(2 * told.rows.length);
  });
});
