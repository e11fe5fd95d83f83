import { RE2JS } from 're2js';

/** Whether a text holds a match. */
export type Pattern = (text: string) => boolean;

const known = new Map<string, Pattern | undefined>();

/** Patterns come from files: the number that is kept is bounded. */
const MAX_KNOWN = 5000;

/**
 * Compiles a regular expression of a kustomization with Go's syntax, in linear time whatever it
 * says.
 *
 * @returns undefined when it is none
 */
export function compilePattern(expression: string): Pattern | undefined {
  if (known.has(expression)) return known.get(expression);
  if (known.size >= MAX_KNOWN) known.clear();
  const pattern = compile(expression);
  known.set(expression, pattern);
  return pattern;
}

/** Longer expressions are no work of people and take seconds to compile. */
const MAX_LENGTH = 5000;

function compile(expression: string): Pattern | undefined {
  if (expression.length > MAX_LENGTH) return undefined;
  try {
    const compiled = RE2JS.compile(expression);
    return (text) => compiled.matcher(text).find();
  } catch {
    return undefined;
  }
}

/** A pattern for the whole of a text; any text where it is empty. */
export function compileAnchored(expression: string): Pattern | undefined {
  if (expression === '') return () => true;
  // Plain names are by far the most common.
  if (/^[A-Za-z0-9-]+$/.test(expression)) return (text) => text === expression;
  return compilePattern(`^(?:${expression})$`);
}
