import { utf8, withRoom } from './bytes.ts';

/** Base64 as Go's `encoding/base64` reads it: standard alphabet, padding required. */

const PADDING = 0x3d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const INVALID = 255;

const VALUES = new Uint8Array(256).fill(INVALID);
const ALPHABET = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
for (const [value, character] of ALPHABET.entries()) VALUES[character] = value;

/** A decoder that is fed line by line and keeps what it decoded before a fault. */
export interface Base64Decoder {
  /** False when the line is not valid base64; what came before the fault is kept. */
  feed(line: Uint8Array): boolean;
  /** Whether no group of four characters is begun and not ended. */
  isComplete(): boolean;
  decoded(): Uint8Array;
}

/**
 * Padding may be followed by further groups only on the next line: that is how Go's stream
 * decoder, which takes a line at a time, treats two encodings that were joined.
 */
export function createBase64Decoder(): Base64Decoder {
  let output = new Uint8Array(256);
  let length = 0;
  let bits = 0;
  let count = 0;
  let padding = 0;

  function feed(line: Uint8Array): boolean {
    output = withRoom(output, length + line.length + 3);
    let isPadded = false;
    let isValid = true;
    for (const character of line) {
      if (character === CARRIAGE_RETURN || character === LINE_FEED) continue;
      const isPadding = character === PADDING;
      const value = isPadding ? 0 : (VALUES[character] ?? INVALID);
      isValid = !isPadded && value !== INVALID && (isPadding ? count >= 2 : padding === 0);
      if (!isValid) break;
      bits = (bits << 6) | value;
      count += 1;
      if (isPadding) padding += 1;
      if (count < 4) continue;
      output[length] = bits >> 16;
      output[length + 1] = (bits >> 8) & 0xff;
      output[length + 2] = bits & 0xff;
      length += 3 - padding;
      isPadded = padding > 0;
      bits = count = padding = 0;
    }
    return isValid;
  }

  return { feed, isComplete: () => count === 0, decoded: () => output.subarray(0, length) };
}

/** Decodes a whole text; undefined when it is not valid base64. Line ends are passed over. */
export function decodeBase64(text: Uint8Array): Uint8Array | undefined {
  const decoder = createBase64Decoder();
  return decoder.feed(text) && decoder.isComplete() ? decoder.decoded() : undefined;
}
