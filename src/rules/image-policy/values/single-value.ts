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
  let made: Located = new LocatedScalar(value, text, text.trace);
  for (const key of steps.reverse()) {
    const entry = { key, keyStart: text.start, keyEnd: text.start, value: made };
    made = new LocatedMap([entry], text, text.trace);
  }
  return made.kind === 'map' ? made : undefined;
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
