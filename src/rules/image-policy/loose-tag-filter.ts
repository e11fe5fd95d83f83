import type { ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, placeOf } from '../../model/field-path.ts';
import type { Effect, UnknownFact } from '../../model/finding.ts';
import { groupOf } from '../../model/resource.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import type { ObjectRule, Outcome } from '../rule.ts';
import { isImageKind } from './automations.ts';
import { tagPolicy } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import {
  compileFilter,
  isCatchAll,
  openEndsOf,
  type TagFilter,
  tagFilterOf,
} from './tag-filter.ts';

/** A policy that lets in tags which nobody means. */
export const looseTagFilter: ObjectRule = {
  id: 'image-policy/loose-tag-filter',
  area: 'image-policy',
  title: 'Tag filter that lets in more than it means',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'Policies that order tags by alphabet or number take the last of all that their filter lets in. A pattern without `^` and `$` also finds its text inside `pr-7-main-…`, and without a filter any tag that is pushed, a signature’s or `zzz`, can be the next release.',
    allows: [
      'Looks at `filterTags` of ImagePolicy and at `ref.semverFilter` of OCIRepository, in the syntax of Go (RE2), which is not anchored by itself.',
      'Not allowed: a pattern that Go refuses (the policy stalls); one that lets everything in; alphabetical order without a filter; `extract` with a group that the pattern does not have, such as `$1x`, which is nothing at all.',
      'Advice: a pattern that is open at one end; numerical order without a filter, which stalls at the first tag that is no number; a `semverFilter` without `semver`, which does nothing.',
    ],
    fix: "Anchor the pattern and extract what is ordered: `pattern: '^main-[a-f0-9]+-(?P<ts>[0-9]+)$'`, `extract: '$ts'`.",
    exception:
      'A registry to which only the release pipeline can push, with tags of one form: waive it.',
    bad: { 'apps/policy.yaml': tagPolicy("  filterTags:\n    pattern: '.*'\n") },
    good: {
      'apps/policy.yaml': tagPolicy(
        "  filterTags:\n    pattern: '^main-[a-f0-9]+-(?P<ts>[0-9]+)$'\n    extract: '$ts'\n",
      ),
    },
    links: [
      'https://fluxcd.io/flux/components/image/imagepolicies/#filter-tags',
      'https://github.com/google/re2/wiki/Syntax',
    ],
  },
  evaluate(object) {
    const { kind, apiVersion } = object.resource;
    if (isImageKind(object, 'ImagePolicy')) return judgePolicy(object);
    const isSource = kind === 'OCIRepository' && groupOf(apiVersion) === 'source.toolkit.fluxcd.io';
    return isSource ? judgeSource(object) : { faults: [], unknowns: [] };
  },
};

const PATTERN = ['spec', 'filterTags', 'pattern'];

function judgePolicy(object: ClusterObject): Outcome {
  const spec = object.resource.root.map('spec');
  const order = spec?.map('policy');
  const kind =
    order?.map('semver') !== undefined
      ? 'semver'
      : order?.get('alphabetical') !== undefined
        ? 'alphabetical'
        : order?.get('numerical') !== undefined
          ? 'numerical'
          : undefined;
  if (kind === undefined) return { faults: [], unknowns: [] };
  const filter = tagFilterOf(spec);
  const written = spec?.map('filterTags')?.text('pattern');
  if (filter === undefined && written?.includes('${') === true) {
    return { faults: [], unknowns: [unknown(object, PATTERN, 'it holds a variable')] };
  }
  if (filter === undefined) return withoutFilter(object, kind);
  const said = judgeFilter(filter, kind === 'semver');
  const outcome = toOutcome(object, PATTERN, filter, said);
  const group = missingGroupOf(filter);
  if (group === undefined) return outcome;
  const message = `extracts "${filter.extract ?? ''}", and its pattern has no group "${group}": that is nothing at all, and equal for every tag.`;
  const path = ['spec', 'filterTags', 'extract'];
  return { ...outcome, faults: [...outcome.faults, fault(object, path, 'risk', message)] };
}

