/** The metrics of a repetition as rows: value, interval, and where both lie to the norm. */
import type { MeasuredMetric } from '../../biomechanics/profile.ts';
import {
  decimalsFor,
  intervalWords,
  type NormVerdict,
  normRange,
  numberWords,
  unitWords,
  verdictOf,
} from '../metric-words.ts';
import { contentWidth, heightOf, ink, page, type ReportDocument, rule, write } from './report-page.ts';

const columns = {
  label: { x: page.margin, width: 176 },
  value: { x: 218, width: 54 },
  interval: { x: 278, width: 66 },
  bar: { x: 350, width: 96 },
  norm: { x: 452, width: 48 },
  verdict: { x: 506, width: page.width - page.margin - 506 },
} as const;
const headHeight = 16;
const usualRow = 13.5;
const tightestRow = 10.5;
const quietSize = 7;

interface Measured extends MeasuredMetric {
  readonly value: { readonly value: number; readonly interval?: readonly [low: number, high: number] };
}

export interface TablePlan {
  readonly rows: readonly Measured[];
  /** What cannot be measured, by the reason. */
  readonly unmeasured: readonly { readonly reason: string; readonly labels: readonly string[] }[];
  readonly height: number;
  readonly rowHeight: number;
}

/** Rows as tall as usual, tighter where they would not fit into `room`. Points. */
export function planTable(document: ReportDocument, metrics: readonly MeasuredMetric[], room: number): TablePlan {
  const rows = metrics.filter((metric): metric is Measured => 'value' in metric.value);
  const reasons = new Map<string, string[]>();
  for (const { metric, value } of metrics) {
    if ('value' in value) continue;
    const reason = value.notMeasurable.replace(/^Not measurable:?\s*/, '');
    reasons.set(reason, [...(reasons.get(reason) ?? []), metric.label]);
  }
  const unmeasured = [...reasons].map(([reason, labels]) => ({ reason, labels }));
  const below = unmeasured.reduce(
    (sum, group) => sum + heightOf(document, unmeasuredWords(group), { width: contentWidth, size: quietSize }) + 2,
    unmeasured.length === 0 ? 0 : 6,
  );
  const fitting = (room - headHeight - below) / Math.max(1, rows.length);
  const rowHeight = Math.min(usualRow, Math.max(tightestRow, fitting));
  return { rows, unmeasured, rowHeight, height: headHeight + rows.length * rowHeight + below };
}

/** Returns where the table ends. */
export function drawTable(document: ReportDocument, plan: TablePlan, top: number): number {
  const heads = { label: 'Metric', value: 'Value', interval: '90 % interval', bar: 'Against the norm' } as const;
  const quiet = { y: top, size: quietSize, colour: ink.quiet };
  write(document, { ...quiet, ...columns.label, text: heads.label });
  write(document, { ...quiet, ...columns.value, text: heads.value, align: 'right' });
  write(document, { ...quiet, ...columns.interval, text: heads.interval });
  write(document, { ...quiet, ...columns.bar, text: heads.bar, align: 'center' });
  write(document, { ...quiet, ...columns.norm, text: 'Norm', align: 'right' });
  rule(document, top + headHeight - 5);
  let y = top + headHeight;
  for (const row of plan.rows) {
    drawRow(document, row, y, plan.rowHeight);
    y += plan.rowHeight;
  }
  if (plan.unmeasured.length > 0) y += 6;
  for (const group of plan.unmeasured) {
    const text = unmeasuredWords(group);
    write(document, {
      ...{ text, x: page.margin, y, width: contentWidth, size: quietSize, colour: ink.quiet, wraps: true },
    });
    y += heightOf(document, text, { width: contentWidth, size: quietSize }) + 2;
  }
  return y;
}

function unmeasuredWords({ reason, labels }: TablePlan['unmeasured'][number]): string {
  return `Not measurable: ${labels.join(', ')} – ${reason}`;
}

