/**
 * Bytes as Go's standard library treats them. Signed objects and keys need not be valid UTF-8, so
 * they are never turned into strings before they are judged.
 */

const LINE_FEED = 0x0a;

/** What Go's `unicode.IsSpace` accepts beyond ASCII, in UTF-8. */
const WIDE_SPACE = [
  ...[0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008],
  ...[0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
].map((codePoint) => utf8(String.fromCodePoint(codePoint)));

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function startsWith(bytes: Uint8Array, prefix: Uint8Array, at = 0): boolean {
  if (at < 0 || bytes.length - at < prefix.length) return false;
  for (let index = 0; index < prefix.length; index += 1) {
    if (bytes[at + index] !== prefix[index]) return false;
  }
  return true;
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** The bytes where so many have room: copied to twice the room when they must grow. */
export function withRoom(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(bytes.length * 2, length));
  larger.set(bytes);
  return larger;
}

/** Bytes gathered in small pieces without a list of the pieces. */
export function createByteBuffer(): {
  append(part: Uint8Array): void;
  length(): number;
  bytes(): Uint8Array;
} {
  let content = new Uint8Array(256);
  let length = 0;
  function append(part: Uint8Array): void {
    content = withRoom(content, length + part.length);
    content.set(part, length);
    length += part.length;
  }
  return { append, length: () => length, bytes: () => content.subarray(0, length) };
}

/** A few parts in a row. For many, use {@link createByteBuffer}: arguments live on the stack. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** A view without the white space at both ends, as `bytes.TrimSpace`. */
export function trimSpace(bytes: Uint8Array): Uint8Array {
  let start = 0;
  let end = bytes.length;
  for (let length = spaceAt(bytes, start, end); length > 0;) {
    start += length;
    length = spaceAt(bytes, start, end);
  }
  for (let length = spaceBefore(bytes, end, start); length > 0;) {
    end -= length;
    length = spaceBefore(bytes, end, start);
  }
  return bytes.subarray(start, end);
}

function spaceAt(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] ?? 0;
  if (at >= end) return 0;
  if (first < 0x80) return isAsciiSpace(first) ? 1 : 0;
  const space = WIDE_SPACE.find((candidate) => startsWith(bytes, candidate, at));
  return space !== undefined && at + space.length <= end ? space.length : 0;
}

function spaceBefore(bytes: Uint8Array, end: number, start: number): number {
  const last = bytes[end - 1] ?? 0;
  if (end <= start) return 0;
  if (last < 0x80) return isAsciiSpace(last) ? 1 : 0;
  const space = WIDE_SPACE.find(
    (candidate) =>
      end - candidate.length >= start && startsWith(bytes, candidate, end - candidate.length),
  );
  return space?.length ?? 0;
}

function isAsciiSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Calls back with the range of each line; a line feed belongs to the line that it ends. */
export function forEachLine(
  bytes: Uint8Array,
  from: number,
  visit: (start: number, end: number) => 'stop' | undefined,
): void {
  for (let start = from; start < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    if (visit(start, end) === 'stop') return;
    start = end;
  }
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** Unsigned big-endian number of at most six bytes. */
export function toNumber(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

/** A view without leading zero bytes. */
export function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}

/** How many bits the unsigned big-endian number needs. */
export function bitLength(bytes: Uint8Array): number {
  const significant = withoutLeadingZeros(bytes);
  return significant.length === 0
    ? 0
    : significant.length * 8 - Math.clz32(significant[0] ?? 0) + 24;
}

/** The bytes with zeros in front up to a length; undefined when there are more. */
export function leftPad(bytes: Uint8Array, length: number): Uint8Array | undefined {
  if (bytes.length > length) return undefined;
  const padded = new Uint8Array(length);
  padded.set(bytes, length - bytes.length);
  return padded;
}
