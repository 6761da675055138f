/** What every part of a report draws with: fonts, sizes, greys; A4, in points. */
import { reportFonts } from '../report-fonts.ts';

export type ReportDocument = PDFKit.PDFDocument;

export const page = { width: 595.28, height: 841.89, margin: 40 } as const;
export const contentWidth = page.width - 2 * page.margin;

export const ink = {
  text: '#16191f',
  quiet: '#5d6470',
  rule: '#d5d9df',
  band: '#dde1e7',
  accent: '#1b5fd9',
  attention: '#80620a',
} as const;

/** Pages are added by hand. The same analysis gives the same bytes. */
export async function openReport(about: {
  readonly title: string;
  readonly subject: string;
  readonly createdAt: Date;
}): Promise<ReportDocument> {
  // Loaded where it is used: most of a worker's jobs need none of it.
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({
    ...{ size: 'A4', margin: 0, autoFirstPage: false, displayTitle: true, lang: 'en', font: reportFonts.regular() },
    info: { Title: about.title, Subject: about.subject, Creator: 'Shadow Trainer', CreationDate: about.createdAt },
  });
  document.registerFont('regular', reportFonts.regular());
  document.registerFont('strong', reportFonts.semiBold());
  return document;
}

export interface Words {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly colour?: string;
  readonly isStrong?: boolean;
  /** Figures of one width, so that numbers below each other line up. */
  readonly isNumber?: boolean;
  readonly align?: 'left' | 'right' | 'center';
  /** One line, cut with an ellipsis, when absent; else as many as it takes. */
  readonly wraps?: boolean;
}

export function write(document: ReportDocument, words: Words): void {
  const { text, x, y, width, size, colour = ink.text, isStrong = false, align = 'left' } = words;
  document
    .font(isStrong ? 'strong' : 'regular')
    .fontSize(size)
    .fillColor(colour)
    .text(text, x, y, {
      ...{ width, align, features: words.isNumber ? ['tnum', 'kern'] : ['kern'] },
      ...(words.wraps ? { lineGap: 1.2 } : { height: size * 1.1, ellipsis: true, lineBreak: true }),
    });
}

export function heightOf(document: ReportDocument, text: string, { width, size }: { width: number; size: number }) {
  return document.font('regular').fontSize(size).heightOfString(text, { width, lineGap: 1.2 });
}

export function rule(document: ReportDocument, y: number): void {
  const { margin, width } = page;
  document
    .moveTo(margin, y)
    .lineTo(width - margin, y)
    .lineWidth(0.6)
    .stroke(ink.rule);
}

export async function bytesOf(document: ReportDocument): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (part: Uint8Array) => void parts.push(part));
    document.on('end', resolve);
    document.on('error', reject);
  });
  document.end();
  await ended;
  return Buffer.concat(parts);
}