function drawRow(document: ReportDocument, { metric, value, norm }: Measured, y: number, rowHeight: number): void {
  const [low, high] = value.interval ?? [value.value, value.value];
  const decimals = decimalsFor((high - low) / 2);
  const unit = unitWords[metric.unit];
  // A degree or a percent stands at its number; other units a thin space away.
  const spaced = unit === '°' ? unit : `\u2009${unit}`;
  const base = { y: y + (rowHeight - 8.4) / 2 - 1, size: 8.2 };
  const quiet = { size: 7.4, y: base.y + 0.7, colour: ink.quiet };
  write(document, { ...base, ...columns.label, text: metric.label });
  const shown = `${numberWords(value.value, decimals)}${spaced}`;
  write(document, { ...base, ...columns.value, text: shown, align: 'right', isStrong: true, isNumber: true });
  if (value.interval) {
    const text = intervalWords(value.value, value.interval);
    write(document, { ...quiet, ...columns.interval, text, isNumber: true });
  }
  if (norm === undefined) return;
  const verdict = verdictOf(value, norm);
  const range = normRange(norm);
  drawBar(document, { value: value.value, low, high, range, verdict, y: y + rowHeight / 2 });
  const ends = [range.low, range.high].map((end) => numberWords(end, metric.unit === 'seconds' ? 2 : 0));
  write(document, {
    ...quiet,
    ...columns.norm,
    text: ends.join('–').replace('–\u2212', ' to \u2212'),
    align: 'right',
  });
  const isOutside = verdict === 'below' || verdict === 'above';
  const text = verdict === undefined ? '' : verdictWords[verdict];
  write(document, {
    ...quiet,
    ...columns.verdict,
    text,
    ...(isOutside && { colour: ink.attention, isStrong: true }),
  });
}

const verdictWords: Readonly<Record<NormVerdict, string>> = {
  inside: 'within',
  below: 'below',
  above: 'above',
  unsure: 'cannot tell',
};

/** The norm always lies in the middle part of the bar, so that rows compare at a glance. */
const bandShare = { from: 0.34, to: 0.66 } as const;

function drawBar(
  document: ReportDocument,
  bar: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly range: { readonly low: number; readonly high: number };
    readonly verdict: NormVerdict | undefined;
    readonly y: number;
  },
): void {
  const { x, width } = columns.bar;
  const { range, verdict, y } = bar;
  const perUnit = ((bandShare.to - bandShare.from) * width) / (range.high - range.low);
  const place = (value: number): number => x + bandShare.from * width + (value - range.low) * perUnit;
  const inside = (value: number): number => Math.min(x + width, Math.max(x, place(value)));
  document.rect(x, y - 0.4, width, 0.8).fill(ink.rule);
  document.rect(place(range.low), y - 3.6, (bandShare.to - bandShare.from) * width, 7.2).fill(ink.band);
  const colour = verdict === 'below' || verdict === 'above' ? ink.attention : ink.accent;
  const [from, to] = [inside(bar.low), inside(bar.high)];
  document.lineWidth(1.1).moveTo(from, y).lineTo(to, y).stroke(colour);
  // An end that the bar cannot show is an arrow, one that it shows a small tick.
  for (const [end, at, points] of [
    [bar.low, from, -1],
    [bar.high, to, 1],
  ] as const) {
    const isShown = place(end) >= x && place(end) <= x + width;
    if (isShown)
      document
        .lineWidth(0.8)
        .moveTo(at, y - 2)
        .lineTo(at, y + 2)
        .stroke(colour);
    else if (Math.sign(place(end) - x - width / 2) === points) {
      document.polygon([at, y], [at - points * 3.5, y - 2.2], [at - points * 3.5, y + 2.2]).fill(colour);
    }
  }
  const middle = inside(bar.value);
  if (verdict === 'below' || verdict === 'above') {
    document.polygon([middle, y - 3.4], [middle - 3.2, y + 2.4], [middle + 3.2, y + 2.4]).fill(colour);
  } else if (verdict === 'unsure') {
    document.circle(middle, y, 2.4).lineWidth(1.1).fillAndStroke('#ffffff', colour);
  } else document.circle(middle, y, 2.6).fill(colour);
}
