import type { Fault } from '../../model/finding.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { exampleOf } from './examples.ts';
import { isUsable } from './github-keys.ts';
import {
  knownCommits,
  needsOf,
  placeOfSource,
  subjectOf,
  trustOf,
  type VerifyingSource,
} from './trust.ts';

/**
 * A change that takes a key out of a keyring although it signs what is on the branch.
 *
 * Applies to keyrings of sources that verify, before against after. Allowed: a keyring after the
 * change that still accepts the newest heads of the base branch.
 */
export const evictedKey: RepositoryChangeRule = {
  id: 'commit-signatures/evicted-key',
  area: 'commit-signatures',
  title: 'Key taken away that still signs',
  since: '0.1',
  fails: true,
  on: 'repository-change',
  docs: {
    protects:
      'A key that leaves the keyring while it still signs the branch stops deployments without a word: Flux refuses the next commit and the cluster keeps the old revision. It may also be an attempt to lock others out.',
    allows: [
      'Keys may be added at any time.',
      'A key may be removed once none of the last 20 heads of the base branch is signed with it.',
    ],
    fix: 'Rotate additively: add the new key, merge; switch people and automation to it; remove the old key in a later change, once no head is signed with it.',
    exception:
      'A stolen key must go at once. Say so in a waiver, and make sure that the next commit is signed with a key that stays: Flux does not verify a revision again that it has accepted.',
    ...exampleOf('evicted-key'),
    links: ['https://fluxcd.io/flux/components/source/gitrepositories/#verification'],
  },
  needs: needsOf,
  evaluate(change, context) {
    const commits = knownCommits(context);
    const before = trustOf(change.before, context).verifying;
    const after = trustOf(change.after, context).verifying;
    if (commits === undefined) return { faults: [], unknowns: [] };
    const faults = before.flatMap((source): Fault[] => {
      const now = after.find(({ id }) => id === source.id);
      if (now === undefined || now.keys.state === 'unknown') return [];
      const signed = [...commits.baseHeads, ...commits.change].flatMap(({ commit, verdicts }) => {
        const [was, is] = [verdicts[source.keyring], verdicts[now.keyring]];
        const isBoth = was?.state === 'known' && is?.state === 'known' && was.value.accepted;
        return isBoth ? [{ commit, key: was.value.key, stays: is.value.accepted }] : [];
      });
      const evicted = signed.filter(({ stays }) => !stays);
      if (evicted.length === 0) return [];
      const keys = [...new Set(evicted.map(({ key }) => key.fingerprint))].join(', ');
      const isAll = evicted.length === signed.length;
      const heads = `${evicted.length} of the ${signed.length} newest commits`;
      return [
        {
          rule: evictedKey.id,
          effect: isAll || evicted[0] === signed[0] ? 'denied' : 'risk',
          subject: subjectOf(source, 'spec.verify.secretRef'),
          message: isAll
            ? `After this merge Flux accepts ${hasOthers(now) ? 'nobody who signed until now' : "nobody's commits"}: every accepted commit was signed with a key that this change takes out of the keyring (${keys}).`
            : `This change takes keys out of the keyring that signed ${heads} accepted so far (${keys}): Flux will refuse what they sign next.`,
          primary: now.keys.value[0]?.place ?? placeOfSource(now),
          related: [],
          remedy: {
            summary:
              'Keep the old key beside the new one until no head of the branch is signed with it.',
            fields: [],
            edits: [],
          },
        },
      ];
    });
    return { faults, unknowns: [] };

    function hasOthers({ keyring }: VerifyingSource): boolean {
      const keys = commits?.keyrings[keyring]?.flatMap((entry) => entry.keys) ?? [];
      return keys.some((key) => key.kind === 'ssh' || isUsable(key, context.now));
    }
  },
};
