import { matchesWildcard } from '../../../model/wildcard.ts';
import {
  type Alternative,
  CHOICES,
  type Choice,
  DEMANDS,
  type Demand,
  type Filter,
} from './filter.ts';
import { listed } from './words.ts';

/** With more patterns than this, only those that are written alike are found to cover each other. */
const MOST_PATTERNS = 200;

/** What one filter asks for that another one does not. */
export interface Difference {
  /** The filters that are compared: the one that asks for less, and the one that asks for more. */
  readonly wide: Filter;
  readonly narrow: Filter;
  readonly field: Choice | Demand;
  /** How the narrow one looks at less, for the end of a sentence. */
  readonly text: string;
}

/**
 * What keeps an alternative from letting in all that another one does; undefined where nothing
 * does: each of its filters asks for no more than one of the other's.
 */
export function differenceOf(wide: Alternative, narrow: Alternative): Difference | undefined {
  for (const filter of narrow) {
    const all = wide.map((each) => differenceIn(each, filter));
    if (all.every((each) => each !== undefined)) return all[0];
  }
  return undefined;
}

/** Whether everything that an alternative lets in gets through one of others. */
export function isCovered(by: readonly Alternative[], alternative: Alternative): boolean {
  return byKind(alternative).every((part) =>
    by.some((each) => differenceOf(part, each) === undefined),
  );
}

/** One filter of several kinds is as many filters; a rule may list them apart. */
export function byKind(alternative: Alternative): Alternative[] {
  const [filter, ...others] = alternative;
  const kinds = filter?.choices.kinds ?? [];
  if (filter === undefined || others.length > 0 || kinds.length > MOST_PATTERNS) {
    return [alternative];
  }
  return kinds.length < 2
    ? [alternative]
    : kinds.map((kind) => [{ ...filter, choices: { ...filter.choices, kinds: [kind] } }]);
}

function differenceIn(wide: Filter, narrow: Filter): Difference | undefined {
  for (const field of CHOICES) {
    const [old, now] = [wide.choices[field], narrow.choices[field]];
    if (now.length === 0) continue;
    if (old.length === 0) {
      const text = `newly looks only at ${CHOICE_WORDS[field](now)}`;
      return { wide, narrow, field, text };
    }
    const lost = uncovered(old, now);
    if (lost.length > 0) {
      return { wide, narrow, field, text: `no longer looks at ${CHOICE_WORDS[field](lost)}` };
    }
  }
  for (const field of DEMANDS) {
    const known = new Set(wide.demands[field]);
    if (narrow.demands[field].some((each) => !known.has(each))) {
      return { wide, narrow, field, text: `newly looks only at ${DEMAND_WORDS[field]}` };
    }
  }
  return undefined;
}

type Words = (texts: readonly string[]) => string;

const counted =
  (one: string, several: string): Words =>
  (texts) =>
    `${texts.length > 1 ? several : one} ${listed(texts)}`;

const CHOICE_WORDS: Readonly<Record<Choice, Words>> = {
  kinds: counted('kind', 'kinds'),
  namespaces: counted('namespace', 'namespaces'),
  names: counted('objects named', 'objects named'),
  operations: counted('operation', 'operations'),
  subjects: () => 'what certain users, groups or accounts do (subjects)',
  roles: counted('what holders of this role do:', 'what holders of these roles do:'),
  clusterRoles: counted(
    'what holders of this cluster role do:',
    'what holders of these cluster roles do:',
  ),
};

const DEMAND_WORDS: Readonly<Record<Demand, string>> = {
  selector: 'objects that a selector picks (selector)',
  namespaceSelector: 'namespaces that a selector picks (namespaceSelector)',
  annotations: 'objects with certain annotations',
};

/** The patterns that match something that none of the others does, as far as that can be told. */
function uncovered(patterns: readonly string[], by: readonly string[]): string[] {
  const alike = new Set(by);
  const wild = by.filter((each) => each.includes('*')).slice(0, MOST_PATTERNS);
  const rest = patterns.filter((each) => !alike.has(each));
  if (rest.length > MOST_PATTERNS) return rest;
  return rest.filter((pattern) => !wild.some((each) => isWithin(pattern, each)));
}

/** The stars of a pattern are characters that only a star of the other one takes. */
function isWithin(pattern: string, other: string): boolean {
  return (!other.includes('?') || !/[*?]/.test(pattern)) && matchesWildcard(other, pattern);
}
