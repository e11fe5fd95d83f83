import type { Located, LocatedScalar } from '../../model/located.ts';
import { isOddInJson, isOddJsonKey } from '../../yaml/json-as-yaml.ts';

/**
 * Whether an object surely comes out of substitution as it goes in. Then there is no need to print
 * it: no sign of a variable, and nothing that printing and reading again would change. Measured
 * against Flux's own code: plain words, quoted numbers and texts of several lines all come back.
 */
export function isInert(node: Located): boolean {
  if (node.kind === 'list') return node.items.every(isInert);
  if (node.kind === 'map') {
    return node.entries.every(({ key, value }) => isInertKey(key) && isInert(value));
  }
  return isInertScalar(node);
}

/** The same for a plain value. */
export function isInertScalar({ value }: LocatedScalar): boolean {
  if (typeof value === 'string') return isInertText(value);
  // A bigint loses digits on its way, minus zero its sign.
  return typeof value !== 'bigint' && !Object.is(value, -0);
}

/** The same for a key. */
export function isInertKey(key: string): boolean {
  return key !== '<<' && !isOddJsonKey(key) && isInertText(key);
}

function isInertText(text: string): boolean {
  return !text.includes('$') && !isOddInJson(text) && !text.startsWith('\t');
}
