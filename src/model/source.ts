/**
 * A text that values were read from: a file, or a text inside a file (an inline patch, say).
 * Offsets count UTF-16 code units from 0. Lines and columns count from 1 and are worked out only
 * when somebody asks, since a review parses millions of values and prints a handful of places.
 */
export class SourceText {
  readonly path: string;
  readonly text: string;
  readonly #outer: ((offset: number) => Site) | undefined;
  #lineStarts: Uint32Array | undefined;

  /**
   * @param outer for a text that stands inside another one: where an offset of this text stands
   *   there. Sites of this source are then shown as sites of the outer one.
   */
  constructor(path: string, text: string, outer?: (offset: number) => Site) {
    this.path = path;
    this.text = text;
    this.#outer = outer;
  }

  /** Line and column, both from 1, of an offset of this text. An offset past the end is the end. */
  position(offset: number): { line: number; column: number } {
    const starts = (this.#lineStarts ??= findLineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** Offset of the first character of a line (from 1). */
  lineStart(line: number): number {
    const starts = (this.#lineStarts ??= findLineStarts(this.text));
    return starts[line - 1] ?? this.text.length;
  }

  /** The site in the outermost file that a range of this text shows. */
  outermost(start: number, end: number): { source: SourceText; start: number; end: number } {
    if (this.#outer === undefined) return { source: this, start, end };
    const first = this.#outer(start);
    const last = this.#outer(Math.max(start, end - 1));
    const outerEnd = end > start ? Math.max(first.start, last.start) + 1 : first.end;
    // A text that cannot be mapped by line answers every offset with one and the same range.
    const whole = first.start === last.start && first.end - first.start > 1;
    return first.source.outermost(first.start, whole ? first.end : outerEnd);
  }
}

/** A range of a source. `end` is exclusive. */
export interface Site {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** A range of a file as people and GitHub count it. */
export interface Place {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, inclusive. */
  readonly endLine: number;
  /** From 1. Present only where the range is known to the character. */
  readonly column?: number;
  /** From 1, exclusive. */
  readonly endColumn?: number;
}

/** Where a site stands in the file that its author edits. */
export function toPlace(site: Site): Place {
  const { source, start, end } = site.source.outermost(site.start, site.end);
  const first = source.position(start);
  const last = source.position(Math.max(start, end - 1));
  return {
    path: source.path,
    line: first.line,
    endLine: last.line,
    column: first.column,
    endColumn: end > start ? last.column + 1 : last.column,
  };
}

function findLineStarts(text: string): Uint32Array {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  const starts = new Uint32Array(count);
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    starts[line] = at + 1;
    line += 1;
  }
  return starts;
}
