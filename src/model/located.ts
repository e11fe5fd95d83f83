import type { Site, SourceText } from './source.ts';

/**
 * Values that know where they stand. Trees are immutable: a change makes new nodes along its path
 * and shares the rest, so that a base used by many overlays exists once, and a value that is the
 * same node before and after a change is known to be equal without looking inside.
 */
export type Located = LocatedMap | LocatedList | LocatedScalar;

/** Why a value stands at its place, and what stood there before. Absent for a value just read. */
export interface Trace {
  /** What wrote the value: `patch`, `namespace`, `images`, `substitution`, … */
  readonly by: string;
  /** The place whose value was replaced, newest first through its own trace. */
  readonly before: Written | undefined;
  /**
   * Where the new value came from, when it was not written at its own place: the definitions of
   * the variables in a substituted field, which itself stays where it was (`before` is that same
   * place, with the field's older trace). Empty when only the reading changed.
   */
  readonly from?: readonly Site[];
}

/** A site and how its value came there. Every located node is one. */
export interface Written extends Site {
  readonly trace: Trace | undefined;
}

export type ScalarValue = string | number | bigint | boolean | null | Unknown;

/** A value that exists in the cluster but cannot be known from the repository. */
export class Unknown {
  /** For people: what is not known and why, e.g. `variable DOMAIN comes from outside`. */
  readonly reason: string;
  /** The text with its unknown parts as they were written, where it helps to recognise it. */
  readonly text: string;

  constructor(reason: string, text = '') {
    this.reason = reason;
    this.text = text;
  }
}

export class LocatedScalar implements Written {
  readonly kind = 'scalar';
  readonly value: ScalarValue;
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
  readonly trace: Trace | undefined;
  /**
   * The text that was written, where the value's own text is another one: `0755` or `1.10` for a
   * number, `~` or nothing for null, `2024-01-01` for the timestamp it stands for.
   */
  readonly raw: string | undefined;

  constructor(value: ScalarValue, site: Site, trace?: Trace, raw?: string) {
    this.value = value;
    this.source = site.source;
    this.start = site.start;
    this.end = site.end;
    this.trace = trace;
    this.raw = raw;
  }
}

export class LocatedList implements Written {
  readonly kind = 'list';
  readonly items: readonly Located[];
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
  readonly trace: Trace | undefined;

  constructor(items: readonly Located[], site: Site, trace?: Trace) {
    this.items = items;
    this.source = site.source;
    this.start = site.start;
    this.end = site.end;
    this.trace = trace;
  }
}

/** One field of a map. The key's range is in the source of the value. */
export interface Entry {
  readonly key: string;
  /** Offset of the key's first character; equal to `keyEnd` for a field nobody wrote. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: Located;
}

/** Maps up to this size are searched one by one; an index would cost more than it saves. */
const SMALL = 12;

export class LocatedMap implements Written {
  readonly kind = 'map';
  readonly entries: readonly Entry[];
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
  readonly trace: Trace | undefined;
  #index: Map<string, Entry> | undefined;

  constructor(entries: readonly Entry[], site: Site, trace?: Trace) {
    this.entries = entries;
    this.source = site.source;
    this.start = site.start;
    this.end = site.end;
    this.trace = trace;
  }

  entry(key: string): Entry | undefined {
    if (this.entries.length <= SMALL) {
      for (const entry of this.entries) if (entry.key === key) return entry;
      return undefined;
    }
    this.#index ??= new Map(this.entries.map((entry) => [entry.key, entry]));
    return this.#index.get(key);
  }

  get(key: string): Located | undefined {
    return this.entry(key)?.value;
  }

  /** The value of a string field; undefined when it is absent or not a string. */
  text(key: string): string | undefined {
    const value = this.get(key);
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
  }

  map(key: string): LocatedMap | undefined {
    const value = this.get(key);
    return value?.kind === 'map' ? value : undefined;
  }

  list(key: string): LocatedList | undefined {
    const value = this.get(key);
    return value?.kind === 'list' ? value : undefined;
  }

  /** This map with one field set; a new field goes last. */
  with(key: string, value: Located, keySite?: { start: number; end: number }): LocatedMap {
    const entry: Entry = {
      key,
      keyStart: keySite?.start ?? value.start,
      keyEnd: keySite?.end ?? value.start,
      value,
    };
    const at = this.entries.findIndex((candidate) => candidate.key === key);
    const entries = at === -1 ? [...this.entries, entry] : this.entries.with(at, entry);
    return new LocatedMap(entries, this, this.trace);
  }

  /** This map without one field. */
  without(key: string): LocatedMap {
    if (this.entry(key) === undefined) return this;
    return this.withEntries(this.entries.filter((entry) => entry.key !== key));
  }

  /** Other fields at this map's own place. */
  withEntries(entries: readonly Entry[]): LocatedMap {
    return new LocatedMap(entries, this, this.trace);
  }
}

/** The same value at another place: it was written there by `by`, over what stood here. */
export function rewritten(
  value: ScalarValue,
  site: Site,
  by: string,
  before?: Written,
): LocatedScalar {
  return new LocatedScalar(value, site, {
    by,
    before: before && {
      source: before.source,
      start: before.start,
      end: before.end,
      trace: before.trace,
    },
  });
}

const plainValues = new WeakMap<LocatedMap | LocatedList, unknown>();

/**
 * The value without places: maps become objects, lists arrays, an unknown scalar stays an
 * {@link Unknown}. Shared and cached: do not change what comes back.
 */
export function toPlain(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  const known = plainValues.get(node);
  if (known !== undefined) return known;
  const plain = node.kind === 'list' ? node.items.map(toPlain) : toPlainObject(node);
  plainValues.set(node, plain);
  return plain;
}

function toPlainObject(node: LocatedMap): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    if (key === '__proto__') {
      // An own field, as any other: attacker-controlled keys never reach the prototype.
      Object.defineProperty(object, key, {
        value: toPlain(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else {
      object[key] = toPlain(value);
    }
  }
  return object;
}
