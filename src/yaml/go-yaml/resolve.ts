import { isTimestamp } from './timestamp.ts';

/** The types that go-yaml v2 tells apart in an untagged plain scalar. */
export type ResolvedTag = 'str' | 'int' | 'float' | 'bool' | 'null' | 'timestamp';

export interface Resolved {
  readonly tag: ResolvedTag;
  /** Not finite for `.inf` and `.nan`; a bigint where a number would lose digits. */
  readonly value: string | number | bigint | boolean | null;
}

const WORDS = new Map<string, Resolved>([
  ...words('bool', true, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words('bool', false, 'n N no No NO false False FALSE off Off OFF'),
  ...words('null', null, '~ null Null NULL'),
  ...words('float', NaN, '.nan .NaN .NAN'),
  ...words('float', Infinity, '.inf .Inf .INF +.inf +.Inf +.INF'),
  ...words('float', -Infinity, '-.inf -.Inf -.INF'),
  ['', { tag: 'null', value: null }],
]);

/** No word is longer. */
const LONGEST_WORD = 5;

function words(tag: ResolvedTag, value: Resolved['value'], texts: string): [string, Resolved][] {
  return texts.split(' ').map((text) => [text, { tag, value }]);
}

/** What a plain scalar means to go-yaml v2, that is YAML 1.1 with Go's numbers (`resolve.go`). */
export function resolve(text: string): Resolved {
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  return toNumber(text) ?? { tag: 'str', value: text };
}

function toNumber(text: string): Resolved | undefined {
  const first = text.charCodeAt(0);
  if (first === 0x2e) return toFloat(text);
  const startsAsNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  if (!startsAsNumber) return undefined;
  if (isTimestamp(text)) return { tag: 'timestamp', value: text };
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  return toInteger(digits) ?? toFloat(digits);
}

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

function toFloat(text: string): Resolved | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { tag: 'float', value } : undefined;
}

const INTEGER = /^([-+]?)(?:(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)|0|[1-9][0-9]*)$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** An integer as Go reads it with base 0: a leading zero means octal; above int64 without a sign. */
function toInteger(text: string): Resolved | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign = '', based] = match;
  const unsigned = text.slice(sign.length);
  const magnitude = BigInt(based === undefined ? unsigned : withKnownBase(based));
  const exact = sign === '-' ? -magnitude : magnitude;
  if (exact < MIN_INT64 || exact > (sign === '' ? MAX_UINT64 : MAX_INT64)) return undefined;
  const value = Number(exact);
  return { tag: 'int', value: Number.isSafeInteger(value) ? value : exact };
}

function withKnownBase(text: string): string {
  return /^0[0-7]/.test(text) ? `0o${text.slice(1)}` : text.toLowerCase();
}
