/** How wrong joints are, by where they come from. */
import type { JointUncertainty } from './disturb-joints.ts';
import { oneCameraUncertainty } from './one-camera.ts';

export interface KnownErrors {
  readonly sigmaMetres: number;
  readonly correlationSeconds: number;
  /** What they are taken from, for people. */
  readonly basis: string;
  /** The view that is recognised says more: see `oneCameraUncertainty`. */
  readonly isOneCamera?: true;
}

export const markerErrors: KnownErrors = {
  sigmaMetres: 0.005,
  correlationSeconds: 0.03,
  basis: 'joint centres of a laboratory’s marker system: 5 mm, alike for 30 ms',
};
export const liftedErrors: KnownErrors = {
  sigmaMetres: 0.02,
  correlationSeconds: 0.05,
  basis: 'joints of unknown origin: 20 mm, alike for 50 ms',
};
/** Where the view is not recognised: what the errors of drawn pitches come to over all joints and directions. */
export const singleCameraErrors: KnownErrors = {
  sigmaMetres: 0.1,
  correlationSeconds: 0.2,
  basis: 'one camera’s landmarks: learnt from drawn pitches by view, direction and joint',
  isOneCamera: true,
};

/** Many markers give a ribcage: its points lie better to each other than two joints do. */
const thoraxShare = 0.3;

export function uncertaintyOf({ sigmaMetres, correlationSeconds, isOneCamera }: KnownErrors): JointUncertainty {
  const plain: JointUncertainty = {
    sigmaMetres: (joint) => sigmaMetres * (joint.startsWith('thorax') ? thoraxShare : 1),
    correlationSeconds,
  };
  return isOneCamera ? { ...plain, ofMotion: (motion) => oneCameraUncertainty(motion) ?? plain } : plain;
}
