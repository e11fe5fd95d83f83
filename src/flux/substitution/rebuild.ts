import {
  type Entry,
  type Located,
  LocatedList,
  LocatedMap,
  LocatedScalar,
  type ScalarValue,
  type Trace,
  Unknown,
} from '../../model/located.ts';
import type { Marks } from './marks.ts';
import type { Origins } from './origins.ts';
import type { Variables } from './variables.ts';

/**
 * Gives the values that were read after substitution the places of the fields they stand in. What
 * did not change comes out as the very node it was.
 */
export class Rebuilder {
  readonly #origins: Origins;
  readonly #variables: Variables;
  readonly #marks: Marks;

  constructor(origins: Origins, variables: Variables, marks: Marks) {
    this.#origins = origins;
    this.#variables = variables;
    this.#marks = marks;
  }

  /**
   * @param read the value after substitution
   * @param origin the value in its place before; where the shape changed, the nearest around it
   */
  rebuild(read: Located, origin: Located): Located {
    if (read.kind === 'scalar') return this.#scalar(read.value, origin);
    return read.kind === 'list' ? this.#list(read, origin) : this.#map(read, origin);
  }

  #scalar(read: ScalarValue, origin: Located): Located {
    const value = this.#known(read);
    if (origin.kind === 'scalar' && isSame(origin.value, value)) return origin;
    return new LocatedScalar(value, origin, this.#trace(origin));
  }

  /** What was read, as what is not known where a mark stands in it. */
  #known(value: ScalarValue): ScalarValue {
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number') return value === 0 ? 0 : value;
    if (typeof value !== 'string') return value;
    const [gap] = this.#marks.in(value);
    if (gap === undefined) return value;
    const isWhole = gap.unknown !== undefined && this.#marks.isWhole(value);
    return isWhole ? gap.unknown : this.#marks.toUnknown(value);
  }

  #list(read: LocatedList, origin: Located): Located {
    const before = origin.kind === 'list' ? origin.items : [];
    const isSameShape = before.length === read.items.length;
    const items = read.items.map((item, index) =>
      this.rebuild(item, (isSameShape ? before[index] : undefined) ?? origin),
    );
    const isUnchanged =
      origin.kind === 'list' && isSameShape && items.every((item, index) => item === before[index]);
    return isUnchanged ? origin : new LocatedList(items, origin, this.#containerTrace(origin));
  }

  #map(read: LocatedMap, origin: Located): Located {
    const marked = read.entries.find(({ key }) => this.#marks.in(key).length > 0);
    if (marked !== undefined) {
      // Whatever the key turns out to be, it may stand over any other.
      return new LocatedScalar(this.#marks.toUnknown(marked.key), origin, this.#trace(origin));
    }
    const fields = read.entries.map((entry) => this.#field(entry, origin));
    if (origin.kind !== 'map') {
      const entries = fields.map(({ entry }) => entry);
      return new LocatedMap(entries, origin, this.#trace(origin));
    }
    const order = new Map(origin.entries.map((entry, index) => [entry, index]));
    fields.sort((a, b) => rank(order, a.field) - rank(order, b.field));
    const entries = fields.map(({ entry }) => entry);
    const isUnchanged =
      entries.length === origin.entries.length &&
      entries.every((entry, index) => entry === origin.entries[index]);
    return isUnchanged ? origin : origin.withEntries(entries);
  }

  #field({ key, keyStart, value: read }: Entry, origin: Located): Field {
    const field = this.#origins.fieldAt(keyStart);
    const value = this.rebuild(read, field?.value ?? origin);
    if (field === undefined) {
      const { start } = origin;
      return { entry: { key, keyStart: start, keyEnd: start, value }, field };
    }
    const isUnchanged = field.key === key && field.value === value;
    return { entry: isUnchanged ? field : { ...field, key, value }, field };
  }

  #containerTrace(origin: Located): Trace | undefined {
    return origin.kind === 'scalar' ? this.#trace(origin) : origin.trace;
  }

  /** By substitution, at the place of the field itself, from where its variables are defined. */
  #trace(origin: Located): Trace {
    const from = this.#origins.namesIn(origin).flatMap((name) => {
      const variable = this.#variables.named.get(name) ?? this.#variables.others;
      return variable?.site ?? [];
    });
    const { source, start, end, trace } = origin;
    return { by: 'substitution', before: { source, start, end, trace }, from };
  }
}

interface Field {
  readonly entry: Entry;
  /** The field it was before. */
  readonly field: Entry | undefined;
}

function rank(order: ReadonlyMap<Entry, number>, field: Entry | undefined): number {
  return (field && order.get(field)) ?? order.size;
}

function isSame(before: ScalarValue, after: ScalarValue): boolean {
  return before instanceof Unknown || after instanceof Unknown
    ? before === after
    : Object.is(before, after);
}
