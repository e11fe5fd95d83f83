import { readPublicKey } from '../../../model/public-key.ts';
import { keysIn } from '../verifiers/keys.ts';

/** A key whose private half stands in public examples. */
const EXAMPLES = ['8nXRh950IZbRj8Ra/N9sbqOPZrfM'];

/** What is wrong with the text of a key; undefined for a key, and for a reference to one. */
export function faultOfKey(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^(?:k8s|[a-z]+kms|kms|vault):\/\//.test(trimmed) || trimmed.includes('{{')) return undefined;
  if (trimmed.includes('${')) return undefined;
  if (EXAMPLES.some((each) => trimmed.includes(each))) {
    return 'has the key of a public example: whoever read the example can sign';
  }
  const keys = keysIn(trimmed);
  if (keys.length === 0) {
    const isPlaceholder = /<|>|\.\.\.|your|change|replace|placeholder|todo|xxx/i.test(trimmed);
    return isPlaceholder
      ? 'has a placeholder where a public key should stand: no image can pass'
      : 'has a key that is no public key in PEM: no image can pass';
  }
  return keys.every((key) => readPublicKey(key) !== undefined)
    ? undefined
    : 'has a public key that cannot be read: no image can pass';
}
