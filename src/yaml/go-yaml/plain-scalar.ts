import { isBlank, isBlankOrEnd, isBreak, TAB } from './characters.ts';
import type { Cursor } from './cursor.ts';

export interface PlainScalar {
  readonly value: string;
  /** Offset after its last character. */
  readonly end: number;
  /** Whether the cursor has gone to another line behind the scalar. */
  readonly endsLine: boolean;
}

/** Characters that end a plain scalar inside brackets. */
const FLOW_ENDS = new Set(Array.from(',?[]{}', (character) => character.charCodeAt(0)));

/**
 * Reads a plain scalar, which may go over several lines.
 *
 * @param indent the column that its further lines must reach
 */
export function scanPlainScalar(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  let value = '';
  let end = cursor.offset;
  let gap: Gap = { text: '', isLine: false };
  while (!cursor.atDocumentMark() && cursor.unit() !== 0x23) {
    const word = scanWord(cursor, inFlow);
    if (word !== '') {
      value += gap.text + word;
      end = cursor.offset;
      gap = { text: '', isLine: false };
    }
    if (!isBlank(cursor.unit()) && !isBreak(cursor.unit())) break;
    gap = scanGap(cursor, indent);
    if (!inFlow && cursor.column < indent) break;
  }
  return { value, end, endsLine: gap.isLine };
}

function scanWord(cursor: Cursor, inFlow: boolean): string {
  return cursor.takeWhile((unit, next) => {
    if (isBlankOrEnd(unit)) return false;
    if (unit === 0x3a && isBlankOrEnd(next)) return false;
    return !inFlow || !FLOW_ENDS.has(unit);
  });
}

/** What stands between two words: blanks as they are, or line breaks folded. */
interface Gap {
  readonly text: string;
  readonly isLine: boolean;
}

function scanGap(cursor: Cursor, indent: number): Gap {
  let blanks = '';
  let first = '';
  let more = '';
  let isLine = false;
  for (let unit = cursor.unit(); isBlank(unit) || isBreak(unit); unit = cursor.unit()) {
    if (isBreak(unit)) {
      if (isLine) more += cursor.skipBreak();
      else first = cursor.skipBreak();
      isLine = true;
      continue;
    }
    if (isLine && unit === TAB && cursor.column < indent) {
      throw cursor.failure('found a tab character that violates indentation');
    }
    if (!isLine) blanks += String.fromCharCode(unit);
    cursor.skip();
  }
  return { text: isLine ? foldBreaks(first, more) : blanks, isLine };
}

/** Line breaks inside a text: one is a blank, the first of several goes. */
export function foldBreaks(first: string, more: string): string {
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}
