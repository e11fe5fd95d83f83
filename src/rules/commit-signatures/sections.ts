import type { CommitFacts } from '../../model/evidence.ts';
import type { Section, SectionBlock, SectionCell } from '../../model/section.ts';
import type { RepositoryChange, RuleContext } from '../rule.ts';
import { automationsOf } from './automations.ts';
import { commitTable } from './commit-table.ts';
import { type GitHubKeys, githubKeys } from './github-keys.ts';
import { type MergeOutcome, mergeOutcomes } from './merge-outcomes.ts';
import { survey } from './survey.ts';
import { trustSections } from './trust-sections.ts';
import {
  CONFIGURED,
  knownCommits,
  newlyVerifying,
  trustOf,
  type VerifyingSource,
} from './trust.ts';

const area = 'commit-signatures';

/** What the check of commit signatures says beside its findings. */
export function commitSignaturesSections(
  change: RepositoryChange,
  context: RuleContext,
): readonly Section[] {
  const { watching, verifying: before } = trustOf(change.before, context);
  const verifying = [...before, ...newlyVerifying(change, context)];
  const commits = knownCommits(context);
  const trust = trustSections(change, context);
  if (commits === undefined || watching.length + verifying.length === 0) return trust;
  const github = githubKeys(context);
  if (verifying.length === 0) return [...trust, readiness(commits, github)];
  const known = verifying.filter(({ keys }) => keys.state === 'known');
  return [
    ...known.flatMap((source) => ways(source, commits, context)),
    ...trust,
    ...known.slice(0, 1).map((source) => commitTable(source, commits, github)),
  ];
}

const VERDICTS = {
  accepted: 'accepted',
  refused: 'refused',
  depends: 'depends on the key',
  unknown: 'not known',
} as const;

function ways(source: VerifyingSource, commits: CommitFacts, context: RuleContext): Section[] {
  if (source.follows !== 'branch') return [laterChoice(source)];
  if (source.verify.mode === 'Tag') return [];
  const { merging } = context.facts;
  const settings = merging?.state === 'known' ? merging.value : undefined;
  const outcomes = mergeOutcomes(source, commits, settings, {
    now: context.now,
    github: githubKeys(context),
  });
  const rows = outcomes
    .filter(({ isAllowed }) => isAllowed)
    .map(({ way, signer, verdict, reason }) => [
      cell(way),
      cell(signer),
      cell(VERDICTS[verdict]),
      cell(reason),
    ]);
  const name = `${source.object.namespace ?? ''}/${source.object.resource.name}`;
  return [
    {
      area,
      title: `Would Flux accept the branch after this merge? ${name} in ${source.cluster.name}`,
      blocks: [
        {
          kind: 'text',
          text: `Flux deploys only what is signed with a key of its keyring, the public keys in Secret ${source.verify.secret}. It looks at one commit, the one at the head of the branch. Which commit that is, and who signs it, depends on how this is merged.`,
        },
        { kind: 'table', head: ['Merged by', 'Signed by', 'Flux', 'Why'], rows },
        ...(settings === undefined
          ? ([
              { kind: 'text', text: 'Which of these the repository allows is not known.' },
            ] as const)
          : []),
        ...ofAutomations(source, outcomes),
      ],
    },
  ];
}

/** Automations that do not sign are fine where a merge signs for them: said, so that nobody worries. */
function ofAutomations(source: VerifyingSource, outcomes: readonly MergeOutcome[]): SectionBlock[] {
  const good = outcomes.filter(({ isAllowed, verdict }) => isAllowed && verdict === 'accepted');
  return automationsOf(source)
    .filter(({ isDirect, signing }) => !isDirect && signing === undefined)
    .map(({ name, pushed }) => {
      const ways = good.map(({ way }) => way).join(' or ');
      const then =
        good.length > 0
          ? `That is fine: a pull request from there, merged by ${ways}, gives a head that Flux accepts.`
          : 'Its commits need a merge by somebody who signs with a key of the keyring.';
      return {
        kind: 'text',
        text: `The automation ${name} does not sign, and pushes to the side branch ${pushed}. ${then}`,
      };
    });
}

/** The merge alone moves nothing for these: what is verified is tagged or named afterwards. */
function laterChoice({ object, cluster, follows, verify }: VerifyingSource): Section {
  const name = `${object.namespace ?? ''}/${object.resource.name}`;
  return {
    area,
    title: `Not decided by this merge: ${name} in ${cluster.name}`,
    blocks: [
      {
        kind: 'text',
        text: `This source follows a ${follows} and not the branch. What it verifies (mode ${verify.mode}) is chosen after this merge, so whether Flux accepts it is not known here: look at it then with fluxgate verify-commit --mode ${verify.mode}.`,
      },
    ],
  };
}

/** Calm: nothing is wrong where nobody asked Flux to verify. */
function readiness({ baseHeads }: CommitFacts, github: GitHubKeys): Section {
  const judged = baseHeads.flatMap(({ bare, verdicts }) => {
    const verdict = verdicts[CONFIGURED] ?? bare;
    return verdict.state === 'known' ? [verdict.value] : [];
  });
  const counts = survey(judged, (verdict) => github.isSignedByGitHub(verdict));
  const known = counts['known-key'];
  const others = judged.length - counts.unsigned - counts.github - known;
  const hasKeys = baseHeads.some(({ verdicts }) => CONFIGURED in verdicts);
  const words = [
    `${counts.unsigned} were not signed`,
    `${counts.github} were signed by GitHub`,
    ...(hasKeys ? [`${known} by keys that commitSignatures.keys names`] : []),
  ];
  return {
    area,
    title: 'Flux does not verify signatures here',
    blocks: [
      {
        kind: 'text',
        text: `No source asks Flux to verify this branch, so nothing about signatures can fail. Of the last ${judged.length} heads of the branch ${words.join(', ')}, and ${others} by other keys.`,
      },
      { kind: 'text', text: 'To have Flux deploy only what people you trust have signed:' },
      {
        kind: 'steps',
        items: [
          'Let everybody who merges sign their commits, and choose a way of merging that keeps a signature: not "Rebase and merge".',
          `Put the public keys into a Secret, one entry NAME.asc or NAME.sshpub each, beside the source. Where pull requests are merged on GitHub with a merge commit or a squash, GitHub signs: then its key, https://${github.host}/web-flow.gpg, belongs there too, and whoever may merge there is trusted.`,
          'Look back with fluxgate verify-commit --keys DIR --last 20; when all are accepted, set spec.verify with mode HEAD and secretRef on the source.',
        ],
      },
    ],
  };
}

function cell(text: string): SectionCell {
  return { text };
}
