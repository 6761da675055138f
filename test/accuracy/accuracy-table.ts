/** Figures as text: for the terminal, for README, for the report. */
import type { AccuracyRow } from './accuracy-rows.ts';
import { grouped } from './grouped.ts';
import type { Measurement } from './measure-set.ts';
import { shortPitchTable, type Table, viewFamilies } from './pitch-tables.ts';
import { type Figures, summarizeScores } from './score/summarize-scores.ts';

/** A column: what it is called, and how its figure is written. Missing figures are a dash. */
export interface Column {
  readonly title: string;
  readonly text: (figures: Figures) => string;
}

const number = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const percent = (share: number, digits = 1): string => number(100 * share, digits);
const spreadAndBias = (rmse: number, bias: number): string =>
  Number.isFinite(rmse) ? `${rmse.toFixed(1)} (${bias >= 0 ? '+' : ''}${bias.toFixed(1)})` : '–';

export const columns: readonly Column[] = [
  { title: 'frames', text: ({ frames }) => String(frames) },
  { title: 'found %', text: ({ detectionRate }) => percent(detectionRate) },
  { title: 'drop-outs', text: ({ dropouts, longestDropoutFrames }) => `${dropouts}/${longestDropoutFrames}` },
  { title: '2D %', text: ({ error2dPercentHeight }) => number(error2dPercentHeight, 2) },
  { title: '2D acc %', text: ({ error2dAccelerationPercentHeight }) => number(error2dAccelerationPercentHeight, 2) },
  { title: 'wrist %', text: ({ wristOverallPercentHeight }) => number(wristOverallPercentHeight, 2) },
  { title: 'wrist acc %', text: ({ wristError2dPercentHeight }) => number(wristError2dPercentHeight, 2) },
  { title: '3D raw mm', text: ({ error3dRawMillimetres }) => number(error3dRawMillimetres, 0) },
  { title: '3D clip mm', text: ({ error3dAlignedMillimetres }) => number(error3dAlignedMillimetres, 0) },
  { title: '3D frame mm', text: ({ error3dFrameAlignedMillimetres }) => number(error3dFrameAlignedMillimetres, 0) },
  { title: 'elbow °', text: (of) => spreadAndBias(of.elbowRmseDegrees, of.elbowBiasDegrees) },
  { title: 'knee °', text: (of) => spreadAndBias(of.kneeRmseDegrees, of.kneeBiasDegrees) },
  { title: 'tilt °', text: (of) => spreadAndBias(of.trunkTiltRmseDegrees, of.trunkTiltBiasDegrees) },
  {
    title: 'hip-shoulder °',
    text: (of) => spreadAndBias(of.hipShoulderSeparationRmseDegrees, of.hipShoulderSeparationBiasDegrees),
  },
  { title: 'swaps %', text: ({ swapFraction }) => percent(swapFraction) },
  { title: 'arms/legs %', text: (of) => `${percent(of.armSwapFraction)}/${percent(of.legSwapFraction)}` },
  { title: 'longest', text: ({ longestSwapFrames }) => String(longestSwapFrames) },
  { title: 'in 90 %', text: ({ coverage90 }) => percent(coverage90, 0) },
];

/** What the columns mean, for under a table. */
export const legend =
  'found: frames with the pose on the athlete; drop-outs: stretches without a pose / frames of the longest; ' +
  '2D: mean over twelve joints, in percent of standing height, acc: from foot contact to release; wrist: of the ' +
  'throwing hand; 3D: mean over twelve joints from the middle of the hips, as it is, after the best similarity for ' +
  'the clip, for each frame; angles: root mean square (bias); swaps: frames with arms or legs exchanged, longest in ' +
  'frames; in 90 %: errors within the interval that the product states for 90 %.';

const heads = ['set', 'model', 'quality', 'view', 'fps', 'size', 'stage'];

/** Every row, aligned in columns. */
export function tableText(rows: readonly AccuracyRow[]): string {
  const cells = rows.map((row) => [
    row.set,
    row.model.replace('blazepose-', ''),
    row.quality,
    row.view,
    String(row.framesPerSecond),
    String(row.athleteHeightFraction),
    row.stage,
    ...columns.map(({ text }) => text(row.figures)),
  ]);
  return alignedText([[...heads, ...columns.map(({ title }) => title)], ...cells], heads.length);
}

/** Lines of cells under each other: the first columns to the left, the others to the right. */
export function alignedText(lines: readonly (readonly string[])[], leftColumns: number): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column < leftColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

/** Cleaned landmarks by family of views and quality, as Markdown. */
export function shortTable(measurements: readonly Measurement[]): string {
  const groups = grouped(
    measurements.filter(({ stage }) => stage === 'cleaned'),
    ({ recipe, model, quality }) =>
      [viewFamilies[recipe.camera.view], model.replace('blazepose-', ''), quality].join(' | '),
  );
  const wanted = ['found %', '2D %', 'wrist acc %', '3D raw mm', '3D clip mm', 'elbow °', 'knee °', 'tilt °'];
  const chosen = columns.filter(({ title }) => [...wanted, 'hip-shoulder °', 'swaps %', 'in 90 %'].includes(title));
  const lines = [...groups].map(([key, members]) => {
    const figures = summarizeScores(members.map(({ score }) => score));
    return [...key.split(' | '), ...chosen.map(({ text }) => text(figures))];
  });
  return [
    ...markdownTable([['view', 'model', 'quality', ...chosen.map(({ title }) => title)], ...lines], 3),
    ...['', 'A pitch as the coach gets it, against the joints without error:', ''],
    ...markdownTable(shortPitchTable(measurements), 1),
  ].join('\n');
}

function markdownTable([heads = [], ...lines]: Table, leftColumns: number): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, column) => (column < leftColumns ? '---' : '--:'))), ...lines.map(line)];
}

const readmeTable = /<!-- accuracy -->\n[\s\S]*?<!-- end of accuracy -->/;

/** README with this between the two marks. Throws when it has no marks. */
export function writeIntoReadme(readme: string, text: string): string {
  if (!readmeTable.test(readme)) throw new Error('README.md has no marks for the table of accuracy.');
  return readme.replace(readmeTable, () => `<!-- accuracy -->\n${text}\n<!-- end of accuracy -->`);
}
