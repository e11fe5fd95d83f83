import {
  type Entry,
  type Located,
  type LocatedList,
  type LocatedMap,
  LocatedScalar,
} from '../../model/located.ts';
import { compareKeys } from './key-order.ts';
import { escapeDouble, printOther, styleOfText, textOfValue } from './scalar-text.ts';

/** One line of a printed object, and the value that it shows. */
export interface PrintedLine {
  readonly text: string;
  /** The value on the line; the container on a line that only opens one. */
  readonly node: Located;
  /** The field of the line, where one starts on it. */
  readonly entry?: Entry;
  /** Lines between this one and the first of the same block text; 0 on any other line. */
  readonly textLine: number;
}

/** Go's printer breaks a text at the first blank beyond this column. */
const WIDTH = 80;

const INDENT = 2;

/** Keys longer than this are printed in the form with a question mark. */
const MAX_SIMPLE_KEY = 128;

/** An object as `kustomize build` prints it (`sigs.k8s.io/yaml`): keys sorted, lists not indented. */
export function printObject(root: LocatedMap): PrintedLine[] {
  const printer = new Printer();
  if (root.entries.length === 0) printer.write('{}', root);
  else printer.map(root, 0);
  printer.endLine();
  return printer.lines;
}

class Printer {
  readonly lines: PrintedLine[] = [];
  #text = '';
  #shown: { node: Located; entry?: Entry } | undefined;
  #textLine = 0;

  /** Adds to the current line, which shows the last value written on it. */
  write(text: string, node: Located, entry?: Entry): void {
    this.#text += text;
    const kept = entry ?? this.#shown?.entry;
    this.#shown = { node, ...(kept && { entry: kept }) };
  }

  endLine(): void {
    if (this.#shown !== undefined) {
      this.lines.push({ text: this.#text, ...this.#shown, textLine: this.#textLine });
    }
    this.#text = '';
    this.#shown = undefined;
    this.#textLine = 0;
  }

  /** The fields of a map that has some, the first one on the current line. */
  map(map: LocatedMap, indent: number): void {
    const entries = map.entries.toSorted((a, b) => compareKeys(a.key, b.key));
    for (const [at, entry] of entries.entries()) {
      if (at > 0) this.#newLine(indent, entry.value);
      this.#entry(entry, indent);
    }
  }

  #newLine(indent: number, node: Located): void {
    this.endLine();
    this.write(' '.repeat(indent), node);
  }

  #entry(entry: Entry, indent: number): void {
    const { key, value } = entry;
    if (key.includes('\n') || Buffer.byteLength(key) > MAX_SIMPLE_KEY) {
      this.#longEntry(entry, indent);
      return;
    }
    this.write(`${this.#keyText(key)}:`, value, entry);
    if (value.kind === 'scalar') this.#scalar(value, indent + INDENT);
    else this.#container(value, indent);
  }

  #container(value: LocatedMap | LocatedList, indent: number): void {
    if (value.kind === 'map') {
      if (value.entries.length === 0) this.write(' {}', value);
      else {
        const [first] = value.entries;
        this.#newLine(indent + INDENT, first?.value ?? value);
        this.map(value, indent + INDENT);
      }
    } else if (value.items.length === 0) {
      this.write(' []', value);
    } else {
      for (const item of value.items) {
        this.#newLine(indent, item);
        this.#item(item, indent);
      }
    }
  }

  /** `? key` and `: value` on lines of their own; what follows starts on the same line. */
  #longEntry(entry: Entry, indent: number): void {
    const key = new LocatedScalar(entry.key, entry.value);
    this.write('?', entry.value, entry);
    this.#scalar(key, indent + INDENT);
    this.#newLine(indent, entry.value);
    this.write(':', entry.value);
    this.#inline(entry.value, indent);
  }

  #item(item: Located, indent: number): void {
    this.write('-', item);
    this.#inline(item, indent);
  }

  /** A value that starts on the line of its dash or colon. */
  #inline(value: Located, indent: number): void {
    if (value.kind === 'scalar') {
      this.#scalar(value, indent + INDENT);
    } else if (value.kind === 'map') {
      if (value.entries.length === 0) this.write(' {}', value);
      else {
        this.write(' ', value);
        this.map(value, indent + INDENT);
      }
    } else if (value.items.length === 0) {
      this.write(' []', value);
    } else {
      for (const [at, item] of value.items.entries()) {
        if (at > 0) this.#newLine(indent + INDENT, item);
        else this.write(' ', item);
        this.#item(item, indent + INDENT);
      }
    }
  }

  #keyText(key: string): string {
    const style = styleOfText(key, true);
    if (style === 'plain') return key;
    return style === 'single' ? quoteSingle(key) : `"${escapeDouble(key).join('')}"`;
  }

  #scalar(scalar: LocatedScalar, indent: number): void {
    const other = printOther(scalar);
    if (other !== undefined) {
      this.write(` ${other}`, scalar);
      return;
    }
    const text = textOfValue(scalar);
    const style = styleOfText(text, false);
    if (style === 'literal') this.#literal(text, scalar, indent);
    else if (style === 'double') this.#quoted('"', escapeDouble(text), scalar, indent);
    else if (style === 'single') this.#quoted("'", Array.from(text, doubleQuote), scalar, indent);
    else this.#quoted('', Array.from(text), scalar, indent);
  }

  #literal(text: string, scalar: LocatedScalar, indent: number): void {
    const hint = /^[ \n]/.test(text) ? String(INDENT) : '';
    const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
    this.write(` |${hint}${chomping}`, scalar);
    const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
    for (const [at, line] of lines.entries()) {
      this.endLine();
      this.#textLine = at;
      this.write(line === '' ? '' : ' '.repeat(indent) + line, scalar);
    }
  }

  /** A text on one line or, beyond the width, on several: broken where a single blank stands. */
  #quoted(
    quote: '' | '"' | "'",
    units: readonly string[],
    scalar: LocatedScalar,
    indent: number,
  ): void {
    let column = columnOf(this.#text) + 1 + quote.length;
    let pending = ` ${quote}`;
    let afterSpace = false;
    for (const [at, unit] of units.entries()) {
      const isSpace = unit === ' ';
      const mayBreak = isSpace && !afterSpace && column > WIDTH && mayBreakAt(quote, units, at);
      if (mayBreak) {
        this.write(pending, scalar);
        this.#newLine(indent, scalar);
        pending = quote === '"' && units[at + 1] === ' ' ? '\\' : '';
        column = indent + pending.length;
      } else {
        pending += unit;
        column += unit.length === 1 ? 1 : columnOf(unit);
      }
      afterSpace = isSpace;
    }
    this.write(pending + quote, scalar);
  }
}

function mayBreakAt(quote: string, units: readonly string[], at: number): boolean {
  if (quote === '') return units[at + 1] !== ' ';
  const isInside = at > 0 && at < units.length - 1;
  return isInside && (quote === '"' || units[at + 1] !== ' ');
}

/** Columns are characters, not UTF-16 code units. */
function columnOf(text: string): number {
  return Array.from(text).length;
}

function quoteSingle(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function doubleQuote(character: string): string {
  return character === "'" ? "''" : character;
}
