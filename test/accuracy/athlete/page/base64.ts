export function fromBase64(text: string): ArrayBuffer {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes.buffer;
}

export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // Few arguments at a time: a call with millions of them overflows the stack.
  for (let at = 0; at < bytes.length; at += 0x6000) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x6000)));
  }
  return btoa(pieces.join(''));
}
