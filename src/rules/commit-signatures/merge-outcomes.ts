import type { KeyringEntryRecord } from '../../model/commit.ts';
import type { CommitFacts, MergeMethod, MergeSettings } from '../../model/evidence.ts';
import { type GitHubKeys, isUsable, pgpKeys } from './github-keys.ts';
import { shortId, type VerifyingSource } from './trust.ts';

/** What a way into the branch makes of the source. */
export interface MergeOutcome {
  /** `Merge commit`, `Fast-forward push`, … */
  readonly way: string;
  /** Who signs the commit that is then at the head. */
  readonly signer: string;
  /** `depends`: on the key of whoever does it. */
  readonly verdict: 'accepted' | 'refused' | 'depends' | 'unknown';
  readonly reason: string;
  readonly isAllowed: boolean;
}

const NAMES: Record<MergeMethod, string> = {
  merge: 'Merge commit',
  squash: 'Squash and merge',
  rebase: 'Rebase and merge',
};

/** Flux's verdict on the new head of the branch, for each way of merging. */
export function mergeOutcomes(
  source: VerifyingSource,
  commits: CommitFacts,
  merging: MergeSettings | undefined,
  { now, github }: { readonly now: number; readonly github: GitHubKeys },
): MergeOutcome[] {
  const entries = commits.keyrings[source.keyring] ?? [];
  const byGitHub = outcomeOfGitHub(entries, github, now);
  const queue = merging?.queue;
  if (merging?.isGroup) return [outcomeOfGroup(source, commits, github)];
  const outcomes = (['merge', 'squash', 'rebase'] as const).map((method) => ({
    way: NAMES[method],
    ...(method === 'rebase' ? BY_NOBODY : byGitHub),
    isAllowed: queue === undefined && (merging?.methods.includes(method) ?? true),
  }));
  const pushes = merging?.allowsPushes ?? true;
  return [
    ...outcomes,
    ...(queue === undefined ? [] : [outcomeOfQueue(queue, byGitHub)]),
    { way: 'Merge locally and push', ...outcomeOfPusher(entries, github, now), isAllowed: pushes },
    { way: 'Fast-forward push', ...outcomeOfHead(source, commits), isAllowed: pushes },
  ];
}

type Outcome = Pick<MergeOutcome, 'signer' | 'verdict' | 'reason'>;

const BY_NOBODY: Outcome = {
  signer: 'nobody: GitHub makes the commits anew, without signatures',
  verdict: 'refused',
  reason: 'the new head is not signed',
};

const SIGNED_BY_GITHUB = 'GitHub, with its own key';

function outcomeOfGitHub(
  entries: readonly KeyringEntryRecord[],
  github: GitHubKeys,
  now: number,
): Outcome {
  const signer = SIGNED_BY_GITHUB;
  const keys = pgpKeys(entries).filter((key) => github.isGitHubs(key));
  if (keys.some((key) => isUsable(key, now))) {
    const reason = "GitHub's key is in the keyring: whoever may merge on GitHub is trusted";
    return { signer, verdict: 'accepted', reason };
  }
  const reason =
    keys.length > 0
      ? "the keyring holds GitHub's key, but that key has expired or is revoked"
      : `GitHub's key is not in the keyring${github.areKnown ? '' : `, as far as is known: which key ${github.host} signs with can be named under commitSignatures.webFlowKeys`}`;
  return { signer, verdict: 'refused', reason };
}

/** Nobody chooses among the methods of a queue: only what holds for all of them is certain. */
function outcomeOfQueue(methods: readonly MergeMethod[], byGitHub: Outcome): MergeOutcome {
  const outcomes = methods.map((method) => (method === 'rebase' ? BY_NOBODY : byGitHub));
  const [first = byGitHub] = outcomes;
  const way = `Merge queue (${methods.join(' or ')})`;
  const other = outcomes.find(({ verdict }) => verdict !== first.verdict);
  if (other === undefined) return { way, ...first, isAllowed: true };
  const refused = [first, other].find(({ verdict }) => verdict === 'refused');
  const reason = `rulesets name different methods for the queue, and GitHub does not tell which counts; by one of them Flux refuses the new head: ${refused?.reason ?? other.reason}`;
  return {
    way,
    signer: `${first.signer}, or ${other.signer}`,
    verdict: 'unknown',
    reason,
    isAllowed: true,
  };
}

function outcomeOfPusher(
  entries: readonly KeyringEntryRecord[],
  github: GitHubKeys,
  now: number,
): Outcome {
  const signer = 'whoever makes the merge';
  const isPossible = entries.some(
    ({ kind, keys, error }) =>
      error === undefined &&
      keys.some((key) =>
        key.kind === 'ssh' ? kind === 'ssh' : !github.isGitHubs(key) && isUsable(key, now),
      ),
  );
  return isPossible
    ? { signer, verdict: 'depends', reason: 'accepted when signed with a key of the keyring' }
    : { signer, verdict: 'refused', reason: 'the keyring holds no usable key of a person' };
}

/** The queue has made the commit already: it is judged as it is. */
function outcomeOfGroup(
  source: VerifyingSource,
  commits: CommitFacts,
  github: GitHubKeys,
): MergeOutcome {
  const head = commits.change.at(-1);
  const verdict = head?.verdicts[source.keyring];
  const isGitHub = verdict?.state === 'known' && github.isSignedByGitHub(verdict.value);
  const isUnsigned = verdict?.state === 'known' && verdict.value.signatureKind === 'empty';
  const signer = isGitHub ? SIGNED_BY_GITHUB : isUnsigned ? 'nobody' : 'whoever made the commit';
  const way = `This merge group${head ? `, commit ${shortId(head.commit.id)}` : ''}`;
  return { way, ...outcomeOfHead(source, commits), signer, isAllowed: true };
}

function outcomeOfHead(source: VerifyingSource, { change }: CommitFacts): Outcome {
  const head = change.at(-1);
  const verdict = head?.verdicts[source.keyring];
  const signer = head === undefined ? 'nobody' : signerOfHead(head.commit.author.name);
  if (verdict === undefined) return { signer, verdict: 'unknown', reason: 'there is no commit' };
  if (verdict.state === 'unknown') return { signer, verdict: 'unknown', reason: verdict.reason };
  return verdict.value.accepted
    ? { signer, verdict: 'accepted', reason: `signed with key ${verdict.value.key.id}` }
    : { signer, verdict: 'refused', reason: lowerFirst(verdict.value.detail.replace(/\.$/, '')) };
}

function signerOfHead(author: string): string {
  return `the author of the last commit (${author || 'unnamed'})`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
