/**
 * What a plain scalar means. Kubernetes tools read YAML with two Go libraries that differ from
 * YAML 1.2 and from each other (measured: `libraries.md` §3, `pod-security.md` §2.9):
 *
 * - resources inside a kustomize build: go-yaml v3. `yes`, `on` and `y` stay text, `0777` is 511,
 *   `1_000` is 1000, a date becomes a full timestamp.
 * - kustomization files, and manifests given to the API server alone: go-yaml v2, that is YAML 1.1.
 *   The same numbers, but `yes`, `on` and `y` are booleans, and a date stays text.
 */
export type ScalarRules = 'go-yaml-v3' | 'go-yaml-v2';

/** `infinite` is not a value that JSON, and so Kubernetes, can hold. */
export type PlainScalar = string | number | bigint | boolean | null | typeof NOT_FINITE;

/** `.inf` and `.nan`: numbers in YAML, refused by everything that reads manifests. */
export const NOT_FINITE = Symbol('not finite');

const WORDS_V3 = new Map<string, PlainScalar>([
  ['', null],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
  ...['.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word): [string, PlainScalar] => [word, NOT_FINITE],
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, PlainScalar] => [word, NOT_FINITE]),
]);

const WORDS_V2 = new Map<string, PlainScalar>([
  ...WORDS_V3,
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word): [string, PlainScalar] => [
    word,
    true,
  ]),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word): [string, PlainScalar] => [
    word,
    false,
  ]),
]);

/** No word of the tables is longer. */
const LONGEST_WORD = 5;

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DATE = /^[0-9]{4}-/;

/** The value of a plain (unquoted) scalar without a tag. */
export function resolvePlain(text: string, rules: ScalarRules): PlainScalar {
  if (text.length <= LONGEST_WORD) {
    const word = (rules === 'go-yaml-v3' ? WORDS_V3 : WORDS_V2).get(text);
    if (word !== undefined) return word;
  }
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (!isDigit && first !== 0x2b && first !== 0x2d && first !== 0x2e) return text;
  if (isDigit && rules === 'go-yaml-v3' && DATE.test(text)) {
    const timestamp = toTimestamp(text);
    if (timestamp !== undefined) return timestamp;
  }
  return toNumber(text, first === 0x2e) ?? text;
}

/** The number a text stands for in Go, undefined when it is text. */
function toNumber(text: string, startsWithPoint: boolean): number | bigint | undefined {
  const digits = startsWithPoint || !text.includes('_') ? text : text.replaceAll('_', '');
  const integer = startsWithPoint ? undefined : toInteger(digits);
  if (integer !== undefined) return integer;
  if (!FLOAT.test(digits)) return undefined;
  const float = Number(digits);
  return Number.isFinite(float) ? float : undefined;
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/** An integer as Go's ParseInt with base 0 reads it: a leading zero means octal. */
function toInteger(text: string): number | bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign = '', hex, binary, octal, decimal] = match;
  const magnitude =
    decimal ?? (hex && `0x${hex}`) ?? (binary && `0b${binary}`) ?? `0o${octal ?? '0'}`;
  if (magnitude.length <= 15) {
    const value = Number(magnitude);
    // Not minus zero: Go has one integer zero.
    return sign === '-' && value !== 0 ? -value : value;
  }
  const exact = sign === '-' ? -BigInt(magnitude) : BigInt(magnitude);
  if (exact < MIN_INT64 || exact > MAX_UINT64) return undefined;
  const value = Number(exact);
  return Number.isSafeInteger(value) ? value : exact;
}

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?(Z|[-+]\d\d:\d\d)?)?$/;

/** Whether go-yaml v3 takes a plain text for a point in time. */
export function isTimestamp(text: string): boolean {
  return DATE.test(text) && toTimestamp(text) !== undefined;
}

/**
 * A timestamp as go-yaml v3 reads it and JSON prints it. The form with `T` needs a zone, the form
 * with a blank may not have one.
 */
function toTimestamp(text: string): string | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute = '', second = '', fraction = '', zone] =
    match;
  const isDateOnly = hour === undefined;
  const hasT = /[Tt]/.test(text);
  if (!isDateOnly && hasT !== (zone !== undefined)) return undefined;
  const numbers = [month, day, hour ?? '0', minute || '0', second || '0'].map(Number);
  const [m = 0, d = 0, h = 0, min = 0, s = 0] = numbers;
  const lastDay = new Date(Date.UTC(Number(year), m, 0)).getUTCDate();
  if (m < 1 || m > 12 || d < 1 || d > lastDay || h > 23 || min > 59 || s > 59) return undefined;
  const [mm, dd, hh, mi, ss] = numbers.map((number) => String(number).padStart(2, '0'));
  const nanoseconds = fraction.slice(0, 9).replace(/0+$/, '');
  return `${year}-${mm}-${dd}T${hh}:${mi}:${ss}${nanoseconds && `.${nanoseconds}`}${toZone(zone)}`;
}

function toZone(zone: string | undefined): string {
  return zone === undefined || zone === '+00:00' || zone === '-00:00' ? 'Z' : zone;
}
