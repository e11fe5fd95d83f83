import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Commit, SourceVerdict, VerificationMode } from '../model/commit.ts';
import { toVisible } from '../report/escape.ts';
import { type Signer, survey } from '../rules/commit-signatures/survey.ts';
import { parseCommit } from '../signatures/git-object.ts';
import { type Keyring, openKeyring, type SecretEntry } from '../signatures/keyring.ts';
import { type CheckedOut, verifySource } from '../signatures/source.ts';
import { listBetween, listHeads, resolveSigned } from '../snapshot/git-history.ts';
import { borrowObjects, type GitObjects, readObjects } from '../snapshot/git-objects.ts';
import { coloursOf, type Output, UsageError } from './output.ts';

export const VERIFY_FORMATS = ['pretty', 'json'] as const;
export const VERIFICATION_MODES = ['HEAD', 'Tag', 'TagAndHEAD'] as const;

export interface VerifyCommitCall {
  readonly repo: string;
  /** Key files and directories of them; the name of a file says what it is, as in the Secret. */
  readonly keys: readonly string[];
  readonly flux?: string;
  readonly mode: VerificationMode;
  /** Heads of the branch to look back on. */
  readonly last?: number;
  readonly format: (typeof VERIFY_FORMATS)[number];
}

/** What Flux says about one revision. */
interface Verified {
  readonly revision: string;
  readonly commit: Pick<Commit, 'author' | 'committer' | 'message'> | undefined;
  readonly id: string;
  readonly verdict: SourceVerdict;
}

/** More commits than anybody looks through at once. */
const MOST_COMMITS = 10_000;

/**
 * `fluxgate verify-commit`: Flux's verdict on commits and tags of a local repository.
 *
 * @returns the exit code: 1 when Flux refuses any of them
 */
export async function verifyCommitCommand(
  revisions: readonly string[],
  call: VerifyCommitCall,
  output: Output,
): Promise<number> {
  const keyring = await readKeyring(call, output);
  const objects = await borrowObjects(call.repo);
  try {
    const verified: Verified[] = [];
    for (const revision of revisions.length > 0 ? revisions : ['HEAD']) {
      verified.push(...(await verifyRevision(revision, objects, keyring, call)));
    }
    print(verified, call, output);
    return verified.every(({ verdict }) => verdict.accepted) ? 0 : 1;
  } finally {
    await objects.close();
  }
}

async function verifyRevision(
  revision: string,
  objects: GitObjects,
  keyring: Keyring,
  call: VerifyCommitCall,
): Promise<Verified[]> {
  const range = /^(.*?)\.\.(\.?)(.*)$/.exec(revision);
  if (range?.[2] === '.') {
    throw new UsageError(`${revision}: give a range as A..B, with two dots.`);
  }
  if (range && call.last !== undefined) {
    throw new UsageError(`--last looks back from one revision: ${toVisible(revision)} is a range.`);
  }
  if (range) {
    const [from, to] = [range[1] || 'HEAD', range[3] || 'HEAD'];
    const { commit: base } = await resolveSigned(call.repo, objects, from);
    const { commit: head } = await resolveSigned(call.repo, objects, to);
    const ids = await listBetween(objects, { from: base, to: head, maximum: MOST_COMMITS });
    return verifyAll(ids, objects, keyring, call);
  }
  const { commit, annotatedTag, isLightweightTag } = await resolveSigned(
    call.repo,
    objects,
    revision,
  );
  if (call.last !== undefined) {
    const ids = await listHeads(objects, { from: commit, maximum: call.last });
    return verifyAll(ids, objects, keyring, call);
  }
  const tag =
    annotatedTag ??
    (isLightweightTag ? { type: 'lightweight' as const, name: revision } : undefined);
  return [await verifyOne(revision, commit, tag, objects, keyring, call.mode)];
}

async function verifyAll(
  ids: readonly string[],
  objects: GitObjects,
  keyring: Keyring,
  { mode }: VerifyCommitCall,
): Promise<Verified[]> {
  const found = await readObjects(objects, ids);
  return ids.map((id) => toVerified(id, id, found.get(id)?.bytes, undefined, keyring, mode));
}

async function verifyOne(
  revision: string,
  id: string,
  tag: CheckedOut['tag'],
  objects: GitObjects,
  keyring: Keyring,
  mode: VerificationMode,
): Promise<Verified> {
  const found = await readObjects(objects, [id]);
  return toVerified(revision, id, found.get(id)?.bytes, tag, keyring, mode);
}

function toVerified(
  revision: string,
  id: string,
  bytes: Uint8Array = new Uint8Array(),
  tag: CheckedOut['tag'],
  keyring: Keyring,
  mode: VerificationMode,
): Verified {
  const commit = parseCommit(bytes);
  const checkedOut = { commit: bytes, ...(tag !== undefined && { tag }) };
  return {
    revision,
    id,
    commit: commit.type === 'commit' ? commit : undefined,
    verdict: verifySource(checkedOut, mode, keyring, new Date()),
  };
}

