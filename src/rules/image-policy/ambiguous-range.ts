import type { Fault } from '../../model/finding.ts';
import { toExplicit } from '../../versions/explicit.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import type { TrapCode } from '../../versions/trap.ts';
import { findTraps } from '../../versions/traps.ts';
import type { ObjectRule } from '../rule.ts';
import { imagePolicy, SEMVER_LINKS } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { validSitesOf, type ValidSite } from './range-sites.ts';

/** Told by other rules, or no ambiguity. */
const ELSEWHERE: ReadonlySet<TrapCode> = new Set([
  'everything',
  'no-upper-bound',
  'breaking-below-one',
]);

/** A range that does something else than it seems to say, or that tools read differently. */
export const ambiguousRange: ObjectRule = {
  id: 'image-policy/ambiguous-range',
  area: 'image-policy',
  title: 'Version range that is easily misread',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'Tools disagree about `~` and `^`: npm, Cargo, Composer and the library of Flux each read some of them in another way. Some ranges do something else than anybody would guess: `~0.0.0` is every version, `^*` is 0.0.0 alone, `1.2-2.0` is a prerelease.',
    allows: ['Allowed: explicit bounds, exact versions and wildcards such as `1.2.x`.'],
    fix: 'Write explicit bounds: `^1.2.0` is `>=1.2.0 <2.0.0`. The suggestion means exactly the same.',
    exception:
      'A team that knows the operators: `rules: { image-policy/ambiguous-range: off }` in the configuration.',
    bad: { 'apps/policy.yaml': imagePolicy('~6.5.0') },
    good: { 'apps/policy.yaml': imagePolicy('>=6.5.0 <6.6.0') },
    links: SEMVER_LINKS,
  },
  evaluate: (object) => ({ faults: validSitesOf(object).flatMap(judge), unknowns: [] }),
};

function judge(site: ValidSite): Fault[] {
  if (!site.isWritten) return [];
  const { constraint, object, path, text } = site;
  const traps = findTraps(site.parsed).filter(({ code }) => !ELSEWHERE.has(code));
  const isOperator = /[~^]/.test(text);
  if (traps.length === 0 && !isOperator) return [];
  const explicit = toExplicit(constraint);
  const why = traps[0]?.message ?? 'Tools disagree about "~" and "^".';
  const means = explicit === undefined ? '' : ` Here it means "${explicit}".`;
  return [
    faultAt(object, path, {
      rule: ambiguousRange.id,
      effect: traps.some(({ code }) => code === 'empty') ? 'risk' : 'advice',
      message: `${nameOf(object)} has the range ${quoteBriefly(text)}. ${why}${means}`,
      ...(explicit !== undefined &&
        explicit !== text && {
          remedy: remedy(`Write "${explicit}", which means the same.`, object, [
            { path, set: explicit },
          ]),
        }),
    }),
  ];
}
