import { type Entry, type Located, type LocatedMap, Unknown } from '../model/located.ts';
import { isBreak } from './go-yaml/characters.ts';
import { compareKeys } from './go-yaml/key-order.ts';
import { printedNumber } from './go-yaml/number.ts';
import { escaped, isSimpleKey, printedStyle, type PrintedStyle } from './go-yaml/style.ts';

/** Lines are folded at the first blank after this column. */
const WIDTH = 80;

const INDENT = 2;

export interface PrintOptions {
  /**
   * Called in the order of printing for each key, each scalar and each empty container: where it
   * stands in the printed text, in UTF-16 code units.
   */
  readonly onPrinted?: (what: Located | Entry, start: number, end: number) => void;
  /** The text to print for a value that is not known. Default: its own text. */
  readonly unknownText?: (unknown: Unknown) => string;
}

/**
 * A value as `sigs.k8s.io/yaml` prints it (go-yaml v2: keys in their natural order, quotes where a
 * text would be read as something else, long lines folded). Strings must hold no lone surrogates
 * and no characters that JSON read as YAML changes or refuses: see `print-input.ts`.
 */
export function printYaml(root: Located, options: PrintOptions = {}): string {
  const printer = new Printer(options);
  printer.document(root);
  return printer.text();
}

/**
 * go-yaml's emitter: what has been written on the line so far decides where the next thing goes.
 * `#blank` and `#indentation` say whether the line so far ends in a blank, and whether it holds
 * nothing but indentation and the marks of entries.
 */
class Printer {
  readonly #options: PrintOptions;
  readonly #parts: string[] = [];
  #length = 0;
  #column = 0;
  #indent = -1;
  #blank = true;
  #indentation = true;

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  text(): string {
    return this.#parts.join('');
  }

  document(root: Located): void {
    this.#node(root, false);
    this.#startLine();
  }

