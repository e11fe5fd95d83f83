/** The part of GraphQL's query language that clients write: everything but schema definitions. */

export interface Location {
  readonly line: number;
  readonly column: number;
}

export type Value =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Value>> };

export interface FieldSelection {
  readonly kind: 'field';
  readonly name: string;
  /** The name in the answer. */
  readonly alias: string;
  readonly args: Readonly<Record<string, Value>>;
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
  readonly location: Location;
}

export interface FragmentSelection {
  readonly kind: 'fragment';
  /** Of a named fragment; undefined for an inline one. */
  readonly name: string | undefined;
  /** `... on Type`; undefined for an inline one without. */
  readonly on: string | undefined;
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
  readonly location: Location;
}

export type Selection = FieldSelection | FragmentSelection;

export interface Directive {
  readonly name: string;
  readonly args: Readonly<Record<string, Value>>;
}

export interface VariableDefinition {
  readonly name: string;
  /** As written: `[ID!]!`. */
  readonly type: string;
  readonly fallback: Value | undefined;
}

export interface Operation {
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
  readonly variables: readonly VariableDefinition[];
  readonly selections: readonly Selection[];
}

export interface Document {
  readonly operations: readonly Operation[];
  readonly fragments: ReadonlyMap<string, FragmentSelection>;
}

/** A query that is no GraphQL. */
export class SyntaxFault extends Error {
  readonly location: Location;

  constructor(message: string, location: Location) {
    super(message);
    this.name = 'SyntaxFault';
    this.location = location;
  }
}

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'punctuator' | 'end';
  readonly text: string;
  readonly offset: number;
}

const TOKEN =
  /[\s,\ufeff]+|#[^\n\r]*|(?<name>[_A-Za-z]\w*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<block>"""[\s\S]*?""")|(?<string>"(?:[^"\\\n]|\\.)*")|(?<punctuator>\.\.\.|[!$&()[\]{}:=@|])/y;

/** Cuts a query into tokens; white space, commas and comments mean nothing. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let offset = 0;
  while (offset < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) {
      const found = JSON.stringify(source[offset]);
      throw new SyntaxFault(`Unexpected character ${found}`, locate(source, offset));
    }
    const { name, number, block, string, punctuator } = match.groups ?? {};
    if (name !== undefined) tokens.push({ kind: 'name', text: name, offset });
    if (number !== undefined) tokens.push({ kind: 'number', text: number, offset });
    if (punctuator !== undefined) tokens.push({ kind: 'punctuator', text: punctuator, offset });
    if (string !== undefined) tokens.push({ kind: 'string', text: unquote(string), offset });
    if (block !== undefined) tokens.push({ kind: 'string', text: block.slice(3, -3), offset });
    offset = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', offset });
  return tokens;
}

function unquote(text: string): string {
  return JSON.parse(text) as string;
}

export function locate(source: string, offset: number): Location {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
