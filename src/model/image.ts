/** Who must have signed an image, as a policy of the repository's base branch says. Plain data. */
export type Attestor = KeyAttestor | UnreadAttestor;

export interface KeyAttestor {
  readonly kind: 'key';
  /** PEM of one public key. */
  readonly key: string;
  /** Whether the engine demands an entry of the public Rekor log beside the signature. */
  readonly needsLog: boolean;
  /** Where the engine looks for signatures. */
  readonly forms: readonly SignatureForm[];
}

/** Somebody whose signature cannot be checked here: keyless, a key in a cluster or a KMS. */
export interface UnreadAttestor {
  readonly kind: 'unread';
  /** `keyless identities are not checked by this version`, inside a sentence. */
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
    }
  | { readonly form: 'bundle'; readonly json: string };

export interface ImageMaterial {
  /** Of what the reference names: an index where the image has several architectures. */
  readonly digest: string;
  readonly signatures: readonly RawSignature[];
  /** Why some signatures could not be read; then "unsigned" cannot be told. */
  readonly cut?: string;
}

export type AttestorVerdict =
  | { readonly state: 'signed' }
  | { readonly state: 'unsigned'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string };

export interface ImageFact {
  readonly digest: string;
  /** How many signatures of any kind lie beside the image. */
  readonly signatures: number;
  /** One for each attestor of the request, in order. */
  readonly verdicts: readonly AttestorVerdict[];
}
