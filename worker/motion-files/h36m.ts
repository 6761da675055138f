/** Human3.6M's 17 joints, as lifters write and read them: [F, 17, 3]. */
import { type JointMotion, jointAt } from '../biomechanics/joint-motion.ts';
import { decodeNpy, encodeNpy, type FloatArray } from '../biomechanics/npy.ts';
import { midpoint, type Vector } from '../biomechanics/vectors.ts';
import { MotionFileError } from './motion-file-error.ts';
import type { NamedPoints } from './named-points.ts';

const names = [
  ...['pelvis', 'right_hip', 'right_knee', 'right_ankle', 'left_hip', 'left_knee', 'left_ankle', 'spine', 'thorax'],
  ...['neck', 'head', 'left_shoulder', 'left_elbow', 'left_wrist', 'right_shoulder', 'right_elbow', 'right_wrist'],
] as const;

/** Throws MotionFileError for arrays of other shapes or types. */
export function readH36mNpy(bytes: Uint8Array, framesPerSecond: number): NamedPoints {
  const { shape, data } = decoded(bytes);
  const [frames = 0, joints, axes] = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (joints !== names.length || axes !== 3) {
    const found = shape.join(', ');
    throw new MotionFileError(`The NumPy file must hold an array [frames, 17, 3] of Human3.6M joints, not [${found}].`);
  }
  return {
    names,
    timesSeconds: Float64Array.from({ length: frames }, (_, frame) => frame / framesPerSecond),
    points: Float64Array.from(data),
  };
}

function decoded(bytes: Uint8Array): { shape: readonly number[]; data: FloatArray } {
  try {
    return decodeNpy(bytes);
  } catch (cause) {
    throw new MotionFileError('The NumPy file cannot be read: it must hold 32 or 64 bit floats in C order.', { cause });
  }
}

/** Metres, z up. What stands between joints is put in their middle; the head is where the ears or the nose are. */
export function writeH36mNpy(motion: JointMotion): Uint8Array<ArrayBuffer> {
  const frames = motion.timesSeconds.length;
  const data = new Float32Array(frames * names.length * 3);
  for (let frame = 0; frame < frames; frame++) {
    for (const [place, name] of names.entries()) {
      data.set(pointAt(motion, name, frame), (frame * names.length + place) * 3);
    }
  }
  return encodeNpy(data, [frames, names.length, 3]);
}

function pointAt(motion: JointMotion, name: (typeof names)[number], frame: number): Vector {
  const middle = (part: 'hip' | 'shoulder' | 'ear'): Vector =>
    midpoint(jointAt(motion, `left_${part}`, frame), jointAt(motion, `right_${part}`, frame));
  if (name === 'pelvis') return middle('hip');
  if (name === 'spine') return midpoint(middle('hip'), middle('shoulder'));
  if (name === 'thorax') return middle('shoulder');
  if (name === 'neck') return jointAt(motion, 'nose', frame);
  if (name === 'head') return middle('ear');
  return jointAt(motion, name, frame);
}
