import { scanBlockScalar } from './block-scalar.ts';
import { isBlankOrEnd, isBreakOrEnd, isEnd, SPACE, TAB } from './characters.ts';
import { Cursor, type Mark } from './cursor.ts';
import { type Directive, scanDirective } from './directive.ts';
import { scanPlainScalar } from './plain-scalar.ts';
import { scanAnchor, scanTag, type Tag } from './properties.ts';
import { scanQuotedScalar } from './quoted-scalar.ts';

/** Tokens that are nothing but their kind and place. */
export type MarkKind =
  | 'document-start'
  | 'document-end'
  | 'stream-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'flow-entry'
  | 'block-entry'
  | 'key'
  | 'value';

interface Placed {
  readonly start: Mark;
  /** Offset after its last character. */
  readonly end: number;
}

export interface ScalarToken extends Placed {
  readonly kind: 'scalar';
  readonly value: string;
  readonly isPlain: boolean;
}

export type Token =
  | (Placed & { readonly kind: MarkKind })
  | ScalarToken
  | (Placed & { readonly kind: 'anchor' | 'alias'; readonly name: string })
  | (Placed & { readonly kind: 'tag'; readonly tag: Tag })
  | (Placed & { readonly kind: 'directive'; readonly directive: Directive });

/** A place where a key may have begun that is only known as one when its colon comes. */
interface PossibleKey {
  /** Number of its token, counted from the first token of the text. */
  readonly token: number;
  readonly mark: Mark;
  /** Whether nothing but a key can stand there. */
  readonly required: boolean;
}

/** The possible key of a level of brackets, the last one that was noted. */
interface Level {
  possible: PossibleKey | undefined;
  /** Number of the token of the key that was noted last; of the bracket itself before there is any. */
  token: number;
}

/** A key without a question mark ends within so many characters. */
const LONGEST_SIMPLE_KEY = 1024;

/** Tokens that were taken are let go of in batches of so many. */
const TAKEN_TOKENS_KEPT = 1000;

/** Cuts a text into tokens as go-yaml v2 does (`scannerc.go`). Throws `ReadFailure`. */
export class Scanner {
  readonly #cursor: Cursor;
  /** Tokens that are waiting, the first of them at `#head`. */
  #queue: Token[] = [];
  #head = 0;
  #taken = 0;
  #ended = false;
  /** Column of the block that is open; -1 outside all. */
  #indent = -1;
  readonly #indents: number[] = [];
  #simpleKeyAllowed = true;
  /** Open brackets, and the text itself in front of them. */
  readonly #levels: [Level, ...Level[]] = [{ possible: undefined, token: 0 }];
  /** Possible keys by the number of their token: the parser waits for what becomes of them. */
  readonly #possibleKeyOf = new Map<number, PossibleKey>();

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  /** The next token. At the end of the text it is `stream-end`, for ever. */
  peek(): Token {
    for (;;) {
      const head = this.#queue[this.#head];
      if (head !== undefined && !this.#mayBecomeKey(this.#taken)) return head;
      this.#fetch();
    }
  }

  /** Takes the next token. */
  next(): Token {
    const token = this.peek();
    if (token.kind === 'stream-end') return token;
    this.#head += 1;
    this.#taken += 1;
    if (this.#head === this.#queue.length || this.#head > TAKEN_TOKENS_KEPT) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return token;
  }

  get #inFlow(): boolean {
    return this.#levels.length > 1;
  }

  get #level(): Level {
    return this.#levels.at(-1) ?? this.#levels[0];
  }

