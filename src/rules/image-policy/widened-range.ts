import type { ClusterObject } from '../../flux/cluster.ts';
import type { Fault } from '../../model/finding.ts';
import { toPlace } from '../../model/source.ts';
import { isWider, toBreadth } from '../../versions/breadth.ts';
import { compareRanges } from '../../versions/comparison.ts';
import { toExamples } from '../../versions/examples.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import { formatVersion } from '../../versions/version.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import type { ClusterChangeRule } from '../rule.ts';
import { type Allowance, allowanceOf } from './environment.ts';
import { imagePolicy, SEMVER_LINKS } from './examples.ts';
import { exactReferencesByKey, type ExactReference } from './exact-reference.ts';
import { faultAt, nameOf } from './fault.ts';
import { narrowerRemedy } from './narrower.ts';
import { sitesByKey, type ValidSite } from './range-sites.ts';

/** A change that lets more versions in than before. */
export const widenedRange: ClusterChangeRule = {
  id: 'image-policy/widened-range',
  area: 'image-policy',
  title: 'Widened version range',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'A wider range lets later changes roll out that nobody reviews: this pull request is the last look that anybody has at them.',
    allows: [
      'Allowed: a range that lets in the same versions, fewer, or other ones of the same breadth.',
      'A tag, digest or commit of an OCIRepository or GitRepository that becomes a range is widened from exact.',
      'A wider range that stays within what the environment allows, without new prereleases, is advice.',
    ],
    fix: 'Keep the range as it was, or narrow it to the versions that are meant.',
    exception:
      'Where the wider range is wanted: say so in a waiver, or widen `imagePolicy.widest`.',
    given: { before: { 'production/policy.yaml': imagePolicy('>=6.5.0 <6.6.0') } },
    bad: { 'production/policy.yaml': imagePolicy('>=6.5.0-0 <7.0.0') },
    good: { 'production/policy.yaml': imagePolicy('>=6.6.0 <6.7.0') },
    links: SEMVER_LINKS,
  },
  evaluate({ before, after }, { settings }) {
    if (before === undefined) return { faults: [], unknowns: [] };
    const earlier = sitesByKey(before);
    const exact = exactReferencesByKey(before);
    const allowance = allowanceOf(after, settings);
    const faults: Fault[] = [];
    for (const [key, site] of sitesByKey(after)) {
      const was = earlier.get(key);
      const one = exact.get(key);
      const fault =
        was !== undefined
          ? was.text !== site.text
            ? judge(was, site, allowance)
            : undefined
          : one && judgeExact(one, site, allowance);
      if (fault) faults.push(fault);
    }
    return { faults, unknowns: [] };
  },
};

function judge(was: ValidSite, site: ValidSite, allowance: Allowance): Fault | undefined {
  const { change, added } = compareRanges(was.constraint, site.constraint);
  if (added === undefined) return undefined;
  const [old, now] = [toBreadth(was.constraint), toBreadth(site.constraint)];
  const newPrereleases = now.prereleases && !old.prereleases && now.kind !== 'exact';
  if (change !== 'widened' && !newPrereleases && !isWider(now.kind, old.kind)) return undefined;
  return toFault(site, allowance, {
    from: `${quoteBriefly(was.text)} (${old.kind})`,
    added: formatVersion(added),
    newPrereleases,
    base: { object: was.object, path: was.path, text: quoteBriefly(was.text) },
  });
}

/** A source that took one thing, and takes what a range lets in now. */
function judgeExact(was: ExactReference, site: ValidSite, allowance: Allowance): Fault | undefined {
  const now = toBreadth(site.constraint);
  if (now.kind === 'exact' || now.kind === 'empty') return undefined;
  const added =
    was.constraint === undefined
      ? toExamples(site.constraint, 1).admitted[0]
      : compareRanges(was.constraint, site.constraint).added;
  if (added === undefined) return undefined;
  return toFault(site, allowance, {
    from: `${was.words} (exact)`,
    added: formatVersion(added),
    newPrereleases: now.prereleases,
    base: { object: was.object, path: was.path, text: was.words },
  });
}

interface Widening {
  /** As it was, with its breadth. */
  readonly from: string;
  /** A version that is let in now. */
  readonly added: string;
  readonly newPrereleases: boolean;
  readonly base: {
    readonly object: ClusterObject;
    readonly path: FieldPath;
    readonly text: string;
  };
}

function toFault(
  site: ValidSite,
  allowance: Allowance,
  { from, added, newPrereleases, base }: Widening,
): Fault {
  const { kind } = toBreadth(site.constraint);
  const isRisk = newPrereleases || isWider(kind, allowance.widest);
  const prereleases = newPrereleases ? ' and prereleases' : '';
  const fault = faultAt(site.object, site.path, {
    rule: widenedRange.id,
    effect: isRisk ? 'risk' : 'advice',
    message: `${nameOf(site.object)} widens its range from ${from} to ${quoteBriefly(site.text)} (${kind}): it now also lets in ${added}${prereleases} ${allowance.where}.`,
    policy: `at most ${allowance.widest}`,
    ...(isRisk && { remedy: narrowerRemedy(site, allowance) }),
  });
  const node = valueAt(base.object.resource.root, base.path);
  if (node === undefined) return fault;
  const { path, line } = toPlace(node);
  const why = `the base branch has ${base.text} here`;
  return { ...fault, related: [...fault.related, { path, line, why }] };
}
