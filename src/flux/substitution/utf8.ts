import { isUtf8 } from 'node:buffer';

/** The UTF-8 bytes of a text, one code unit a byte. A text of ASCII is its own bytes. */
export function toBytes(text: string): string {
  return /[\x80-\uffff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The text of bytes; undefined when they are not UTF-8. */
export function fromBytes(bytes: string): string | undefined {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  return isUtf8(buffer) ? buffer.toString('utf8') : undefined;
}
