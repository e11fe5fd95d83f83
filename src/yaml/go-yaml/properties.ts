import { isBlank, isBlankOrEnd, isNameCharacter } from './characters.ts';
import type { Cursor } from './cursor.ts';

/** What may follow an anchor besides a blank. */
const AFTER_ANCHOR = new Set(Array.from('?:,]}%@`', (character) => character.charCodeAt(0)));

/** Reads the name of an anchor or alias, the cursor on its `&` or `*`. */
export function scanAnchor(cursor: Cursor): string {
  cursor.skip();
  const name = cursor.takeWhile(isNameCharacter);
  const after = cursor.unit();
  if (name === '' || !(isBlankOrEnd(after) || AFTER_ANCHOR.has(after))) {
    throw cursor.failure('did not find expected alphabetic or numeric character');
  }
  return name;
}

export interface Tag {
  /** `!`, `!!` or `!name!`; empty for a tag that is written in full. */
  readonly handle: string;
  readonly suffix: string;
}

/** Reads a tag, the cursor on its `!`. */
export function scanTag(cursor: Cursor): Tag {
  const tag = cursor.unit(1) === 0x3c ? scanVerbatimTag(cursor) : scanShortTag(cursor);
  if (!isBlankOrEnd(cursor.unit())) {
    throw cursor.failure('did not find expected whitespace or line break');
  }
  return tag;
}

function scanVerbatimTag(cursor: Cursor): Tag {
  cursor.skip();
  cursor.skip();
  const suffix = scanTagUri(cursor, '');
  if (cursor.unit() !== 0x3e) throw cursor.failure("did not find the expected '>'");
  cursor.skip();
  return { handle: '', suffix };
}

function scanShortTag(cursor: Cursor): Tag {
  const handle = scanTagHandle(cursor);
  if (handle.length > 1 && handle.endsWith('!')) {
    return { handle, suffix: scanTagUri(cursor, '') };
  }
  const suffix = scanTagUri(cursor, handle);
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

/** Reads `!`, `!!` or `!name!`; also `!name`, which then is no handle but the start of a tag. */
function scanTagHandle(cursor: Cursor): string {
  if (cursor.unit() !== 0x21) throw cursor.failure("did not find expected '!'");
  cursor.skip();
  const name = `!${cursor.takeWhile(isNameCharacter)}`;
  if (cursor.unit() !== 0x21) return name;
  cursor.skip();
  return `${name}!`;
}

const URI_CHARACTERS = new Set(
  Array.from(";/?:@&=+$,.!~*'()[]", (character) => character.charCodeAt(0)),
);

/** @param head what was read of the tag already, with its `!`; then the rest may be empty */
function scanTagUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  let isEmpty = head === '';
  for (;;) {
    const part =
      cursor.unit() === 0x25
        ? scanUriEscape(cursor)
        : cursor.takeWhile((unit) => isNameCharacter(unit) || URI_CHARACTERS.has(unit));
    if (part === '') break;
    uri += part;
    isEmpty = false;
  }
  if (isEmpty) throw cursor.failure('did not find expected tag URI');
  return uri;
}

const OCTET = /^%([0-9a-fA-F]{2})/;

/** One character of UTF-8, written as octets in hexadecimal. */
function scanUriEscape(cursor: Cursor): string {
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    const match = OCTET.exec(cursor.text.slice(cursor.offset, cursor.offset + 3));
    if (match === null) throw cursor.failure('did not find URI escaped octet');
    const octet = Number.parseInt(match[1] ?? '', 16);
    if (octets.length === 0) {
      width = widthOf(octet);
      if (width === 0) throw cursor.failure('found an incorrect leading UTF-8 octet');
    } else if ((octet & 0xc0) !== 0x80) {
      throw cursor.failure('found an incorrect trailing UTF-8 octet');
    }
    octets.push(octet);
    for (let count = 0; count < 3; count += 1) cursor.skip();
  }
  return Buffer.from(octets).toString('utf8');
}

function widthOf(octet: number): number {
  if (octet < 0x80) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}

/** The value of a `%TAG` directive: a handle and what it stands for. */
export function scanTagDirective(cursor: Cursor): { handle: string; prefix: string } {
  while (isBlank(cursor.unit())) cursor.skip();
  const handle = scanTagHandle(cursor);
  if (handle !== '!' && !handle.endsWith('!')) throw cursor.failure("did not find expected '!'");
  if (!isBlank(cursor.unit())) throw cursor.failure('did not find expected whitespace');
  while (isBlank(cursor.unit())) cursor.skip();
  const prefix = scanTagUri(cursor, '');
  if (!isBlankOrEnd(cursor.unit())) {
    throw cursor.failure('did not find expected whitespace or line break');
  }
  return { handle, prefix };
}