  #node(node: Located, ofField: boolean): void {
    if (node.kind === 'scalar') {
      this.#scalar(node);
      return;
    }
    const isEmpty = (node.kind === 'map' ? node.entries : node.items).length === 0;
    if (isEmpty) {
      this.#mark(node.kind === 'map' ? '{' : '[', true, true, false);
      this.#options.onPrinted?.(node, this.#length - 1, this.#length + 1);
      this.#mark(node.kind === 'map' ? '}' : ']', false, false, false);
      return;
    }
    const outer = this.#indent;
    // A list in a field stands at the field's own indentation.
    const isIndentless = node.kind === 'list' && ofField && !this.#indentation;
    if (outer < 0) this.#indent = 0;
    else if (!isIndentless) this.#indent += INDENT;
    if (node.kind === 'map') this.#map(node);
    else for (const item of node.items) this.#item(item);
    this.#indent = outer;
  }

  #item(item: Located): void {
    this.#startLine();
    this.#mark('-', true, false, true);
    this.#node(item, false);
  }

  #map(node: LocatedMap): void {
    const entries = [...node.entries].sort((a, b) => compareKeys(a.key, b.key));
    for (const entry of entries) this.#field(entry);
  }

  #field(entry: Entry): void {
    this.#startLine();
    const isSimple = isSimpleKey(entry.key);
    if (!isSimple) this.#mark('?', true, false, true);
    this.#string(entry.key, entry, isSimple);
    if (!isSimple) this.#startLine();
    this.#mark(':', !isSimple, false, !isSimple);
    this.#node(entry.value, true);
  }

  #scalar(node: Located & { kind: 'scalar' }): void {
    const { value } = node;
    if (typeof value === 'string') this.#string(value, node, false);
    else if (value instanceof Unknown) {
      this.#string(this.#options.unknownText?.(value) ?? value.text, node, false);
    } else {
      const text = typeof value === 'number' ? printedNumber(value) : String(value);
      this.#styled(text, 'plain', node, false);
    }
  }

  #string(text: string, what: Located | Entry, isSimpleKeyText: boolean): void {
    this.#styled(text, printedStyle(text), what, isSimpleKeyText);
  }

  #styled(text: string, style: PrintedStyle, what: Located | Entry, isKey: boolean): void {
    const outer = this.#indent;
    this.#indent = outer < 0 ? INDENT : outer + INDENT;
    if (!this.#blank) this.#put(' ');
    this.#blank = false;
    this.#indentation = false;
    const start = this.#length;
    if (style === 'plain') this.#plain(text, !isKey);
    else if (style === 'single-quoted') this.#singleQuoted(text, !isKey);
    else if (style === 'double-quoted') this.#doubleQuoted(text, !isKey);
    else this.#literal(text);
    if (style !== 'literal') this.#endScalar();
    this.#options.onPrinted?.(what, start, this.#length);
    this.#indent = outer;
  }

  #plain(text: string, folds: boolean): void {
    let afterSpace = false;
    for (let at = 0; at < text.length; at += 1) {
      const isSpace = text[at] === ' ';
      const isFold = folds && !afterSpace && this.#column > WIDTH && text[at + 1] !== ' ';
      if (isSpace && isFold) {
        this.#startLine();
      } else if (isSpace) {
        this.#put(' ');
      } else {
        at += this.#putWord(text, at);
        this.#indentation = false;
      }
      afterSpace = isSpace;
    }
  }

  #singleQuoted(text: string, folds: boolean): void {
    this.#put("'");
    let afterSpace = false;
    let afterBreak = false;
    for (let at = 0; at < text.length; at += 1) {
      const isSpace = text[at] === ' ';
      if (isSpace) {
        const isInside = at > 0 && at < text.length - 1 && text[at + 1] !== ' ';
        if (folds && !afterSpace && this.#column > WIDTH && isInside) this.#startLine();
        else this.#put(' ');
      } else if (isBreak(text.charCodeAt(at))) {
        this.#putBreak(text[at] ?? '');
        this.#indentation = true;
        afterBreak = true;
      } else {
        if (afterBreak) this.#startLine();
        this.#put(text[at] === "'" ? "''" : (text[at] ?? ''));
        this.#indentation = false;
        afterBreak = false;
      }
      afterSpace = isSpace;
    }
    this.#put("'");
  }

  #doubleQuoted(text: string, folds: boolean): void {
    this.#put('"');
    // go-yaml looks for the mark at the start of the text wherever it is in it.
    const escapesAll = text.startsWith('\ufeff');
    const last = text.length - 1;
    let afterSpace = false;
    let at = 0;
    for (const character of text) {
      const isSpace = character === ' ' && !escapesAll;
      if (isSpace && folds && !afterSpace && this.#column > WIDTH && at > 0 && at < last) {
        this.#startLine();
        if (text[at + 1] === ' ') this.#put('\\');
      } else {
        this.#put(escaped(character, escapesAll));
      }
      afterSpace = isSpace;
      at += character.length;
    }
    this.#put('"');
  }

  #literal(text: string): void {
    this.#put('|');
    if (/^[ \n\r\u0085\u2028\u2029]/.test(text)) this.#put(String(INDENT));
    const ending = /[\n\r\u0085\u2028\u2029]{0,2}$/.exec(text)?.[0] ?? '';
    if (ending.length === 0) this.#put('-');
    else if (ending.length === 2 || ending === text) this.#put('+');
    this.#putBreak('\n');
    this.#indentation = true;
    this.#blank = true;
    let afterBreak = true;
    for (let at = 0; at < text.length; at += 1) {
      if (isBreak(text.charCodeAt(at))) {
        this.#putBreak(text[at] ?? '');
        this.#indentation = true;
        afterBreak = true;
      } else {
        if (afterBreak) this.#startLine();
        at += this.#putWord(text, at);
        this.#indentation = false;
        afterBreak = false;
      }
    }
  }

  #endScalar(): void {
    this.#blank = false;
    this.#indentation = false;
  }

  /** Goes to the indentation, on a new line unless this one holds nothing yet. */
  #startLine(): void {
    const indent = Math.max(0, this.#indent);
    const isUsed = this.#column > indent || (this.#column === indent && !this.#blank);
    if (!this.#indentation || isUsed) this.#putBreak('\n');
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column));
    this.#blank = true;
    this.#indentation = true;
  }

  #mark(mark: string, needsBlank: boolean, isBlank: boolean, isIndentation: boolean): void {
    if (needsBlank && !this.#blank) this.#put(' ');
    this.#put(mark);
    this.#blank = isBlank;
    this.#indentation &&= isIndentation;
  }

  /** Writes from an offset to the next blank or break; gives how many code units went with it. */
  #putWord(text: string, at: number): number {
    let end = at + 1;
    while (end < text.length && text[end] !== ' ' && !isBreak(text.charCodeAt(end))) end += 1;
    this.#put(text.slice(at, end));
    return end - at - 1;
  }

  #put(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    this.#column += text.length;
  }

  #putBreak(lineBreak: string): void {
    this.#parts.push(lineBreak);
    this.#length += lineBreak.length;
    this.#column = 0;
  }
}
