import { isBlank, isBreak, isBreakOrEnd, isDigit, isEnd, SPACE, TAB } from './characters.ts';
import type { Cursor } from './cursor.ts';

type Chomping = 'strip' | 'clip' | 'keep';

/**
 * Reads a block scalar, the cursor on its `|` or `>`.
 *
 * @param parentIndent the column of the block that it stands in; -1 at the root
 */
export function scanBlockScalar(cursor: Cursor, isLiteral: boolean, parentIndent: number): string {
  cursor.skip();
  const { chomping, increment } = scanHeader(cursor);
  const given = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  const leading = scanBreaks(cursor, given, parentIndent);
  const { indent } = leading;
  let trailing = leading.breaks;
  let value = '';
  let lineBreak = '';
  let wasBlank = false;
  while (cursor.column === indent && !isEnd(cursor.unit())) {
    const startsBlank = isBlank(cursor.unit());
    const folds = !isLiteral && !wasBlank && !startsBlank && lineBreak === '\n';
    if (!folds) value += lineBreak;
    else if (trailing === '') value += ' ';
    value += trailing + scanLine(cursor);
    wasBlank = startsBlank;
    lineBreak = cursor.skipBreak();
    trailing = scanBreaks(cursor, indent, parentIndent).breaks;
  }
  if (chomping !== 'strip') value += lineBreak;
  return chomping === 'keep' ? value + trailing : value;
}

function scanHeader(cursor: Cursor): { chomping: Chomping; increment: number } {
  let chomping: Chomping = scanChomping(cursor) ?? 'clip';
  const isChompingFirst = chomping !== 'clip';
  let increment = 0;
  if (isDigit(cursor.unit())) {
    increment = cursor.unit() - 0x30;
    if (increment === 0) throw cursor.failure('found an indentation indicator equal to 0');
    cursor.skip();
    if (!isChompingFirst) chomping = scanChomping(cursor) ?? 'clip';
  }
  skipComment(cursor);
  if (!isBreakOrEnd(cursor.unit())) {
    throw cursor.failure('did not find expected comment or line break');
  }
  cursor.skipBreak();
  return { chomping, increment };
}

function scanChomping(cursor: Cursor): Chomping | undefined {
  const unit = cursor.unit();
  if (unit !== 0x2b && unit !== 0x2d) return undefined;
  cursor.skip();
  return unit === 0x2b ? 'keep' : 'strip';
}

/** Passes blanks, and a comment behind them, up to the end of the line. */
export function skipComment(cursor: Cursor): void {
  while (isBlank(cursor.unit())) cursor.skip();
  if (cursor.unit() === 0x23) scanLine(cursor);
}

function scanLine(cursor: Cursor): string {
  return cursor.takeWhile((unit) => !isBreakOrEnd(unit));
}

/** Passes indentation and empty lines; finds the indentation out where it is not given (0). */
function scanBreaks(
  cursor: Cursor,
  given: number,
  parentIndent: number,
): { breaks: string; indent: number } {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    while ((given === 0 || cursor.column < given) && cursor.unit() === SPACE) cursor.skip();
    deepest = Math.max(deepest, cursor.column);
    if ((given === 0 || cursor.column < given) && cursor.unit() === TAB) {
      throw cursor.failure('found a tab character where an indentation space is expected');
    }
    if (!isBreak(cursor.unit())) break;
    breaks += cursor.skipBreak();
  }
  return { breaks, indent: given === 0 ? Math.max(deepest, parentIndent + 1, 1) : given };
}
