/** Constant tensors of a TFLite file as plain float32, dense, in TFLite's own axis order. */
import { type Sparsity, type TfliteTensor, tensorTypes } from './tflite-model.ts';

/** float32 or float16, dense or sparse. Throws an Error for another type. */
export function readFloats(tensor: TfliteTensor): Float32Array {
  const values = tensor.type === tensorTypes.float16 ? fromFloat16(tensor.data) : fromFloat32(tensor);
  return tensor.sparsity ? densify(values, tensor.shape, tensor.sparsity) : values;
}

/** Throws an Error for another type than int32. */
export function readInts(tensor: TfliteTensor): Int32Array {
  if (tensor.type !== tensorTypes.int32) throw new Error(`${tensor.name} is not int32.`);
  return new Int32Array(tensor.data.slice().buffer);
}

function fromFloat32(tensor: TfliteTensor): Float32Array {
  if (tensor.type !== tensorTypes.float32) throw new Error(`${tensor.name} has tensor type ${tensor.type}.`);
  return new Float32Array(tensor.data.slice().buffer);
}

/** IEEE 754 half precision, little-endian. */
export function fromFloat16(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 2 }, (_, i) => {
    const half = view.getUint16(i * 2, true);
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

/**
 * Expands sparse values, as tensorflow/lite/kernels/internal/utils/sparsity_format_converter.cc does: dimensions are
 * walked in traversal order; the ones past the tensor's rank are blocks of the dimensions in the block map.
 */
export function densify(values: Float32Array, shape: readonly number[], sparsity: Sparsity): Float32Array {
  const { traversalOrder, blockMap, dimensions } = sparsity;
  const rank = shape.length;
  const dense = new Float32Array(shape.reduce((product, length) => product * length, 1));
  const blockSizes = new Map<number, number>();
  blockMap.forEach((dimension, i) => {
    const level = traversalOrder.indexOf(rank + i);
    blockSizes.set(dimension, dimensions[level]?.denseSize ?? 1);
  });
  const position = new Array<number>(traversalOrder.length).fill(0);
  let next = 0;

  const write = (): void => {
    let at = 0;
    for (let dimension = 0; dimension < rank; dimension++) {
      const block = blockMap.indexOf(dimension);
      const outer = position[dimension] ?? 0;
      const coordinate = block < 0 ? outer : outer * (blockSizes.get(dimension) ?? 1) + (position[rank + block] ?? 0);
      at = at * (shape[dimension] ?? 1) + coordinate;
    }
    dense[at] = values[next++] ?? 0;
  };
  const walk = (level: number, row: number): void => {
    const dimension = dimensions[level];
    const axis = traversalOrder[level];
    if (dimension === undefined || axis === undefined) {
      write();
      return;
    }
    if (!dimension.sparse) {
      for (let i = 0; i < dimension.denseSize; i++) {
        position[axis] = i;
        walk(level + 1, row * dimension.denseSize + i);
      }
      return;
    }
    const end = dimension.segments[row + 1] ?? 0;
    for (let i = dimension.segments[row] ?? 0; i < end; i++) {
      position[axis] = dimension.indices[i] ?? 0;
      walk(level + 1, i);
    }
  };
  walk(0, 0);
  if (next !== values.length) throw new Error(`A sparse tensor holds ${values.length} values; ${next} were placed.`);
  return dense;
}