async function readKeyring({ keys, flux }: VerifyCommitCall, output: Output): Promise<Keyring> {
  if (flux !== undefined && !/^v?\d+\.(?:\d|x)/.test(flux)) {
    throw new UsageError(`--flux ${toVisible(flux)} is no version of Flux: give one such as 2.8.`);
  }
  const entries: SecretEntry[] = [];
  for (const path of keys) entries.push(...(await readKeys(path)));
  for (const { name } of entries) {
    if (!name.endsWith('.pub')) continue;
    output.remark(
      `${toVisible(name)} is read as a PGP keyring, as Flux would: names of SSH keys end in .sshpub.`,
    );
  }
  const keyring = await openKeyring(entries, { fluxVersion: flux });
  for (const { name, error } of keyring.entries) {
    if (error !== undefined) output.remark(`${toVisible(name)} is not used: ${toVisible(error)}`);
  }
  return keyring;
}

async function readKeys(path: string): Promise<SecretEntry[]> {
  try {
    if (!(await stat(path)).isDirectory()) {
      return [{ name: basename(path), content: await readFile(path) }];
    }
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
    const entries: SecretEntry[] = [];
    for (const name of names) {
      if ((await stat(join(path, name))).isDirectory()) continue;
      entries.push({ name, content: await readFile(join(path, name)) });
    }
    return entries;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new UsageError(
      `The keys in ${JSON.stringify(path)} cannot be read: ${reason} (--keys takes all that follows it: give commits first)`,
    );
  }
}

function print(verified: readonly Verified[], call: VerifyCommitCall, output: Output): void {
  if (call.format === 'json') output.write(JSON.stringify(toJson(verified, call), null, 2));
  else output.write(toPretty(verified, call, output));
}

function toJson(verified: readonly Verified[], call: VerifyCommitCall) {
  return {
    version: 1,
    mode: call.mode,
    flux: call.flux ?? 'newest',
    accepted: verified.filter(({ verdict }) => verdict.accepted).length,
    refused: verified.filter(({ verdict }) => !verdict.accepted).length,
    ...(call.last !== undefined && { readiness: surveyOf(verified) }),
    commits: verified.map(({ revision, id, commit, verdict }) => ({
      revision,
      id,
      ...(commit && {
        author: commit.author,
        committer: commit.committer,
        subject: subjectOf(commit.message),
      }),
      ...verdict,
    })),
  };
}

function surveyOf(verified: readonly Verified[]): Record<Signer, number> {
  return survey(verified.flatMap(({ verdict }) => verdict.commit ?? verdict.tag ?? []));
}

function toPretty(verified: readonly Verified[], call: VerifyCommitCall, output: Output): string {
  const colours = coloursOf(output);
  const lines = verified.flatMap(({ revision, id, commit, verdict }) => {
    const name = revision === id ? '' : ` ${toVisible(revision)}`;
    const title = commit === undefined ? '' : `  ${toVisible(subjectOf(commit.message), 60)}`;
    const head = `${id.slice(0, 10)}${name}`;
    if (verdict.accepted) {
      const key = verdict.commit ?? verdict.tag;
      const by = key?.accepted ? `${key.key.id} (${toVisible(key.key.entry)})` : '';
      return [`${colours.green('accepted')}  ${head}  ${by}${title}`];
    }
    const judged = verdict.commit ?? verdict.tag;
    const why = judged && !judged.accepted ? `  ${judged.refusal}` : '';
    return [
      `${colours.red('refused ')}  ${head}${why}${title}`,
      ...(judged && !judged.accepted ? [`    ${toVisible(judged.detail, 500)}`] : []),
      colours.dim(`    Flux: ${verdict.reason}: ${toVisible(verdict.message, 1000)}`),
    ];
  });
  if (call.last !== undefined) lines.push('', ...readinessTable(verified));
  return lines.join('\n');
}

const SIGNER_WORDS: Record<Signer, string> = {
  'known-key': 'accepted: signed by a key of the keyring',
  github: 'refused: signed by GitHub, whose key is not in the keyring',
  'unknown-key': 'refused: signed by a key that is not in the keyring',
  unusable: 'refused: signed, but not in a way that Flux accepts',
  unsigned: 'refused: not signed',
};

function readinessTable(verified: readonly Verified[]): string[] {
  const counts = Object.entries(surveyOf(verified)) as [Signer, number][];
  const width = String(verified.length).length;
  return [
    `Of the last ${verified.length} heads of this branch Flux would have said:`,
    ...counts.map(
      ([signer, count]) => `  ${String(count).padStart(width)}  ${SIGNER_WORDS[signer]}`,
    ),
  ];
}

function subjectOf(message: string): string {
  return message.trimStart().split('\n', 1)[0] ?? '';
}
