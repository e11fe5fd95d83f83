import { type LocatedScalar, Unknown } from '../../model/located.ts';
import { isTimestamp, resolvePlain } from '../../yaml/scalar.ts';
import { goFloat, goJsonNumber } from '../text/go-number.ts';

export type PrintStyle = 'plain' | 'single' | 'double' | 'literal';

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Characters that are printed with an escape: tabs, control characters, those beyond U+FFFF. */
const SPECIAL = /[^\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd]|\ufeff/u;

/** How a text is printed as a block value, or as a key. */
export function styleOfText(text: string, isKey: boolean): PrintStyle {
  if (text.includes('\n')) return isKey || !allowsBlock(text) ? 'double' : 'literal';
  if (readsAsOther(text)) return 'double';
  if (text !== '' && allowsPlain(text)) return 'plain';
  return allowsSingle(text) ? 'single' : 'double';
}

/** Whether a reader would take the plain text for something else than a text. */
function readsAsOther(text: string): boolean {
  return resolvePlain(text, 'go-yaml-v2') !== text || isTimestamp(text) || BASE_60.test(text);
}

function allowsPlain(text: string): boolean {
  if (/^(?:---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text)) return false;
  if (/^[?:-](?:[ \t]|$)/.test(text) || /:(?:[ \t]|$)/.test(text) || /[ \t]#/.test(text))
    return false;
  return !/^ | $/.test(text) && !SPECIAL.test(text);
}

function allowsSingle(text: string): boolean {
  return !SPECIAL.test(text);
}

function allowsBlock(text: string): boolean {
  return !text.endsWith(' ') && !text.includes(' \n') && !SPECIAL.test(text);
}

/** A scalar that is no text, as Go prints it; undefined for texts. */
export function printOther({ value }: LocatedScalar): string | undefined {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    const json = goJsonNumber(value);
    return /^-?[0-9]+$/.test(json) && isInteger64(BigInt(json)) ? json : goFloat(value);
  }
  return undefined;
}

function isInteger64(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 64n;
}

export function textOfValue({ value }: LocatedScalar): string {
  return value instanceof Unknown ? value.text : String(value);
}

const ESCAPES: Record<number, string> = {
  0x00: '0',
  0x07: 'a',
  0x08: 'b',
  0x09: 't',
  0x0a: 'n',
  0x0b: 'v',
  0x0c: 'f',
  0x0d: 'r',
  0x1b: 'e',
  0x22: '"',
  0x5c: '\\',
  0x85: 'N',
  0xa0: '_',
  0x2028: 'L',
  0x2029: 'P',
};

/** Characters that never need an escape: nearly all of a long text. */
const PRINTABLE = /^[ !#-[\]-~]$/;

/** The characters of a text between double quotes, each with its escape. */
export function escapeDouble(text: string): string[] {
  // A text that starts with a byte order mark is escaped as a whole (go-yaml's `is_bom`).
  const isMarked = text.startsWith('\ufeff');
  return Array.from(text, (character) => {
    if (!isMarked && PRINTABLE.test(character)) return character;
    const needsEscape = isMarked || SPECIAL.test(character) || /["\\\n]/.test(character);
    return needsEscape ? escapeCharacter(character.codePointAt(0) ?? 0) : character;
  });
}

function escapeCharacter(code: number): string {
  const short = ESCAPES[code];
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
