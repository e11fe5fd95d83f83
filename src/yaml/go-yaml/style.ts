import { FORBIDDEN, isBlank, isBlankOrEnd, isBreak, isHighSurrogate } from './characters.ts';
import { resolve } from './resolve.ts';

/** How a text is written. */
export type PrintedStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal';

/** `1:30:00`: no number for Go, but printed in quotes for the sake of other readers. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** What a text may be written as. */
interface Shape {
  readonly plain: boolean;
  readonly singleQuoted: boolean;
  readonly literal: boolean;
}

/** Only letters and blanks between letters: written plain, unless it is a word such as `yes`. */
const SIMPLE = /^[A-Za-z](?:[A-Za-z0-9_./$-]*[A-Za-z0-9_./$-])?$/;

/** The style that go-yaml v2 writes a text in (`encode.go` stringv, `emitterc.go` style choice). */
export function printedStyle(text: string): PrintedStyle {
  const isText = readsAsText(text);
  if (isText && SIMPLE.test(text)) return 'plain';
  const shape = shapeOf(text);
  if (text.includes('\n')) return shape.literal ? 'literal' : 'double-quoted';
  if (!isText) return 'double-quoted';
  if (shape.plain) return 'plain';
  return shape.singleQuoted ? 'single-quoted' : 'double-quoted';
}

/** Whether a key may stand before its colon without a question mark before it. */
export function isSimpleKey(text: string): boolean {
  return Buffer.byteLength(text) <= 128 && !/[\n\r\u0085\u2028\u2029]/.test(text);
}

function readsAsText(text: string): boolean {
  return resolve(text).tag === 'str' && !BASE_60.test(text);
}

const ALWAYS_INDICATORS = new Set(',[]{}#&*!|>\'"%@`');

function shapeOf(text: string): Shape {
  let indicators = text.startsWith('---') || text.startsWith('...');
  let hasBreaks = false;
  let breakThenSpace = false;
  let spaceThenBreak = false;
  let special = false;
  let previous = NaN;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isIndicator(text, at, previous)) indicators = true;
    if (isSpecial(unit)) special = true;
    if (unit === 0x20 && isBreak(previous)) breakThenSpace = true;
    if (isBreak(unit)) {
      hasBreaks = true;
      if (previous === 0x20) spaceThenBreak = true;
    }
    previous = unit;
  }
  const endsBlank = text.endsWith(' ');
  const unsafe = spaceThenBreak || special;
  return {
    plain: !indicators && !hasBreaks && !unsafe && !text.startsWith(' ') && !endsBlank,
    singleQuoted: !breakThenSpace && !unsafe,
    literal: !endsBlank && !unsafe,
  };
}

/** Whether the character at an offset would mean something else in a plain text. */
function isIndicator(text: string, at: number, previous: number): boolean {
  const character = text[at] ?? '';
  const next = text.charCodeAt(at + 1);
  const endsWord = Number.isNaN(next) || isBlank(next);
  if (character === ':') return endsWord;
  if (at > 0) return character === '#' && isBlankOrEnd(previous);
  if (character === '?' || character === '-') return endsWord;
  return ALWAYS_INDICATORS.has(character);
}

/** What is only written as an escape: go-yaml counts tabs and all of the upper planes to it. */
function isSpecial(unit: number): boolean {
  if (unit >= 0x20 && unit < 0x7f) return false;
  return (
    unit === 0x09 ||
    unit === 0x0d ||
    unit === 0x85 ||
    unit === 0xfeff ||
    isHighSurrogate(unit) ||
    FORBIDDEN.test(String.fromCharCode(unit))
  );
}

const SHORT_ESCAPES = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

/** A character as it stands in double quotes. */
export function escaped(character: string, everything: boolean): string {
  const point = character.codePointAt(0) ?? 0;
  const mustEscape =
    everything ||
    point === 0x22 ||
    point === 0x5c ||
    (point !== 0x0a && isSpecial(character.charCodeAt(0))) ||
    isBreak(point);
  if (!mustEscape) return character;
  const short = SHORT_ESCAPES.get(point);
  if (short !== undefined) return `\\${short}`;
  const hex = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
