import { resolve, type Resolved } from './resolve.ts';
import { decodeUtf8 } from './utf8.ts';

const STANDARD = 'tag:yaml.org,2002:';
const RESOLVED: readonly string[] = ['bool', 'int', 'float', 'null', 'timestamp'];

/** Standard base64 with its padding; line breaks do not count. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * What a scalar with a tag means to go-yaml v2. Tags that it does not know leave the text.
 *
 * @param tag in full; empty for a plain scalar without one
 */
export function resolveTagged(tag: string, text: string): Resolved | { readonly problem: string } {
  if (tag === '') return resolve(text);
  const name = tag.startsWith(STANDARD) ? tag.slice(STANDARD.length) : '';
  if (name === 'binary') return toBinary(text);
  if (!RESOLVED.includes(name)) return { tag: 'str', value: text };
  const resolved = resolve(text);
  const found = name === 'timestamp' || resolved.tag !== 'timestamp' ? resolved : asText(text);
  if (found.tag === name) return found;
  if (name === 'float' && found.tag === 'int' && !isUnsigned(found)) {
    return { tag: 'float', value: Number(found.value) };
  }
  return { problem: `cannot decode !!${found.tag} \`${text}\` as a !!${name}` };
}

/** Only text without a tag, or with that very tag, is looked at as a timestamp. */
function asText(value: string): Resolved {
  return { tag: 'str', value };
}

function isUnsigned({ value }: Resolved): boolean {
  return typeof value === 'bigint' && value > 2n ** 63n - 1n;
}

function toBinary(text: string): Resolved | { readonly problem: string } {
  const data = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(data)) return { problem: '!!binary value contains invalid base64 data' };
  return { tag: 'str', value: decodeUtf8(Buffer.from(data, 'base64').toString('latin1')) };
}
