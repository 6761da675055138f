/**
 * NumPy's .npy format for float arrays: C order, little-endian.
 * Source: numpy.lib.format, versions 1.0 (written) and 1.0 to 3.0 (read).
 */
export type FloatArray = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export interface NpyArray {
  readonly shape: readonly number[];
  /** Row-major; length = product of `shape`. A copy: never a view of the bytes read. */
  readonly data: FloatArray;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Start of the numbers is a multiple of this, so that a file can be memory-mapped. */
const alignment = 64;

/** Bytes of a .npy file. Throws a RangeError when `shape` does not fit `data`. */
export function encodeNpy(data: Float32Array | Float64Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  if (elementCount(shape) !== data.length) {
    throw new RangeError(`Shape [${shape.join(', ')}] does not hold ${data.length} numbers.`);
  }
  const descr = data instanceof Float32Array ? '<f4' : '<f8';
  const { bytes, start } = withHeader(descr, shape, data.byteLength);
  const view = new DataView(bytes.buffer);
  if (littleEndianHost) bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  else if (descr === '<f4') data.forEach((value, i) => void view.setFloat32(start + i * 4, value, true));
  else data.forEach((value, i) => void view.setFloat64(start + i * 8, value, true));
  return bytes;
}

/** A one-dimensional array of texts, as NumPy's `<U`: UTF-32, filled up with zeros. For NumPy alone: not read here. */
export function encodeNpyTexts(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const letters = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0) as number));
  const width = Math.max(1, ...letters.map(({ length }) => length));
  const { bytes, start } = withHeader(`<U${width}`, [texts.length], texts.length * width * 4);
  const view = new DataView(bytes.buffer);
  letters.forEach((codes, text) => {
    codes.forEach((code, i) => void view.setUint32(start + (text * width + i) * 4, code, true));
  });
  return bytes;
}

function withHeader(descr: string, shape: readonly number[], dataBytes: number) {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const start = Math.ceil((magic.length + 4 + dictionary.length + 1) / alignment) * alignment;
  const header = `${dictionary.padEnd(start - magic.length - 4 - 1)}\n`;
  const bytes = new Uint8Array(start + dataBytes);
  bytes.set(magic);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  return { bytes, start };
}

/**
 * Reads float32 and float64 arrays. Throws a RangeError for anything else (other types, Fortran order, damaged or
 * cut-off files), with the reason.
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) throw new RangeError('Not a .npy file.');
  const wideLength = (bytes[6] ?? 0) >= 2;
  const headerStart = wideLength ? 12 : 10;
  const start = headerStart + (wideLength ? view.getUint32(8, true) : view.getUint16(8, true));
  if (start > bytes.length) throw new RangeError('The header of a .npy file is cut off.');
  const header = String.fromCharCode(...bytes.subarray(headerStart, start));

  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const dimensions = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr !== '<f4' && descr !== '<f8') throw new RangeError(`.npy arrays of type ${descr} are not read.`);
  if (order !== 'False' || dimensions === undefined) throw new RangeError(`.npy header not understood: ${header}`);
  const shape = dimensions
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);

  const itemSize = descr === '<f4' ? 4 : 8;
  const count = elementCount(shape);
  if (bytes.length - start !== count * itemSize) {
    throw new RangeError(`A .npy file of shape [${shape.join(', ')}] holds ${bytes.length - start} bytes.`);
  }
  const data = descr === '<f4' ? new Float32Array(count) : new Float64Array(count);
  if (littleEndianHost) new Uint8Array(data.buffer).set(bytes.subarray(start));
  else for (let i = 0; i < count; i++) data[i] = readFloat(view, start + i * itemSize, itemSize);
  return { shape, data };
}

const littleEndianHost = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function readFloat(view: DataView, offset: number, itemSize: number): number {
  return itemSize === 4 ? view.getFloat32(offset, true) : view.getFloat64(offset, true);
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
