import { useEffect } from 'react';
import { skeletons } from '../../../models/skeletons.ts';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { leastVisibility, toJointMotion } from '../../../worker/biomechanics/joint-motion.ts';
import { singleCameraErrors } from '../../../worker/biomechanics/known-errors.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import type { LoadedAnalysis } from '../analysis/analysis-store.ts';
import type { MeasuredSource } from './measure-store.ts';

/** Has the motion of the open analysis measured, by what the coach has said of the clip. */
export function useMeasuredMotion(clip: ClipView, loaded: LoadedAnalysis | undefined): void {
  const { library, measure } = useAppStores();
  const { sha256 } = clip.clip;
  useEffect(() => {
    // For a moment after another clip is opened, the analysis is still that of the one before.
    if (loaded?.document.clip.sha256 !== sha256) return undefined;
    measure.getState().open(sourceOf(loaded, library.getState().clips.get(sha256)?.marks ?? {}));
    return () => measure.getState().open(undefined);
  }, [library, measure, loaded, sha256]);
}

function sourceOf(analysis: LoadedAnalysis, marks: MeasuredSource['marks']): MeasuredSource | undefined {
  const { document, keypointCount, timesSeconds, cleaned, landmarks3d } = analysis;
  const names = skeletons[document.model.skeleton]?.names;
  if (names === undefined || timesSeconds.length < 2) return undefined;
  const motion = {
    ...{ timesSeconds: Float64Array.from(timesSeconds), keypointCount },
    ...{ landmarks2d: Float32Array.from(cleaned), landmarks3d: Float32Array.from(landmarks3d) },
  };
  return {
    ...{ clipSha256: document.clip.sha256, marks, errors: singleCameraErrors },
    motion: toJointMotion({ motion, names, leastVisibility }),
    framesPerSecond: document.clip.framesPerSecond,
  };
}
