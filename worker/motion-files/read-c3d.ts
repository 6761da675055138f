/**
 * The points of a C3D file: Intel, DEC and SGI byte orders, scaled integers and floats.
 * Source: The C3D File Format, a Technical User Guide (Motion Lab Systems, 2021), chapters on header, parameters, data.
 */

import { C3dNumbers } from './c3d-numbers.ts';
import { type C3dParameters, readC3dParameters } from './c3d-parameters.ts';
import { MotionFileError } from './motion-file-error.ts';
import { metresPerUnit, type NamedPoints } from './named-points.ts';

export const blockBytes = 512;

/** Throws MotionFileError where the bytes are not a C3D file, or end before its last frame. */
export function readC3d(bytes: Uint8Array): NamedPoints {
  if (bytes.length < 2 * blockBytes || bytes[1] !== 0x50) throw new MotionFileError('This is not a C3D file.');
  try {
    return pointsOf(bytes);
  } catch (error) {
    if (error instanceof MotionFileError) throw error;
    throw new MotionFileError('The C3D file is damaged or cut off.', { cause: error });
  }
}

function pointsOf(bytes: Uint8Array): NamedPoints {
  const parametersAt = ((bytes[0] as number) - 1) * blockBytes;
  const numbers = new C3dNumbers(bytes, bytes[parametersAt + 3] as number);
  const parameters = readC3dParameters(bytes, numbers, parametersAt);
  const count = parameters.number('POINT', 'USED') ?? numbers.word(2);
  const scale = parameters.number('POINT', 'SCALE') ?? numbers.float(12);
  const rate = parameters.number('POINT', 'RATE') ?? numbers.float(20);
  const start = ((parameters.number('POINT', 'DATA_START') ?? numbers.word(16)) - 1) * blockBytes;
  const analogValues = numbers.word(4);
  const frames = frameCount(parameters, numbers);
  if (!(rate > 0)) throw new MotionFileError('The C3D file does not say how many frames a second it holds.');
  if (count === 0) throw new MotionFileError('The C3D file holds no points.');
  // A scale below zero says that all values are floats, already in the file's unit.
  const isFloat = scale < 0;
  const size = isFloat ? 4 : 2;
  const frameBytes = (count * 4 + analogValues) * size;
  if (start + frames * frameBytes > bytes.length) throw new MotionFileError('The C3D file ends before its last frame.');
  const points = new Float64Array(frames * count * 3).fill(Number.NaN);
  for (let frame = 0; frame < frames; frame++) {
    for (let point = 0; point < count; point++) {
      const at = start + frame * frameBytes + point * 4 * size;
      const valueAt = (i: number): number =>
        isFloat ? numbers.float(at + i * 4) : numbers.integer(at + i * 2) * scale;
      // The fourth holds the residual, below zero where the point was not seen.
      if ((isFloat ? numbers.float(at + 12) : numbers.integer(at + 6)) < 0) continue;
      for (let axis = 0; axis < 3; axis++) points[(frame * count + point) * 3 + axis] = valueAt(axis);
    }
  }
  const labels = parameters.allTexts('POINT', 'LABELS');
  return {
    names: Array.from({ length: count }, (_, i) => labels[i] ?? ''),
    timesSeconds: Float64Array.from({ length: frames }, (_, i) => i / rate),
    points,
    metresPerUnit: metresPerUnit(parameters.allTexts('POINT', 'UNITS')[0] ?? ''),
  };
}

/** The header's words end at 65535; longer files say more in their parameters. */
function frameCount(parameters: C3dParameters, numbers: C3dNumbers): number {
  const inHeader = numbers.word(8) - numbers.word(6) + 1;
  const wide = (name: string): number | undefined => {
    const [low, high] = parameters.numbers('TRIAL', name) ?? [];
    return low === undefined || high === undefined ? undefined : (low & 0xffff) + (high & 0xffff) * 65_536;
  };
  const [first, last] = [wide('ACTUAL_START_FIELD'), wide('ACTUAL_END_FIELD')];
  if (first !== undefined && last !== undefined && last - first + 1 > inHeader) return last - first + 1;
  return inHeader;
}