function withoutFilter(object: ClusterObject, kind: string): Outcome {
  if (kind === 'semver') return { faults: [], unknowns: [] };
  const path = ['spec', 'policy', kind];
  const said: [Effect, string] =
    kind === 'alphabetical'
      ? [
          'risk',
          'orders all tags by the alphabet, without a filter: any tag that is pushed can be the last, a signature too.',
        ]
      : [
          'advice',
          'orders all tags as numbers, without a filter: it stalls at the first tag that is no number.',
        ];
  return { faults: [fault(object, path, ...said)], unknowns: [] };
}

function judgeSource(object: ClusterObject): Outcome {
  const ref = object.resource.root.map('spec')?.map('ref');
  const pattern = ref?.text('semverFilter');
  if (pattern === undefined || pattern === '' || pattern.includes('${')) {
    return { faults: [], unknowns: [] };
  }
  const path = ['spec', 'ref', 'semverFilter'];
  if (!ref?.text('semver') || ref.text('digest')) {
    const message = 'has a semverFilter, which does nothing without `semver`, or beside a digest.';
    return { faults: [fault(object, path, 'advice', message)], unknowns: [] };
  }
  const filter = compileFilter(pattern);
  return toOutcome(object, path, filter, judgeFilter(filter, true));
}

/** What is wrong with a pattern. Versions are compared as a whole, so open ends matter less there. */
function judgeFilter(filter: TagFilter, isSemver: boolean): [Effect, string] | undefined {
  const pattern = quoteBriefly(filter.pattern);
  if (filter.error !== undefined) {
    return ['denied', `has the pattern ${pattern}, which Go refuses: it stalls.`];
  }
  if (isCatchAll(filter)) {
    return [isSemver ? 'advice' : 'risk', `has the pattern ${pattern}, which lets every tag in.`];
  }
  const ends = openEndsOf(filter);
  if (ends.length === 0) return undefined;
  const marks = ends.map((end) => (end === 'start' ? '"^"' : '"$"')).join(' and ');
  return [
    'advice',
    `has the pattern ${pattern} without ${marks}: it is also found inside other tags.`,
  ];
}

function toOutcome(
  object: ClusterObject,
  path: FieldPath,
  filter: TagFilter,
  said: [Effect, string] | undefined,
): Outcome {
  if (filter.compiled === undefined && filter.error === undefined) {
    return { faults: [], unknowns: [unknown(object, path, 'it is too long to be looked at')] };
  }
  if (said === undefined) return { faults: [], unknowns: [] };
  const [effect, message] = said;
  const one = fault(object, path, effect, message);
  return {
    faults: [filter.error === undefined ? one : { ...one, detail: filter.error }],
    unknowns: [],
  };
}

function fault(object: ClusterObject, path: FieldPath, effect: Effect, message: string) {
  return faultAt(object, path, {
    rule: looseTagFilter.id,
    effect,
    message: `${nameOf(object)} ${message}`,
    remedy: remedy('Anchor the pattern with "^" and "$", and extract what is ordered.', object),
  });
}

function unknown(object: ClusterObject, path: FieldPath, why: string): UnknownFact {
  return {
    rule: looseTagFilter.id,
    reason: `Which tags ${nameOf(object)} lets in is not known: ${why}.`,
    place: placeOf(object.resource.root, path),
    cause: 'content',
  };
}

/** A group that `extract` names and the pattern has not; Go takes nothing for it. */
function missingGroupOf({ pattern, extract, compiled }: TagFilter): string | undefined {
  if (compiled === undefined || extract === undefined) return undefined;
  const named = new Set([...pattern.matchAll(/\(\?P?<(\w+)>/g)].map(([, name]) => name));
  const count = compiled.groupCount();
  for (const [, plain, braced] of extract.matchAll(/\$(?:\$|(\w+)|\{(\w+)\})/g)) {
    const name = plain ?? braced;
    if (name === undefined) continue;
    const has = /^\d{1,4}$/.test(name) ? Number(name) <= count : named.has(name);
    if (!has) return name;
  }
  return undefined;
}
