/** Numbers of a C3D file in the byte order of the processor that wrote it. */
export class C3dNumbers {
  readonly #view: DataView;
  readonly #processor: 'intel' | 'dec' | 'mips';

  /** Processor: the fourth byte of the parameter section; what is not known counts as Intel's. */
  constructor(bytes: Uint8Array, processor: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#processor = processor === 85 ? 'dec' : processor === 86 ? 'mips' : 'intel';
  }

  word(at: number): number {
    return this.#view.getUint16(at, this.#processor !== 'mips');
  }

  integer(at: number): number {
    return this.#view.getInt16(at, this.#processor !== 'mips');
  }

  float(at: number): number {
    if (this.#processor !== 'dec') return this.#view.getFloat32(at, this.#processor === 'intel');
    // DEC's floats have their two words the other way about and an exponent that is two higher.
    const bits = (this.#view.getUint16(at, true) << 16) | this.#view.getUint16(at + 2, true);
    const swapped = new DataView(new ArrayBuffer(4));
    swapped.setInt32(0, bits);
    return swapped.getFloat32(0) / 4;
  }
}
