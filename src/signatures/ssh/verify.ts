import type { ClaimedSigner, Refusal, SigningKey } from '../../model/commit.ts';
import { trimSpace } from '../bytes.ts';
import type { SshEntry } from './authorized-keys.ts';
import { type Misfit, misfitOf } from './check-signature.ts';
import type { SshPublicKey } from './public-key.ts';
import { type SshSignature, parseSshSignature } from './signature.ts';
import { SshFormatError } from './wire.ts';

/** What entries say about an SSH signature. */
export type SshOutcome =
  | { readonly accepted: true; readonly key: SigningKey }
  | {
      readonly accepted: false;
      readonly refusal: Refusal;
      /** Flux's text behind `unable to verify Git … SSH signature: `. */
      readonly error: string;
      /** One sentence. */
      readonly detail: string;
      readonly claimed?: ClaimedSigner;
    };

/** Commits and tags are signed for this purpose; a signature for another one does not count. */
const NAMESPACE = 'git';

/**
 * Judges a signature as Flux 2.9 does: against every key of every readable entry. SSH keys have
 * neither expiry nor revocation there. Attacker-controlled; never throws.
 */
export function verifySsh(
  armored: Uint8Array,
  payload: Uint8Array,
  entries: readonly SshEntry[],
): SshOutcome {
  const signature = parse(armored);
  if ('accepted' in signature) return signature;
  const claimed: ClaimedSigner = { kind: 'ssh', id: signature.key.fingerprint };
  const misfits: Misfit[] = [];
  for (const entry of entries) {
    for (const { key } of entry.keys) {
      const misfit = judge(signature, key, payload);
      if (misfit === undefined) {
        const { id } = claimed;
        return { accepted: true, key: { kind: 'ssh', id, fingerprint: id, entry: entry.name } };
      }
      if (!misfits.some(({ error, isShared }) => isShared && error === misfit.error)) {
        misfits.push(misfit);
      }
    }
  }
  const unreadable = entries.find((entry) => entry.error !== undefined);
  if (unreadable?.error !== undefined && entries.every((entry) => entry.error !== undefined)) {
    const error = `unable to parse authorized keys: unable to parse authorized key: ${unreadable.error}`;
    return { accepted: false, refusal: 'unreadable-keys', error, detail: UNREADABLE, claimed };
  }
  return { accepted: false, ...toRefusal(misfits), claimed };
}

const UNREADABLE = 'No entry is a list of SSH keys: a single bad line spoils a whole entry.';
const UNKNOWN: Misfit = { error: 'public key does not match', isShared: true };
const ELSEWHERE: Misfit = { error: 'namespace does not match', isShared: true };

function parse(armored: Uint8Array): SshSignature | SshOutcome {
  try {
    return parseSshSignature(trimSpace(armored));
  } catch (error) {
    if (!(error instanceof SshFormatError)) throw error;
    return {
      accepted: false,
      refusal: 'malformed-signature',
      error: `unable to unarmor SSH signature: ${error.message}`,
      detail: 'The signature cannot be read.',
    };
  }
}

function judge(
  signature: SshSignature,
  { fingerprint, numbers }: SshPublicKey,
  payload: Uint8Array,
): Misfit | undefined {
  if (fingerprint !== signature.key.fingerprint) return UNKNOWN;
  if (signature.namespace !== NAMESPACE) return ELSEWHERE;
  return misfitOf(numbers, signature, payload);
}

function toRefusal(misfits: readonly Misfit[]): {
  refusal: Refusal;
  error: string;
  detail: string;
} {
  const reasons = ['no matching key', ...misfits.map((misfit) => misfit.error)];
  const error = `unable to verify payload with any of the given authorized keys: ${reasons.join('\n')}`;
  if (misfits.includes(ELSEWHERE)) {
    const detail = 'The signature was made for another purpose than git.';
    return { refusal: 'wrong-namespace', error, detail };
  }
  if (misfits.some((misfit) => misfit !== UNKNOWN)) {
    const detail =
      'The signature does not fit: the object was changed after signing, or it was damaged.';
    return { refusal: 'bad-signature', error, detail };
  }
  const detail = 'The key that made the signature is not in the keyring.';
  return { refusal: 'unknown-key', error, detail };
}
