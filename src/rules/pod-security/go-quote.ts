const LETTERS: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** What Go calls printable: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** A text as Go's `%q` verb prints it. It differs from JSON: `\x00`, `\u00a0`, literal `é`. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) quoted += LETTERS[character] ?? printed(character);
  return `${quoted}"`;
}

function printed(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Half a surrogate pair has no UTF-8 form; Go reads the replacement character instead.
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  if (PRINTABLE.test(character)) return character;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
