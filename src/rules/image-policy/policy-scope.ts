import type { ClusterObject } from '../../flux/cluster.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { type Located, type LocatedMap, toPlain } from '../../model/located.ts';
import { plainJson } from '../../model/plain-json.ts';
import { byKind, differenceOf } from './matching/covering.ts';
import { type Alternative, alternativesOf, pathOf, requirementsOf } from './matching/filter.ts';
import { listed } from './matching/words.ts';
import { mapsOf, textsOf } from './verifiers/nodes.ts';
import { overridesOf } from './verifiers/overrides.ts';
import { signedListsOf } from './verifiers/validating-policy.ts';

/** How a changed policy looks at less than before. */
export interface Narrowing {
  readonly path: FieldPath;
  /** For the end of a sentence. */
  readonly text: string;
}

/** How a changed policy looks at fewer objects than before; undefined where it does not. */
export function narrowedScope(was: ClusterObject, is: ClusterObject): Narrowing | undefined {
  const [old, now] = [was.resource.root.map('spec'), is.resource.root.map('spec')];
  if (old === undefined || now === undefined) return undefined;
  switch (is.resource.kind) {
    case 'ClusterPolicy':
    case 'Policy':
      return (
        newExclusion(old, now) ??
        newCondition(old, now) ??
        otherAction(old, now) ??
        narrowedMatch(old, now)
      );
    case 'ClusterImagePolicy':
      return narrowedSelection(old, now);
    default:
      return narrowedConstraints(old, now);
  }
}

/** A rule that verifies images; other rules of the policy are not asked. */
interface VerifyingRule {
  readonly name: string;
  readonly path: FieldPath;
  readonly map: LocatedMap;
}

function rulesOf(spec: LocatedMap): VerifyingRule[] {
  const rules = spec.get('rules');
  return (rules?.kind === 'list' ? rules.items : []).flatMap((map, index): VerifyingRule[] =>
    map.kind === 'map' && map.get('verifyImages') !== undefined
      ? [{ name: map.text('name') ?? '', path: ['spec', 'rules', index], map }]
      : [],
  );
}

/** The rules of a name, or all where none has it. */
function namesakes(rules: readonly VerifyingRule[], name: string): readonly VerifyingRule[] {
  const same = rules.filter((each) => each.name === name);
  return same.length > 0 ? same : rules;
}

const EXCLUSIONS: readonly [string, string][] = [
  ['exclude', 'newly leaves objects out (exclude)'],
  ['preconditions', 'looks only at what new conditions let through (preconditions)'],
  ['celPreconditions', 'looks only at what new conditions let through (celPreconditions)'],
];

function newExclusion(old: LocatedMap, now: LocatedMap): Narrowing | undefined {
  for (const [field, text] of EXCLUSIONS) {
    for (const { name, map, path } of rulesOf(now)) {
      const before = namesakes(rulesOf(old), name);
      const known = new Set(before.flatMap((each) => entriesOf(each.map.get(field)).map(keyOf)));
      const isNew = entriesOf(map.get(field)).some(
        (each) => !known.has(keyOf(each)) && !(field === 'exclude' && isOfDeletion(each)),
      );
      if (isNew) return { path: [...path, field], text };
    }
  }
  return undefined;
}

/** Nothing runs because something is deleted. */
function isOfDeletion(excluded: Located): boolean {
  if (excluded.kind !== 'map') return false;
  const operations = textsOf((excluded.map('resources') ?? excluded).get('operations'));
  return operations.length > 0 && operations.every((each) => each === 'DELETE');
}

/** Conditions of the webhook: what they keep out no rule of the policy sees. */
function newCondition(old: LocatedMap, now: LocatedMap): Narrowing | undefined {
  const [was, is] = [old, now].map((spec) =>
    entriesOf(spec.map('webhookConfiguration')?.get('matchConditions')).map(keyOf),
  );
  if (is?.every((each) => was?.includes(each)) ?? true) return undefined;
  const text = 'looks only at what new conditions let through (matchConditions)';
  return { path: ['spec', 'webhookConfiguration', 'matchConditions'], text };
}

/** Each entry by itself, so that one that is taken out is no news. */
function entriesOf(node: Located | undefined): readonly Located[] {
  if (node === undefined || node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items;
  return node.entries.flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]));
}

function keyOf(node: Located): string {
  return plainJson(toPlain(node));
}

const OVERRIDES = 'validationFailureActionOverrides';

function otherAction(old: LocatedMap, now: LocatedMap): Narrowing | undefined {
  const [was, is] = [overridesOf(old), overridesOf(now)];
  const added = is.find(
    ({ enforces, key }) => !enforces && !was.some((each) => !each.enforces && each.key === key),
  );
  if (added !== undefined) {
    const text = `newly only reports ${added.where} (${OVERRIDES})`;
    return { path: ['spec', OVERRIDES, added.index], text };
  }
  // Where the policy itself enforces, an override that says so is not missed.
  if (/^enforce$/i.test(now.text('validationFailureAction') ?? '')) return undefined;
  const lost = was.find(
    ({ enforces, key }) => enforces && !is.some((each) => each.enforces && each.key === key),
  );
  return (
    lost && {
      path: ['spec', OVERRIDES],
      text: `no longer refuses what is not signed ${lost.where} (${OVERRIDES})`,
    }
  );
}

