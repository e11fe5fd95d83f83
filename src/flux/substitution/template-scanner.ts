/** Which characters a token is made of; `count` is the number of bytes read of it so far. */
export type Accepts = (character: string, count: number) => boolean;

export interface TokenRules {
  readonly accepts: Accepts;
  /** Whether `${` is a token of its own here. */
  readonly opens?: boolean;
  /** Whether `$$`, `\/` and `\\` stand for their second character here. */
  readonly escapes?: boolean;
}

/**
 * Reads the inside of `${…}` as envsubst's scanner does, which works on bytes: the text has one
 * code unit a byte. A character is an ASCII one or a whole one of UTF-8. The end of the text reads
 * as an empty one.
 */
export class TemplateScanner {
  readonly text: string;
  position: number;
  /** Bytes of the character read last: what {@link TemplateScanner.unread} goes back. */
  #width = 0;

  constructor(text: string, position: number) {
    this.text = text;
    this.position = position;
  }

  read(): string {
    const first = this.text.charCodeAt(this.position);
    this.#width = Number.isNaN(first) ? 0 : widthOf(first);
    const start = this.position;
    this.position += this.#width;
    return this.text.slice(start, this.position);
  }

  unread(): void {
    this.position -= this.#width;
  }

  peek(): string {
    const character = this.read();
    this.unread();
    return character;
  }

  /** Takes `}`; false, and one character further, when something else stands here. */
  takeClose(): boolean {
    return this.read() === '}';
  }

  /** Takes a token of at least one character; undefined when none begins here. */
  take({ accepts, opens = false, escapes = false }: TokenRules): string | undefined {
    const start = this.position;
    let taken = '';
    for (;;) {
      if (opens && this.text.startsWith('${', this.position)) break;
      const character = this.read();
      if (character === '') break;
      const escaped = escapes ? this.#escapedAfter(character) : undefined;
      if (escaped !== undefined) {
        taken += escaped;
      } else if (accepts(character, this.position - start)) {
        taken += character;
      } else {
        this.unread();
        break;
      }
    }
    return this.position > start ? taken : undefined;
  }

  /** Takes the second character of an escape whose first one was just read. */
  #escapedAfter(character: string): string | undefined {
    const next = this.text[this.position];
    const isEscape =
      (character === '$' && next === '$') ||
      (character === '\\' && (next === '/' || next === '\\'));
    if (!isEscape) return undefined;
    this.position += 1;
    return next;
  }
}

/** Bytes of the UTF-8 character that begins with a byte. */
function widthOf(byte: number): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
