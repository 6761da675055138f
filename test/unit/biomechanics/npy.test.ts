import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy } from '../../../worker/biomechanics/npy.ts';

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

describe('npy', () => {
  it('follows the format to the byte', () => {
    const bytes = encodeNpy(new Float32Array([1, -2]), [2]);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const headerLength = (bytes[8] ?? 0) + (bytes[9] ?? 0) * 256;
    expect((10 + headerLength) % 64).toBe(0);
    const header = new TextDecoder().decode(bytes.subarray(10, 10 + headerLength));
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }");
    expect(header.endsWith('\n')).toBe(true);
    expect([...bytes.subarray(10 + headerLength)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
  });

  it.each([[[6]], [[2, 3]], [[1, 2, 3]], [[0, 33, 4]], [[]]])('reads back what it wrote: shape %j', (shape) => {
    const count = shape.reduce((product, size) => product * size, 1);
    for (const Kind of [Float32Array, Float64Array]) {
      const data = new Kind(count).map((_, i) => (i === 1 ? Number.NaN : i / 3));
      const decoded = decodeNpy(encodeNpy(data, shape));
      expect(decoded.shape).toEqual(shape);
      expect(decoded.data).toEqual(data);
    }
  });

  it('reads from the middle of a buffer that is not aligned', () => {
    const bytes = encodeNpy(new Float64Array([Math.PI, -0]), [2]);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeNpy(shifted.subarray(3)).data).toEqual(new Float64Array([Math.PI, -0]));
  });

  it('refuses what it cannot read', () => {
    const bytes = encodeNpy(new Float32Array([1, 2]), [2]);
    expect(() => encodeNpy(new Float32Array(3), [2, 2])).toThrow(RangeError);
    expect(() => decodeNpy(new Uint8Array(100))).toThrow(/Not a \.npy file/);
    expect(() => decodeNpy(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
    expect(() => decodeNpy(bytes.subarray(0, 40))).toThrow(/cut off/);
    const other = Uint8Array.from(bytes);
    other.set(new TextEncoder().encode('<i4'), 21);
    expect(() => decodeNpy(other)).toThrow(/<i4/);
  });

  it.skipIf(!hasNumpy)('agrees with NumPy in both directions (needs python3 with numpy)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-npy-'));
    try {
      writeFileSync(join(folder, 'ours.npy'), encodeNpy(new Float32Array([0, 1, Number.NaN, 3, 4.5, 5]), [2, 3]));
      const script = `
import numpy
a = numpy.load('ours.npy', mmap_mode='r')
assert a.dtype == numpy.float32 and a.shape == (2, 3) and a[1, 1] == 4.5 and numpy.isnan(a[0, 2])
numpy.save('theirs.npy', numpy.arange(24, dtype=numpy.float64).reshape(2, 3, 4) / 7)
numpy.save('scalar.npy', numpy.float32(2.5))`;
      execFileSync('python3', ['-c', script], { cwd: folder });
      const { shape, data } = decodeNpy(readFileSync(join(folder, 'theirs.npy')));
      expect(shape).toEqual([2, 3, 4]);
      expect(data).toEqual(new Float64Array(24).map((_, i) => i / 7));
      expect(decodeNpy(readFileSync(join(folder, 'scalar.npy')))).toEqual({
        shape: [],
        data: new Float32Array([2.5]),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
