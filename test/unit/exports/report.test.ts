import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, it } from 'vitest';
import type { MeasuredAnalysis } from '../../../worker/exports/measured-analysis.ts';
import { exportReport } from '../../../worker/exports/report/export-report.ts';
import { cropsAround } from '../../../worker/exports/report/moment-pictures.ts';
import type { ClipIndex, MediaPort } from '../../../worker/pipeline/ports.ts';
import { analysedWalker } from '../clean/analysed-walker.ts';
import { pitchAnalysis } from './pitch-analysis.ts';

const contents = analysedWalker();
const { profile, repetitions } = pitchAnalysis;
const { timesSeconds } = contents.cleaned;
const index: ClipIndex = { probe: contents.document.clip, timesSeconds, presentationStamps: timesSeconds, cuts: [] };
/** A clip that gives no frame: its pictures stay empty, the rest of the page stands. */
const media = { async *decode() {}, encodePicture: async () => new Uint8Array() } as unknown as MediaPort;

async function report(analysis: MeasuredAnalysis): Promise<Uint8Array> {
  const input = { clipPath: '', clipName: 'pitch.mp4', index, contents, analysis, onPage: () => undefined };
  return await exportReport(input, { media }, new AbortController().signal);
}

async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const texts: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    texts.push(items.map((item) => ('str' in item ? item.str : '')).join('\n'));
  }
  await document.destroy();
  return texts;
}

describe('the report', () => {
  it('has a page for each repetition: all events, all metrics or why not, norms with their source', async () => {
    const bytes = await report({ ...pitchAnalysis, repetitions: [...repetitions, ...repetitions] });
    const pages = await pagesOf(bytes);
    expect(pages).toHaveLength(2);
    const [first = '', second = ''] = pages;
    expect(first).toContain('=1+1 Ärger');
    expect([first, second].map((page) => /Repetition \d of \d/.exec(page)?.[0])).toEqual([
      'Repetition 1 of 2',
      'Repetition 2 of 2',
    ]);
    for (const { label } of profile.events) expect(first).toContain(label);
    expect(first).toContain('set by hand');
    const words = first.replaceAll('\n', ' ');
    for (const { metric, norm } of repetitions[0]?.measured.metrics ?? []) {
      expect(words).toContain(metric.label);
      if (norm) expect(words).toContain(norm.level);
    }
    expect(words).toMatch(/°\s+± \d/);
  });

  it('is the same bytes for the same analysis', async () => {
    expect(await report(pitchAnalysis)).toEqual(await report(pitchAnalysis));
  });

  it('says why where nothing was measured', async () => {
    const pages = await pagesOf(
      await report({ ...pitchAnalysis, repetitions: [], problem: 'The frames are shuffled.' }),
    );
    expect(pages).toHaveLength(1);
    expect(pages[0]).toContain('The frames are shuffled.');
  });
});

describe('pictures of the moments', () => {
  it('show the body at one size, in the middle where the picture reaches so far', () => {
    const bodies = [{ x: 300, y: 100, width: 100, height: 200 }, { x: 0, y: 300, width: 80, height: 180 }, undefined];
    const crops = cropsAround(bodies, { width: 1000, height: 500, aspect: 1.5 });
    expect(crops.map(({ width, height }) => [width, height])).toEqual([
      [408, 272],
      [408, 272],
      [408, 272],
    ]);
    expect(crops[0]).toMatchObject({ x: 146, y: 64 });
    expect(crops[1]).toMatchObject({ x: 0, y: 228 });
  });

  it('are never larger than the clip', () => {
    const [crop] = cropsAround([{ x: 0, y: 0, width: 100, height: 300 }], { width: 100, height: 300, aspect: 1.5 });
    expect(crop).toEqual({ x: 0, y: expect.any(Number), width: 100, height: 66 });
  });
});
