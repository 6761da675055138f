import { type Skeleton, skeletons } from '../../models/skeletons.ts';
import type { AnalysisDocument } from '../protocol/analysis.ts';
import { AppError } from '../protocol/errors.ts';

/** Keypoint set of an analysis. Throws AppError INTERNAL for one that this version does not know. */
export function skeletonOf(document: AnalysisDocument): Skeleton {
  const skeleton = skeletons[document.model.skeleton];
  if (skeleton === undefined) throw new AppError('INTERNAL', `Unknown skeleton ${document.model.skeleton}.`);
  return skeleton;
}
