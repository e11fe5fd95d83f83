import { findTraps } from '../../versions/traps.ts';
import type { ObjectRule } from '../rule.ts';
import { imagePolicy, SEMVER_LINKS } from './examples.ts';
import { faultAt, nameOf } from './fault.ts';
import { rangeSitesOf } from './range-sites.ts';

/** A range that Flux cannot read: the object stalls, and nothing is updated any more. */
export const invalidRange: ObjectRule = {
  id: 'image-policy/invalid-range',
  area: 'image-policy',
  title: 'Version range that Flux cannot read',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'An object with a range that Flux cannot read stalls: what runs now keeps running, and security updates no longer arrive, while nothing looks broken.',
    allows: [
      'Looks at ImagePolicy, OCIRepository, GitRepository, HelmRelease, HelmChart and FluxInstance.',
      'Allowed: what Masterminds/semver v3 reads. A bare number such as `15.5` is no text, and refused. Try a range with `fluxgate range`.',
    ],
    fix: 'Correct the range; the finding says what is wrong in it.',
    exception: 'None: Flux refuses the range.',
    bad: { 'apps/policy.yaml': imagePolicy('latest') },
    good: { 'apps/policy.yaml': imagePolicy('>=6.5.0 <6.6.0') },
    links: SEMVER_LINKS,
  },
  evaluate(object) {
    const { sites, unknowns, mistyped } = rangeSitesOf(object);
    const faults = sites.flatMap(({ parsed, path }) => {
      if (parsed.ok) return [];
      const [trap] = findTraps(parsed);
      const message = `${nameOf(object)} has a version range that Flux cannot read, so it stalls. ${trap?.message ?? ''}`;
      const detail = parsed.error.message;
      return [
        faultAt(object, path, {
          rule: invalidRange.id,
          effect: 'denied',
          message: message.trim(),
          detail,
        }),
      ];
    });
    if (mistyped) {
      const { path, what } = mistyped;
      const message = `${nameOf(object)} has ${what} as its version range, where only text is allowed: the API server refuses the object, and with it all that is applied together. Write it in quotes.`;
      faults.push(faultAt(object, path, { rule: invalidRange.id, effect: 'denied', message }));
    }
    return { faults, unknowns: unknowns.map((each) => ({ ...each, rule: invalidRange.id })) };
  },
};
