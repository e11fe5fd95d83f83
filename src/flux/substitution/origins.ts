import type { Entry, Located, Unknown } from '../../model/located.ts';
import type { Site } from '../../model/source.ts';
import { printYaml } from '../../yaml/print.ts';
import type { Expansion, Piece } from './expand.ts';
import type { Marks } from './marks.ts';

/** Where a key or a value stands in the printed text. */
interface Printed {
  readonly what: Located | Entry;
  readonly start: number;
  readonly end: number;
}

/** An object as text, with what stands where. */
export interface PrintedObject {
  readonly text: string;
  /** In the order of the text. */
  readonly printed: readonly Printed[];
}

/** Prints an object for substitution; what is not known in it goes in as marks. */
export function printObject(object: Located, marks: Marks): PrintedObject {
  const printed: Printed[] = [];
  const text = printYaml(object, {
    onPrinted: (what, start, end) => printed.push({ what, start, end }),
    unknownText: (unknown: Unknown) =>
      marks.add({ reasons: [unknown.reason], text: unknown.text, unknown }),
  });
  return { text, printed };
}

/** The nearest key or value at or before an offset of the printed text. */
export function printedAt({ printed }: PrintedObject, offset: number): Printed | undefined {
  return printed[lastIndex(printed, ({ start }) => start <= offset)];
}

/** Where the key or value nearest to an offset of the printed text stands in its file. */
export function siteAt(object: PrintedObject, offset: number): Site | undefined {
  const what = printedAt(object, offset)?.what;
  if (what === undefined || 'kind' in what) return what;
  const isWritten = what.keyEnd > what.keyStart;
  return isWritten
    ? { source: what.value.source, start: what.keyStart, end: what.keyEnd }
    : what.value;
}

/** Leads from the text after substitution back to the object before it. */
export class Origins {
  readonly #object: PrintedObject;
  readonly #pieces: readonly Piece[];
  readonly #rangeOf = new Map<Located | Entry, Printed>();

  constructor(object: PrintedObject, { pieces }: Expansion) {
    this.#object = object;
    this.#pieces = pieces;
    for (const printed of object.printed) this.#rangeOf.set(printed.what, printed);
  }

  /** The offset in the printed text that an offset after substitution comes from. */
  offsetOf(outOffset: number): number {
    const piece = this.#pieces[lastIndex(this.#pieces, ({ outStart }) => outStart <= outOffset)];
    if (piece === undefined) return 0;
    return piece.names === undefined ? piece.inStart + outOffset - piece.outStart : piece.inStart;
  }

  /** The field whose key stood where a key stands after substitution. */
  fieldAt(outOffset: number): Entry | undefined {
    const offset = this.offsetOf(outOffset);
    const printed = printedAt(this.#object, offset);
    const isKey = printed !== undefined && !('kind' in printed.what) && offset < printed.end;
    return isKey ? printed.what : undefined;
  }

  /** Variables that a printed value was made of. */
  namesIn(origin: Located | Entry): readonly string[] {
    const printed = this.#rangeOf.get(origin);
    if (printed === undefined) return [];
    const names = new Set<string>();
    const first = lastIndex(this.#pieces, ({ inStart }) => inStart <= printed.start);
    for (let at = Math.max(0, first); at < this.#pieces.length; at += 1) {
      const piece = this.#pieces[at];
      if (piece === undefined || piece.inStart >= printed.end) break;
      if (piece.inEnd > printed.start) piece.names?.forEach((name) => names.add(name));
    }
    return [...names];
  }
}

/** Index of the last item for which a condition holds that holds for all before it; -1 for none. */
function lastIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = -1;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle;
    else high = middle - 1;
  }
  return low;
}
