import { isWider, toBreadth } from '../../versions/breadth.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import type { ObjectRule } from '../rule.ts';
import { allowanceOf } from './environment.ts';
import { imagePolicy, SEMVER_LINKS } from './examples.ts';
import { faultAt, nameOf } from './fault.ts';
import { narrowerRemedy } from './narrower.ts';
import { validSitesOf } from './range-sites.ts';

const SPANS = {
  patch: 'patch versions',
  minor: 'minor versions',
  major: 'major versions',
} as const;

/** A bounded range that moves further by itself than the environment allows. */
export const wideRange: ObjectRule = {
  id: 'image-policy/wide-range',
  area: 'image-policy',
  title: 'Version range that is too wide for its environment',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'What a range lets in rolls out without a pull request, a review or a test in front of it. The closer to production, the less should move by itself.',
    allows: [
      'Allowed: in production patch versions, in staging minor versions, in development major versions. `imagePolicy.widest` in the configuration sets others.',
      "The environment is the configuration's, else that which the cluster's path or name tells. Where none is known, the finding is advice.",
      'Prereleases in production are too wide whatever the bounds. The proposal leaves them out where the range ends in `-0`, and keeps them where it names one, such as `-rc.1`.',
    ],
    fix: 'Narrow the range to what may roll out by itself, and let larger steps come as pull requests.',
    exception:
      'A program whose minor versions are known to be safe, or that must be current: waive the one object, or widen `imagePolicy.widest`.',
    limits:
      'Versions are judged by their numbers. Whether a publisher keeps to semantic versioning is not known.',
    bad: { 'production/policy.yaml': imagePolicy('>=5.0.0 <7.0.0') },
    good: { 'production/policy.yaml': imagePolicy('>=6.5.0 <6.6.0') },
    links: SEMVER_LINKS,
  },
  evaluate(object, cluster, { settings }) {
    const allowance = allowanceOf(cluster, settings);
    const { widest, where, environment } = allowance;
    const faults = validSitesOf(object).flatMap((site) => {
      const { kind, prereleases } = toBreadth(site.constraint);
      const policy = `at most ${widest}`;
      const range = `${nameOf(object)} has the range ${quoteBriefly(site.text)}`;
      if ((kind === 'patch' || kind === 'minor' || kind === 'major') && isWider(kind, widest)) {
        return [
          faultAt(object, site.path, {
            rule: wideRange.id,
            effect: environment === undefined ? 'advice' : 'risk',
            message: `${range}, which spans ${SPANS[kind]}; ${where} at most ${widest} is allowed.`,
            policy,
            remedy: narrowerRemedy(site, allowance),
          }),
        ];
      }
      if (prereleases && kind !== 'exact' && environment === 'production') {
        const message = `${range}, which lets prereleases into production.`;
        return [
          faultAt(object, site.path, {
            rule: wideRange.id,
            effect: 'risk',
            message,
            policy,
            // One without an upper bound is told, and mended, by another rule.
            ...(!isWider(kind, widest) && { remedy: narrowerRemedy(site, allowance) }),
          }),
        ];
      }
      return [];
    });
    return { faults, unknowns: [] };
  },
};
