/** Who must have signed an image, as a policy of the repository's base branch says. Plain data. */
export type Attestor = KeyAttestor | KeylessAttestor | UnreadAttestor;

export interface KeyAttestor {
  readonly kind: 'key';
  /** PEM of one public key. */
  readonly key: string;
  /** Whether the engine demands an entry of the public Rekor log beside the signature. */
  readonly needsLog: boolean;
  /** Whether the engine demands a witnessed time of a bundle, be it of a log or an authority. */
  readonly needsTime?: boolean;
  /** Where the engine looks for signatures. */
  readonly forms: readonly SignatureForm[];
}

/** Somebody whom Fulcio has certified; always with an entry of the Rekor log. */
export interface KeylessAttestor {
  readonly kind: 'keyless';
  /** One must match. Empty: the signature of anybody counts. */
  readonly identities: readonly IdentityPattern[];
  /** Whether the certificate must stand in a certificate log. */
  readonly needsCertificateLog: boolean;
  readonly forms: readonly SignatureForm[];
}

/** What is absent is not asked for. */
export interface IdentityPattern {
  readonly issuer?: TextPattern;
  readonly subject?: TextPattern;
}

/** `regex`: Go's syntax, and found anywhere in the text unless it is anchored. */
export interface TextPattern {
  readonly how: 'exact' | 'wildcard' | 'regex';
  readonly text: string;
}

/** Somebody whose signature cannot be checked here: a key in a cluster or a KMS, say. */
export interface UnreadAttestor {
  readonly kind: 'unread';
  /** `its key is not in the repository`, inside a sentence. */
  readonly reason: string;
}

/** `legacy`: the tag `sha256-….sig`. `bundle`: a Sigstore bundle that refers to the image. */
export type SignatureForm = 'legacy' | 'bundle';

/** A signature as the registry gave it. Attacker-controlled. */
export type RawSignature =
  | {
      readonly form: 'legacy';
      /** Base64. Its digest is that of its layer. */
      readonly payload: string;
      /** Base64. */
      readonly signature: string;
      /** JSON of the Rekor entry, where there is one. */
      readonly log?: string;
      /** PEM, where the signature is keyless. */
      readonly certificate?: string;
      /** JSON of the timestamp of an authority, where there is one. */
      readonly timestamp?: string;
    }
  | { readonly form: 'bundle'; readonly json: string };

export interface ImageMaterial {
  /** Of what the reference names: an index where the image has several architectures. */
  readonly digest: string;
  readonly signatures: readonly RawSignature[];
  /** The registry says that it has no such image, in a repository that it shows. */
  readonly isMissing?: true;
  /** It says so of a repository that it does not show: it may have the image and hide it. */
  readonly isHidden?: true;
  /** Why some signatures could not be read; then "unsigned" cannot be told. */
  readonly cut?: string;
  /** The operator's Sigstore trust root, JSON; the public one where absent. Of us, not of the registry. */
  readonly trust?: string;
}

export type AttestorVerdict =
  | {
      readonly state: 'signed';
      /** Who signed, for people: a key's fingerprint, or an identity. Not escaped. */
      readonly by?: string;
      /** The identity matches a pattern only because that is not anchored. */
      readonly isLoose?: true;
    }
  | { readonly state: 'unsigned'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string };

export interface ImageFact {
  readonly digest: string;
  /** The registry says that it has no such image, in a repository that it shows. */
  readonly isMissing?: true;
  /** It says so of a repository that it does not show: it may have the image and hide it. */
  readonly isHidden?: true;
  /** How many signatures of any kind lie beside the image. */
  readonly signatures: number;
  /** One for each attestor of the request, in order. */
  readonly verdicts: readonly AttestorVerdict[];
}
