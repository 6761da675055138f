/** The long report: one HTML file that needs nothing else, its curves drawn by uPlot. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { AccuracyRow } from './accuracy-rows.ts';
import { columns, legend } from './accuracy-table.ts';
import { grouped } from './grouped.ts';
import type { Measurement } from './measure-set.ts';
import { eventTable, metricTable, type Table } from './pitch-tables.ts';
import { type CalibrationRow, calibrate } from './score/calibrate.ts';
import { mainJoints } from './score/paired-frames.ts';
import { figuresByKeypoint, type KeypointFigures, summarizeScores } from './score/summarize-scores.ts';
import { mean } from './score/summary.ts';

interface Plot {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  /** Ascending; the first column of uPlot's data. */
  readonly at: readonly number[];
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}

const uplotFolder = join(dirname(createRequire(import.meta.url).resolve('uplot/package.json')), 'dist');

export function reportHtml(measurements: readonly Measurement[], rows: readonly AccuracyRow[], title: string): string {
  const cleaned = measurements.filter(({ stage }) => stage === 'cleaned');
  const plots = [...distributions(measurements), againstSize(cleaned), againstRate(cleaned)];
  const script = readFileSync(join(uplotFolder, 'uPlot.iife.min.js'), 'utf8');
  const style = readFileSync(join(uplotFolder, 'uPlot.min.css'), 'utf8');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>${style}
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #1d2430; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 12px; }
th, td { padding: 2px 8px; text-align: right; border-bottom: 1px solid #dde2ea; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(legend)}</p>
<div class="plots" id="plots"></div>
<h2>Every row</h2>
${table(
  ['set', 'model', 'quality', 'view', 'fps', 'size', 'stage', ...columns.map((column) => column.title)],
  rows.map((row) => [
    row.set,
    row.model,
    row.quality,
    row.view,
    String(row.framesPerSecond),
    String(row.athleteHeightFraction),
    row.stage,
    ...columns.map(({ text }) => text(row.figures)),
  ]),
)}
<h2>Every clip, cleaned</h2>
${table(
  ['clip', 'model', 'quality', ...columns.map((column) => column.title)],
  cleaned.map(({ recipe, model, quality, score }) => {
    const figures = summarizeScores([score]);
    return [recipe.name, model, quality, ...columns.map(({ text }) => text(figures))];
  }),
)}
<h2>Moments of a pitch: median / 90 % of the errors in ms (found %, within the stated uncertainty %)</h2>
${pageTable(eventTable(cleaned))}
<h2>Metrics of a pitch against the same of the joints without error</h2>
${pageTable(metricTable(cleaned))}
<h2>Every keypoint, mean error in percent of height (how much too low it is found)</h2>
${keypointTable(measurements)}
<h2>Stated uncertainty against real error</h2>
${calibrationTable(calibrate(cleaned.flatMap(({ score }) => score.intervals)))}
<script>${script}</script>
<script>
for (const plot of ${JSON.stringify(plots).replaceAll('<', '\\u003c')}) {
  const colours = ['#1f6feb', '#d1495b', '#2a9d8f', '#e9a23b', '#7b5ea7', '#5c6b73', '#0b8457', '#b5179e'];
  new uPlot({
    title: plot.title, width: 560, height: 320, scales: { x: { time: false } },
    axes: [{ label: plot.across }, { label: plot.up }],
    series: [{ label: plot.across }, ...plot.lines.map(({ label }, i) => ({ label, stroke: colours[i % 8], width: 2, spanGaps: true, points: { show: plot.at.length < 12 } }))],
  }, [plot.at, ...plot.lines.map(({ values }) => values)], document.getElementById('plots'));
}
</script>
</html>
`;
}

/** Share of joints whose error is at most so large, by view; one plot for each quality and stage. */
function distributions(measurements: readonly Measurement[]): Plot[] {
  const at = Array.from({ length: 61 }, (_, step) => step / 5);
  return [...grouped(measurements, ({ model, quality, stage }) => `${model}, ${quality}, ${stage}`)].map(
    ([name, members]) => ({
      title: `Errors in the picture: ${name}`,
      across: 'error, % of height',
      up: 'share of joints, %',
      at,
      lines: [...grouped(members, ({ recipe }) => recipe.camera.view)].map(([label, own]) => {
        const errors = own.flatMap(mainErrors).toSorted((a, b) => a - b);
        return {
          label,
          values: at.map((limit) => (100 * errors.filter((error) => error <= limit).length) / (errors.length || 1)),
        };
      }),
    }),
  );
}

function againstSize(cleaned: readonly Measurement[]): Plot {
  return against(cleaned, 'Mean error against size', 'height of the athlete, % of the picture’s', ({ recipe }) =>
    Math.round(100 * recipe.camera.athleteHeightFraction),
  );
}

function againstRate(cleaned: readonly Measurement[]): Plot {
  return against(
    cleaned,
    'Mean error against frame rate',
    'frames per second',
    ({ recipe }) => recipe.camera.framesPerSecond,
  );
}

function against(
  measurements: readonly Measurement[],
  title: string,
  across: string,
  placeOf: (measurement: Measurement) => number,
): Plot {
  const at = [...new Set(measurements.map(placeOf))].toSorted((a, b) => a - b);
  return {
    title,
    across,
    up: 'error, % of height',
    at,
    lines: [...grouped(measurements, ({ recipe }) => recipe.camera.view)].map(([label, members]) => ({
      label,
      values: at.map((place) => {
        const error = mean(members.filter((member) => placeOf(member) === place).flatMap(mainErrors));
        return Number.isNaN(error) ? null : error;
      }),
    })),
  };
}

function mainErrors({ score }: Measurement): readonly number[] {
  return mainJoints.flatMap((name) => score.picture.get(name) ?? []);
}

function keypointTable(measurements: readonly Measurement[]): string {
  const groups = [...grouped(measurements, ({ model, quality, stage }) => `${model}, ${quality}, ${stage}`)];
  const figures = groups.map(([, members]) => figuresByKeypoint(members.map(({ score }) => score)));
  const names = [...new Set(figures.flatMap((own) => [...own.keys()]))];
  const text = (own: KeypointFigures | undefined): string =>
    own ? `${own.error.toFixed(2)} (${own.downwards >= 0 ? '+' : ''}${own.downwards.toFixed(2)})` : '–';
  return table(
    ['keypoint', ...groups.map(([name]) => name)],
    names.map((name) => [name, ...figures.map((own) => text(own.get(name)))]),
  );
}

function pageTable([heads = [], ...lines]: Table): string {
  return table(heads, lines);
}

function calibrationTable(rows: readonly CalibrationRow[]): string {
  return table([...calibrationHeads], rows.map(calibrationCells));
}

export const calibrationHeads = [
  'joint',
  'visibility',
  'samples',
  'median %',
  '90 % within %',
  'in 90 %',
  'scale for 90 %',
];

/** Texts of one row, in the order of `calibrationHeads`. */
export function calibrationCells(row: CalibrationRow): string[] {
  const text = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
  return [
    row.kind,
    `${row.visibilityFrom}–${row.visibilityTo}`,
    String(row.samples),
    text(row.medianErrorPercent, 2),
    text(row.error90Percent, 2),
    text(100 * row.coverage90, 0),
    text(row.scaleFor90, 2),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>\n${[line(heads, 'th'), ...rows.map((row) => line(row, 'td'))].join('\n')}\n</table>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
