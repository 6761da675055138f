/**
 * A Matroska stream of uncompressed RGB frames, each with its own time: how frames of uneven rate are handed to ffmpeg
 * through one pipe. Raw video alone carries no times. Element ids are those of RFC 8794 (EBML) and RFC 9559 (Matroska).
 */

/** Ticks of the stream are microseconds. */
const nanosecondsPerTick = 1000;

/** What stands before the first frame. */
export function rawVideoHeader(size: { readonly width: number; readonly height: number }): Uint8Array {
  const header = element(0x1a45dfa3, [
    element(0x4286, unsigned(1)),
    element(0x42f7, unsigned(1)),
    element(0x42f2, unsigned(4)),
    element(0x42f3, unsigned(8)),
    element(0x4282, text('matroska')),
    element(0x4287, unsigned(4)),
    element(0x4285, unsigned(2)),
  ]);
  const segmentOfUnknownSize = Uint8Array.of(0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  const information = element(0x1549a966, [
    element(0x2ad7b1, unsigned(nanosecondsPerTick)),
    element(0x4d80, text('Shadow Trainer')),
    element(0x5741, text('Shadow Trainer')),
  ]);
  const video = element(0xe0, [
    element(0xb0, unsigned(size.width)),
    element(0xba, unsigned(size.height)),
    // Four-character code of 24-bit RGB.
    element(0x2eb524, Uint8Array.of(0x52, 0x47, 0x42, 24)),
  ]);
  const track = element(0xae, [
    element(0xd7, unsigned(1)),
    element(0x73c5, unsigned(1)),
    element(0x83, unsigned(1)),
    element(0x9c, unsigned(0)),
    element(0x86, text('V_UNCOMPRESSED')),
    video,
  ]);
  return join([header, segmentOfUnknownSize, information, element(0x1654ae6b, track)]);
}

/** What stands before the bytes of one frame: a cluster of its own, so that its time is absolute. */
export function rawVideoFrameHeader(frame: { readonly timeSeconds: number; readonly byteLength: number }): Uint8Array {
  const time = element(0xe7, unsigned(Math.round((frame.timeSeconds * 1e9) / nanosecondsPerTick)));
  // Track 1, no offset to the cluster's time, a key frame.
  const block = Uint8Array.of(0x81, 0, 0, 0x80);
  const blockHead = join([identifier(0xa3), sizeOf(block.length + frame.byteLength), block]);
  return join([identifier(0x1f43b675), sizeOf(time.length + blockHead.length + frame.byteLength), time, blockHead]);
}

function element(id: number, content: Uint8Array | readonly Uint8Array[]): Uint8Array {
  const data = content instanceof Uint8Array ? content : join(content);
  return join([identifier(id), sizeOf(data.length), data]);
}

function identifier(id: number): Uint8Array {
  return unsigned(id);
}

/** A size in the eight-byte form. */
function sizeOf(length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length) | (1n << 56n));
  return bytes;
}

/** Big-endian, without leading zeros. */
function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes.length === 0 ? [0] : bytes);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
