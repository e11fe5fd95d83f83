/**
 * Classes of characters as Go's YAML library (a port of libyaml, YAML 1.1) sees them: three line
 * breaks more than YAML 1.2 has, and NUL for the end of a text. All take UTF-16 code units, or
 * `charCodeAt` past the end of a text (NaN), which counts as the end.
 */

export const TAB = 0x09;
export const SPACE = 0x20;

export function isBlank(unit: number): boolean {
  return unit === SPACE || unit === TAB;
}

export function isBreak(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}

export function isEnd(unit: number): boolean {
  return Number.isNaN(unit);
}

export function isBreakOrEnd(unit: number): boolean {
  return isBreak(unit) || isEnd(unit);
}

export function isBlankOrEnd(unit: number): boolean {
  return isBlank(unit) || isBreak(unit) || isEnd(unit);
}

export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** A letter or digit of ASCII, `_` or `-`: what names of anchors and tags are made of. */
export function isNameCharacter(unit: number): boolean {
  return (
    isDigit(unit) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x61 && unit <= 0x7a) ||
    unit === 0x5f ||
    unit === 0x2d
  );
}

/** Characters that may stand in no YAML text at all, in or out of quotes. */
export const FORBIDDEN = /[^\P{Cc}\t\n\r\u0085]|[\ufffe\uffff]/u;
