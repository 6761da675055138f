/**
 * NumPy's .npy format, version 1.0, as numpy/lib/format.py documents it: little-endian float32 and float64, C order.
 * Pure, so that the window can read the arrays of an analysis too.
 */
export type NpyArray = Float32Array | Float64Array;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const headerAlignment = 64;

/** Throws a RangeError when the shape does not hold as many values as the array. */
export function encodeNpy(data: NpyArray, shape: readonly number[]): Uint8Array {
  if (shape.reduce((product, length) => product * length, 1) !== data.length) {
    throw new RangeError(`Shape (${shape.join(', ')}) does not hold ${data.length} values.`);
  }
  const descr = data instanceof Float32Array ? '<f4' : '<f8';
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const preamble = magic.length + 2;
  const padding = headerAlignment - ((preamble + dictionary.length + 1) % headerAlignment);
  const header = `${dictionary}${' '.repeat(padding % headerAlignment)}\n`;
  const bytes = new Uint8Array(preamble + header.length + data.byteLength);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint16(magic.length, header.length, true);
  for (let i = 0; i < header.length; i++) bytes[preamble + i] = header.charCodeAt(i);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), preamble + header.length);
  return bytes;
}

/** Throws a RangeError for anything but a float32 or float64 array in C order. */
export function decodeNpy(bytes: Uint8Array): { shape: number[]; data: NpyArray } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < magic.length + 2 || magic.slice(0, 6).some((value, i) => bytes[i] !== value)) {
    throw new RangeError('Not a .npy file.');
  }
  const isVersion1 = bytes[6] === 1;
  const headerLength = isVersion1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const headerStart = isVersion1 ? 10 : 12;
  const dataStart = headerStart + headerLength;
  const header = String.fromCharCode(...bytes.subarray(headerStart, dataStart));
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (shapeText === undefined || !/'fortran_order':\s*False/.test(header) || (descr !== '<f4' && descr !== '<f8')) {
    throw new RangeError(`Cannot read a .npy array of type ${descr ?? 'unknown'}.`);
  }
  const shape = shapeText
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  // Copied, because the values need not lie aligned in the file.
  const values = bytes.slice(dataStart).buffer;
  const data = descr === '<f4' ? new Float32Array(values) : new Float64Array(values);
  if (data.length !== shape.reduce((product, length) => product * length, 1)) {
    throw new RangeError('The .npy file is cut short.');
  }
  return { shape, data };
}
