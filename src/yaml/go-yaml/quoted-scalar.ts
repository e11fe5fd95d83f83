import { isBlank, isBlankOrEnd, isBreak, isEnd } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { foldBreaks } from './plain-scalar.ts';

const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads a quoted scalar, the cursor on its first quote; its lines may start anywhere. */
export function scanQuotedScalar(cursor: Cursor, quote: "'" | '"'): string {
  const end = quote === "'" ? SINGLE_QUOTE : DOUBLE_QUOTE;
  let value = '';
  cursor.skip();
  for (;;) {
    if (cursor.atDocumentMark()) throw cursor.failure('found unexpected document indicator');
    if (isEnd(cursor.unit())) throw cursor.failure('found unexpected end of stream');
    const word = scanWord(cursor, end);
    value += word.text;
    if (cursor.unit() === end) break;
    value += scanGap(cursor, word.escapedBreak);
  }
  cursor.skip();
  return value;
}

function scanWord(cursor: Cursor, end: number): { text: string; escapedBreak: boolean } {
  let text = '';
  for (let unit = cursor.unit(); !isBlankOrEnd(unit); unit = cursor.unit()) {
    if (unit === end) {
      if (end === DOUBLE_QUOTE || cursor.unit(1) !== SINGLE_QUOTE) break;
      text += "'";
      cursor.skip();
      cursor.skip();
    } else if (end === DOUBLE_QUOTE && unit === BACKSLASH) {
      cursor.skip();
      if (cursor.skipBreak() !== '') return { text, escapedBreak: true };
      text += scanEscape(cursor);
    } else {
      text += cursor.takeWhile((next) => !isBlankOrEnd(next) && next !== end && next !== BACKSLASH);
      // A backslash is nothing special between single quotes.
      if (end === SINGLE_QUOTE && cursor.unit() === BACKSLASH) {
        text += '\\';
        cursor.skip();
      }
    }
  }
  return { text, escapedBreak: false };
}

function scanGap(cursor: Cursor, afterEscapedBreak: boolean): string {
  let blanks = '';
  let first = '';
  let more = '';
  let isLine = afterEscapedBreak;
  for (let unit = cursor.unit(); isBlank(unit) || isBreak(unit); unit = cursor.unit()) {
    if (isBreak(unit)) {
      if (isLine) more += cursor.skipBreak();
      else first = cursor.skipBreak();
      isLine = true;
    } else {
      if (!isLine) blanks += String.fromCharCode(unit);
      cursor.skip();
    }
  }
  return isLine ? foldBreaks(first, more) : blanks;
}

const ESCAPES = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\u0085',
    _: '\u00a0',
    L: '\u2028',
    P: '\u2029',
  }),
);

const HEX_LENGTHS = new Map(Object.entries({ x: 2, u: 4, U: 8 }));

function scanEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.offset] ?? '';
  const known = ESCAPES.get(letter);
  const length = HEX_LENGTHS.get(letter);
  if (known === undefined && length === undefined) {
    throw cursor.failure('found unknown escape character');
  }
  cursor.skip();
  return known ?? scanHex(cursor, length ?? 0);
}

function scanHex(cursor: Cursor, length: number): string {
  const digits = cursor.text.slice(cursor.offset, cursor.offset + length);
  if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
    throw cursor.failure('did not find expected hexdecimal number');
  }
  const point = Number.parseInt(digits, 16);
  if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
    throw cursor.failure('found invalid Unicode character escape code');
  }
  for (let count = 0; count < length; count += 1) cursor.skip();
  return String.fromCodePoint(point);
}
