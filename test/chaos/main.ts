/** npm run -s chaos -- [--jobs 2000] [--seed 7] [--strikes N] [--workers N] [--cluster] [--json]. Exit code 1 when anything is wrong. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { compareWithCalm } from './compare-with-calm.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '7' },
    strikes: { type: 'string' },
    workers: { type: 'string', default: '3' },
    cluster: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const whole = z.coerce.number().int().positive();
const jobs = whole.parse(values.jobs);
const report = await compareWithCalm({
  jobs,
  seed: whole.parse(values.seed),
  strikes:
    values.strikes === undefined ? Math.ceil(jobs / 10) : z.coerce.number().int().nonnegative().parse(values.strikes),
  workers: whole.parse(values.workers),
  cluster: values.cluster,
  limitSeconds: 120 + jobs,
  log: (line) => console.error(line),
});
for (const finding of report.findings) console.error(finding);
const { findings, ...figures } = report;
console.log(values.json ? JSON.stringify(figures) : figures);
process.exitCode = report.completed === jobs && findings.length === 0 ? 0 : 1;
