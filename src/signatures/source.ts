import type { FluxReason, SourceVerdict, Verdict, VerificationMode } from '../model/commit.ts';
import { type SignedTag, type Undecodable, parseCommit, parseTag } from './git-object.ts';
import type { Keyring } from './keyring.ts';
import { verifyObject } from './verify.ts';

/** What a GitRepository checked out. Attacker-controlled. */
export interface CheckedOut {
  /** The raw commit. */
  readonly commit: Uint8Array;
  /**
   * The tag that `spec.ref` resolved to: the raw object of an annotated one, the name of a
   * lightweight one. Absent when `spec.ref` names no tag.
   */
  readonly tag?: Uint8Array | LightweightTag;
}

export interface LightweightTag {
  readonly type: 'lightweight';
  readonly name: string;
}

/**
 * What the condition `SourceVerified` says of a source: of the tag first, then of the commit, as
 * far as the mode asks for them; the first refusal ends it. Never throws.
 */
export function verifySource(
  checkedOut: CheckedOut,
  mode: VerificationMode | 'head',
  keyring: Keyring,
  now: Date,
): SourceVerdict {
  const commit = parseCommit(checkedOut.commit);
  if (commit.type === 'undecodable') return notCheckedOut(commit);
  const tag = readTag(checkedOut.tag);
  if (tag?.type === 'undecodable') return notCheckedOut(tag);
  const verified: string[] = [];
  const verdicts: { tag?: Verdict; commit?: Verdict } = {};

  if (mode === 'Tag' || mode === 'TagAndHEAD') {
    if (tag === undefined) return refused('InvalidVerificationMode', NO_TAG);
    const name = tag.type === 'tag' ? `${tag.name}@${tag.id}` : tag.name;
    if (tag.type === 'lightweight' || tag.signature.length === 0) {
      const message = `cannot verify signature of tag '${name}' since it is not signed`;
      return refused('InvalidGitObject', message);
    }
    verdicts.tag = verifyObject(tag, keyring, now);
    if (!verdicts.tag.accepted) {
      const message = `signature verification of tag '${name}' failed: ${verdicts.tag.error}`;
      return { ...refused('InvalidTagSignature', message), ...verdicts };
    }
    verified.push(`tag '${name}' with key '${verdicts.tag.key.id}'`);
  }

  if (mode !== 'Tag') {
    verdicts.commit = verifyObject(commit, keyring, now);
    if (!verdicts.commit.accepted) {
      const message = `signature verification of commit '${commit.id}' failed: ${verdicts.commit.error}`;
      return { ...refused('InvalidCommitSignature', message), ...verdicts };
    }
    verified.push(`commit '${commit.id}' with key '${verdicts.commit.key.id}'`);
  }

  const message = ['verified signature of', ...verified.map((item) => `\t- ${item}`)].join('\n');
  return { accepted: true, reason: 'Succeeded', message, ...verdicts };
}

const NO_TAG = "cannot verify tag object's signature if a tag reference is not specified";

function readTag(
  tag: Uint8Array | LightweightTag | undefined,
): SignedTag | LightweightTag | Undecodable | undefined {
  return tag instanceof Uint8Array ? parseTag(tag) : tag;
}

function notCheckedOut({ error }: Undecodable): SourceVerdict {
  return refused('GitOperationFailed', `failed to checkout and determine revision: ${error}`);
}

function refused(reason: FluxReason, message: string): SourceVerdict {
  return { accepted: false, reason, message };
}
