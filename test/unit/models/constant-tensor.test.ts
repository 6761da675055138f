import { describe, expect, it } from 'vitest';
import { densify, fromFloat16, readFloats, readInts } from '../../../models/blazepose/constant-tensor.ts';
import {
  type SparseDimension,
  type Sparsity,
  type TfliteTensor,
  tensorTypes,
} from '../../../models/blazepose/tflite-model.ts';

function halves(...bits: number[]): Uint8Array {
  return new Uint8Array(new Uint16Array(bits).buffer);
}

function dense(denseSize: number): SparseDimension {
  return { sparse: false, denseSize, segments: [], indices: [] };
}

function sparse(segments: number[], indices: number[]): SparseDimension {
  return { sparse: true, denseSize: 0, segments, indices };
}

function tensor(part: Partial<TfliteTensor>): TfliteTensor {
  return {
    index: 0,
    name: 'weights',
    shape: [],
    type: tensorTypes.float32,
    data: new Uint8Array(),
    sparsity: undefined,
    ...part,
  };
}

describe('fromFloat16', () => {
  it('reads normal, subnormal and special values', () => {
    const cases = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0xfbff, -65504],
      [0x0400, 2 ** -14],
      [0x03ff, 1023 * 2 ** -24],
      [0x0001, 2 ** -24],
      [0x8001, -(2 ** -24)],
      [0x0000, 0],
      [0x8000, -0],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
      [0x7e00, Number.NaN],
    ] as const;
    expect([...fromFloat16(halves(...cases.map(([bits]) => bits)))]).toEqual(cases.map(([, value]) => value));
  });

  it('grows with the bits from the least to the greatest positive half', () => {
    const values = fromFloat16(halves(...Array.from({ length: 0x7c01 }, (_, bits) => bits)));
    expect(values.findIndex((value, i) => i > 0 && !(value > (values[i - 1] ?? 0)))).toBe(-1);
  });

  it('reads bytes that begin at an odd place', () => {
    const bytes = Uint8Array.from([0xff, ...halves(0x3c00, 0x4000)]).subarray(1);
    expect([...fromFloat16(bytes)]).toEqual([1, 2]);
  });
});

describe('densify', () => {
  const values = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]);

  it('reads rows of compressed columns', () => {
    const sparsity: Sparsity = {
      traversalOrder: [0, 1],
      blockMap: [],
      dimensions: [dense(3), sparse([0, 2, 2, 3], [0, 3, 1])],
    };
    expect([...densify(values.subarray(0, 3), [3, 4], sparsity)]).toEqual([1, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0]);
  });

  it('walks the axes in the traversal order', () => {
    // The same places as above, column after column.
    const sparsity: Sparsity = {
      traversalOrder: [1, 0],
      blockMap: [],
      dimensions: [dense(4), sparse([0, 1, 2, 2, 3], [0, 2, 0])],
    };
    expect([...densify(values.subarray(0, 3), [3, 4], sparsity)]).toEqual([1, 0, 0, 3, 0, 0, 0, 0, 0, 2, 0, 0]);
  });

  it('keeps a tensor that is dense in every dimension', () => {
    const sparsity: Sparsity = { traversalOrder: [0, 1], blockMap: [], dimensions: [dense(2), dense(4)] };
    expect(densify(values, [2, 4], sparsity)).toEqual(values);
  });

  it('puts blocks of two by two at their places', () => {
    const sparsity: Sparsity = {
      traversalOrder: [0, 1, 2, 3],
      blockMap: [0, 1],
      dimensions: [dense(2), sparse([0, 1, 2], [1, 0]), dense(2), dense(2)],
    };
    expect([...densify(values, [4, 4], sparsity)]).toEqual([0, 0, 1, 2, 0, 0, 3, 4, 5, 6, 0, 0, 7, 8, 0, 0]);
  });

  it('puts blocks along the last axis of a convolution kernel, as the detector has them', () => {
    // [output 2, height 1, width 1, input 8] in blocks of four inputs.
    const sparsity: Sparsity = {
      traversalOrder: [0, 1, 2, 3, 4],
      blockMap: [3],
      dimensions: [dense(2), dense(1), dense(1), sparse([0, 1, 2], [1, 0]), dense(4)],
    };
    const expected = [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0];
    expect([...densify(values, [2, 1, 1, 8], sparsity)]).toEqual(expected);
  });

  it('follows sparse dimensions inside sparse dimensions', () => {
    // [2, 3, 2]: only the planes' rows (0, 2), (1, 0) and (1, 1) hold anything.
    const sparsity: Sparsity = {
      traversalOrder: [0, 1, 2],
      blockMap: [],
      dimensions: [dense(2), sparse([0, 1, 3], [2, 0, 1]), sparse([0, 1, 3, 4], [1, 0, 1, 0])],
    };
    expect([...densify(values.subarray(0, 4), [2, 3, 2], sparsity)]).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0]);
  });

  it('refuses more values than there are places', () => {
    const sparsity: Sparsity = { traversalOrder: [0], blockMap: [], dimensions: [sparse([0, 2], [0, 3])] };
    expect(() => densify(values, [4], sparsity)).toThrow('holds 8 values; 2 were placed');
  });
});

describe('readFloats and readInts', () => {
  it('reads sparse half precision', () => {
    const sparsity: Sparsity = { traversalOrder: [0], blockMap: [], dimensions: [sparse([0, 2], [1, 3])] };
    const stored = tensor({ shape: [4], type: tensorTypes.float16, data: halves(0x3c00, 0xc000), sparsity });
    expect([...readFloats(stored)]).toEqual([0, 1, 0, -2]);
  });

  it('reads float32 and int32, and refuses one for the other', () => {
    const floats = tensor({ shape: [2], data: new Uint8Array(new Float32Array([0.5, -3]).buffer) });
    const ints = tensor({
      shape: [2],
      type: tensorTypes.int32,
      data: new Uint8Array(new Int32Array([7, -1]).buffer),
    });
    expect([...readFloats(floats)]).toEqual([0.5, -3]);
    expect([...readInts(ints)]).toEqual([7, -1]);
    expect(() => readFloats(ints)).toThrow('weights has tensor type 2');
    expect(() => readInts(floats)).toThrow('weights is not int32');
  });
});
