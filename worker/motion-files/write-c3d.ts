/** A C3D file of points alone: Intel floats, millimetres. Source: see read-c3d.ts. */
const blockBytes = 512;

export interface C3dContents {
  readonly names: readonly string[];
  readonly framesPerSecond: number;
  readonly frames: number;
  /** [F × P × 3] metres; missing = NaN, written as unseen. */
  readonly points: Float64Array;
}

/** Throws RangeError for more frames or points than the format's words count. */
export function writeC3d({ names, framesPerSecond, frames, points }: C3dContents): Uint8Array<ArrayBuffer> {
  if (frames > 32_767 || names.length > 255)
    throw new RangeError('A C3D file holds 32767 frames of 255 points at most.');
  const parameterBlocks = (start: number): Uint8Array[] => parameterRecords(names, framesPerSecond, frames, start);
  const sizeOf = (records: readonly Uint8Array[]): number => records.reduce((sum, record) => sum + record.length, 4);
  const blocks = Math.ceil((sizeOf(parameterBlocks(0)) + 1) / blockBytes);
  const dataBlock = 2 + blocks;
  const dataStart = (dataBlock - 1) * blockBytes;
  const dataBytes = Math.ceil((frames * names.length * 16) / blockBytes) * blockBytes;
  const bytes = new Uint8Array(dataStart + dataBytes);
  const view = new DataView(bytes.buffer);
  bytes.set([2, 0x50]);
  view.setUint16(2, names.length, true);
  view.setUint16(6, 1, true);
  view.setUint16(8, frames, true);
  view.setFloat32(12, -1, true);
  view.setUint16(16, dataBlock, true);
  view.setFloat32(20, framesPerSecond, true);
  bytes.set([1, 0x50, blocks, 84], blockBytes);
  let at = blockBytes + 4;
  for (const record of parameterBlocks(dataBlock)) {
    bytes.set(record, at);
    at += record.length;
  }
  for (let sample = 0; sample < frames * names.length; sample++) {
    const from = dataStart + sample * 16;
    const isSeen = Number.isFinite(points[sample * 3]);
    for (let axis = 0; axis < 3; axis++) {
      view.setFloat32(from + axis * 4, isSeen ? (points[sample * 3 + axis] as number) * 1000 : 0, true);
    }
    view.setFloat32(from + 12, isSeen ? 0 : -1, true);
  }
  return bytes;
}

function parameterRecords(names: readonly string[], rate: number, frames: number, dataBlock: number): Uint8Array[] {
  const width = Math.max(4, ...names.map((name) => name.length));
  const labels = names.map((name) => name.padEnd(width)).join('');
  return [
    group(1, 'POINT'),
    ...[words(1, 'USED', [names.length]), floats(1, 'SCALE', [-1]), floats(1, 'RATE', [rate])],
    ...[words(1, 'DATA_START', [dataBlock]), words(1, 'FRAMES', [frames])],
    ...[text(1, 'LABELS', labels, [width, names.length]), text(1, 'DESCRIPTIONS', labels, [width, names.length])],
    text(1, 'UNITS', 'mm', [2]),
    group(2, 'ANALOG'),
    ...[words(2, 'USED', [0]), floats(2, 'GEN_SCALE', [1]), floats(2, 'RATE', [rate])],
    group(3, 'FORCE_PLATFORM'),
    words(3, 'USED', [0]),
  ];
}

function group(id: number, name: string): Uint8Array {
  // Three bytes follow the name: the way to the next record, and an empty description.
  return Uint8Array.from([name.length, 256 - id, ...codes(name), 3, 0, 0]);
}

function parameter(groupId: number, name: string, type: number, dimensions: readonly number[], data: Uint8Array) {
  const body = [type & 0xff, dimensions.length, ...dimensions, ...data, 0];
  const offset = body.length + 2;
  return Uint8Array.from([name.length, groupId, ...codes(name), offset & 0xff, offset >> 8, ...body]);
}

function words(groupId: number, name: string, values: readonly number[]): Uint8Array {
  const data = new DataView(new ArrayBuffer(values.length * 2));
  values.forEach((value, i) => void data.setUint16(i * 2, value, true));
  return parameter(groupId, name, 2, values.length === 1 ? [] : [values.length], new Uint8Array(data.buffer));
}

function floats(groupId: number, name: string, values: readonly number[]): Uint8Array {
  const data = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => void data.setFloat32(i * 4, value, true));
  return parameter(groupId, name, 4, values.length === 1 ? [] : [values.length], new Uint8Array(data.buffer));
}

function text(groupId: number, name: string, value: string, dimensions: readonly number[]): Uint8Array {
  return parameter(groupId, name, -1, dimensions, Uint8Array.from(codes(value)));
}

function codes(value: string): number[] {
  return [...value].map((letter) => letter.charCodeAt(0) & 0x7f);
}
