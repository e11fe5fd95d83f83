import type { ClusterObject } from '../../../flux/cluster.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { type Located, toPlain } from '../../../model/located.ts';
import { plainJson } from '../../../model/plain-json.ts';
import { groupOf } from '../../../model/resource.ts';
import { matchesWildcard } from '../../../model/wildcard.ts';
import { type Alternative, alternativesOf } from '../matching/filter.ts';
import { wordsOf } from '../matching/words.ts';
import { mapsOf, textsOf } from '../verifiers/nodes.ts';

/** A policy, and one of its rules, that an exception is asked about. */
export interface Excepted {
  readonly group: string;
  readonly kind: string;
  /** `namespace/name` of a Policy, else the name. */
  readonly name: string;
  /** Of policies that have rules with names. */
  readonly rule: string | undefined;
}

/** A reference of an exception to policies. */
export interface PolicyReference {
  readonly path: FieldPath;
  readonly names: (excepted: Excepted) => boolean;
  /** The one policy it names, where it is no pattern. */
  readonly only?: { readonly kind?: string; readonly name: string };
}

/** A PolicyException of Kyverno, of either group. */
export interface PolicyException {
  readonly object: ClusterObject;
  readonly references: readonly PolicyReference[];
  /** What it holds for. Undefined: for all that the policy looks at. */
  readonly alternatives: readonly Alternative[] | undefined;
  /** Each must hold. */
  readonly conditions: readonly string[];
  /** One of them must hold, where there are any. */
  readonly anyConditions: readonly string[];
  /** RFC 3339, as written. */
  readonly until: string | undefined;
  /** What it holds for, in words. */
  readonly words: string;
}

/** @returns undefined for what is no exception, or one that holds for nothing */
export function exceptionOf(object: ClusterObject): PolicyException | undefined {
  if (object.resource.kind !== 'PolicyException') return undefined;
  switch (groupOf(object.resource.apiVersion)) {
    case 'kyverno.io':
      return ofRules(object);
    case 'policies.kyverno.io':
      return ofPolicies(object);
    default:
      return undefined;
  }
}

/**
 * `kyverno.io`, whatever the version: all are stored as v2, where the name of a policy may be a
 * pattern, too.
 */
function ofRules(object: ClusterObject): PolicyException | undefined {
  const spec = object.resource.root.map('spec');
  const alternatives = alternativesOf(spec?.map('match'), false);
  if (spec === undefined || alternatives.length === 0) return undefined;
  const references = itemsOf(spec.get('exceptions')).flatMap((entry, index): PolicyReference[] => {
    const name = entry.kind === 'map' ? entry.text('policyName') : undefined;
    if (entry.kind !== 'map' || !name) return [];
    const rules = textsOf(entry.get('ruleNames'));
    return [
      {
        path: ['spec', 'exceptions', index, 'policyName'],
        names: (excepted) =>
          excepted.group === 'kyverno.io' &&
          matchesWildcard(name, excepted.name) &&
          rules.some((rule) => matchesWildcard(rule, excepted.rule ?? '')),
        ...(!/[*?]/.test(name) && rules.length > 0 && { only: { name } }),
      },
    ];
  });
  const conditions = spec.map('conditions');
  const [all, any] = [textsIn(conditions?.get('all')), textsIn(conditions?.get('any'))];
  const isLimited = all.length + any.length > 0;
  return {
    object,
    references,
    alternatives,
    conditions: all,
    anyConditions: any,
    until: undefined,
    words: `${wordsOf(alternatives)}${isLimited ? ' (under `conditions`)' : ''}`,
  };
}

/** No object has a longer one. */
const LONGEST_NAME = 253;

/**
 * `policies.kyverno.io`: only its conditions narrow it. `images` and `allowedValues` are values for
 * expressions; a policy that verifies images is skipped whole.
 */
function ofPolicies(object: ClusterObject): PolicyException | undefined {
  const spec = object.resource.root.map('spec');
  if (spec === undefined) return undefined;
  const references = itemsOf(spec.get('policyRefs')).flatMap((entry, index): PolicyReference[] => {
    const [kind, name] = entry.kind === 'map' ? [entry.text('kind'), entry.text('name')] : [];
    if (kind === undefined || name === undefined || name.length > LONGEST_NAME) return [];
    return [
      {
        path: ['spec', 'policyRefs', index, 'name'],
        names: (excepted) =>
          excepted.group === 'policies.kyverno.io' &&
          excepted.kind === kind &&
          excepted.name === name,
        only: { kind, name },
      },
    ];
  });
  const conditions = mapsOf(spec.get('matchConditions')).map((each) => each.text('expression'));
  const until = spec.text('expiresAt');
  const limit = conditions.length > 0 ? ' that its `matchConditions` let through' : '';
  return {
    object,
    references,
    alternatives: undefined,
    conditions: conditions.map((each) => each ?? ''),
    anyConditions: [],
    until,
    words: `everything${limit}${until === undefined ? '' : ` until ${until.slice(0, 40)}`}`,
  };
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === 'list' ? node.items : [];
}

function textsIn(node: Located | undefined): string[] {
  return itemsOf(node).map((each) => plainJson(toPlain(each)));
}
