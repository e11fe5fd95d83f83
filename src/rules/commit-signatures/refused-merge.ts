import { undecidedSources } from '../../flux/watching.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import type {
  Outcome,
  Repository,
  RepositoryChange,
  RepositoryChangeRule,
  RuleContext,
} from '../rule.ts';
import { type MergeOutcome, mergeOutcomes } from './merge-outcomes.ts';
import { exampleOf } from './examples.ts';
import { githubKeys } from './github-keys.ts';
import {
  knownCommits,
  missingFacts,
  needsOf,
  newlyVerifying,
  placeOfSource,
  reasonOf,
  subjectOf,
  trustOf,
  type VerifyingSource,
} from './trust.ts';

/**
 * A merge after which Flux does not accept the head of the branch.
 *
 * Applies to sources of the base branch with `spec.verify`, and to those that the change itself lets
 * verify. Allowed: every way of merging that the repository allows gives a head that Flux accepts.
 */
export const refusedMerge: RepositoryChangeRule = {
  id: 'commit-signatures/refused-merge',
  area: 'commit-signatures',
  title: 'Merge that Flux refuses',
  since: '0.1',
  on: 'repository-change',
  docs: {
    protects:
      'A source with `spec.verify` takes only commits signed with a key of its keyring. When the head of the branch is not, Flux makes no new artifact: the cluster silently keeps running the old revision until a commit with an accepted signature follows.',
    allows: [
      'Flux verifies one commit, the head of the branch. Who signs it depends on how the pull request is merged.',
      "Merge commits, squashes and merge queues are signed by GitHub itself: accepted only where GitHub's key is in the keyring.",
      '"Rebase and merge" makes the commits anew without any signature: always refused.',
      'A change that switches verification on is judged by the keyring that it brings: its own merge is the first head that Flux verifies.',
      'A merge made locally and pushed is signed by whoever makes it; a fast-forward keeps the signature of the last commit.',
    ],
    fix: "Merge in a way that gives an accepted head, allow only such ways in the repository's settings, or add the key that signs to the keyring in a change of its own, before this one.",
    exception:
      'None: Flux refuses the commit whatever the reason. Waive the finding where the next commit on the branch is known to be signed.',
    limits:
      'Of classic branch protection only what people without administration rights see is known: required reviews, signatures and linear history. Who else may push is not.',
    ...exampleOf('refused-merge'),
    links: ['https://fluxcd.io/flux/components/source/gitrepositories/#verification'],
  },
  needs: needsOf,
  evaluate(change, context): Outcome {
    const { verifying } = trustOf(change.before, context);
    const added = newlyVerifying(change, context);
    const sources = [...verifying, ...added].filter(({ follows }) => follows === 'branch');
    const unknowns = [
      ...missingFacts(refusedMerge.id, change, context, sources),
      ...undecided(change.before),
    ];
    const commits = knownCommits(context);
    const faults: Fault[] = newlyTagless(change, context).map(toModeFault);
    if (commits === undefined || commits.change.length === 0) return { faults, unknowns };
    const { merging } = context.facts;
    for (const source of sources) {
      if (source.keys.state === 'unknown') continue;
      if (isTagless(source)) {
        if (!added.includes(source)) faults.push(toModeFault(source));
        continue;
      }
      const settings = merging?.state === 'known' ? merging.value : undefined;
      const outcomes = mergeOutcomes(source, commits, settings, {
        now: context.now,
        github: githubKeys(context),
      });
      const allowed = outcomes.filter(({ isAllowed }) => isAllowed);
      const refused = allowed.filter(({ verdict }) => verdict === 'refused');
      const good = allowed.filter(({ verdict }) => verdict === 'accepted' || verdict === 'depends');
      for (const { verdict, way, reason } of allowed) {
        if (verdict !== 'unknown') continue;
        const text = `${way}: ${reason}`;
        unknowns.push({ rule: refusedMerge.id, reason: text, cause: 'environment' });
      }
      const isBetter = refused.some(({ way }) => !PUSHES.includes(way));
      if (!isBetter && good.length > 0) continue;
      if (settings === undefined && good.length > 0) {
        const text = `${reasonOf(merging)} Refused by Flux: ${list(refused)}.`;
        unknowns.push({ rule: refusedMerge.id, reason: text, cause: 'environment' });
        continue;
      }
      if (refused.length > 0)
        faults.push(
          toFault(source, { refused, good }, settings?.isGroup === true, added.includes(source)),
        );
    }
    return { faults, unknowns };
  },
};

