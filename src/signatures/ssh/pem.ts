import { decodeBase64 } from '../base64.ts';
import { startsWith, utf8 } from '../bytes.ts';

export interface PemBlock {
  readonly type: string;
  readonly content: Uint8Array;
}

const BEGIN = utf8('-----BEGIN ');
const END = utf8('\n-----END ');
const DASHES = utf8('-----');
const LINE_FEED = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * The first PEM block of a text as Go's `encoding/pem` finds it: it looks for the first END line
 * and takes the last BEGIN line before it; a block that is wrong inside is passed over. Undefined
 * when there is none. Attacker-controlled; takes time in proportion to the text.
 */
export function readPem(text: Uint8Array): PemBlock | undefined {
  let rest = Buffer.from(text.buffer, text.byteOffset, text.length);
  for (;;) {
    const end = rest.indexOf(END);
    if (end === -1) return undefined;
    const begin = rest.subarray(0, end).lastIndexOf(BEGIN);
    if (begin !== -1 && (begin === 0 || rest[begin - 1] === LINE_FEED)) {
      const block = readBlock(rest.subarray(begin + BEGIN.length), end - begin - BEGIN.length);
      if (block === 'no more') return undefined;
      if (block !== undefined) return block;
    }
    rest = rest.subarray(end + END.length);
  }
}

/** @param end where the END line's line feed stands in `text`; before it when headers reach it. */
function readBlock(text: Buffer, end: number): PemBlock | 'no more' | undefined {
  const typeLine = readLine(text, 0);
  const type = typeLine.line.subarray(0, -DASHES.length);
  if (!endsWithDashes(typeLine.line)) return undefined;
  const body = skipHeaders(text, typeLine.next);
  if (body === undefined) return 'no more';
  if (body > typeLine.next && body > end) return undefined;
  const trailer = text.subarray(end + END.length);
  const afterType = trailer.subarray(type.length, type.length + DASHES.length);
  if (!startsWith(trailer, type) || !endsWithDashes(afterType)) return undefined;
  if (readLine(trailer, type.length + DASHES.length).line.length > 0) return undefined;
  const encoded = body < end ? text.subarray(body, end) : text.subarray(0, 0);
  const content = decodeBase64(withoutBlanks(encoded));
  return content && { type: type.toString('latin1'), content };
}

function withoutBlanks(encoded: Buffer): Uint8Array {
  if (!encoded.includes(SPACE) && !encoded.includes(TAB)) return encoded;
  return encoded.filter((byte) => byte !== SPACE && byte !== TAB);
}

/** Offset behind the `Key: value` lines; undefined when the text ends with them. */
function skipHeaders(text: Buffer, from: number): number | undefined {
  for (let at = from; at < text.length;) {
    const { line, next } = readLine(text, at);
    if (!line.includes(COLON)) return at;
    at = next;
  }
  return undefined;
}

/** A line without its end and without blanks before it. */
function readLine(text: Buffer, from: number): { line: Buffer; next: number } {
  const feed = text.indexOf(LINE_FEED, from);
  let end = feed === -1 ? text.length : feed;
  if (feed > from && text[end - 1] === 0x0d) end -= 1;
  while (end > from && (text[end - 1] === SPACE || text[end - 1] === TAB)) end -= 1;
  return { line: text.subarray(from, end), next: feed === -1 ? text.length : feed + 1 };
}

function endsWithDashes(line: Buffer): boolean {
  return line.length >= DASHES.length && line.subarray(-DASHES.length).equals(DASHES);
}
