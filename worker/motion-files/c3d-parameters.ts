import type { C3dNumbers } from './c3d-numbers.ts';

/** Parameters of a C3D file by the names of their group and their own. */
export interface C3dParameters {
  readonly number: (group: string, name: string) => number | undefined;
  readonly numbers: (group: string, name: string) => readonly number[] | undefined;
  /** Without the blanks that fill them up; those of NAME, NAME2, NAME3 … in one list. */
  readonly allTexts: (group: string, name: string) => readonly string[];
}

interface Parameter {
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
}

export function readC3dParameters(bytes: Uint8Array, numbers: C3dNumbers, start: number): C3dParameters {
  const groups = new Map<number, string>();
  const found: { readonly group: number; readonly name: string; readonly value: Parameter }[] = [];
  const signed = (at: number): number => ((bytes[at] as number) << 24) >> 24;
  const end = Math.min(bytes.length, start + (bytes[start + 2] as number) * 512);
  let at = start + 4;
  while (at + 2 < end) {
    // A locked name has a negative length.
    const nameLength = Math.abs(signed(at));
    const id = signed(at + 1);
    if (nameLength === 0 || id === 0) break;
    const name = textAt(bytes, at + 2, nameLength).toUpperCase();
    const offsetAt = at + 2 + nameLength;
    if (id < 0) groups.set(-id, name);
    else found.push({ group: id, name, value: parameterAt(bytes, numbers, offsetAt + 2) });
    const offset = numbers.word(offsetAt);
    if (offset === 0) break;
    at = offsetAt + offset;
  }
  const parameterOf = (group: string, name: string): Parameter | undefined =>
    found.find((one) => one.name === name && groups.get(one.group) === group)?.value;
  return {
    number: (group, name) => parameterOf(group, name)?.numbers[0],
    numbers: (group, name) => parameterOf(group, name)?.numbers,
    allTexts: (group, name) => {
      const texts: string[] = [];
      for (let part = 1; ; part++) {
        const value = parameterOf(group, part === 1 ? name : `${name}${part}`);
        if (value === undefined) return texts;
        texts.push(...value.texts);
      }
    },
  };
}

function parameterAt(bytes: Uint8Array, numbers: C3dNumbers, at: number): Parameter {
  const type = ((bytes[at] as number) << 24) >> 24;
  const dimensionCount = bytes[at + 1] as number;
  const dimensions = [...bytes.subarray(at + 2, at + 2 + dimensionCount)];
  const count = dimensions.reduce((product, size) => product * size, 1);
  const data = at + 2 + dimensionCount;
  if (type === -1) {
    const width = dimensions[0] ?? 1;
    const texts = Array.from({ length: width === 0 ? 0 : count / width }, (_, i) =>
      textAt(bytes, data + i * width, width).trim(),
    );
    return { numbers: [], texts };
  }
  const numberAt = (i: number): number => {
    if (type === 4) return numbers.float(data + i * 4);
    // Counts and places are stored in signed words, yet never negative.
    return type === 2 ? numbers.word(data + i * 2) : (bytes[data + i] as number);
  };
  return { numbers: Array.from({ length: count }, (_, i) => numberAt(i)), texts: [] };
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
