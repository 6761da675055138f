import type { AnalysisContents } from '../pipeline/analysis-files.ts';
import { skeletonOf } from '../pipeline/skeleton-of.ts';
import { decimal } from './decimal.ts';

/** Components of a keypoint in the order of their columns. Units in the names; unique without regard to case. */
const columns2d = [
  { name: 'x_px', decimals: 2 },
  { name: 'y_px', decimals: 2 },
  { name: 'visibility', decimals: 3 },
];
const deviationColumn = { name: 'sd_px', decimals: 2 };
const columns3d = [
  { name: 'x_m', decimals: 4 },
  { name: 'y_m', decimals: 4 },
  { name: 'z_m', decimals: 4 },
];

/**
 * The cleaned motion as a table (RFC 4180): one row per frame with `frame`, `time_s`, of every keypoint x, y (display
 * pixels), visibility, the standard deviation of x and of y (pixels) and X, Y, Z (metres, origin mid-hip, x right, y down, z away from the camera), then every angle
 * in degrees. A missing value is an empty cell.
 */
export function exportCsv(
  contents: Pick<AnalysisContents, 'document' | 'cleaned' | 'deviations2d' | 'angles'>,
): string {
  const { document, cleaned, deviations2d, angles } = contents;
  const { names } = skeletonOf(document);
  const header = [
    'frame',
    'time_s',
    ...names.flatMap((name) => [...columns2d, deviationColumn, ...columns3d].map((column) => `${name}_${column.name}`)),
    ...document.angles.map((angle) => `${angle.id}_deg`),
  ];
  const lines = [header.join(',')];
  for (let frame = 0; frame < document.frames; frame++) {
    const cells = [String(frame), cell(cleaned.timesSeconds[frame], 6)];
    for (let keypoint = 0; keypoint < names.length; keypoint++) {
      const sample = frame * names.length + keypoint;
      columns2d.forEach(({ decimals }, i) => void cells.push(cell(cleaned.landmarks2d[sample * 4 + i], decimals)));
      cells.push(cell(deviations2d[sample], deviationColumn.decimals));
      columns3d.forEach(({ decimals }, i) => void cells.push(cell(cleaned.landmarks3d[sample * 3 + i], decimals)));
    }
    for (let angle = 0; angle < document.angles.length; angle++) {
      cells.push(cell(angles[frame * document.angles.length + angle], 2));
    }
    lines.push(cells.join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function cell(value: number | undefined, decimals: number): string {
  return value === undefined || Number.isNaN(value) ? '' : String(decimal(value, decimals));
}