/** It verifies tags and follows a branch, which has none. */
function isTagless({ verify, follows }: VerifyingSource): boolean {
  return verify.mode !== 'HEAD' && follows === 'branch';
}

/** Sources that verify tags without following one only once the change is merged. */
function newlyTagless(change: RepositoryChange, context: RuleContext): VerifyingSource[] {
  const before = new Set(
    trustOf(change.before, context)
      .verifying.filter(isTagless)
      .map(({ id }) => id),
  );
  return trustOf(change.after, context).verifying.filter(
    (source) => isTagless(source) && !before.has(source.id),
  );
}

function undecided(before: Repository | undefined): UnknownFact[] {
  return (before?.clusters ?? []).flatMap((cluster) =>
    undecidedSources(cluster).map(({ object: { resource, namespace }, reason }) => ({
      rule: refusedMerge.id,
      reason: `${resource.kind} ${namespace ?? ''}/${resource.name} verifies commits, and it cannot be told whether it watches this repository (${reason}).`,
      place: placeOf(resource.root, ['spec', 'verify']),
      cause: 'environment' as const,
    })),
  );
}

/** Ways that nobody takes by mistake: a button is what people press. */
const PUSHES = ['Merge locally and push', 'Fast-forward push'];

function list(outcomes: readonly MergeOutcome[], last = ', '): string {
  const ways = outcomes.map(({ way }) => way);
  return [ways.slice(0, -1).join(', '), ...ways.slice(-1)].filter(Boolean).join(last);
}

function toFault(
  source: VerifyingSource,
  { refused, good }: Record<'refused' | 'good', readonly MergeOutcome[]>,
  isGroup: boolean,
  isNew: boolean,
): Fault {
  const name = `${source.object.namespace ?? ''}/${source.object.resource.name}`;
  const isDenied = good.length === 0;
  const reasons = [...new Set(refused.map(({ reason }) => reason))].join('; ');
  const words = isDenied
    ? `${isGroup ? 'Flux will refuse the commit that the merge queue has made' : 'However this is merged, Flux will refuse the new head of the branch'} for ${name} and keep the old revision: ${reasons}.`
    : `Merge this by ${list(good, ' or ')}: Flux then accepts the new head of the branch for ${name}. After ${list(refused, ' or ')} it would refuse the head and keep the old revision: ${reasons}.`;
  return {
    rule: refusedMerge.id,
    effect: isDenied ? 'denied' : 'risk',
    subject: subjectOf(source, 'spec.verify'),
    message: isNew ? `This change switches verification on. ${words}` : words,
    primary: placeOfSource(source),
    related: [],
    remedy: {
      summary:
        isDenied && isNew
          ? "Bring a keyring that accepts the merge of this very change: the key of whoever merges it, or GitHub's own where it is merged there."
          : isDenied
            ? 'Add the key that signs the merge to the keyring first, in a change that is merged in an accepted way.'
            : `Merge by ${good[0]?.way ?? ''}${good[0]?.verdict === 'depends' ? ', signed with a key of the keyring' : ''}. Where the other ways are switched off in the settings of the repository, nobody has to think of it.`,
      fields: [],
      edits: [],
    },
  };
}

function toModeFault(source: VerifyingSource): Fault {
  return {
    rule: refusedMerge.id,
    effect: 'denied',
    subject: subjectOf(source, 'spec.verify.mode'),
    message:
      'The source verifies tags but follows a branch: Flux refuses every commit until spec.ref names a tag or the mode is HEAD.',
    detail: "cannot verify tag object's signature if a tag reference is not specified",
    primary: placeOfSource(source),
    related: [],
  };
}
