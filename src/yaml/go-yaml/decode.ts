import {
  type Entry,
  type Located,
  LocatedList,
  LocatedMap,
  LocatedScalar,
  type ScalarValue,
} from '../../model/located.ts';
import type { Site, SourceText } from '../../model/source.ts';
import { ReadFailure } from './cursor.ts';
import { printedFloatKey } from './number.ts';
import { type AliasNode, type MapNode, MAX_DEPTH, type Node, type ScalarNode } from './parser.ts';
import type { Resolved } from './resolve.ts';
import { resolveTagged } from './tagged.ts';

/**
 * Makes values of nodes as go-yaml v2 and `sigs.k8s.io/yaml` do on the way to JSON (`decode.go`,
 * `YAMLToJSON`). Throws `ReadFailure`.
 */
export function decode(root: Node, source: SourceText): Located {
  return new Decoder(source).decodeAll(root);
}

const MAX_INT64 = 2n ** 63n - 1n;

class Decoder {
  readonly #source: SourceText;
  /** Aliases that are being followed. */
  readonly #following = new Set<AliasNode>();
  #depth = 0;
  #decoded = 0;
  #decodedInAliases = 0;
  #aliasDepth = 0;
  /** What YAML can say and JSON cannot: Go finds it out when all is read, keys first. */
  #keyFailure: ReadFailure | undefined;
  #numberFailure: ReadFailure | undefined;

  constructor(source: SourceText) {
    this.#source = source;
    this.#count();
  }

  decodeAll(root: Node): Located {
    const value = this.#decode(root);
    const failure = this.#keyFailure ?? this.#numberFailure;
    if (failure !== undefined) throw failure;
    return value;
  }

  #decode(node: Node): Located {
    this.#count();
    switch (node.kind) {
      case 'alias':
        return this.#follow(node, (target) => this.#decode(target));
      case 'scalar':
        return new LocatedScalar(this.#scalar(node), this.#site(node));
      case 'list':
        return this.#nested(node, () => {
          const items = node.items.map((item) => this.#decode(item));
          return new LocatedList(items, this.#site(node));
        });
      case 'map': {
        const entries = new Map<string, Entry>();
        this.#fields(node, entries);
        return new LocatedMap([...entries.values()], this.#site(node));
      }
    }
  }

  /** Puts fields where they stand: a later field over an earlier, a merge over what is above it. */
  #fields(node: MapNode, entries: Map<string, Entry>): void {
    this.#nested(node, () => {
      for (const [keyNode, value] of node.fields) {
        if (isMerge(keyNode)) {
          this.#merge(value, entries);
          continue;
        }
        const key = this.#key(keyNode);
        const { start: keyStart, end: keyEnd } = keyNode;
        entries.set(key, { key, keyStart, keyEnd, value: this.#decode(value) });
      }
    });
  }

  #merge(value: Node, entries: Map<string, Entry>): void {
    if (value.kind !== 'list') {
      this.#mergeOne(value, entries);
      return;
    }
    for (const item of value.items.toReversed()) this.#mergeOne(item, entries);
  }

  #mergeOne(value: Node, entries: Map<string, Entry>): void {
    const target = value.kind === 'alias' ? value.target : value;
    if (target.kind !== 'map') {
      const message = 'yaml: map merge requires map or sequence of maps as the value';
      throw new ReadFailure(message, value.start);
    }
    this.#count();
    if (value.kind === 'alias') {
      this.#follow(value, () => {
        this.#count();
        this.#fields(target, entries);
      });
    } else {
      this.#fields(target, entries);
    }
  }

  #follow<T>(alias: AliasNode, read: (target: Node) => T): T {
    if (this.#following.has(alias)) {
      const message = `yaml: anchor '${alias.name}' value contains itself`;
      throw new ReadFailure(message, alias.start);
    }
    this.#following.add(alias);
    this.#aliasDepth += 1;
    const value = read(alias.target);
    this.#aliasDepth -= 1;
    this.#following.delete(alias);
    return value;
  }

  /** Aliases may nest what is not written nested. */
  #nested<T>(node: Node, read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      const message = `Values are nested more than ${MAX_DEPTH} levels deep.`;
      throw new ReadFailure(message, node.start);
    }
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #key(node: Node): string {
    this.#count();
    if (node.kind === 'alias') return this.#follow(node, (target) => this.#key(target));
    if (node.kind !== 'scalar') {
      this.#decode(node);
      throw new ReadFailure('yaml: invalid map key: a map or a list', node.start);
    }
    const { tag, value } = this.#resolved(node);
    if (tag === 'float' && typeof value === 'number') return printedFloatKey(value);
    if (value === null) this.#keyFailure ??= unsupportedKey('null', node);
    if (typeof value === 'bigint' && value > MAX_INT64) {
      this.#keyFailure ??= unsupportedKey('uint64', node);
    }
    return String(value);
  }

  #scalar(node: ScalarNode): ScalarValue {
    const { value } = this.#resolved(node);
    if (typeof value !== 'number') return value;
    if (!Number.isFinite(value)) this.#numberFailure ??= notFinite(value, node);
    return value;
  }

  #resolved(node: ScalarNode): Resolved {
    if (node.tag === '' && !node.isImplicit) return { tag: 'str', value: node.value };
    const resolved = resolveTagged(node.tag, node.value);
    if ('problem' in resolved) throw new ReadFailure(`yaml: ${resolved.problem}`, node.start);
    return resolved;
  }

  /** go-yaml's guard against aliases that make a small text large. */
  #count(): void {
    this.#decoded += 1;
    if (this.#aliasDepth > 0) this.#decodedInAliases += 1;
    if (this.#decodedInAliases <= 100 || this.#decoded <= 1000) return;
    if (this.#decodedInAliases / this.#decoded > allowedAliasRatio(this.#decoded)) {
      throw new ReadFailure('yaml: document contains excessive aliasing', 0);
    }
  }

  #site({ start, end }: Node): Site {
    return { source: this.#source, start, end };
  }
}

/** 99 % in a small text, down to 10 % in one of four million values. */
function allowedAliasRatio(decoded: number): number {
  const low = 400_000;
  const high = 4_000_000;
  if (decoded <= low) return 0.99;
  if (decoded >= high) return 0.1;
  return 0.99 - 0.89 * ((decoded - low) / (high - low));
}

function isMerge(node: Node): boolean {
  return (
    node.kind === 'scalar' &&
    node.value === '<<' &&
    (node.isImplicit || node.tag === 'tag:yaml.org,2002:merge')
  );
}

function unsupportedKey(type: string, { start }: Node): ReadFailure {
  return new ReadFailure(`unsupported map key of type: ${type}`, start);
}

function notFinite(value: number, { start }: Node): ReadFailure {
  const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  return new ReadFailure(`json: unsupported value: ${name}`, start);
}
