/** The report: one page for each repetition, to be handed to an athlete or a parent. */
import type { MeasuredMetric } from '../../biomechanics/profile.ts';
import type { AnalysisContents } from '../../pipeline/analysis-files.ts';
import type { ClipIndex, Ports } from '../../pipeline/ports.ts';
import { throwIfAborted } from '../../protocol/errors.ts';
import { type ExportedRepetition, frameAt, type MeasuredAnalysis } from '../measured-analysis.ts';
import { decimalsFor, numberWords } from '../metric-words.ts';
import { drawTable, planTable } from './metric-table.ts';
import { type MomentPicture, momentPictures } from './moment-pictures.ts';
import {
  bytesOf,
  contentWidth,
  heightOf,
  ink,
  openReport,
  page,
  type ReportDocument,
  rule,
  write,
} from './report-page.ts';

export interface ReportInput {
  readonly clipPath: string;
  readonly clipName: string;
  readonly index: ClipIndex;
  readonly contents: Pick<AnalysisContents, 'document' | 'cleaned'>;
  readonly analysis: MeasuredAnalysis;
  readonly onPage: (pagesDone: number, pagesTotal: number) => void;
}

const headerHeight = 56;
const captionHeight = 31;
const gap = 9;
const leastPicture = 62;
const mostPicture = 146;
const noteSize = 6.6;

/** PDF bytes. Without repetitions one page that says why. */
export async function exportReport(
  input: ReportInput,
  ports: Pick<Ports, 'media'>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { contents, analysis, clipName } = input;
  const { marks, profile, repetitions, problem } = analysis;
  const document = await openReport({
    title: `${marks.athlete ?? clipName}: ${profile.label}`,
    subject: clipName,
    createdAt: new Date(contents.document.createdAt),
  });
  if (repetitions.length === 0) {
    document.addPage();
    drawHeader(document, input, undefined);
    const text = problem ?? 'No repetition is seen in this clip.';
    write(document, {
      text,
      x: page.margin,
      y: page.margin + headerHeight + 12,
      width: contentWidth,
      size: 11,
      wraps: true,
    });
  }
  for (const [i, repetition] of repetitions.entries()) {
    throwIfAborted(signal);
    document.addPage();
    await drawRepetition(document, input, { repetition, number: i + 1 }, ports, signal);
    input.onPage(i + 1, repetitions.length);
  }
  return await bytesOf(document);
}

async function drawRepetition(
  document: ReportDocument,
  input: ReportInput,
  { repetition, number }: { readonly repetition: ExportedRepetition; readonly number: number },
  ports: Pick<Ports, 'media'>,
  signal: AbortSignal,
): Promise<void> {
  const { contents, analysis } = input;
  drawHeader(document, input, { repetition, number });
  const notes = noteWords(input, repetition);
  const noteHeight = notes.reduce(
    (sum, note) => sum + heightOf(document, note, { width: contentWidth, size: noteSize }),
    0,
  );
  const notesTop = page.height - page.margin - 10 - noteHeight;
  const moments = analysis.profile.events.flatMap(({ id, label }, i) => {
    const event = repetition.events[id];
    return event === undefined ? [] : [{ ...event, label, number: i + 1 }];
  });
  const top = page.margin + headerHeight;
  const lines = Math.ceil(moments.length / 3);
  const room = notesTop - top - gap * 2 - lines * (leastPicture + captionHeight);
  const plan = planTable(document, repetition.measured.metrics, room);
  const free = lines === 0 ? 0 : (notesTop - top - gap * 2 - plan.height) / lines - captionHeight;
  const pictureHeight = Math.min(mostPicture, Math.max(leastPicture, free));
  const pictureWidth = (contentWidth - 2 * gap) / 3;
  const frames = moments.map(({ timeSeconds }) => frameAt(contents.cleaned.timesSeconds, timeSeconds));
  const aspect = pictureWidth / pictureHeight;
  const pictures = await momentPictures({ ...input, frames, aspect }, ports, signal);
  for (const [i, moment] of moments.entries()) {
    const x = page.margin + (i % 3) * (pictureWidth + gap);
    const y = top + Math.floor(i / 3) * (pictureHeight + captionHeight);
    drawMoment(document, {
      ...{ x, y, width: pictureWidth, height: pictureHeight, picture: pictures[i] },
      ...{ title: `${moment.number}  ${moment.label}`, detail: momentWords(moment, frames[i] ?? 0) },
    });
  }
  drawTable(document, plan, top + lines * (pictureHeight + captionHeight) + (lines === 0 ? 0 : gap));
  let y = notesTop;
  rule(document, y - 5);
  for (const text of notes) {
    write(document, { text, x: page.margin, y, width: contentWidth, size: noteSize, colour: ink.quiet, wraps: true });
    y += heightOf(document, text, { width: contentWidth, size: noteSize });
  }
}

