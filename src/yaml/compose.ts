import {
  COLLECTION_STYLE,
  type AliasEvent,
  type Event,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';

import {
  type Entry,
  type Located,
  LocatedList,
  LocatedMap,
  LocatedScalar,
  type ScalarValue,
  Unknown,
} from '../model/located.ts';
import type { SourceText } from '../model/source.ts';
import { refold } from './folded.ts';
import { mergeEntries } from './merge-key.ts';
import type { DialectRules, EventStream } from './parse.ts';
import type { YamlProblem, YamlProblemCode } from './problem.ts';
import { NOT_FINITE, type PlainScalar, resolvePlain } from './scalar.ts';
import { resolveTagged } from './tag.ts';

/** Nodes that aliases may add to a text, beyond ten times what is written. */
const FREE_ALIASED_NODES = 100_000;

/** More would help nobody, and an attacker could ask for millions. */
const MAX_PROBLEMS = 20;

/** Makes located values from parser events in one pass. */
export class Composer {
  readonly problems: YamlProblem[] = [];
  readonly #source: SourceText;
  readonly #stream: EventStream;
  readonly #rules: DialectRules;
  readonly #repaired: boolean;
  #next = 0;
  /** End of what was read last, in the stream's text: where an empty value stands. */
  #end = 0;
  #anchors = new Map<string, { node: Located | undefined; weight: number }>();
  /** Nodes written so far, and nodes counted again for each alias of them. */
  #written = 0;
  #expanded = 0;

  constructor(source: SourceText, stream: EventStream, rules: DialectRules) {
    this.#source = source;
    this.#stream = stream;
    this.#rules = rules;
    this.#repaired = stream.text !== source.text;
  }

  /** The documents that hold something, in order. */
  compose(): Located[] {
    const documents: Located[] = [];
    const { events } = this.#stream;
    while (this.#next < events.length) {
      this.#next += 1; // the document's own event
      this.#anchors = new Map();
      const root = this.#node();
      this.#next += 1; // its end
      if (!(root.kind === 'scalar' && root.value === null)) documents.push(root);
    }
    return documents;
  }

  #node(): Located {
    const event = this.#stream.events[this.#next];
    this.#next += 1;
    this.#written += 1;
    this.#expanded += 1;
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, () => this.#scalar(event));
      case EVENT_ID.MAPPING:
        return this.#anchored(event, () => this.#map(event));
      case EVENT_ID.SEQUENCE:
        return this.#anchored(event, () => this.#list(event));
      case EVENT_ID.ALIAS:
        return this.#alias(event);
      default:
        throw new TypeError('The YAML parser gave events out of order.');
    }
  }

  #anchored(event: ScalarEvent | MappingEvent | SequenceEvent, make: () => Located): Located {
    if (event.anchorStart === -1) return make();
    const name = this.#stream.text.slice(event.anchorStart, event.anchorEnd);
    const before = this.#expanded;
    // An alias inside the value that it names would never end.
    this.#anchors.set(name, { node: undefined, weight: 0 });
    const node = make();
    this.#anchors.set(name, { node, weight: this.#expanded - before + 1 });
    return node;
  }

  #alias({ anchorStart, anchorEnd }: AliasEvent): Located {
    const name = this.#stream.text.slice(anchorStart, anchorEnd);
    this.#end = anchorEnd;
    const anchor = this.#anchors.get(name);
    if (anchor?.node === undefined) {
      const message = anchor
        ? `The alias *${name} stands inside the value that it names.`
        : `The alias *${name} names no anchor above it.`;
      return this.#problem('unknown-alias', message, anchorStart - 1, anchorEnd);
    }
    this.#expanded += anchor.weight;
    if (this.#expanded > FREE_ALIASED_NODES + 10 * this.#written) {
      if (this.problems.at(-1)?.code === 'alias-bomb') return anchor.node;
      const message = 'Aliases make this document far larger than what is written.';
      return this.#problem('alias-bomb', message, anchorStart - 1, anchorEnd);
    }
    return anchor.node;
  }

  #list(event: SequenceEvent): Located {
    const items: Located[] = [];
    this.#end = event.start + (event.style === COLLECTION_STYLE.FLOW ? 1 : 0);
    while (!this.#atPop()) items.push(this.#node());
    this.#close(event);
    return new LocatedList(items, this.#site(event.start, this.#end));
  }

  #map(event: MappingEvent): Located {
    const entries: Entry[] = [];
    const merged: Located[] = [];
    this.#end = event.start + (event.style === COLLECTION_STYLE.FLOW ? 1 : 0);
    const keys = new Map<string, number>();
    while (!this.#atPop()) {
      const keyEvent = this.#stream.events[this.#next];
      const keyNode = this.#node();
      // A key behind an alias stands elsewhere: it has no range of its own.
      const isAlias = keyEvent?.type === EVENT_ID.ALIAS;
      const keyEnd = isAlias ? this.#toSource(this.#end) : keyNode.end;
      const keyStart = isAlias ? keyEnd : keyNode.start;
      const value = this.#node();
      const key = this.#key(keyNode, keyStart, keyEnd);
      if (key === undefined) continue;
      if (key === '<<' && isPlain(keyEvent)) merged.push(value);
      else this.#add(entries, keys, { key, keyStart, keyEnd, value });
    }
    this.#close(event);
    const all = merged.length > 0 ? this.#merge(entries, merged) : entries;
    return new LocatedMap(all, this.#site(event.start, this.#end));
  }

  #merge(entries: readonly Entry[], merged: readonly Located[]): readonly Entry[] {
    const all = mergeEntries(entries, merged);
    if (all !== undefined) return all;
    const [{ start, end } = { start: 0, end: 0 }] = merged;
    this.#problemAt('bad-merge', 'A merge key (<<) takes a map or a list of maps.', start, end);
    return entries;
  }

  #key(node: Located, start: number, end: number): string | undefined {
    if (node.kind !== 'scalar') {
      this.#problemAt('bad-key', 'A key must be a text, not a map or a list.', start, end);
      return undefined;
    }
    if (node.value === null || (typeof node.value !== 'string' && this.#rules.textKeysOnly)) {
      const message = `A key must be a text: write "${node.raw ?? toText(node.value)}" in quotes.`;
      this.#problemAt('bad-key', message, start, end);
    }
    return toText(node.value);
  }

  #add(entries: Entry[], keys: Map<string, number>, entry: Entry): void {
    const twin = keys.get(entry.key);
    if (twin === undefined) {
      keys.set(entry.key, entries.length);
      entries.push(entry);
    } else if (this.#rules.duplicates === 'last-wins') {
      entries[twin] = entry;
    } else {
      const message = `The key ${JSON.stringify(entry.key)} stands twice in this map.`;
      this.#problemAt('duplicate-key', message, entry.keyStart, entry.keyEnd);
    }
  }

  #scalar(event: ScalarEvent): Located {
    const quoted =
      event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const isEmpty = event.valueStart === -1;
    const start = isEmpty ? this.#end : event.valueStart - (quoted ? 1 : 0);
    const end = isEmpty ? this.#end : event.valueEnd + (quoted ? 1 : 0);
    this.#end = end;
    const content = isEmpty ? '' : this.#content(event);
    const value = this.#resolve(event, content, start, end);
    const raw = toText(value) === content ? undefined : content;
    const printed = this.#printsFolded(event) && typeof value === 'string' ? refold(value) : value;
    return new LocatedScalar(
      printed,
      this.#site(start, end),
      undefined,
      printed === value ? raw : content,
    );
  }

  /** Whether the reader prints this text in the folded style and reads that again. */
  #printsFolded(event: ScalarEvent): boolean {
    return this.#rules.printedAgain && event.style === SCALAR_STYLE.FOLDED_BLOCK;
  }

  #content(event: ScalarEvent): string {
    const { text } = this.#stream;
    const content = getScalarValue(text, event);
    if (event.style < SCALAR_STYLE.LITERAL_BLOCK) return content;
    // A block that ends with the file, without a line break, has none in Go either.
    const isOpenEnded = event.valueEnd === text.length && !text.endsWith('\n');
    return isOpenEnded && content.endsWith('\n') ? content.slice(0, -1) : content;
  }

  #resolve(event: ScalarEvent, content: string, start: number, end: number): ScalarValue {
    let value: PlainScalar;
    if (event.tagStart !== -1) {
      const tag = this.#stream.text.slice(event.tagStart, event.tagEnd);
      const tagged = resolveTagged(
        content,
        tag,
        this.#rules.scalars,
        event.style === SCALAR_STYLE.PLAIN,
      );
      if (tagged === undefined) {
        const message = `${JSON.stringify(content.slice(0, 40))} is not a value of the tag ${tag}.`;
        this.#problem('bad-tag', message, event.tagStart, end);
        return content;
      }
      value = tagged;
    } else {
      value =
        event.style === SCALAR_STYLE.PLAIN ? resolvePlain(content, this.#rules.scalars) : content;
    }
    if (value !== NOT_FINITE) return value;
    this.#problem('not-finite', `${content} is not a number that Kubernetes knows.`, start, end);
    return null;
  }

  #atPop(): boolean {
    return this.#stream.events[this.#next]?.type === EVENT_ID.POP;
  }

  #close(event: MappingEvent | SequenceEvent): void {
    this.#next += 1;
    if (event.style === COLLECTION_STYLE.FLOW)
      this.#end = closingBracket(this.#stream.text, this.#end);
  }

  #site(start: number, end: number): { source: SourceText; start: number; end: number } {
    return { source: this.#source, start: this.#toSource(start), end: this.#toSource(end) };
  }

  #toSource(offset: number): number {
    return this.#repaired ? this.#stream.toSource(offset) : offset;
  }

  /** Notes a problem at offsets of the stream's text, and gives a value to go on with. */
  #problem(code: YamlProblemCode, message: string, start: number, end: number): LocatedScalar {
    this.#problemAt(code, message, this.#toSource(start), this.#toSource(end));
    return new LocatedScalar(null, this.#site(start, end));
  }

  #problemAt(code: YamlProblemCode, message: string, start: number, end: number): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push({ code, message, source: this.#source, start, end });
  }
}

function toText(value: ScalarValue): string {
  return value instanceof Unknown ? value.text : String(value);
}

function isPlain(event: Event | undefined): boolean {
  return event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN;
}

/** Past the bracket that closes a flow collection; only blanks, commas and comments come before. */
function closingBracket(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === ']' || character === '}') return at + 1;
    if (character === '#') {
      const lineEnd = text.indexOf('\n', at);
      if (lineEnd === -1) return from;
      at = lineEnd;
    }
  }
  return from;
}
