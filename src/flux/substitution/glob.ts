import { decodeUtf8 } from '../../yaml/go-yaml/utf8.ts';
import type { Bounds } from './bounds.ts';

/** A pattern that is not one. */
export class BadPattern extends Error {}

/** A part of a pattern between stars. */
interface Chunk {
  readonly afterStar: boolean;
  readonly text: string;
}

export type Glob = readonly Chunk[];

/** Cuts a pattern at its stars; what is wrong inside a chunk shows when it is matched. */
export function parseGlob(pattern: string): Glob {
  const chunks: Chunk[] = [];
  for (let at = 0; at < pattern.length;) {
    let start = at;
    while (pattern[start] === '*') start += 1;
    const end = chunkEnd(pattern, start);
    chunks.push({ afterStar: start > at, text: pattern.slice(start, end) });
    at = end;
  }
  return chunks;
}

function chunkEnd(pattern: string, start: number): number {
  let inClass = false;
  for (let at = start; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '*' && !inClass) return at;
    if (character === '\\' && at + 1 < pattern.length) at += 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
  }
  return pattern.length;
}

/**
 * Whether a pattern matches a whole text, as envsubst's changed copy of Go's `path.Match` has it:
 * `*` matches slashes too. Throws {@link BadPattern} when matching gets to a fault of the pattern,
 * and only then. Both texts are UTF-8, one code unit a byte.
 */
export function matchesGlob(glob: Glob, text: string, bounds: Bounds): boolean {
  let from = 0;
  for (const [index, { afterStar, text: chunk }] of glob.entries()) {
    if (afterStar && chunk === '') return true;
    const isLast = index === glob.length - 1;
    // Behind a star the chunk may begin anywhere, in front of one only here.
    const lastStart = afterStar ? text.length : from;
    let end: number | undefined;
    for (let start = from; start <= lastStart && end === undefined; start += 1) {
      end = matchChunk(chunk, text, start, bounds);
      if (isLast && end !== text.length) end = undefined;
    }
    if (end === undefined) return false;
    from = end;
  }
  return from === text.length;
}

/** Where in the text a chunk without stars ends that begins at an offset; undefined: no match. */
function matchChunk(
  chunk: string,
  text: string,
  start: number,
  bounds: Bounds,
): number | undefined {
  let at = start;
  for (let from = 0; from < chunk.length;) {
    bounds.step();
    if (at >= text.length) return undefined;
    const character = chunk[from];
    if (character === '[') {
      const set = matchSet(chunk, from + 1, characterAt(text, at), bounds);
      if (!set.matches) return undefined;
      at += widthAt(text, at);
      from = set.end;
    } else if (character === '?') {
      at += widthAt(text, at);
      from += 1;
    } else {
      if (character === '\\') from += 1;
      if (from >= chunk.length) throw new BadPattern();
      if (chunk[from] !== text[at]) return undefined;
      at += 1;
      from += 1;
    }
  }
  return at;
}

/** Matches a character with a set such as `[^a-z]`, read from behind its bracket. */
function matchSet(
  chunk: string,
  from: number,
  point: number,
  bounds: Bounds,
): { matches: boolean; end: number } {
  const isNegated = chunk[from] === '^';
  let at = isNegated ? from + 1 : from;
  let isIn = false;
  for (let isFirst = true; isFirst || chunk[at] !== ']'; isFirst = false) {
    bounds.step();
    const low = setCharacter(chunk, at);
    at = low.end;
    let high = low;
    if (chunk[at] === '-') {
      high = setCharacter(chunk, at + 1);
      at = high.end;
    }
    if (low.point <= point && point <= high.point) isIn = true;
  }
  return { matches: isIn !== isNegated, end: at + 1 };
}

/** A character of a set, which must not be the last one of the pattern. */
function setCharacter(chunk: string, from: number): { point: number; end: number } {
  const first = chunk[from];
  if (first === undefined || first === '-' || first === ']') throw new BadPattern();
  const at = first === '\\' ? from + 1 : from;
  if (at >= chunk.length) throw new BadPattern();
  const end = at + widthAt(chunk, at);
  const point = characterAt(chunk, at);
  const isBroken = point === 0xfffd && end === at + 1;
  if (isBroken || end >= chunk.length) throw new BadPattern();
  return { point, end };
}

const CHARACTER =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|\xed[\x80-\x9f]|[\xe1-\xec\xee\xef][\x80-\xbf])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|\xf4[\x80-\x8f]|[\xf1-\xf3][\x80-\xbf])[\x80-\xbf]{2}/y;

/** Bytes of the character at an offset; 1 where there is none. */
function widthAt(bytes: string, at: number): number {
  if (bytes.charCodeAt(at) < 0x80) return 1;
  CHARACTER.lastIndex = at;
  return CHARACTER.exec(bytes)?.[0].length ?? 1;
}

function characterAt(bytes: string, at: number): number {
  const text = decodeUtf8(bytes.slice(at, at + widthAt(bytes, at)));
  return text.codePointAt(0) ?? 0;
}