  #mayBecomeKey(token: number): boolean {
    const key = this.#possibleKeyOf.get(token);
    return key !== undefined && this.#isStillPossible(key);
  }

  #isStillPossible(key: PossibleKey): boolean {
    const { line, index } = this.#cursor;
    if (key.mark.line >= line && key.mark.index + LONGEST_SIMPLE_KEY >= index) return true;
    if (key.required) throw this.#cursor.failure("could not find expected ':'");
    return false;
  }

  #fetch(): void {
    this.#skipToToken();
    this.#closeBlocks(this.#cursor.column);
    const cursor = this.#cursor;
    if (isEnd(cursor.unit())) {
      this.#fetchEnd();
    } else if (cursor.column === 0 && cursor.unit() === 0x25) {
      this.#resetForDocument();
      const start = cursor.mark();
      const directive = scanDirective(cursor);
      this.#push({ kind: 'directive', directive, start, end: cursor.offset });
    } else if (cursor.atDocumentMark()) {
      this.#resetForDocument();
      this.#pushMark(cursor.unit() === 0x2d ? 'document-start' : 'document-end', 3);
    } else {
      this.#fetchIndicator(cursor.text[cursor.offset] ?? '');
    }
  }

  #fetchIndicator(character: string): void {
    const inFlow = this.#inFlow;
    const endsWord = isBlankOrEnd(this.#cursor.unit(1));
    if (character === '[') this.#openFlow('flow-sequence-start');
    else if (character === '{') this.#openFlow('flow-mapping-start');
    else if (character === ']') this.#closeFlow('flow-sequence-end');
    else if (character === '}') this.#closeFlow('flow-mapping-end');
    else if (character === ',') this.#fetchFlowEntry();
    else if (character === '-' && endsWord) this.#fetchBlockEntry();
    else if (character === '?' && (inFlow || endsWord)) this.#fetchKey();
    else if (character === ':' && (inFlow || endsWord)) this.#fetchValue();
    else if ('|>'.includes(character) && !inFlow) this.#fetchBlockScalar(character === '|');
    else if ('#%@`|>\t'.includes(character)) this.#failNoToken();
    else this.#fetchContent(character);
  }

  /** What may be a key: a scalar other than a block scalar, or what stands before a value. */
  #fetchContent(character: string): void {
    this.#savePossibleKey();
    const cursor = this.#cursor;
    const start = cursor.mark();
    if (character === '*' || character === '&') {
      const kind = character === '*' ? 'alias' : 'anchor';
      const name = scanAnchor(cursor);
      this.#push({ kind, name, start, end: cursor.offset });
    } else if (character === '!') {
      const tag = scanTag(cursor);
      this.#push({ kind: 'tag', tag, start, end: cursor.offset });
    } else if (character === "'" || character === '"') {
      const value = scanQuotedScalar(cursor, character);
      this.#push({ kind: 'scalar', value, isPlain: false, start, end: cursor.offset });
    } else {
      const scalar = scanPlainScalar(cursor, this.#indent + 1, this.#inFlow);
      if (scalar.endsLine) this.#simpleKeyAllowed = true;
      this.#push({ kind: 'scalar', value: scalar.value, isPlain: true, start, end: scalar.end });
    }
  }

  #failNoToken(): never {
    throw this.#cursor.failure('found character that cannot start any token');
  }

  #fetchBlockScalar(isLiteral: boolean): void {
    this.#dropPossibleKey();
    this.#simpleKeyAllowed = true;
    const start = this.#cursor.mark();
    const value = scanBlockScalar(this.#cursor, isLiteral, this.#indent);
    this.#push({ kind: 'scalar', value, isPlain: false, start, end: this.#cursor.offset });
  }

  #fetchEnd(): void {
    if (this.#cursor.column !== 0) {
      this.#cursor.column = 0;
      this.#cursor.line += 1;
    }
    this.#resetForDocument();
    if (!this.#ended) this.#pushMark('stream-end', 0);
    this.#ended = true;
  }

  #resetForDocument(): void {
    this.#closeBlocks(-1);
    this.#dropPossibleKey();
    this.#simpleKeyAllowed = false;
  }

  #openFlow(kind: MarkKind): void {
    this.#savePossibleKey();
    this.#levels.push({ possible: undefined, token: this.#nextToken });
    this.#simpleKeyAllowed = true;
    this.#pushMark(kind, 1);
  }

  #closeFlow(kind: MarkKind): void {
    this.#dropPossibleKey();
    // Of empty brackets this forgets the brackets themselves: Go takes `[]: x` for no key.
    if (this.#inFlow) this.#possibleKeyOf.delete(this.#level.token);
    if (this.#inFlow) this.#levels.pop();
    this.#simpleKeyAllowed = false;
    this.#pushMark(kind, 1);
  }

  #fetchFlowEntry(): void {
    this.#dropPossibleKey();
    this.#simpleKeyAllowed = true;
    this.#pushMark('flow-entry', 1);
  }

  #fetchBlockEntry(): void {
    if (!this.#inFlow) {
      if (!this.#simpleKeyAllowed) {
        throw this.#cursor.failure('block sequence entries are not allowed in this context');
      }
      this.#openBlock('block-sequence-start', this.#cursor.mark());
    }
    this.#dropPossibleKey();
    this.#simpleKeyAllowed = true;
    this.#pushMark('block-entry', 1);
  }

  #fetchKey(): void {
    if (!this.#inFlow) {
      if (!this.#simpleKeyAllowed) {
        throw this.#cursor.failure('mapping keys are not allowed in this context');
      }
      this.#openBlock('block-mapping-start', this.#cursor.mark());
    }
    this.#dropPossibleKey();
    this.#simpleKeyAllowed = !this.#inFlow;
    this.#pushMark('key', 1);
  }

  #fetchValue(): void {
    const key = this.#level.possible;
    if (key !== undefined && this.#isStillPossible(key)) {
      this.#insert({ kind: 'key', start: key.mark, end: key.mark.offset }, key.token);
      this.#openBlock('block-mapping-start', key.mark, key.token);
      this.#forgetPossibleKey();
      this.#simpleKeyAllowed = false;
    } else {
      if (!this.#inFlow) {
        if (!this.#simpleKeyAllowed) {
          throw this.#cursor.failure('mapping values are not allowed in this context');
        }
        this.#openBlock('block-mapping-start', this.#cursor.mark());
      }
      this.#simpleKeyAllowed = !this.#inFlow;
    }
    this.#pushMark('value', 1);
  }

  /** Number of the token that will be made next. */
  get #nextToken(): number {
    return this.#taken + this.#queue.length - this.#head;
  }

  #savePossibleKey(): void {
    if (this.#simpleKeyAllowed) {
      const required = !this.#inFlow && this.#indent === this.#cursor.column;
      const token = this.#nextToken;
      const key: PossibleKey = { token, mark: this.#cursor.mark(), required };
      this.#dropPossibleKey();
      this.#level.possible = key;
      this.#level.token = token;
      this.#possibleKeyOf.set(token, key);
    }
    this.#simpleKeyAllowed = false;
  }

  /** Gives a possible key up, unless it had to be one. */
  #dropPossibleKey(): void {
    if (this.#level.possible?.required) throw this.#cursor.failure("could not find expected ':'");
    this.#forgetPossibleKey();
  }

  #forgetPossibleKey(): void {
    if (this.#level.possible === undefined) return;
    this.#possibleKeyOf.delete(this.#level.possible.token);
    this.#level.possible = undefined;
  }

  /** Opens a block at a mark, unless one at its column is open. */
  #openBlock(kind: MarkKind, mark: Mark, before?: number): void {
    if (this.#inFlow || this.#indent >= mark.column) return;
    this.#indents.push(this.#indent);
    this.#indent = mark.column;
    const token: Token = { kind, start: mark, end: mark.offset };
    if (before === undefined) this.#push(token);
    else this.#insert(token, before);
  }

  /** Closes the blocks that stand deeper than a column. */
  #closeBlocks(column: number): void {
    if (this.#inFlow) return;
    while (this.#indent > column) {
      this.#pushMark('block-end', 0);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  /** Passes blanks, comments and line breaks. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      const tabs = this.#inFlow || !this.#simpleKeyAllowed;
      cursor.takeWhile((unit) => unit === SPACE || (tabs && unit === TAB));
      if (cursor.unit() === 0x23) cursor.takeWhile((unit) => !isBreakOrEnd(unit));
      if (cursor.skipBreak() === '') return;
      if (!this.#inFlow) this.#simpleKeyAllowed = true;
    }
  }

  #pushMark(kind: MarkKind, length: number): void {
    const start = this.#cursor.mark();
    for (let count = 0; count < length; count += 1) this.#cursor.skip();
    this.#push({ kind, start, end: this.#cursor.offset });
  }

  #push(token: Token): void {
    this.#queue.push(token);
  }

  /** Puts a token before the one with a number; last, as Go does, if that was taken already. */
  #insert(token: Token, before: number): void {
    if (before < this.#taken) this.#push(token);
    else this.#queue.splice(this.#head + before - this.#taken, 0, token);
  }
}
