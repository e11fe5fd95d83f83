/**
 * Texts that Go's YAML reader accepts and our parser does not. Each repair only inserts blanks or
 * quotes, so that an offset of the repaired text maps back by subtracting those before it.
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

/** A lone dash in brackets, `[cat, -]`: a text for Go, the start of an item for YAML 1.2. */
const LONE_DASH = /(?<=[[,{][ \t]*|:[ \t]+|^[ \t]*)-(?=[,\]}])/gm;

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
  if (reason.startsWith('missed comma')) {
    const dash = [...around.matchAll(LONE_DASH)].at(0);
    if (dash) return insert(insert(current, from + dash.index + 1, "'"), from + dash.index, "'");
  }
  const aliasKey = [...around.matchAll(ALIAS_KEY)].at(0);
  return aliasKey && insertBlanks(current, from + aliasKey.index + aliasKey[0].length, 1);
}

function insertBlanks(current: Repaired, at: number, count: number): Repaired {
  return insert(current, at, ' '.repeat(count));
}

function insert(current: Repaired, at: number, added: string): Repaired {
  const { length } = added;
  return {
    text: current.text.slice(0, at) + added + current.text.slice(at),
    toSource: (offset) => current.toSource(offset <= at ? offset : Math.max(at, offset - length)),
    repairs: current.repairs + 1,
  };
}
