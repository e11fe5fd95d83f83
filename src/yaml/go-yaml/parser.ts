import { type Mark, ReadFailure } from './cursor.ts';
import { type ScalarToken, Scanner, type Token } from './scanner.ts';

interface Placed {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: string;
  /** In full (`tag:yaml.org,2002:str`); empty for none. */
  readonly tag: string;
  /** Whether its text decides its type. */
  readonly isImplicit: boolean;
}

export interface AliasNode extends Placed {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly fields: readonly (readonly [key: Node, value: Node])[];
}

export type Node = ScalarNode | AliasNode | ListNode | MapNode;

/** Deeper than what `parseYaml` reads; go-yaml stops at 10,000, our stack earlier. */
export const MAX_DEPTH = 1100;

const NO_TAG = { tag: '', anchor: undefined };

/** The first document of a text as go-yaml v2 reads it (`parserc.go`); undefined for none. */
export function parseDocument(text: string): Node | undefined {
  return new Parser(text).document();
}

class Parser {
  readonly #scanner: Scanner;
  readonly #handles = new Map<string, string>();
  readonly #anchors = new Map<string, Node>();
  #depth = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  document(): Node | undefined {
    const { kind } = this.#scanner.peek();
    if (kind === 'stream-end') return undefined;
    this.#directives();
    const isExplicit = kind === 'directive' || kind === 'document-start';
    const root = isExplicit ? this.#explicitDocument() : this.#node(true, false);
    // Go looks at the token behind the document too, and fails where it cannot be read.
    this.#scanner.peek();
    return root;
  }

  #explicitDocument(): Node {
    const token = this.#scanner.next();
    if (token.kind !== 'document-start') {
      throw failure(token, 'did not find expected <document start>');
    }
    return this.#documentContent();
  }

  #documentContent(): Node {
    const token = this.#scanner.peek();
    const isEmpty = ['directive', 'document-start', 'document-end', 'stream-end'].includes(
      token.kind,
    );
    return isEmpty ? empty(token.start.offset) : this.#node(true, false);
  }

  #directives(): void {
    let version: string | undefined;
    for (
      let token = this.#scanner.peek();
      token.kind === 'directive';
      token = this.#scanner.peek()
    ) {
      const { directive } = token;
      if (directive.kind === 'version') {
        if (version !== undefined) throw failure(token, 'found duplicate %YAML directive');
        ({ version } = directive);
        if (version !== '1.1') throw failure(token, 'found incompatible YAML document');
      } else {
        if (this.#handles.has(directive.handle)) {
          throw failure(token, 'found duplicate %TAG directive');
        }
        this.#handles.set(directive.handle, directive.prefix);
      }
      this.#scanner.next();
    }
    if (!this.#handles.has('!')) this.#handles.set('!', '!');
    if (!this.#handles.has('!!')) this.#handles.set('!!', 'tag:yaml.org,2002:');
  }

  /**
   * @param inBlock whether a block may stand here, or only what stands inside brackets
   * @param asField whether a list may begin at the column of the key above
   */
  #node(inBlock: boolean, asField: boolean): Node {
    const { start } = this.#scanner.peek();
    const alias = this.#alias();
    if (alias !== undefined) return alias;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      const message = `Values are nested more than ${MAX_DEPTH} levels deep.`;
      throw new ReadFailure(message, start.offset);
    }
    const node = this.#content(start, this.#properties(), inBlock, asField);
    this.#depth -= 1;
    return node;
  }

  #alias(): AliasNode | undefined {
    const token = this.#scanner.peek();
    if (token.kind !== 'alias') return undefined;
    this.#scanner.next();
    const target = this.#anchors.get(token.name);
    if (target === undefined) {
      throw new ReadFailure(`yaml: unknown anchor '${token.name}' referenced`, token.start.offset);
    }
    return { kind: 'alias', name: token.name, target, start: token.start.offset, end: token.end };
  }

  #properties(): Properties {
    const first = this.#scanner.peek();
    if (first.kind !== 'anchor' && first.kind !== 'tag') return NO_TAG;
    this.#scanner.next();
    const second = this.#scanner.peek();
    const hasBoth =
      (second.kind === 'anchor' || second.kind === 'tag') && second.kind !== first.kind;
    if (hasBoth) this.#scanner.next();
    // Go looks at the token behind them before it looks at the tag.
    this.#scanner.peek();
    const tokens = hasBoth ? [first, second] : [first];
    let tag = '';
    let anchor: string | undefined;
    for (const token of tokens) {
      if (token.kind === 'anchor') anchor = token.name;
      if (token.kind === 'tag') tag = this.#fullTag(token);
    }
    return { tag, anchor };
  }

  #fullTag(token: Token & { kind: 'tag' }): string {
    const { handle, suffix } = token.tag;
    if (handle === '') return suffix;
    const tag = (this.#handles.get(handle) ?? '') + (this.#handles.has(handle) ? suffix : '');
    if (tag === '') throw failure(token, 'found undefined tag handle');
    return tag;
  }

  #content(start: Mark, properties: Properties, inBlock: boolean, asField: boolean): Node {
    const token = this.#scanner.peek();
    switch (token.kind) {
      case 'block-entry':
        if (asField) return this.#list(properties, start, () => this.#indentlessItems());
        break;
      case 'scalar':
        this.#scanner.next();
        return this.#scalar(token, start, properties);
      case 'flow-sequence-start':
        return this.#list(properties, start, () => this.#flowItems());
      case 'flow-mapping-start':
        return this.#map(properties, start, () => this.#flowFields());
      case 'block-sequence-start':
        if (inBlock) return this.#list(properties, start, () => this.#blockItems());
        break;
      case 'block-mapping-start':
        if (inBlock) return this.#map(properties, start, () => this.#blockFields());
        break;
      default:
    }
    if (properties === NO_TAG) throw failure(token, 'did not find expected node content');
    const isImplicit = properties.tag === '';
    const node = { ...empty(start.offset), tag: properties.tag, isImplicit };
    return this.#anchored(properties, node);
  }

  #scalar(token: ScalarToken, start: Mark, properties: Properties): Node {
    const { tag } = properties;
    const { value, end } = token;
    const isImplicit = (tag === '' && token.isPlain) || tag === '!';
    const node: Node = { kind: 'scalar', value, tag, isImplicit, start: start.offset, end };
    return this.#anchored(properties, node);
  }

  #anchored<N extends Node>({ anchor }: Properties, node: N): N {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  /** A list that can be named by an alias from its first item on. */
  #list(properties: Properties, start: Mark, read: () => Iterable<Node>): ListNode {
    const items: Node[] = [];
    const node = { kind: 'list' as const, items, start: start.offset, end: start.offset };
    this.#anchored(properties, node);
    for (const item of read()) items.push(item);
    node.end = Math.max(node.end, items.at(-1)?.end ?? 0);
    return node;
  }

  #map(properties: Properties, start: Mark, read: () => Iterable<[Node, Node]>): MapNode {
    const fields: [Node, Node][] = [];
    const node = { kind: 'map' as const, fields, start: start.offset, end: start.offset };
    this.#anchored(properties, node);
    for (const field of read()) fields.push(field);
    node.end = Math.max(node.end, fields.at(-1)?.[1].end ?? 0);
    return node;
  }

  *#blockItems(): Iterable<Node> {
    this.#scanner.next();
    for (;;) {
      const token = this.#scanner.next();
      if (token.kind === 'block-end') return;
      if (token.kind !== 'block-entry') {
        throw failure(token, "did not find expected '-' indicator");
      }
      yield this.#unless(['block-entry', 'block-end'], token.end, true, false);
    }
  }

  *#indentlessItems(): Iterable<Node> {
    while (this.#scanner.peek().kind === 'block-entry') {
      const { end } = this.#scanner.next();
      yield this.#unless(['block-entry', 'key', 'value', 'block-end'], end, true, false);
    }
  }

  *#blockFields(): Iterable<[Node, Node]> {
    this.#scanner.next();
    for (;;) {
      const token = this.#scanner.next();
      if (token.kind === 'block-end') return;
      if (token.kind !== 'key') throw failure(token, 'did not find expected key');
      const key = this.#unless(['key', 'value', 'block-end'], token.end, true, true);
      yield [key, this.#blockValue()];
    }
  }

  #blockValue(): Node {
    const token = this.#scanner.peek();
    if (token.kind !== 'value') return empty(token.start.offset);
    this.#scanner.next();
    return this.#unless(['key', 'value', 'block-end'], token.end, true, true);
  }

  *#flowItems(): Iterable<Node> {
    this.#scanner.next();
    for (let isFirst = true; ; isFirst = false) {
      if (this.#atFlowEnd('flow-sequence-end', isFirst, "did not find expected ',' or ']'")) return;
      const token = this.#scanner.peek();
      if (token.kind === 'key') yield this.#pair(token);
      else yield this.#node(false, false);
    }
  }

  /** `key: value` as an item of a list in brackets: a map of one field. */
  #pair(keyToken: Token): MapNode {
    this.#scanner.next();
    const token = this.#scanner.peek();
    let key: Node;
    if (['value', 'flow-entry', 'flow-sequence-end'].includes(token.kind)) {
      // Go passes over the token that ends the missing key.
      this.#scanner.next();
      key = empty(token.end);
    } else {
      key = this.#node(false, false);
    }
    const value = this.#flowValue('flow-sequence-end');
    const { offset } = keyToken.start;
    return { kind: 'map', fields: [[key, value]], start: offset, end: Math.max(offset, value.end) };
  }

  *#flowFields(): Iterable<[Node, Node]> {
    this.#scanner.next();
    for (let isFirst = true; ; isFirst = false) {
      if (this.#atFlowEnd('flow-mapping-end', isFirst, "did not find expected ',' or '}'")) return;
      const token = this.#scanner.peek();
      if (token.kind === 'key') {
        this.#scanner.next();
        const { start } = this.#scanner.peek();
        const ends = ['value', 'flow-entry', 'flow-mapping-end'] as const;
        const key = this.#unless(ends, start.offset, false, false);
        yield [key, this.#flowValue('flow-mapping-end')];
      } else {
        const key = this.#node(false, false);
        yield [key, empty(this.#scanner.peek().start.offset)];
      }
    }
  }

  /** Takes the comma before a further entry; whether the bracket closes instead, which is taken. */
  #atFlowEnd(end: Token['kind'], isFirst: boolean, problem: string): boolean {
    const token = this.#scanner.peek();
    if (token.kind !== end && !isFirst) {
      if (token.kind !== 'flow-entry') throw failure(token, problem);
      this.#scanner.next();
    }
    if (this.#scanner.peek().kind !== end) return false;
    this.#scanner.next();
    return true;
  }

  #flowValue(end: Token['kind']): Node {
    const token = this.#scanner.peek();
    if (token.kind !== 'value') return empty(token.start.offset);
    this.#scanner.next();
    const { start } = this.#scanner.peek();
    return this.#unless(['flow-entry', end], start.offset, false, false);
  }

  /** The node that begins here; nothing, at an offset, when the next token is one of these. */
  #unless(ends: readonly Token['kind'][], at: number, inBlock: boolean, asField: boolean): Node {
    return ends.includes(this.#scanner.peek().kind) ? empty(at) : this.#node(inBlock, asField);
  }
}

interface Properties {
  readonly tag: string;
  readonly anchor: string | undefined;
}

function empty(offset: number): ScalarNode {
  return { kind: 'scalar', value: '', tag: '', isImplicit: true, start: offset, end: offset };
}

/** A failure at a token, as go-yaml words those of its parser: with the number of the line above. */
function failure({ start }: Token, problem: string): ReadFailure {
  const where = start.line === 0 ? '' : `line ${start.line}: `;
  return new ReadFailure(`yaml: ${where}${problem}`, start.offset);
}