function drawHeader(
  document: ReportDocument,
  { contents, analysis, clipName }: ReportInput,
  shown: { readonly repetition: ExportedRepetition; readonly number: number } | undefined,
): void {
  const { marks, profile, repetitions } = analysis;
  const { margin } = page;
  const width = contentWidth - 150;
  write(document, { text: marks.athlete ?? clipName, x: margin, y: margin - 4, width, size: 18, isStrong: true });
  const right = { x: page.width - margin - 145, width: 145, align: 'right' } as const;
  write(document, { ...right, text: profile.label, y: margin - 1, size: 11, isStrong: true });
  if (shown !== undefined) {
    const text = `Repetition ${shown.number} of ${repetitions.length}`;
    write(document, { ...right, text, y: margin + 15, size: 9, colour: ink.quiet });
  }
  const hand = shown?.repetition.measured.hand;
  const height = shown?.repetition.measured.heightMetres ?? Number.NaN;
  const facts = [
    ...(marks.athlete === undefined ? [] : [clipName]),
    marks.filmedOn === undefined ? `analysed ${contents.document.createdAt.slice(0, 10)}` : `filmed ${marks.filmedOn}`,
    ...(hand === undefined ? [] : [`${hand}-handed`]),
    ...(Number.isFinite(height)
      ? [`height ${height.toFixed(2)}\u2009m${marks.heightMetres === undefined ? ' (estimated)' : ''}`]
      : []),
  ];
  write(document, { text: facts.join('  ·  '), x: margin, y: margin + 20, width, size: 9, colour: ink.quiet });
  rule(document, margin + 40);
}

function drawMoment(
  document: ReportDocument,
  moment: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly picture: MomentPicture | undefined;
    readonly title: string;
    readonly detail: string;
  },
): void {
  const { x, y, width, height, picture, title, detail } = moment;
  document.rect(x, y, width, height).fill('#eceef1');
  if (picture !== undefined) {
    const fit: [number, number] = [width, height];
    document.image(Buffer.from(picture.jpeg), x, y, { fit, align: 'center', valign: 'center' });
  }
  write(document, { text: title, x, y: y + height + 3, width, size: 8, isStrong: true });
  write(document, { text: detail, x, y: y + height + 13.5, width, size: 7.4, colour: ink.quiet });
}

function momentWords(
  { timeSeconds, uncertaintySeconds, isSetByHand }: ExportedRepetition['events'][string],
  frame: number,
): string {
  const decimals = isSetByHand ? 3 : Math.max(2, decimalsFor(uncertaintySeconds));
  const error = isSetByHand ? '' : ` ± ${numberWords(uncertaintySeconds, decimals)}`;
  return `${numberWords(timeSeconds, decimals)}${error}\u2009s  ·  frame ${frame}${isSetByHand ? '  ·  set by hand' : ''}`;
}

/** How it was measured, how far it can be trusted, and whom the norms speak of. */
function noteWords({ contents, analysis }: ReportInput, { measured }: ExportedRepetition): string[] {
  const { document } = contents;
  const { errors, marks, clipSecondsForOne } = analysis;
  const rate = marks.filmedFramesPerSecond ?? document.clip.framesPerSecond;
  const slow = clipSecondsForOne === 1 ? '' : `, stored at ${Number(document.clip.framesPerSecond.toFixed(2))}`;
  return [
    `Measured from video, ${Number(rate.toFixed(2))} frames a second${slow}, with ${document.model.id}. Assumed errors of the joints: ${errors.basis}. The interval is where the value lies nine times of ten if joints err so; it knows nothing of errors of other kinds, such as a camera that is not level. For coaching, not for medical use.`,
    ...normWords(measured.metrics),
    `Shadow Trainer ${document.versions.app}  ·  analysis ${document.analysisId.slice(0, 12)}`,
  ];
}

function normWords(metrics: readonly MeasuredMetric[]): string[] {
  const norms = metrics.flatMap(({ norm }) => (norm === undefined ? [] : [norm]));
  if (norms.length === 0) return [];
  const sources = new Set(norms.map(({ source, level, method }) => `${source} (${level}; ${method})`));
  const moved = norms.some(({ offset }) => offset !== undefined)
    ? ' Where our definition gives other numbers than theirs, the norm is moved by the difference.'
    : '';
  return [
    `Grey field: the middle 80 % of ${[...sources].join('; ')}.${moved} “Below” and “above” are said only where the whole interval lies outside; “cannot tell” means that it reaches across an edge of the norm.`,
  ];
}
