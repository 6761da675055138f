import { describe, expect, it } from 'vitest';
import { compareWithCalm } from '../chaos/compare-with-calm.ts';
import { hasProcesses } from './core-bench.ts';

const skipped = hasProcesses ? '' : ' (skipped: processes are found by their environment on Linux only)';

describe.skipIf(!hasProcesses)(`chaos${skipped}`, () => {
  it('loses nothing, does nothing twice, and gives the results of a calm run', { timeout: 280_000 }, async () => {
    const log: string[] = [];
    const report = await compareWithCalm({
      jobs: 200,
      seed: 7,
      strikes: 20,
      workers: 3,
      limitSeconds: 200,
      log: (line) => log.push(line),
    });
    const account = `${JSON.stringify(report, null, 1)}\n${log.slice(-60).join('\n')}`;
    expect(report, account).toMatchObject({ jobs: 200, completed: 200, lost: 0, duplicated: 0, differing: 0 });
    expect(report.findings).toEqual([]);
    expect(report.kills, account).toBeGreaterThanOrEqual(5);
  });
});
