import type { Person, Refusal, Verdict } from '../../model/commit.ts';
import type { CommitFacts, JudgedCommit, Known } from '../../model/evidence.ts';
import type { Section, SectionCell } from '../../model/section.ts';
import type { GitHubKeys } from './github-keys.ts';
import { shortId, type VerifyingSource } from './trust.ts';

/** Every commit of the change: who, how signed, what Flux says, and what to do about it. */
export function commitTable(
  source: VerifyingSource,
  { change, cut }: CommitFacts,
  github: GitHubKeys,
): Section {
  const rows = change.map((judged) => {
    const verdict = judged.verdicts[source.keyring];
    return [
      { text: shortId(judged.commit.id), isCode: true as const },
      cell(nameOf(judged.commit.author)),
      cell(nameOf(judged.commit.committer)),
      cell(kindOf(verdict)),
      cell(wordsOf(verdict, github)),
      cell(remedyOf(verdict, judged, github)),
      cell(githubSays(judged)),
    ];
  });
  const marks = rows.some((row) => row.at(-1)?.text !== '')
    ? " GitHub's own mark follows other rules than Flux: it is shown, and counts for nothing here."
    : '';
  return {
    area: 'commit-signatures',
    title: 'Commits of this change',
    blocks: [
      {
        kind: 'text',
        text: `Were it the last one on the branch, Flux would say of each commit:`,
      },
      {
        kind: 'table',
        head: ['Commit', 'Author', 'Committer', 'Signature', 'Flux', 'What to do', 'GitHub says'],
        rows,
      },
      {
        kind: 'text',
        text: `Names of authors and committers prove nothing, not even noreply@github.com: anybody can write them.${marks}${cut === undefined ? '' : ` The list is cut: ${cut}.`}`,
      },
    ],
  };
}

/** Robots are told as such, by names that prove nothing either. */
function nameOf({ name, email }: Person): string {
  if (name === 'GitHub' && email === 'noreply@github.com') return 'GitHub, it says';
  const isBot = /\[bot\]|\bbot\b|fluxcdbot|renovate|dependabot/i.test(`${name} ${email}`);
  return isBot && !/bot/i.test(name) ? `${name} (a bot)` : name;
}

function githubSays({ github }: JudgedCommit): string {
  if (github === undefined) return '';
  return github.verified ? 'verified' : github.reason.replaceAll('_', ' ');
}

function kindOf(verdict: Known<Verdict> | undefined): string {
  if (verdict?.state !== 'known') return '';
  const kind = verdict.value.signatureKind ?? 'unknown';
  return kind === 'openpgp' ? 'PGP' : kind === 'empty' ? 'none' : kind.toUpperCase();
}

function wordsOf(verdict: Known<Verdict> | undefined, github: GitHubKeys): string {
  if (verdict?.state !== 'known') return `not known: ${verdict?.reason ?? 'nobody judged it'}`;
  const { value } = verdict;
  const isGitHub = github.isSignedByGitHub(value);
  if (value.accepted) {
    const by = isGitHub ? "signed by GitHub's key" : 'key';
    const weak = value.warnings.includes('sha1-digest')
      ? '; over a SHA-1 digest, which is weak'
      : '';
    return `accepted, ${by} ${value.key.id}${weak}`;
  }
  const claimed = value.key?.id ?? value.claimed?.id;
  const by = isGitHub ? " It says that GitHub's key made it." : '';
  return `refused: ${value.detail}${by}${claimed === undefined ? '' : ` Key: ${claimed}.`}`;
}

const SIGN_AGAIN = 'sign it again with a key of the keyring';
const ASK = 'find out who made it before anything else';

const REMEDIES: Record<Refusal, string> = {
  'undecodable-object': 'make the commit anew with git',
  unsigned: 'sign it: git commit --amend -S',
  'unsupported-kind': 'sign it with a PGP or SSH key',
  'kind-not-in-this-version': 'sign it with a PGP key, or update Flux to 2.9',
  'no-keys-of-this-kind': 'sign it with a key of the keyring, or add this one first',
  'unreadable-keys': 'mend the keyring',
  'unknown-key': 'sign it with a key of the keyring, or add this one first if you know its owner',
  'key-not-for-signing': 'sign it with a key that is made for signing',
  'key-revoked': ASK,
  'key-expired': 'extend the key and put it into the keyring again, or sign with another one',
  'key-not-yet-valid': 'look at the clock where the key was made',
  'key-evaluated-by-chance': 'give the key one valid user id, and export it again',
  'malformed-signature': SIGN_AGAIN,
  'unsupported-algorithm': SIGN_AGAIN,
  'bad-signature': `it was changed after it was signed: ${ASK}`,
  'signature-expired': SIGN_AGAIN,
  'signature-not-yet-valid': 'look at the clock where it was signed, and sign it again',
  'critical-notation': SIGN_AGAIN,
  'wrong-namespace': 'sign it with git, not with ssh-keygen',
};

function remedyOf(
  verdict: Known<Verdict> | undefined,
  { commit }: JudgedCommit,
  github: GitHubKeys,
): string {
  if (verdict?.state !== 'known' || verdict.value.accepted) return '';
  const { refusal } = verdict.value;
  if (refusal === 'unknown-key' && github.isSignedByGitHub(verdict.value)) {
    return "nothing, or add GitHub's key: then whoever may merge on GitHub is trusted";
  }
  if (refusal === 'unsigned' && commit.parents.length > 1) {
    return 'make the merge again, signed: git merge -S';
  }
  return REMEDIES[refusal];
}

function cell(text: string): SectionCell {
  return { text };
}
