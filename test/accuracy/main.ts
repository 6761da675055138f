/**
 * npm run accuracy -- [--set small|full|laboratory] [--quality fast|standard|best ...] [--model ID ...] [--json]
 *   [--readme] [--calibrate] [--update-goldens] [--fresh]: how wrong the product's numbers are, on clips whose truth is known.
 * Progress goes to standard error. --json ends with one line of JSON, --readme writes README's table (the full set),
 * --calibrate learns one camera's errors from the full set's pitches and writes them for the product,
 * --fresh analyses again what is in the cache.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { defaultModelId, modelIds } from '../../models/registry.ts';
import { projectRoot } from '../../scripts/project-root.mjs';
import { defaultQuality, qualities } from '../../worker/protocol/analysis.ts';
import { calibrationCells, calibrationHeads, reportHtml } from './accuracy-report.ts';
import { accuracyJson, accuracyRows } from './accuracy-rows.ts';
import { alignedText, legend, shortTable, tableText, writeIntoReadme } from './accuracy-table.ts';
import { goldensOf, writeGoldens } from './goldens.ts';
import { cacheFolder, clipsFolder, measureSet } from './measure-set.ts';
import { eventTable, metricTable } from './pitch-tables.ts';
import { calibrate } from './score/calibrate.ts';
import { setNames } from './sets.ts';
import { writeOneCamera } from './write-one-camera.ts';

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: 'small' },
    quality: { type: 'string', multiple: true, default: [defaultQuality] },
    model: { type: 'string', multiple: true, default: [defaultModelId] },
    json: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    calibrate: { type: 'boolean', default: false },
    'update-goldens': { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const set = z.enum(setNames).parse(values.set);
const chosenQualities = z.array(z.enum(qualities)).parse(values.quality);
const models = z.array(z.enum(modelIds)).parse(values.model);
if (values.readme && set !== 'full') throw new Error('README shows the full set: add --set full.');
if (values.calibrate && set !== 'full')
  throw new Error('One camera’s errors are learnt from the full set: add --set full.');
if (values['update-goldens'] && set !== 'small') throw new Error('The goldens are of the small set: leave --set out.');

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const analysesFolder = join(cacheFolder, 'analyses');
if (values.fresh) await rm(analysesFolder, { recursive: true, force: true });
await mkdir(analysesFolder, { recursive: true });
const request = { set, models, qualities: chosenQualities, clipsFolder, say };
// Goldens say what this code does, not what an earlier one did.
const measurements = await measureSet(values['update-goldens'] ? request : { ...request, analysesFolder });
const rows = accuracyRows(measurements);
console.log(tableText(rows));
console.log(`\n${legend}\n`);
for (const table of [eventTable(measurements), metricTable(measurements)]) console.log(`${alignedText(table, 3)}\n`);
if (values.calibrate) await writeOneCamera(measurements, say);
const samples = measurements.filter(({ stage }) => stage === 'cleaned').flatMap(({ score }) => score.intervals);
console.log('Stated uncertainty against real error, cleaned; a scale above 1 asks for wider intervals:');
console.log(alignedText([calibrationHeads, ...calibrate(samples).map(calibrationCells)], 2));

const reports = join(projectRoot, 'reports', 'accuracy');
await mkdir(reports, { recursive: true });
const reportPath = join(reports, `${set}.html`);
await writeFile(reportPath, reportHtml(measurements, rows, `Accuracy: ${set} set`));
console.log(`\nThe report with its plots: ${reportPath}`);
if (values.readme) {
  const readme = join(projectRoot, 'README.md');
  await writeFile(readme, writeIntoReadme(await readFile(readme, 'utf8'), shortTable(measurements)));
}
if (values['update-goldens']) writeGoldens(goldensOf(measurements));
if (values.json) console.log(JSON.stringify(accuracyJson(rows, models[0] ?? defaultModelId)));
