/**
 * Records of one size, written by one side byte by byte and read by the other one by one, in a ring of buffers that are
 * used again and again.
 *
 * A record is the reader's until it asks for the next but one; after that its buffer may be written again.
 */
export interface RingLayout {
  readonly recordBytes: number;
  /** At least three: two that the reader holds, one that is written. */
  readonly slots: number;
}

export class RecordRing {
  readonly #layout: RingLayout;
  readonly #buffers: Uint8Array[] = [];
  #written = 0;
  #handedOut = 0;
  #offset = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(layout: RingLayout) {
    if (layout.slots < 3) throw new RangeError('A ring needs two slots for the reader and one for the writer.');
    this.#layout = layout;
  }

  /** The reader holds the record it got last and the one before; there is nowhere to write. */
  get isFull(): boolean {
    return this.#written >= Math.max(0, this.#handedOut - 2) + this.#layout.slots;
  }

  /** The rest of the record that is being written: never empty. Not to be written to while the ring is full. */
  space(): Uint8Array {
    const { slots, recordBytes } = this.#layout;
    const slot = this.#written % slots;
    let buffer = this.#buffers[slot];
    if (!buffer) {
      // Shared memory: the inference thread reads frames where they lie.
      buffer = new Uint8Array(new SharedArrayBuffer(recordBytes));
      this.#buffers[slot] = buffer;
    }
    return this.#offset === 0 ? buffer : buffer.subarray(this.#offset);
  }

  /** That many bytes of `space()` have been written. */
  advance(count: number): void {
    this.#offset += count;
    if (this.#offset < this.#layout.recordBytes) return;
    this.#offset = 0;
    this.#written++;
    this.#wake();
  }

  /** Nothing more comes. A record that was begun is dropped. */
  end(failure?: Error): void {
    this.#failure ??= failure;
    this.#ended = true;
    this.#wake();
  }

  /** The records in order; `onSpace` is called whenever there is room to write. To be read once. */
  async *records(onSpace: () => void): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      if (this.#handedOut < this.#written) {
        const record = this.#buffers[this.#handedOut % this.#layout.slots];
        this.#handedOut++;
        if (!this.isFull) onSpace();
        if (record) yield record;
      } else if (this.#failure) {
        throw this.#failure;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** Ring slots for records of this size: read ahead a little, but never by more than about 32 MB. */
export function ringSlots(recordBytes: number): number {
  const ahead = Math.floor(32_000_000 / recordBytes);
  return 2 + Math.min(4, Math.max(1, ahead));
}
