import { isBreak, isHighSurrogate } from './characters.ts';

/** A position of a text. */
export interface Mark {
  /** UTF-16 code units from the start. */
  readonly offset: number;
  /** Characters from the start. */
  readonly index: number;
  /** From 0. */
  readonly line: number;
  /** Characters from the start of the line. */
  readonly column: number;
}

/** Why a text cannot be read, in go-yaml's words, and where that was noticed. */
export class ReadFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'ReadFailure';
    this.offset = offset;
  }
}

/** Reads a text character by character and knows the line and the column. */
export class Cursor implements Mark {
  readonly text: string;
  offset = 0;
  index = 0;
  line = 0;
  column = 0;

  constructor(text: string) {
    this.text = text;
    // A mark at the very start says how the text is encoded, no more.
    if (text.startsWith('\ufeff')) this.offset = 1;
  }

  /** The code unit `ahead` of here; NaN past the end. */
  unit(ahead = 0): number {
    return this.text.charCodeAt(this.offset + ahead);
  }

  mark(): Mark {
    const { offset, index, line, column } = this;
    return { offset, index, line, column };
  }

  /** Passes one character that is no line break. */
  skip(): void {
    this.offset += isHighSurrogate(this.unit()) ? 2 : 1;
    this.index += 1;
    this.column += 1;
  }

  /** Passes characters of one line as long as the condition holds, and gives them. */
  takeWhile(condition: (unit: number, next: number) => boolean): string {
    const start = this.offset;
    let pairs = 0;
    let at = start;
    for (; condition(this.text.charCodeAt(at), this.text.charCodeAt(at + 1)); at += 1) {
      if (isHighSurrogate(this.text.charCodeAt(at))) pairs += 1;
    }
    this.offset = at;
    this.index += at - start - pairs;
    this.column += at - start - pairs;
    return this.text.slice(start, at);
  }

  /** Passes a line break, if one stands here, and gives it as Go normalises it. */
  skipBreak(): string {
    const unit = this.unit();
    if (!isBreak(unit)) return '';
    const isPair = unit === 0x0d && this.unit(1) === 0x0a;
    this.offset += isPair ? 2 : 1;
    this.index += isPair ? 2 : 1;
    this.column = 0;
    this.line += 1;
    return unit >= 0x2028 ? String.fromCharCode(unit) : '\n';
  }

  /** Whether `---` or `...` stands here at the start of a line, alone. */
  atDocumentMark(): boolean {
    return this.column === 0 && DOCUMENT_MARK.test(this.text.slice(this.offset, this.offset + 4));
  }

  /** A failure noticed here, as go-yaml words those of its scanner: with the line, from line 2 on. */
  failure(problem: string): ReadFailure {
    const where = this.line === 0 ? '' : `line ${this.line + 1}: `;
    return new ReadFailure(`yaml: ${where}${problem}`, this.offset);
  }
}

const DOCUMENT_MARK = /^(?:---|\.\.\.)(?:[ \t\n\r\u0085\u2028\u2029]|$)/;
