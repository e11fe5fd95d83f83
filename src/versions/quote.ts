/**
 * Quotes text as Go's `%q`, which the library's messages use: printable characters stand for
 * themselves, all else is escaped, so a hostile range cannot bring control characters along.
 */
export function quote(text: string): string {
  let quoted = '"';
  for (const character of text) quoted += NAMED[character] ?? escape(character);
  return `${quoted}"`;
}

/** Text of any length for a sentence: quoted, and cut where it would drown what is said. */
export function quoteBriefly(text: string): string {
  return text.length > BRIEF ? `${quote(text.slice(0, BRIEF))}…` : quote(text);
}

const BRIEF = 60;

const NAMED: Partial<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

function escape(character: string): string {
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hexadecimal(code, 2)}`;
  // Half a surrogate pair has no UTF-8 form; it reaches Go as the replacement character.
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return code > 0xffff ? `\\U${hexadecimal(code, 8)}` : `\\u${hexadecimal(code, 4)}`;
}

function hexadecimal(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
