import {
  type Directive,
  type Document,
  type FragmentSelection,
  type Location,
  type Operation,
  type Selection,
  SyntaxFault,
  type Token,
  type Value,
  type VariableDefinition,
  locate,
  tokenize,
} from './language.ts';

/** Deeper nesting is refused before it can exhaust the stack. */
const MAX_DEPTH = 50;

/** The tokens still to be read. */
interface Cursor {
  readonly source: string;
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/**
 * Reads a query.
 *
 * @throws SyntaxFault for anything that is not GraphQL's query language
 */
export function parseQuery(source: string): Document {
  const cursor: Cursor = { source, tokens: tokenize(source), at: 0, depth: 0 };
  const operations: Operation[] = [];
  const fragments = new Map<string, FragmentSelection>();
  while (peek(cursor).kind !== 'end') {
    if (peek(cursor).text === 'fragment') {
      const fragment = parseFragment(cursor);
      fragments.set(fragment.name ?? '', fragment);
    } else {
      operations.push(parseOperation(cursor));
    }
  }
  return { operations, fragments };
}

function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.at] ?? { kind: 'end', text: '', offset: cursor.source.length };
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.at += 1;
  return token;
}

function place(cursor: Cursor): Location {
  return locate(cursor.source, peek(cursor).offset);
}

function fault(cursor: Cursor, expected: string): SyntaxFault {
  const { kind, text } = peek(cursor);
  const found = kind === 'end' ? 'end of input' : JSON.stringify(text);
  return new SyntaxFault(`Expected ${expected}, found ${found}`, place(cursor));
}

function takeIf(cursor: Cursor, text: string): boolean {
  const token = peek(cursor);
  if (token.text !== text || token.kind === 'string') return false;
  cursor.at += 1;
  return true;
}

function expect(cursor: Cursor, text: string): void {
  if (!takeIf(cursor, text)) throw fault(cursor, JSON.stringify(text));
}

function takeName(cursor: Cursor): string {
  if (peek(cursor).kind !== 'name') throw fault(cursor, 'a name');
  return take(cursor).text;
}

function parseFragment(cursor: Cursor): FragmentSelection {
  const location = place(cursor);
  expect(cursor, 'fragment');
  const name = takeName(cursor);
  expect(cursor, 'on');
  const on = takeName(cursor);
  const directives = parseDirectives(cursor);
  const selections = parseSelections(cursor);
  return { kind: 'fragment', name, on, directives, selections, location };
}

function parseOperation(cursor: Cursor): Operation {
  const { text } = peek(cursor);
  if (text === '{') {
    const selections = parseSelections(cursor);
    return { type: 'query', name: undefined, variables: [], selections };
  }
  if (text !== 'query' && text !== 'mutation' && text !== 'subscription') {
    throw fault(cursor, 'query, mutation or {');
  }
  take(cursor);
  const name = peek(cursor).kind === 'name' ? take(cursor).text : undefined;
  const variables = parseVariables(cursor);
  parseDirectives(cursor);
  return { type: text, name, variables, selections: parseSelections(cursor) };
}

function parseVariables(cursor: Cursor): VariableDefinition[] {
  const variables: VariableDefinition[] = [];
  if (!takeIf(cursor, '(')) return variables;
  while (!takeIf(cursor, ')')) {
    expect(cursor, '$');
    const name = takeName(cursor);
    expect(cursor, ':');
    const type = parseType(cursor);
    const fallback = takeIf(cursor, '=') ? parseValue(cursor) : undefined;
    variables.push({ name, type, fallback });
  }
  return variables;
}

function parseType(cursor: Cursor): string {
  const inner = takeIf(cursor, '[') ? `[${parseType(cursor)}` : takeName(cursor);
  const closed = inner.startsWith('[') ? `${inner}${take(cursor).text}` : inner;
  return takeIf(cursor, '!') ? `${closed}!` : closed;
}

function parseSelections(cursor: Cursor): Selection[] {
  expect(cursor, '{');
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH)
    throw new SyntaxFault('The query is nested too deep', place(cursor));
  const selections: Selection[] = [];
  while (!takeIf(cursor, '}')) selections.push(parseSelection(cursor));
  cursor.depth -= 1;
  return selections;
}

function parseSelection(cursor: Cursor): Selection {
  const location = place(cursor);
  if (takeIf(cursor, '...')) return parseSpread(cursor, location);
  const first = takeName(cursor);
  const name = takeIf(cursor, ':') ? takeName(cursor) : first;
  const args = parseArguments(cursor);
  const directives = parseDirectives(cursor);
  const selections = peek(cursor).text === '{' ? parseSelections(cursor) : [];
  return { kind: 'field', name, alias: first, args, directives, selections, location };
}

function parseSpread(cursor: Cursor, location: Location): FragmentSelection {
  const isNamed = peek(cursor).kind === 'name' && peek(cursor).text !== 'on';
  if (isNamed) {
    const name = takeName(cursor);
    const directives = parseDirectives(cursor);
    return { kind: 'fragment', name, on: undefined, directives, selections: [], location };
  }
  const on = takeIf(cursor, 'on') ? takeName(cursor) : undefined;
  const directives = parseDirectives(cursor);
  const selections = parseSelections(cursor);
  return { kind: 'fragment', name: undefined, on, directives, selections, location };
}

function parseArguments(cursor: Cursor): Record<string, Value> {
  const args: Record<string, Value> = {};
  if (!takeIf(cursor, '(')) return args;
  while (!takeIf(cursor, ')')) {
    const name = takeName(cursor);
    expect(cursor, ':');
    args[name] = parseValue(cursor);
  }
  return args;
}

function parseDirectives(cursor: Cursor): Directive[] {
  const directives: Directive[] = [];
  while (takeIf(cursor, '@')) {
    directives.push({ name: takeName(cursor), args: parseArguments(cursor) });
  }
  return directives;
}

function parseValue(cursor: Cursor): Value {
  if (takeIf(cursor, '$')) return { kind: 'variable', name: takeName(cursor) };
  if (takeIf(cursor, '[')) {
    const items: Value[] = [];
    while (!takeIf(cursor, ']')) items.push(parseValue(cursor));
    return { kind: 'list', items };
  }
  if (takeIf(cursor, '{')) {
    const fields: Record<string, Value> = {};
    while (!takeIf(cursor, '}')) {
      const name = takeName(cursor);
      expect(cursor, ':');
      fields[name] = parseValue(cursor);
    }
    return { kind: 'object', fields };
  }
  const { kind, text } = peek(cursor);
  if (kind === 'punctuator' || kind === 'end') throw fault(cursor, 'a value');
  take(cursor);
  return { kind: 'literal', value: toLiteral(kind, text) };
}

/** Names of enumerations are kept as text. */
function toLiteral(kind: Token['kind'], text: string): unknown {
  if (kind === 'number') return Number(text);
  if (kind === 'string') return text;
  const words: Record<string, unknown> = { true: true, false: false, null: null };
  return text in words ? words[text] : text;
}
