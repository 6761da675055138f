/**
 * A second reader of C3D, written from the format's description alone and sharing nothing with ours: Intel floats, one
 * group of points. Source: The C3D File Format User Guide, chapters 2 (header), 3 (parameters) and 4 (data).
 */
export interface BookC3d {
  readonly labels: readonly string[];
  readonly units: string;
  readonly rate: number;
  /** [F][P]: x, y, z, residual. */
  readonly frames: readonly (readonly (readonly number[])[])[];
}

export function readC3dByTheBook(file: Buffer): BookC3d {
  // Header: byte 1 points at the parameters, byte 2 is 0x50; then words, counted from 1 in the book.
  if (file[1] !== 0x50) throw new Error('byte 2 is not 50h');
  const word = (number: number): number => file.readUInt16LE((number - 1) * 2);
  const [points, analogPerFrame, first, last, dataBlock] = [word(2), word(3), word(4), word(5), word(9)];
  const scale = file.readFloatLE(12);
  const rate = file.readFloatLE(20);
  if (!(scale < 0)) throw new Error('not stored as floats');

  const section = file.subarray(((file[0] as number) - 1) * 512);
  if (section[3] !== 84) throw new Error('not Intel');
  const groups = new Map<number, string>();
  const values = new Map<string, { readonly dimensions: readonly number[]; readonly data: Buffer }>();
  let at = 4;
  for (;;) {
    const length = Math.abs(section.readInt8(at));
    const id = section.readInt8(at + 1);
    if (length === 0) break;
    const name = section.toString('latin1', at + 2, at + 2 + length);
    const next = at + 2 + length + section.readUInt16LE(at + 2 + length);
    if (id < 0) groups.set(-id, name);
    else {
      const body = at + 2 + length + 2;
      const count = section[body + 1] as number;
      const dimensions = [...section.subarray(body + 2, body + 2 + count)];
      const width = Math.abs(section.readInt8(body));
      const size = dimensions.reduce((product, each) => product * each, width);
      values.set(`${groups.get(id)}:${name}`, {
        dimensions,
        data: section.subarray(body + 2 + count, body + 2 + count + size),
      });
    }
    if (section.readUInt16LE(at + 2 + length) === 0) break;
    at = next;
  }
  const texts = (key: string): string[] => {
    const { dimensions, data } = values.get(key) ?? { dimensions: [], data: Buffer.alloc(0) };
    const width = dimensions[0] ?? data.length;
    return Array.from({ length: dimensions[1] ?? 1 }, (_, i) =>
      data.toString('latin1', i * width, (i + 1) * width).trim(),
    );
  };
  const used = values.get('POINT:USED')?.data.readUInt16LE(0);
  if (used !== points) throw new Error(`POINT:USED says ${used}, the header ${points}`);
  if (values.get('POINT:DATA_START')?.data.readUInt16LE(0) !== dataBlock) throw new Error('DATA_START differs');

  const frames = Array.from({ length: last - first + 1 }, (_, frame) =>
    Array.from({ length: points }, (_, point) =>
      Array.from({ length: 4 }, (_, i) => {
        const place = frame * (points * 4 + analogPerFrame) + point * 4 + i;
        return file.readFloatLE((dataBlock - 1) * 512 + place * 4);
      }),
    ),
  );
  return { labels: texts('POINT:LABELS'), units: texts('POINT:UNITS')[0] ?? '', rate, frames };
}
