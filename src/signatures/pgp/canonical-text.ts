const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * What a text-mode signature signs: every line end as CR LF. As in Flux's library a carriage
 * return takes the byte behind it along untouched.
 */
export function toCanonicalText(bytes: Uint8Array): Uint8Array {
  const canonical = new Uint8Array(bytes.length * 2);
  let length = 0;
  let isTakenAlong = false;
  for (const byte of bytes) {
    if (byte === LINE_FEED && !isTakenAlong) canonical[length++] = CARRIAGE_RETURN;
    canonical[length++] = byte;
    isTakenAlong = !isTakenAlong && byte === CARRIAGE_RETURN;
  }
  return canonical.subarray(0, length);
}
