import type { Refusal } from '../../model/commit.ts';
import type { Fault } from '../../model/finding.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { exampleOf } from './examples.ts';
import { knownCommits, needsOf, placeOfSource, shortId, trustOf } from './trust.ts';

/** Refusals that honest work does not meet: somebody should look. */
const SUSPICIOUS: readonly Refusal[] = ['bad-signature', 'key-revoked', 'undecodable-object'];

/** A sentence of its own as the end of another one. */
function inSentence(detail: string): string {
  return /^(?:Flux|PGP|SSH)\b/.test(detail)
    ? detail
    : detail.charAt(0).toLowerCase() + detail.slice(1);
}

/** More commits than anybody mends one by one; all of them are in the table. */
const MOST_FAULTS = 20;

/**
 * A commit of the change that Flux would refuse at the head of the branch.
 *
 * Applies to every commit of the change and every source of the base branch that verifies.
 * Allowed: a PGP or SSH signature by a key of the keyring that is valid now.
 */
export const unverifiedCommit: RepositoryChangeRule = {
  id: 'commit-signatures/unverified-commit',
  area: 'commit-signatures',
  title: 'Commit that Flux would refuse',
  since: '0.1',
  on: 'repository-change',
  docs: {
    protects:
      'Only the head of the branch must be signed for Flux, but a commit in the middle becomes a head by a fast-forward, a revert or a reset. A signature that does not fit, or a revoked key, is a sign that somebody pretends to be somebody else.',
    allows: [
      'A PGP signature by a key that is in the keyring and neither expired nor revoked now.',
      'An SSH signature for git by a key of an `.sshpub` entry, from Flux 2.9 on.',
      'Author and committer prove nothing: Flux never compares them with the key, and anybody can write any name.',
    ],
    fix: 'Sign the commits again (`git rebase --exec "git commit --amend --no-edit -S"`) with a key of the keyring, and push with `--force-with-lease`.',
    exception:
      'Where pull requests are squashed or merged with a merge commit that Flux accepts, unsigned commits inside do no harm: this is advice then.',
    ...exampleOf('unverified-commit'),
    links: ['https://fluxcd.io/flux/components/source/gitrepositories/#verification'],
  },
  needs: needsOf,
  evaluate(change, context) {
    const commits = knownCommits(context);
    const { verifying } = trustOf(change.before, context);
    const faults: Fault[] = [];
    for (const { commit, verdicts } of commits?.change ?? []) {
      const source = verifying.find(({ keyring }) => {
        const verdict = verdicts[keyring];
        return verdict?.state === 'known' && !verdict.value.accepted;
      });
      const verdict = source && verdicts[source.keyring];
      if (source === undefined || verdict?.state !== 'known' || verdict.value.accepted) continue;
      const { refusal, detail, error } = verdict.value;
      faults.push({
        rule: unverifiedCommit.id,
        effect: SUSPICIOUS.includes(refusal) ? 'risk' : 'advice',
        subject: { apiVersion: '', kind: 'Commit', name: commit.id, field: refusal },
        message: `Flux would refuse commit ${shortId(commit.id)} at the head of the branch: ${inSentence(detail)}`,
        detail: error,
        primary: placeOfSource(source),
        related: [],
      });
    }
    const unknowns =
      commits?.cut === undefined || verifying.length === 0
        ? []
        : [
            {
              rule: unverifiedCommit.id,
              reason: `Not all commits of this change were judged: ${commits.cut}.`,
              cause: 'content' as const,
            },
          ];
    return { faults: faults.slice(0, MOST_FAULTS), unknowns };
  },
};
