import { type Located, Unknown } from '../../model/located.ts';
import { compareBytes } from './compare.ts';
import { goJsonNumber } from './go-number.ts';

/** A value as Go's `json.Marshal` prints it: keys sorted, HTML's characters escaped. */
export function goJson(node: Located | undefined): string {
  if (node === undefined) return 'null';
  if (node.kind === 'list') return `[${node.items.map(goJson).join(',')}]`;
  if (node.kind === 'map') {
    const fields = node.entries
      .toSorted((a, b) => compareBytes(a.key, b.key))
      .map(({ key, value }) => `${goJsonText(key)}:${goJson(value)}`);
    return `{${fields.join(',')}}`;
  }
  const { value } = node;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return goJsonNumber(value);
  return goJsonText(value instanceof Unknown ? value.text : value);
}

const ESCAPED = /["\\<>&\u2028\u2029\p{Cc}\p{Cs}]/gu;

const SHORT: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

export function goJsonText(text: string): string {
  return `"${text.replace(ESCAPED, escape)}"`;
}

function escape(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  // DEL and the control characters after it are printed as they are; lone surrogates cannot be.
  if (code >= 0x7f && code <= 0x9f) return character;
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