/** Each rule against the one of its name. */
function narrowedMatch(old: LocatedMap, now: LocatedMap): Narrowing | undefined {
  const rules = rulesOf(now);
  const missing = kindsOf(rules).has('*')
    ? []
    : [...kindsOf(rulesOf(old))].filter((kind) => !kindsOf(rules).has(kind));
  const [first] = rules;
  if (first !== undefined && rules.every(({ map }) => matchOf(map).length === 0)) {
    const isLess = rulesOf(old).some(({ map }) => matchOf(map).length > 0);
    return isLess
      ? { path: [...first.path, 'match'], text: 'matches nothing any more' }
      : undefined;
  }
  if (missing.length > 0 && first !== undefined) {
    const text = `no longer looks at ${missing.slice(0, 3).join(', ')}`;
    return { path: [...first.path, 'match'], text };
  }
  for (const { name, map } of rulesOf(old)) {
    const alternatives = namesakes(rules, name).flatMap((each) =>
      matchOf(each.map).map((alternative) => ({ alternative, rule: each })),
    );
    const found = matchOf(map)
      .flatMap(byKind)
      .flatMap((alternative) => whatIsLost(alternative, alternatives) ?? [])[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

interface OfRule {
  readonly alternative: Alternative;
  readonly rule: VerifyingRule;
}

function whatIsLost(was: Alternative, now: readonly OfRule[]): Narrowing | undefined {
  const differences = now.map(({ alternative, rule }) => ({
    difference: differenceOf(was, alternative),
    rule,
  }));
  if (differences.some(({ difference }) => difference === undefined)) return undefined;
  const nearest =
    differences.find(({ difference }) => difference?.field !== 'kinds') ?? differences[0];
  if (nearest?.difference === undefined) return undefined;
  const { narrow, field, text } = nearest.difference;
  return { path: [...nearest.rule.path, 'match', ...pathOf(narrow, field)], text };
}

function matchOf(rule: LocatedMap): Alternative[] {
  return alternativesOf(rule.map('match'), true);
}

function kindsOf(rules: readonly VerifyingRule[]): Set<string> {
  return new Set(rules.flatMap(({ map }) => matchOf(map).flat()).flatMap((f) => f.choices.kinds));
}

/** ImageValidatingPolicy: what `matchConstraints` and `matchConditions` leave. */
function narrowedConstraints(old: LocatedMap, now: LocatedMap): Narrowing | undefined {
  const kept = new Set(signedListsOf(now));
  const unsigned = signedListsOf(old).filter((each) => !kept.has(each));
  if (unsigned.length > 0) {
    const text = `no longer asks for signatures of all ${unsigned.join(', ')} in a form that is understood here`;
    return { path: ['spec', 'validations'], text };
  }
  const [was, is] = [old.map('matchConstraints'), now.map('matchConstraints')];
  const path = ['spec', 'matchConstraints'];
  for (const field of ['namespaceSelector', 'objectSelector']) {
    const known = new Set(requirementsOf(was?.get(field)));
    if (requirementsOf(is?.get(field)).some((each) => !known.has(each))) {
      return {
        path: [...path, field],
        text: `newly looks only at what a selector picks (${field})`,
      };
    }
  }
  const isNew = (before: Located | undefined, after: Located | undefined) => {
    const known = new Set(entriesOf(before).map(keyOf));
    return entriesOf(after).some((each) => !known.has(keyOf(each)));
  };
  if (isNew(was?.get('excludeResourceRules'), is?.get('excludeResourceRules'))) {
    const text = 'newly leaves objects out (excludeResourceRules)';
    return { path: [...path, 'excludeResourceRules'], text };
  }
  if (isNew(old.get('matchConditions'), now.get('matchConditions'))) {
    const text = 'looks only at what new conditions let through (matchConditions)';
    return { path: ['spec', 'matchConditions'], text };
  }
  const lost = lostResources(mapsOf(was?.get('resourceRules')), mapsOf(is?.get('resourceRules')));
  return lost === undefined ? undefined : { path: [...path, 'resourceRules'], text: lost };
}

function lostResources(was: readonly LocatedMap[], is: readonly LocatedMap[]): string | undefined {
  const holds = (rule: LocatedMap, field: string, text: string) => {
    const texts = textsOf(rule.get(field));
    return texts.includes(text) || texts.includes('*');
  };
  for (const rule of was) {
    for (const resource of textsOf(rule.get('resources'))) {
      const now = is.filter((each) => holds(each, 'resources', resource));
      if (now.length === 0) return `no longer looks at ${listed([resource])}`;
      const groups = textsOf(rule.get('apiGroups'));
      const lost = groups.filter((group) => !now.some((each) => holds(each, 'apiGroups', group)));
      if (lost.length > 0) return `no longer looks at ${listed([resource])} of ${listed(lost)}`;
      for (const operation of textsOf(rule.get('operations'))) {
        const still = now.filter((each) => holds(each, 'operations', operation));
        if (still.length === 0) {
          return `no longer looks at ${listed([resource])} on ${listed([operation])}`;
        }
        const named = textsOf(rule.get('resourceNames')).length > 0;
        if (!named && still.every((each) => textsOf(each.get('resourceNames')).length > 0)) {
          return `newly looks only at ${listed([resource])} of certain names (resourceNames)`;
        }
      }
    }
  }
  return undefined;
}

/** ClusterImagePolicy: one of `match` is enough, and without any all pods are looked at. */
function narrowedSelection(old: LocatedMap, now: LocatedMap): Narrowing | undefined {
  const [was, is] = [entriesOf(old.get('match')), entriesOf(now.get('match'))];
  if (is.length === 0) return undefined;
  const kept = new Set(is.map(keyOf));
  const isLess = was.length === 0 || was.some((each) => !kept.has(keyOf(each)));
  return isLess
    ? { path: ['spec', 'match'], text: 'looks only at other objects than before (match)' }
    : undefined;
}
