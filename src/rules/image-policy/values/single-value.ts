import { type Located, LocatedMap, LocatedScalar } from '../../../model/located.ts';

/** Names apart from the punctuation of Helm's `--set`: lists and escapes are not followed. */
const PLAIN_PATH = /^[\w-]+(?:\.[\w-]+)*$/;

/** As deep as Helm reads a path. */
const DEEPEST = 30;

/**
 * The values that a text makes at a `targetPath`, as Helm's `--set` reads it: quotes make a text,
 * else truth values, null and whole numbers are taken as such.
 *
 * @returns undefined for paths and texts with a meaning of their own, such as lists
 */
export function valuesAt(targetPath: string, text: LocatedScalar): LocatedMap | undefined {
  const steps = targetPath.split('.');
  if (!PLAIN_PATH.test(targetPath) || steps.length > DEEPEST) return undefined;
  if (typeof text.value !== 'string') return undefined;
  const value = readValue(text.value);
  if (value === undefined) return undefined;
  const [last = '', ...around] = steps.reverse();
  return around.reduce(
    (inner, key) => mapOf(key, inner, text),
    mapOf(last, new LocatedScalar(value, text, text.trace), text),
  );
}

function mapOf(key: string, value: Located, text: LocatedScalar): LocatedMap {
  const entry = { key, keyStart: text.start, keyEnd: text.start, value };
  return new LocatedMap([entry], text, text.trace);
}

function readValue(text: string): string | number | bigint | boolean | null | undefined {
  if (/[,\\]/.test(text) || text.startsWith('{') || text.trim() !== text) return undefined;
  const [, , quoted] = /^(['"])([^]*)\1$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  switch (text.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return readNumber(text);
  }
}

function readNumber(text: string): string | number | bigint {
  if (!/^(?:0|[+-]?[1-9]\d{0,17})$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
