/**
 * Words about signed commits and tags. What Flux says about a signature is a {@link Verdict}; what
 * it says about a source, with the mode it was told to use, is a {@link SourceVerdict}.
 */

/** What signs an object, decided by the first line of the signature as Flux decides it. */
export type SignatureKind = 'openpgp' | 'ssh' | 'x509' | 'unknown' | 'empty';

/** Author, committer or tagger as the object names them. Attacker-controlled, proves nothing. */
export interface Person {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970; absent when the line holds no number. */
  readonly time?: number;
}

export interface Commit {
  readonly type: 'commit';
  /** SHA-1 of the object, 40 hexadecimal digits. */
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  readonly signatureKind: SignatureKind;
}

/** An annotated tag. A lightweight tag is a name only and has no object. */
export interface Tag {
  readonly type: 'tag';
  /** SHA-1 of the object, 40 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** The object it points to. */
  readonly target: string;
  readonly tagger: Person;
  readonly message: string;
  readonly signatureKind: SignatureKind;
}

/** Why Flux does not accept a signature. Closed: a renderer words each of them. */
export const REFUSALS = [
  // The object
  'undecodable-object',
  'unsigned',
  'unsupported-kind',
  // The keys
  'kind-not-in-this-version',
  'no-keys-of-this-kind',
  'unreadable-keys',
  'unknown-key',
  'key-not-for-signing',
  'key-revoked',
  'key-expired',
  'key-not-yet-valid',
  'key-evaluated-by-chance',
  // The signature
  'malformed-signature',
  'unsupported-algorithm',
  'bad-signature',
  'signature-expired',
  'signature-not-yet-valid',
  'critical-notation',
  'wrong-namespace',
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** A key of GitHub's own: which of the two it is. */
export type WebFlowKey = 'current' | 'retired';

/** A key of the keyring that made a signature. */
export interface SigningKey {
  readonly kind: 'openpgp' | 'ssh';
  /** As Flux reports it: key id of the PGP primary key, or the SSH fingerprint. */
  readonly id: string;
  /** Fingerprint of the primary key in upper-case hexadecimal, or `SHA256:…`. */
  readonly fingerprint: string;
  /** The Secret entry that holds the key. */
  readonly entry: string;
  readonly webFlow?: WebFlowKey;
}

/** Who a signature says made it. Unproven: anybody can write another's key id. */
export interface ClaimedSigner {
  readonly kind: 'openpgp' | 'ssh';
  /** 16 hexadecimal digits of the key or subkey that signed, or `SHA256:…`. */
  readonly id: string;
  readonly webFlow?: WebFlowKey;
}

/** Something accepted that deserves a word. */
export type VerdictWarning =
  /** The signature is over a SHA-1 digest, for which collisions can be made. */
  'sha1-digest';

/** What Flux says about one signature. */
export type Verdict =
  | {
      readonly accepted: true;
      readonly signatureKind: SignatureKind;
      readonly key: SigningKey;
      readonly warnings: readonly VerdictWarning[];
    }
  | {
      readonly accepted: false;
      readonly signatureKind: SignatureKind | undefined;
      readonly refusal: Refusal;
      /** Flux's own text, without the prefix that names the object. May hold line ends. */
      readonly error: string;
      /** Why, in plain words, where Flux's text does not tell: one sentence. */
      readonly detail: string;
      /** The key that did make the signature, where it is the key that Flux does not accept. */
      readonly key?: SigningKey;
      readonly claimed?: ClaimedSigner;
    };

/** `spec.verify.mode` of a GitRepository; `head` there is `HEAD`. */
export type VerificationMode = 'HEAD' | 'Tag' | 'TagAndHEAD';

/** Reasons of the condition `SourceVerified`. */
export type FluxReason =
  | 'Succeeded'
  /** Of the fetch, not of the signature: the object cannot be read. */
  | 'GitOperationFailed'
  /** The Secret with the keys is missing. */
  | 'VerificationError'
  | 'InvalidVerificationMode'
  | 'InvalidGitObject'
  | 'InvalidTagSignature'
  | 'InvalidCommitSignature';

/** What Flux says about a source, as its condition `SourceVerified` shows it. */
export interface SourceVerdict {
  readonly accepted: boolean;
  readonly reason: FluxReason;
  /** Flux's own text. */
  readonly message: string;
  /** Present when the tag's signature was judged. */
  readonly tag?: Verdict;
  /** Present when the commit's signature was judged. */
  readonly commit?: Verdict;
}

/** A PGP key that stands in a Secret entry. Times are seconds since 1970. */
export interface PgpKeyRecord {
  readonly kind: 'openpgp';
  /** Key id: 16 hexadecimal digits, upper case. */
  readonly id: string;
  /** Upper-case hexadecimal. */
  readonly fingerprint: string;
  /** Chosen by the owner; attacker-controlled where the key is. */
  readonly userIds: readonly string[];
  /** For people: `RSA 4096`, `Ed25519`. */
  readonly algorithm: string;
  readonly created: number;
  /** Absent when the key does not expire. */
  readonly expires?: number;
  readonly revoked: boolean;
  /** Whether Flux accepts what the primary key itself signs, were it valid now. */
  readonly signs: boolean;
  /** Whether the entry holds the private part too. It is never kept. */
  readonly isPrivate: boolean;
  readonly subkeys: readonly PgpSubkeyRecord[];
  readonly webFlow?: WebFlowKey;
}

export interface PgpSubkeyRecord {
  readonly id: string;
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly created: number;
  /** Its own expiry; the primary key's expiry ends it too. */
  readonly expires?: number;
  readonly revoked: boolean;
  readonly signs: boolean;
}

/** A line of an SSH entry. SSH keys have neither expiry nor revocation in Flux. */
export interface SshKeyRecord {
  readonly kind: 'ssh';
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, … */
  readonly algorithm: string;
  /** Length of an RSA key in bits. */
  readonly bits?: number;
  readonly comment: string;
  /** From 1. */
  readonly line: number;
  /** `authorized_keys` options before the key. Flux ignores them, expiry included. */
  readonly options: readonly string[];
}

/** What one entry of a keyring Secret holds, as Flux reads it. */
export interface KeyringEntryRecord {
  readonly name: string;
  readonly kind: 'openpgp' | 'ssh';
  readonly keys: readonly (PgpKeyRecord | SshKeyRecord)[];
  /** Flux's text when it cannot use the entry at all. */
  readonly error?: string;
  /** The line of an SSH entry that makes it unusable, from 1. */
  readonly badLine?: number;
  /** Keys in the entry that Flux passes over, each with the reason. */
  readonly skipped: readonly { readonly fingerprint?: string; readonly reason: string }[];
  /** Armor blocks after the first one: Flux never reads them. */
  readonly ignoredBlocks: number;
  /** Private key material of any kind stands in the entry. */
  readonly holdsPrivateKey: boolean;
}
