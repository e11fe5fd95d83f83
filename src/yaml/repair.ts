/**
 * Texts that Go's YAML reader accepts and our parser does not. Each repair only inserts blanks, so
 * that an offset of the repaired text maps back by subtracting the blanks before it.
 */
export interface Repaired {
  readonly text: string;
  readonly toSource: (offset: number) => number;
  /** Repairs made so far; each costs a parse, so there is an end to them. */
  readonly repairs: number;
}

const MAX_REPAIRS = 50;

/** An alias as a key, `*name:`: YAML 1.2 takes the colon into the name, Go does not. */
const ALIAS_KEY = /(?:^|[\s?-])\*[A-Za-z0-9_-]+(?=:(?:\s|$))/g;

/** Deeper than any line that continues a quoted text or closes a bracket. */
const CONTINUATION_INDENT = 100;

/**
 * The text with one fault mended, or undefined when no repair is known for it.
 *
 * @param reason the parser's message
 * @param offset where it stands in `current.text`
 */
export function repair(current: Repaired, reason: string, offset: number): Repaired | undefined {
  if (current.repairs >= MAX_REPAIRS) return undefined;
  const { text } = current;
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  // Continuation lines of quoted texts and closing brackets may stand further left in Go.
  if (reason === 'deficient indentation') return insertBlanks(current, line, CONTINUATION_INDENT);
  const lineEnd = text.indexOf('\n', offset);
  const from = line === 0 ? 0 : text.lastIndexOf('\n', line - 2) + 1;
  const around = text.slice(from, lineEnd === -1 ? text.length : lineEnd);
  const aliasKey = [...around.matchAll(ALIAS_KEY)].at(0);
  return aliasKey && insertBlanks(current, from + aliasKey.index + aliasKey[0].length, 1);
}

function insertBlanks(current: Repaired, at: number, count: number): Repaired {
  return {
    text: current.text.slice(0, at) + ' '.repeat(count) + current.text.slice(at),
    toSource: (offset) => current.toSource(offset <= at ? offset : Math.max(at, offset - count)),
    repairs: current.repairs + 1,
  };
}
