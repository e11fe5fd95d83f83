import { decodeUtf8 } from '../../yaml/go-yaml/utf8.ts';
import type { Bounds } from './bounds.ts';
import { BadPattern, matchesGlob, parseGlob } from './glob.ts';
import { toLower, toUpper } from './letter-case.ts';

/** What the library's panic says; in Flux it fails the whole Kustomization. */
export class LibraryPanic extends Error {}

/** Operators that put something in the place of an empty or missing value. */
const DEFAULTS: ReadonlySet<string> = new Set(['=', ':=', ':-', ':?', ':+']);

export function isDefault(operator: string): boolean {
  return DEFAULTS.has(operator);
}

/**
 * What an operator makes of a value, as envsubst's functions do (fluxcd/pkg `envsubst/funcs.go`).
 * All texts are UTF-8, one code unit a byte, since lengths and offsets count bytes: what is cut in
 * the middle of a character stays cut. Throws {@link LibraryPanic}.
 */
export function applyOperator(
  operator: string,
  value: string,
  args: readonly string[],
  bounds: Bounds,
): string {
  const [first = '', second = ''] = args;
  switch (operator) {
    case ',':
      return mapFirst(value, toLower);
    case ',,':
      return inText(value, toLower);
    case '^':
      return mapFirst(value, toUpper);
    case '^^':
      return inText(value, toUpper);
    case '#':
      return args.length === 0 ? String(value.length) : trimPrefix(value, first, 'short', bounds);
    case '##':
      return trimPrefix(value, first, 'long', bounds);
    case '%':
      return trimSuffix(value, first, 'short', bounds);
    case '%%':
      return trimSuffix(value, first, 'long', bounds);
    case ':':
      return substring(value, args);
    case '/':
      return replaceFirst(value, first, second);
    case '//':
      return replaceAll(value, first, second, bounds);
    case '/#':
      return args.length === 2 && value.startsWith(first)
        ? second + value.slice(first.length)
        : value;
    case '/%':
      return args.length === 2 && value.endsWith(first)
        ? value.slice(0, value.length - first.length) + second
        : value;
    default:
      return value === '' ? args.join('') : value;
  }
}

function inText(bytes: string, change: (text: string) => string): string {
  return Buffer.from(change(decodeUtf8(bytes)), 'utf8').toString('latin1');
}

function mapFirst(bytes: string, change: (text: string) => string): string {
  const [first = ''] = decodeUtf8(bytes);
  const width = Buffer.byteLength(first);
  return inText(bytes.slice(0, width), change) + bytes.slice(width);
}

const GO_INTEGER = /^[+-]?[0-9]+$/;

/** A number as Go's Atoi reads it; undefined when it is none, or not of 64 bits. */
function toInteger(text: string | undefined): bigint | undefined {
  if (text === undefined || !GO_INTEGER.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function substring(value: string, [offset, length]: readonly string[]): string {
  let from = toInteger(offset);
  if (from === undefined) return value;
  const size = BigInt(value.length);
  if (from < 0n) from = from + size < 0n ? 0n : from + size;
  if (length === undefined) return value.slice(Number(from));
  const count = toInteger(length);
  if (count === undefined) return value;
  const to = BigInt.asIntN(64, from + count);
  if (to >= size) return value.slice(Number(from));
  if (to < 0n) throw new LibraryPanic(`slice bounds out of range [:${String(to)}]`);
  if (to < from)
    throw new LibraryPanic(`slice bounds out of range [${String(from)}:${String(to)}]`);
  return value.slice(Number(from), Number(to));
}

/** The bytes of each character: Go replaces nothing at all in front of each. */
const CHARACTER = /[^\x80-\xbf][\x80-\xbf]*/g;

function replaceFirst(value: string, old: string, replacement: string): string {
  const at = value.indexOf(old);
  return at === -1 ? value : value.slice(0, at) + replacement + value.slice(at + old.length);
}

function replaceAll(value: string, old: string, replacement: string, bounds: Bounds): string {
  const between = old === '' ? ['', ...(value.match(CHARACTER) ?? []), ''] : value.split(old);
  bounds.expect(value.length + (between.length - 1) * replacement.length);
  return between.join(replacement);
}

type Length = 'short' | 'long';

/** Takes off the shortest or longest beginning that matches; all stays where the pattern is none. */
function trimPrefix(value: string, pattern: string, length: Length, bounds: Bounds): string {
  const glob = parseGlob(pattern);
  let matching = 0;
  try {
    // Longest first, all the way for the shortest: a fault of the pattern counts wherever it shows.
    for (let end = value.length; end > 0; end -= 1) {
      if (!matchesGlob(glob, value.slice(0, end), bounds)) continue;
      matching = end;
      if (length === 'long') break;
    }
  } catch (error) {
    if (error instanceof BadPattern) return value;
    throw error;
  }
  return value.slice(matching);
}

function trimSuffix(value: string, pattern: string, length: Length, bounds: Bounds): string {
  return reverse(trimPrefix(reverse(value), reverse(pattern), length, bounds));
}

function reverse(bytes: string): string {
  return inText(bytes, (text) => Array.from(text).reverse().join(''));
}
