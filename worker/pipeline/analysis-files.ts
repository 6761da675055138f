/** The files of an analysis folder: made from typed arrays, and read back into them. */
import type { Motion } from '../biomechanics/motion.ts';
import { decodeNpy, encodeNpy, type FloatArray } from '../biomechanics/npy.ts';
import {
  type AnalysisDocument,
  type AnalysisFile,
  analysisDocumentSchema,
  analysisFiles,
} from '../protocol/analysis.ts';
import { AppError } from '../protocol/errors.ts';

export interface AnalysisContents {
  readonly document: AnalysisDocument;
  /** As the model saw it. */
  readonly raw: Motion;
  /** Repaired, filled, filtered. Same frames and keypoints as `raw`. */
  readonly cleaned: Motion;
  /** [F × K] pixels: of the cleaned x and y. Missing = NaN. */
  readonly deviations2d: Float32Array;
  /** [F × A] degrees, in the order of `document.angles`; missing = NaN. */
  readonly angles: Float32Array;
}

/** Bytes of every file, by name. Throws a RangeError when the arrays do not fit the document. */
export function encodeAnalysisFiles(contents: AnalysisContents): Map<AnalysisFile, Uint8Array> {
  const { document, raw, cleaned, deviations2d, angles } = contents;
  const { frames } = document;
  const keypoints = cleaned.keypointCount;
  const json = `${JSON.stringify(document, undefined, 2)}\n`;
  return new Map<AnalysisFile, Uint8Array>([
    [analysisFiles.document, new TextEncoder().encode(json)],
    [analysisFiles.time, encodeNpy(cleaned.timesSeconds, [frames])],
    [analysisFiles.landmarks2d, encodeNpy(cleaned.landmarks2d, [frames, keypoints, 4])],
    [analysisFiles.landmarks2dRaw, encodeNpy(raw.landmarks2d, [frames, keypoints, 4])],
    [analysisFiles.deviations2d, encodeNpy(deviations2d, [frames, keypoints])],
    [analysisFiles.landmarks3d, encodeNpy(cleaned.landmarks3d, [frames, keypoints, 3])],
    [analysisFiles.landmarks3dRaw, encodeNpy(raw.landmarks3d, [frames, keypoints, 3])],
    [analysisFiles.angles, encodeNpy(angles, [frames, document.angles.length])],
  ]);
}

/** Throws AppError ASSET_CORRUPT when a file is missing, cannot be read, or does not fit the others. */
export function decodeAnalysisFiles(files: ReadonlyMap<string, Uint8Array>): AnalysisContents {
  try {
    const document = analysisDocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytesOf(files, 'document'))));
    const { frames } = document;
    const time = numbersOf(files, 'time', [frames]);
    const keypoints = decodeNpy(bytesOf(files, 'landmarks2d')).shape[1] ?? 0;
    const motionOf = (landmarks2d: FileKey, landmarks3d: FileKey): Motion => ({
      timesSeconds: Float64Array.from(time),
      keypointCount: keypoints,
      landmarks2d: Float32Array.from(numbersOf(files, landmarks2d, [frames, keypoints, 4])),
      landmarks3d: Float32Array.from(numbersOf(files, landmarks3d, [frames, keypoints, 3])),
    });
    return {
      document,
      raw: motionOf('landmarks2dRaw', 'landmarks3dRaw'),
      cleaned: motionOf('landmarks2d', 'landmarks3d'),
      // Analyses before version 4 of the pipeline have none.
      deviations2d: files.has(analysisFiles.deviations2d)
        ? Float32Array.from(numbersOf(files, 'deviations2d', [frames, keypoints]))
        : new Float32Array(frames * keypoints).fill(Number.NaN),
      angles: Float32Array.from(numbersOf(files, 'angles', [frames, document.angles.length])),
    };
  } catch (error) {
    const message = 'The stored analysis is damaged. Analyse the clip again.';
    throw error instanceof AppError ? error : new AppError('ASSET_CORRUPT', message, { cause: error });
  }
}

type FileKey = keyof typeof analysisFiles;

function bytesOf(files: ReadonlyMap<string, Uint8Array>, key: FileKey): Uint8Array {
  const bytes = files.get(analysisFiles[key]);
  if (bytes === undefined) throw new RangeError(`${analysisFiles[key]} is missing.`);
  return bytes;
}

function numbersOf(files: ReadonlyMap<string, Uint8Array>, key: FileKey, shape: readonly number[]): FloatArray {
  const array = decodeNpy(bytesOf(files, key));
  if (array.shape.length !== shape.length || array.shape.some((size, i) => size !== shape[i])) {
    throw new RangeError(`${analysisFiles[key]} has shape [${array.shape.join(', ')}], not [${shape.join(', ')}].`);
  }
  return array.data;
}
