/** One character of UTF-8, or one byte that belongs to none; in a text of one unit a byte. */
const CHARACTER =
  /[^\x80-\xff]+|[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|\xed[\x80-\x9f]|[\xe1-\xec\xee\xef][\x80-\xbf])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|\xf4[\x80-\x8f]|[\xf1-\xf3][\x80-\xbf])[\x80-\xbf]{2}|[^]/g;

/**
 * The text of UTF-8 bytes as Go reads it: each byte that belongs to no character becomes U+FFFD
 * (Node makes one of several).
 *
 * @param bytes one UTF-16 code unit a byte (Node's `latin1`)
 */
export function decodeUtf8(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  return bytes.replace(CHARACTER, (part) => {
    if (part.length === 1 && part >= '\x80') return '\ufffd';
    return Buffer.from(part, 'latin1').toString('utf8');
  });
}
