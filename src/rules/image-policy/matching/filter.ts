import type { FieldPath } from '../../../model/field-path.ts';
import { type Located, type LocatedMap, toPlain } from '../../../model/located.ts';
import { plainJson } from '../../../model/plain-json.ts';
import { mapsOf, textsOf } from '../verifiers/nodes.ts';

/** Fields of which one entry must hold; an empty one asks for nothing. */
export const CHOICES = [
  'kinds',
  'namespaces',
  'names',
  'operations',
  'subjects',
  'roles',
  'clusterRoles',
] as const;

/** Fields of which every entry must hold. */
export const DEMANDS = ['selector', 'namespaceSelector', 'annotations'] as const;

export type Choice = (typeof CHOICES)[number];
export type Demand = (typeof DEMANDS)[number];

/** What a resource filter of Kyverno (`match.any[]`) asks of an object. */
export interface Filter {
  /** Where it stands, from `match`. */
  readonly at: FieldPath;
  readonly choices: Readonly<Record<Choice, readonly string[]>>;
  readonly demands: Readonly<Record<Demand, readonly string[]>>;
}

/** All of several filters: `match.all`, or a single one of `match.any`. */
export type Alternative = readonly Filter[];

/**
 * What a `match` lets in: one of several alternatives, none where it matches nothing. `any` goes
 * before `all`, and an empty filter matches nothing, as in Kyverno.
 *
 * @param allowsPlain whether filters may stand in `match` itself, as in rules; exceptions have none
 */
export function alternativesOf(match: LocatedMap | undefined, allowsPlain: boolean): Alternative[] {
  if (match === undefined) return [];
  const any = filtersOf(match, 'any');
  if (any.length > 0) return any.filter((each) => !isEmpty(each)).map((each) => [each]);
  const all = filtersOf(match, 'all');
  if (all.length > 0) return all.some(isEmpty) ? [] : [all];
  const plain = toFilter(match, []);
  return allowsPlain && !isEmpty(plain) ? [[plain]] : [];
}

function filtersOf(match: LocatedMap, field: 'any' | 'all'): Filter[] {
  const list = match.get(field);
  return (list?.kind === 'list' ? list.items : []).flatMap((entry, index) =>
    entry.kind === 'map' ? [toFilter(entry, [field, index])] : [],
  );
}

function toFilter(entry: LocatedMap, at: FieldPath): Filter {
  const resources = entry.map('resources');
  const name = resources?.text('name');
  return {
    at,
    choices: {
      kinds: kindsOf(resources?.get('kinds')),
      namespaces: textsOf(resources?.get('namespaces')),
      names: [...(name ? [name] : []), ...textsOf(resources?.get('names'))],
      operations: textsOf(resources?.get('operations')),
      subjects: mapsOf(entry.get('subjects')).map((each) => plainJson(toPlain(each))),
      roles: textsOf(entry.get('roles')),
      clusterRoles: textsOf(entry.get('clusterRoles')),
    },
    demands: {
      selector: requirementsOf(resources?.get('selector')),
      namespaceSelector: requirementsOf(resources?.get('namespaceSelector')),
      annotations: pairsOf(resources?.get('annotations')),
    },
  };
}

/** A pod's kind looks at its containers for debugging, too, as Kyverno does. */
function kindsOf(node: Located | undefined): string[] {
  const kinds = textsOf(node).map(toPlainKind);
  return kinds.includes('Pod') ? kinds.filter((kind) => kind !== 'Pod/ephemeralcontainers') : kinds;
}

/** `Pod` of `v1/Pod` and of `Pod`, and `Pod/exec` of itself, which is no pod; `*` of `*` and of every other pattern. */
function toPlainKind(text: string): string {
  const parts = text.split('/');
  const at = parts.findIndex((part) => /^[A-Z]/.test(part));
  if (at === -1) return parts.includes('*') ? '*' : text;
  return parts.slice(at, at + 2).join('/');
}

/** What a label selector asks for, each by itself. */
export function requirementsOf(selector: Located | undefined): string[] {
  if (selector?.kind !== 'map') return [];
  const expressions = mapsOf(selector.get('matchExpressions'));
  return [
    ...pairsOf(selector.get('matchLabels')),
    ...expressions.map((each) => plainJson(toPlain(each))),
  ];
}

function pairsOf(node: Located | undefined): string[] {
  if (node?.kind !== 'map') return [];
  return node.entries.map(({ key, value }) => plainJson([key, toPlain(value)]));
}

const USERS: readonly string[] = ['subjects', 'roles', 'clusterRoles'];

/** Where a field of a filter stands, from `match`; the filter itself where it does not ask for it. */
export function pathOf(filter: Filter, field: Choice | Demand): FieldPath {
  const asks = { ...filter.choices, ...filter.demands }[field].length > 0;
  if (!asks) return filter.at;
  return USERS.includes(field) ? [...filter.at, field] : [...filter.at, 'resources', field];
}

function isEmpty({ choices, demands }: Filter): boolean {
  return (
    CHOICES.every((field) => choices[field].length === 0) &&
    DEMANDS.every((field) => demands[field].length === 0)
  );
}
