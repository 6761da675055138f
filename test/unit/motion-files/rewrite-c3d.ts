/** The same C3D file as another processor would have written it, byte by byte after the format's manual. */
type Processor = 'intel' | 'dec' | 'mips';

interface Form {
  readonly processor: Processor;
  readonly numbers: 'integers' | 'floats';
}

const processorCodes = { intel: 84, dec: 85, mips: 86 } as const;
/** Millimetres in one step of a scaled integer. */
const step = 0.1;

/** `bytes` as this project writes them: Intel floats, points alone. */
export function rewriteC3d(bytes: Uint8Array, { processor, numbers }: Form): Uint8Array {
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = source.getUint16(2, true);
  const frames = source.getUint16(8, true);
  const dataStart = (source.getUint16(16, true) - 1) * 512;
  const size = numbers === 'floats' ? 4 : 2;
  const out = new Uint8Array(dataStart + frames * count * 4 * size);
  out.set(bytes.subarray(0, dataStart));
  const view = new DataView(out.buffer);
  const word = (at: number, value: number): void => view.setInt16(at, value, processor !== 'mips');
  const float = (at: number, value: number): void => {
    if (processor !== 'dec') {
      view.setFloat32(at, value, processor === 'intel');
      return;
    }
    const bits = new DataView(new ArrayBuffer(4));
    bits.setFloat32(0, value * 4);
    view.setUint16(at, bits.getUint16(0), true);
    view.setUint16(at + 2, bits.getUint16(2), true);
  };
  for (const at of [2, 4, 6, 8, 10, 16, 18]) word(at, source.getUint16(at, true));
  const scale = numbers === 'floats' ? -1 : step;
  float(12, scale);
  float(20, source.getFloat32(20, true));
  out[512 + 3] = processorCodes[processor];
  let at = 512 + 4;
  while (out[at] !== 0) {
    const nameLength = bytes[at] as number;
    const isGroup = (bytes[at + 1] as number) > 127;
    const name = String.fromCharCode(...bytes.subarray(at + 2, at + 2 + nameLength));
    const offsetAt = at + 2 + nameLength;
    const offset = source.getUint16(offsetAt, true);
    word(offsetAt, offset);
    const type = bytes[offsetAt + 2];
    const data = offsetAt + 4 + (bytes[offsetAt + 3] as number);
    if (!isGroup && type === 2) word(data, source.getInt16(data, true));
    if (!isGroup && type === 4) float(data, name === 'SCALE' ? scale : source.getFloat32(data, true));
    at = offsetAt + offset;
  }
  for (let i = 0; i < frames * count * 4; i++) {
    const value = source.getFloat32(dataStart + i * 4, true);
    const isResidual = i % 4 === 3;
    if (numbers === 'floats') float(dataStart + i * 4, value);
    else word(dataStart + i * 2, isResidual ? value : Math.round(value / step));
  }
  return out;
}
