/** A motion in any of the forms that are read, with what is known of its errors. */

import { skeletons } from '../../models/skeletons.ts';
import { leastVisibility, toJointMotion } from '../biomechanics/joint-motion.ts';
import { type KnownErrors, liftedErrors, markerErrors, singleCameraErrors } from '../biomechanics/known-errors.ts';
import type { Hand } from '../biomechanics/pitching/throwing-side.ts';
import { type AnalysisContents, decodeAnalysisFiles } from '../pipeline/analysis-files.ts';
import { guessRate } from './guess-rate.ts';
import { readH36mNpy } from './h36m.ts';
import { MotionFileError } from './motion-file-error.ts';
import type { NamedPoints } from './named-points.ts';
import { type ImportedMotion, pointsToMotion } from './points-to-motion.ts';
import { readC3d } from './read-c3d.ts';
import { readTrc } from './trc.ts';

export interface ReadMotion extends ImportedMotion {
  readonly errors: KnownErrors;
  /** The file does not say its rate: moments can be found, times and speeds not be measured. */
  readonly isRateGuessed: boolean;
}

/**
 * Reads TRC, C3D and NPY (Human3.6M's 17 joints) by the file's ending. `framesPerSecond`, for NPY alone: guessed where
 * absent. Throws MotionFileError.
 */
export function readMotionFile(options: {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly hand?: Hand | undefined;
  readonly framesPerSecond?: number | undefined;
}): ReadMotion {
  const { fileName, bytes, hand } = options;
  const imported = (points: NamedPoints): ReadMotion => ({
    ...pointsToMotion(points, { hand }),
    ...{ errors: markerErrors, isRateGuessed: false },
  });
  switch (/\.([^.]*)$/.exec(fileName)?.[1]?.toLowerCase()) {
    case 'trc':
      return imported(readTrc(new TextDecoder().decode(bytes)));
    case 'c3d':
      return imported(readC3d(bytes));
    case 'npy': {
      const counted = options.framesPerSecond ?? guessRate(pointsToMotion(readH36mNpy(bytes, 1)).motion);
      if (counted === undefined) {
        throw new MotionFileError('The NumPy file does not say how many frames a second it holds: give it with --fps.');
      }
      const isRateGuessed = options.framesPerSecond === undefined;
      return { ...imported(readH36mNpy(bytes, counted)), errors: liftedErrors, isRateGuessed };
    }
    default:
      throw new MotionFileError('A motion is a file that ends in .trc, .c3d or .npy, or the folder of an analysis.');
  }
}

/** The motion of an analysis, from the bytes of its files by name. Throws AppError ASSET_CORRUPT. */
export function readAnalysisMotion(files: ReadonlyMap<string, Uint8Array>): ReadMotion {
  return motionOfAnalysis(decodeAnalysisFiles(files));
}

/** On the clip's own clock. */
export function motionOfAnalysis({ document, cleaned }: Pick<AnalysisContents, 'document' | 'cleaned'>): ReadMotion {
  const names = skeletons[document.model.skeleton]?.names;
  if (names === undefined) throw new MotionFileError(`The skeleton ${document.model.skeleton} is not known.`);
  const motion = toJointMotion({ motion: cleaned, names, leastVisibility });
  return { motion, errors: singleCameraErrors, isRateGuessed: false };
}
