import { isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isNameCharacter } from './characters.ts';
import { skipComment } from './block-scalar.ts';
import type { Cursor } from './cursor.ts';
import { scanTagDirective } from './properties.ts';

export type Directive =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'tag'; readonly handle: string; readonly prefix: string };

/** Reads a directive and the rest of its line, the cursor on its `%`. */
export function scanDirective(cursor: Cursor): Directive {
  cursor.skip();
  const name = cursor.takeWhile(isNameCharacter);
  if (name === '') throw cursor.failure('could not find expected directive name');
  if (!isBlankOrEnd(cursor.unit())) {
    throw cursor.failure('found unexpected non-alphabetical character');
  }
  if (name !== 'YAML' && name !== 'TAG') throw cursor.failure('found unknown directive name');
  const directive: Directive =
    name === 'YAML'
      ? { kind: 'version', version: scanVersion(cursor) }
      : { kind: 'tag', ...scanTagDirective(cursor) };
  skipComment(cursor);
  if (!isBreakOrEnd(cursor.unit())) {
    throw cursor.failure('did not find expected comment or line break');
  }
  cursor.skipBreak();
  return directive;
}

function scanVersion(cursor: Cursor): string {
  while (isBlank(cursor.unit())) cursor.skip();
  const major = scanVersionNumber(cursor);
  if (cursor.unit() !== 0x2e) {
    throw cursor.failure("did not find expected digit or '.' character");
  }
  cursor.skip();
  return `${major}.${scanVersionNumber(cursor)}`;
}

function scanVersionNumber(cursor: Cursor): number {
  const digits = cursor.takeWhile(isDigit);
  if (digits === '') throw cursor.failure('did not find expected version number');
  if (digits.length > 2) throw cursor.failure('found extremely long version number');
  return Number(digits);
}
