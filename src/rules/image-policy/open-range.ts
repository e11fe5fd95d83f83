import { toBreadth } from '../../versions/breadth.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import type { ObjectRule } from '../rule.ts';
import { allowanceOf } from './environment.ts';
import { imagePolicy, SEMVER_LINKS } from './examples.ts';
import { faultAt, nameOf } from './fault.ts';
import { narrowerRemedy } from './narrower.ts';
import { validSitesOf } from './range-sites.ts';

/** A range without an upper bound: whatever is published next rolls out by itself. */
export const openRange: ObjectRule = {
  id: 'image-policy/open-range',
  area: 'image-policy',
  title: 'Version range without an upper bound',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'Without an upper bound every later version rolls out by itself, the next major with its breaking changes too, and so does a version 999.0.0 that somebody pushes with stolen credentials.',
    allows: [
      'Looks at ImagePolicy, OCIRepository and GitRepository `ref.semver`, HelmRelease and HelmChart versions (absent means `*`), and the version of a FluxInstance.',
      'Allowed: any range whose every alternative has an upper bound; `imagePolicy.widest: unbounded` in the configuration allows open ones for an environment.',
    ],
    fix: 'Give the range explicit bounds, such as `>=6.5.0 <6.6.0`.',
    exception:
      'A cluster where everything may change, such as a sandbox: set `imagePolicy.widest.development: unbounded`, or waive the one object.',
    bad: { 'apps/policy.yaml': imagePolicy('>=6.5.0') },
    good: { 'apps/policy.yaml': imagePolicy('>=6.5.0 <6.6.0') },
    links: SEMVER_LINKS,
  },
  evaluate(object, cluster, { settings }) {
    const allowance = allowanceOf(cluster, settings);
    const { widest, where } = allowance;
    if (widest === 'unbounded') return { faults: [], unknowns: [] };
    const faults = validSitesOf(object).flatMap((site) => {
      const { kind } = toBreadth(site.constraint);
      if (kind !== 'unbounded' && kind !== 'everything') return [];
      const what = site.isWritten
        ? `the range ${quoteBriefly(site.text)}, which has no upper bound`
        : 'no version, which means "*"';
      const message = `${nameOf(object)} has ${what}: every later ${site.moves} rolls out by itself ${where}.`;
      const policy = `at most ${widest}`;
      return [
        faultAt(object, site.path, {
          rule: openRange.id,
          effect: 'risk',
          message,
          policy,
          remedy: narrowerRemedy(site, allowance),
        }),
      ];
    });
    return { faults, unknowns: [] };
  },
};
