import type { AnalysisContents } from '../pipeline/analysis-files.ts';
import { skeletonOf } from '../pipeline/skeleton-of.ts';
import { decimal } from './decimal.ts';

/**
 * The cleaned analysis as one self-contained JSON text: `analysis` (the document with all provenance), `skeleton`,
 * `timesSeconds` [F], `landmarks2d` [F][K][x, y, visibility, presence] and `deviations2d` [F][K] (standard deviation of
 * x and of y) in display pixels, `landmarks3d` [F][K][X, Y, Z]
 * in metres (`null` in place of a missing keypoint), and `angles` by id, [F] degrees (`null` where missing).
 */
export function exportJson(
  contents: Pick<AnalysisContents, 'document' | 'cleaned' | 'deviations2d' | 'angles'>,
): string {
  const { document, cleaned, deviations2d, angles } = contents;
  const { names, edges, leftRightPairs } = skeletonOf(document);
  const frames = Array.from({ length: document.frames }, (_, frame) => frame);
  const columns = document.angles.map(({ id }, angle) => {
    const values = frames.map((frame) => orNull(angles[frame * document.angles.length + angle], 2));
    return `${JSON.stringify(id)}:${JSON.stringify(values)}`;
  });
  // Written row by row: a nested copy of a long clip would need many times the memory of the text.
  const parts = [
    `"format":"shadow-trainer/export"`,
    `"formatVersion":1`,
    `"analysis":${JSON.stringify(document)}`,
    `"skeleton":${JSON.stringify({ names, edges, leftRightPairs })}`,
    `"timesSeconds":${JSON.stringify(frames.map((frame) => decimal(cleaned.timesSeconds[frame] ?? 0, 6)))}`,
    `"landmarks2d":${rows(cleaned.landmarks2d, names.length, [2, 2, 3, 3])}`,
    `"deviations2d":${numbers(deviations2d, names.length, 2)}`,
    `"landmarks3d":${rows(cleaned.landmarks3d, names.length, [4, 4, 4])}`,
    `"angles":{${columns.join(',')}}`,
  ];
  return `{${parts.join(',\n')}}\n`;
}

/** [F × K] as nested JSON, a line per frame. */
function numbers(values: Float32Array, keypoints: number, decimals: number): string {
  const lines: string[] = [];
  for (let start = 0; start < values.length; start += keypoints) {
    const row = Array.from(values.subarray(start, start + keypoints), (value) => orNull(value, decimals));
    lines.push(JSON.stringify(row));
  }
  return `[${lines.join(',\n')}]`;
}

/** [F × K × C] as nested JSON, a line per frame, each component with its own number of decimals. */
function rows(values: Float32Array, keypoints: number, decimals: readonly number[]): string {
  const width = keypoints * decimals.length;
  const lines: string[] = [];
  for (let start = 0; start < values.length; start += width) {
    const row: ((number | null)[] | null)[] = [];
    for (let at = start; at < start + width; at += decimals.length) {
      row.push(Number.isNaN(values[at]) ? null : decimals.map((digits, i) => orNull(values[at + i], digits)));
    }
    lines.push(JSON.stringify(row));
  }
  return `[${lines.join(',\n')}]`;
}

function orNull(value: number | undefined, decimals: number): number | null {
  return value === undefined || Number.isNaN(value) ? null : decimal(value, decimals);
}
