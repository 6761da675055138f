import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import type { CameraPreset } from './space-store.ts';

/** Vertical angle of view, degrees: long enough that limbs towards the eye do not swell. */
export const fieldOfViewDegrees = 26;

/** Metres that must fit around the body: a stride and a raised arm. */
const roomMetres = { width: 2.3, height: 2.35 };

/** Height of what is looked at, metres. */
const eyeTargetHeight = 0.9;

/** How far the eye looks down, degrees: enough to see where the feet stand. */
const downDegrees: Readonly<Record<CameraPreset, number>> = { filmed: 7, side: 7, front: 7, back: 7, top: 89.5 };

export interface CameraPlace {
  readonly position: Vector;
  readonly target: Vector;
}

/** Where the eye stands for a preset. Metres, y up. */
export function cameraPlace(options: {
  readonly preset: CameraPreset;
  /** Where "front" is seen from, over the ground, length 1. */
  readonly forward: Vector;
  /** Width of the picture for its height. */
  readonly aspect: number;
}): CameraPlace {
  const { preset, forward, aspect } = options;
  const half = Math.tan((fieldOfViewDegrees * Math.PI) / 360);
  const far = Math.max(roomMetres.height, roomMetres.width / Math.max(aspect, 0.1)) / 2 / half;
  const down = (downDegrees[preset] * Math.PI) / 180;
  const [x = 0, , z = 0] = directionOf(preset, forward);
  const level = far * Math.cos(down);
  return {
    position: [x * level, eyeTargetHeight + far * Math.sin(down), z * level],
    target: [0, eyeTargetHeight, 0],
  };
}

/** From the body to the eye, over the ground. */
function directionOf(preset: CameraPreset, [x = 0, , z = 1]: Vector): Vector {
  switch (preset) {
    case 'front':
      return [x, 0, z];
    case 'back':
      return [-x, 0, -z];
    case 'side':
      // Of both sides the one that was filmed, so that the body does not turn round.
      return x > 0 ? [-z, 0, x] : [z, 0, -x];
    default:
      return [0, 0, 1];
  }
}
