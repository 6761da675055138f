import { describe, expect, it } from 'vitest';
import { compareWithCalm } from '../chaos/compare-with-calm.ts';
import { hasProcesses } from './core-bench.ts';

const skipped = hasProcesses ? '' : ' (skipped: processes are found by their environment on Linux only)';

describe.skipIf(!hasProcesses)(`chaos${skipped}`, () => {
  it.each([
    { where: 'a Redis of the app’s own', cluster: false, jobs: 200, strikes: 20 },
    { where: 'a Redis Cluster that loses a master', cluster: true, jobs: 100, strikes: 10 },
  ])(
    'loses nothing, does nothing twice, and gives the results of a calm run: $where',
    { timeout: 280_000 },
    async ({ where: _where, ...kind }) => {
      const log: string[] = [];
      const report = await compareWithCalm({
        ...kind,
        seed: 7,
        workers: 3,
        limitSeconds: 200,
        log: (line) => log.push(line),
      });
      const account = `${JSON.stringify(report, null, 1)}\n${log.slice(-60).join('\n')}`;
      expect(report, account).toMatchObject({ completed: kind.jobs, lost: 0, duplicated: 0, differing: 0 });
      expect(report.findings).toEqual([]);
      expect(report.kills, account).toBeGreaterThanOrEqual(5);
      expect(report.strikes['kill redis'], account).toBeGreaterThanOrEqual(1);
    },
  );
});
