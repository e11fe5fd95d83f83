import type { Verdict } from '../../model/commit.ts';
import type { CommitFacts, Known } from '../../model/evidence.ts';
import type { Section, SectionCell } from '../../model/section.ts';
import type { RepositoryChange, RuleContext } from '../rule.ts';
import { mergeOutcomes } from './merge-outcomes.ts';
import { survey } from './survey.ts';
import { knownCommits, shortId, trustOf, type VerifyingSource } from './trust.ts';

const area = 'commit-signatures';

/** What the check of commit signatures says beside its findings. */
export function commitSignaturesSections(
  change: RepositoryChange,
  context: RuleContext,
): readonly Section[] {
  const { watching, verifying } = trustOf(change.before, context);
  const commits = knownCommits(context);
  if (commits === undefined || watching.length === 0) return [];
  if (verifying.length === 0) return [readiness(commits)];
  const known = verifying.filter(({ keys }) => keys.state === 'known');
  return [
    ...known.flatMap((source) => ways(source, commits, context)),
    ...known.slice(0, 1).map((source) => commitTable(source, commits)),
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
  const outcomes = mergeOutcomes(source, commits, settings, context.now);
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
          text: 'Flux verifies the signature of one commit, the one at the head of the branch. Which commit that is, and who signs it, depends on how this is merged.',
        },
        { kind: 'table', head: ['Merged by', 'Signed by', 'Flux', 'Why'], rows },
        ...(settings === undefined
          ? ([
              { kind: 'text', text: 'Which of these the repository allows is not known.' },
            ] as const)
          : []),
      ],
    },
  ];
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

function commitTable(source: VerifyingSource, { change, cut }: CommitFacts): Section {
  const rows = change.map(({ commit, verdicts, github }) => {
    const verdict = verdicts[source.keyring];
    return [
      code(shortId(commit.id)),
      cell(commit.author.name),
      cell(commit.committer.name),
      cell(kindOf(verdict)),
      cell(wordsOf(verdict)),
      cell(github === undefined ? '' : github.verified ? 'verified' : github.reason),
    ];
  });
  return {
    area,
    title: 'Commits of this change',
    blocks: [
      {
        kind: 'table',
        head: ['Commit', 'Author', 'Committer', 'Signature', 'Flux', 'GitHub says'],
        rows,
      },
      {
        kind: 'text',
        text: `Names of authors and committers prove nothing, and GitHub's own mark follows other rules than Flux.${cut === undefined ? '' : ` The list is cut: ${cut}.`}`,
      },
    ],
  };
}

function kindOf(verdict: Known<Verdict> | undefined): string {
  if (verdict?.state !== 'known') return '';
  const kind = verdict.value.signatureKind ?? 'unknown';
  return kind === 'openpgp' ? 'PGP' : kind === 'empty' ? 'none' : kind.toUpperCase();
}

function wordsOf(verdict: Known<Verdict> | undefined): string {
  if (verdict?.state !== 'known') return `not known: ${verdict?.reason ?? 'nobody judged it'}`;
  const { value } = verdict;
  return value.accepted ? `accepted, key ${value.key.id}` : `refused: ${value.detail}`;
}

/** Calm: nothing is wrong where nobody asked Flux to verify. */
function readiness({ baseHeads }: CommitFacts): Section {
  const bare = baseHeads.flatMap(({ bare: verdict }) =>
    verdict.state === 'known' ? [verdict.value] : [],
  );
  const counts = survey(bare);
  const others = bare.length - counts.unsigned - counts.github;
  return {
    area,
    title: 'Flux does not verify signatures here',
    blocks: [
      {
        kind: 'text',
        text: `No source asks Flux to verify this branch, so nothing about signatures can fail. Of the last ${bare.length} heads of the branch ${counts.unsigned} were not signed, ${counts.github} were signed by GitHub, and ${others} by other keys.`,
      },
      { kind: 'text', text: 'To have Flux deploy only what people you trust have signed:' },
      {
        kind: 'steps',
        items: [
          'Let everybody who merges sign their commits, and choose a way of merging that keeps a signature: not "Rebase and merge".',
          'Put the public keys into a Secret, one entry NAME.asc or NAME.sshpub each, beside the source.',
          'Look back with fluxgate verify-commit --keys DIR --last 20; when all are accepted, set spec.verify with mode HEAD and secretRef on the source.',
        ],
      },
    ],
  };
}

function cell(text: string): SectionCell {
  return { text };
}

function code(text: string): SectionCell {
  return { text, isCode: true };
}
