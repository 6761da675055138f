/** The analysis as an Excel workbook: what it is, every repetition, every frame. */
import type { Cell, Row, Sheet } from 'write-excel-file/node';
import type { MeasuredMetric } from '../biomechanics/profile.ts';
import type { AnalysisContents } from '../pipeline/analysis-files.ts';
import { clipFacts, methodFacts } from './analysis-facts.ts';
import { type ExportedRepetition, frameAt, type MeasuredAnalysis } from './measured-analysis.ts';
import { normRange, unitWords } from './metric-words.ts';

type Contents = Pick<AnalysisContents, 'document' | 'cleaned' | 'angles'>;
type WorkbookSheet = Sheet<Buffer>;

/**
 * Sheets: Summary; for each repetition its events and metrics, one a row, with unit, value, ends of the 90 % interval,
 * norm, or the reason why it cannot be measured; Frames, with the time and every angle. Missing = empty.
 */
export async function exportWorkbook(contents: Contents, analysis: MeasuredAnalysis): Promise<Uint8Array> {
  // Loaded where it is used: most of a worker's jobs need none of it.
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const sheets = [
    summarySheet(contents, analysis),
    ...analysis.repetitions.map((repetition, i) => repetitionSheet(contents, analysis, repetition, i)),
    framesSheet(contents, analysis),
  ];
  return await writeExcelFile(sheets).toBuffer();
}

function summarySheet(contents: Contents, analysis: MeasuredAnalysis): WorkbookSheet {
  const facts = [
    ...clipFacts(contents.document, analysis),
    { name: 'Repetitions', value: analysis.repetitions.length },
    ...(analysis.problem === undefined ? [] : [{ name: 'Not measured', value: analysis.problem }]),
    ...methodFacts(contents.document, analysis),
  ];
  return {
    sheet: 'Summary',
    data: [headings(['What', 'Value']), ...facts.map(({ name, value }) => [words(name), valueCell(value)])],
    columns: [{ width: 26 }, { width: 80 }],
    stickyRowsCount: 1,
  };
}

const repetitionColumns = [
  { heading: 'What', width: 38 },
  { heading: 'Kind', width: 9 },
  { heading: 'Value', width: 10 },
  { heading: 'Unit', width: 7 },
  { heading: 'Low (90 %)', width: 11 },
  { heading: 'High (90 %)', width: 11 },
  { heading: 'Frame', width: 8 },
  { heading: 'Remark', width: 44 },
  { heading: 'Norm low (10 %)', width: 15 },
  { heading: 'Norm high (90 %)', width: 16 },
  { heading: 'Norm mean', width: 11 },
  { heading: 'Norm SD', width: 9 },
  { heading: 'Norm level', width: 26 },
  { heading: 'Norm method', width: 30 },
  { heading: 'Norm source', width: 50 },
  { heading: 'Definition', width: 70 },
  { heading: 'Id', width: 36 },
] as const;
type Column = (typeof repetitionColumns)[number]['heading'];

function repetitionSheet(
  { cleaned }: Contents,
  { profile }: MeasuredAnalysis,
  repetition: ExportedRepetition,
  index: number,
): WorkbookSheet {
  const rows: Partial<Record<Column, Cell>>[] = [
    ...profile.events.map(({ id, label }) => {
      const event = repetition.events[id];
      const common = { What: words(label), Kind: 'event', Id: id };
      if (event === undefined) return { ...common, Remark: words('Not found in this repetition.') };
      const { timeSeconds, uncertaintySeconds, isSetByHand } = event;
      return {
        ...common,
        ...{ Value: number(timeSeconds, '0.000'), Unit: 's' },
        'Low (90 %)': number(timeSeconds - uncertaintySeconds, '0.000'),
        'High (90 %)': number(timeSeconds + uncertaintySeconds, '0.000'),
        Frame: number(frameAt(cleaned.timesSeconds, timeSeconds), '0'),
        ...(isSetByHand && { Remark: words('Set by hand.') }),
      };
    }),
    ...repetition.measured.metrics.map(metricRow),
  ];
  return {
    sheet: `Repetition ${index + 1}`,
    data: [
      headings(repetitionColumns.map(({ heading }) => heading)),
      ...rows.map((row) => repetitionColumns.map(({ heading }) => row[heading] ?? null)),
    ],
    columns: repetitionColumns.map(({ width }) => ({ width })),
    ...{ stickyRowsCount: 1, stickyColumnsCount: 1, orientation: 'landscape' },
  };
}

function metricRow({ metric, value, norm }: MeasuredMetric): Partial<Record<Column, Cell>> {
  const format = metric.unit === 'seconds' ? '0.000' : metric.unit === 'metres/second' ? '0.00' : '0.0';
  const range = norm && normRange(norm);
  return {
    ...{ What: words(metric.label), Kind: 'metric', Unit: unitWords[metric.unit] },
    ...('value' in value
      ? {
          Value: number(value.value, format),
          'Low (90 %)': number(value.interval?.[0], format),
          'High (90 %)': number(value.interval?.[1], format),
        }
      : { Remark: words(value.notMeasurable) }),
    ...(norm &&
      range && {
        'Norm low (10 %)': number(range.low, format),
        'Norm high (90 %)': number(range.high, format),
        'Norm mean': number(norm.mean + (norm.offset?.value ?? 0), format),
        'Norm SD': number(norm.sd, format),
        'Norm level': words(norm.level),
        'Norm method': words(norm.method),
        'Norm source': words(norm.offset ? `${norm.source} Moved: ${norm.offset.reason}` : norm.source),
      }),
    ...{ Definition: words(metric.definition), Id: metric.id },
  };
}

function framesSheet({ document, cleaned, angles }: Contents, { clipSecondsForOne }: MeasuredAnalysis): WorkbookSheet {
  const isSlow = clipSecondsForOne !== 1;
  const count = document.angles.length;
  const rows = Array.from(cleaned.timesSeconds, (time, frame) => [
    number(frame, '0'),
    number(time, '0.000'),
    ...(isSlow ? [number(time / clipSecondsForOne, '0.0000')] : []),
    ...document.angles.map((_, angle) => number(angles[frame * count + angle], '0.0')),
  ]);
  const names = document.angles.map(({ label }) => `${label} (°)`);
  return {
    sheet: 'Frames',
    data: [headings(['Frame', 'Time (s)', ...(isSlow ? ['Real time (s)'] : []), ...names]), ...rows],
    columns: [{ width: 8 }, { width: 10 }, ...(isSlow ? [{ width: 13 }] : []), ...names.map(() => ({ width: 15 }))],
    ...{ stickyRowsCount: 1, stickyColumnsCount: 2 },
  };
}

function headings(names: readonly string[]): Row {
  return names.map((value) => ({
    ...{ value, type: String, fontWeight: 'bold', backgroundColor: '#e9ebee', wrap: true, alignVertical: 'center' },
    ...{ bottomBorderStyle: 'thin', bottomBorderColor: '#8a9099' },
  }));
}

const words = (value: string): Cell => ({ value, type: String, wrap: true, alignVertical: 'top' });

function number(value: number | undefined, format: string): Cell {
  return value === undefined || !Number.isFinite(value)
    ? null
    : { value, type: Number, format, alignVertical: 'top', align: 'right' };
}

function valueCell(value: string | number): Cell {
  return typeof value === 'string'
    ? words(value)
    : { value, type: Number, format: Number.isInteger(value) ? '0' : '0.00', align: 'left', alignVertical: 'top' };
}
