/** The motion of an analysis as the files of motion laboratories and of NumPy. */
import { zipSync } from 'fflate';
import { encodeNpy, encodeNpyTexts } from '../biomechanics/npy.ts';
import { writeH36mNpy } from '../motion-files/h36m.ts';
import { motionToC3d, motionToMot, motionToTrc } from '../motion-files/write-motion.ts';
import { type AnalysisContents, encodeAnalysisFiles } from '../pipeline/analysis-files.ts';
import { skeletonOf } from '../pipeline/skeleton-of.ts';
import { analysisFiles } from '../protocol/analysis.ts';
import { AppError } from '../protocol/errors.ts';
import type { ClipMarks } from '../protocol/marks.ts';
import { realMotion, slownessOf } from './measured-analysis.ts';

type MotionExportKind = 'c3d' | 'trc' | 'mot' | 'npy' | 'npz';
type MotionExport = (
  contents: AnalysisContents,
  options: { readonly marks: ClipMarks; readonly baseName: string },
) => Uint8Array;

/** On the clock of the real motion, in metres; missing as each format says it. Throws AppError INVALID_INPUT. */
export const motionExports: Readonly<Record<MotionExportKind, MotionExport>> = {
  c3d(contents, { marks }) {
    try {
      return motionToC3d(realMotion(contents, marks));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new AppError('INVALID_INPUT', `${cause.message} Export TRC instead.`, { cause });
    }
  },
  trc: (contents, { marks, baseName }) => text(motionToTrc(realMotion(contents, marks), `${baseName}.trc`)),
  mot: (contents, { marks, baseName }) => text(motionToMot(realMotion(contents, marks), baseName)),
  npy: (contents, { marks }) => writeH36mNpy(realMotion(contents, marks)),
  npz: (contents, { marks }) => analysisNpz(contents, marks),
};

/**
 * What `numpy.load` opens as one file: every array of the analysis under the name of its file in the analysis folder,
 * `keypoints` and `angle_ids`, which name their columns, `real_seconds`, and analysis.json as bytes.
 */
function analysisNpz(contents: AnalysisContents, marks: ClipMarks): Uint8Array {
  const { document, cleaned } = contents;
  const slowness = slownessOf(contents, marks);
  const arrays = [...encodeAnalysisFiles(contents)].map(([name, bytes]): [string, Uint8Array] => [
    name === analysisFiles.document ? name : name.replaceAll('-', '_'),
    bytes,
  ]);
  return zipSync(
    {
      ...Object.fromEntries(arrays),
      'keypoints.npy': encodeNpyTexts(skeletonOf(document).names),
      'angle_ids.npy': encodeNpyTexts(document.angles.map(({ id }) => id)),
      'real_seconds.npy': encodeNpy(
        cleaned.timesSeconds.map((time) => time / slowness),
        [document.frames],
      ),
    },
    // Stored as they are, as numpy.savez does: floats hardly shrink. The oldest time that a zip can say: the same
    // analysis gives the same bytes.
    { level: 0, mtime: new Date(1980, 0, 1, 12) },
  );
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
