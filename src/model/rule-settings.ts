import type { Environment } from './cluster-settings.ts';

/** How much newer than now a version may be that rolls out by itself. */
export const BREADTHS = ['exact', 'patch', 'minor', 'major', 'unbounded'] as const;
export type BreadthName = (typeof BREADTHS)[number];

/** Who must have signed images; of keys and identities together, `count` of them. */
export interface WantedSignature {
  /** Globs of `registry/repository`. */
  readonly images: readonly string[];
  /** PEM, one public key each. */
  readonly keys: readonly string[];
  readonly identities: readonly {
    readonly issuer: string;
    readonly subject?: string | undefined;
    readonly subjectPattern?: string | undefined;
  }[];
  readonly count: number;
  /** Signatures by key need no entry of the Rekor log. */
  readonly ignoreLog: boolean;
}

/** What a repository's configuration tells its rules; always of the base branch. */
export interface RuleSettings {
  readonly podSecurity: {
    /** Fields of custom resources that hold pod templates. */
    readonly podTemplates: readonly {
      readonly group: string;
      readonly kind: string;
      readonly path: string;
    }[];
  };
  readonly commitSignatures: {
    /** Globs of key files of the repository. */
    readonly keys: readonly string[];
    readonly webFlowKey: 'trusted-if-listed' | 'never';
    /** Fingerprints of the keys that GitHub hosts sign with, beside those of github.com. */
    readonly webFlowKeys: Readonly<Record<string, readonly string[]>>;
  };
  readonly imagePolicy: {
    readonly widest: Readonly<Record<Environment, BreadthName>>;
    /** Globs of registries that images may come from; empty allows all. */
    readonly registries: readonly string[];
    /** Whose signatures images must carry, beside what the policies of clusters demand. */
    readonly signatures: readonly WantedSignature[];
    /** Charts whose sources must be verified, beyond the well-known ones. */
    readonly guards: readonly string[];
  };
  readonly gitops: {
    /** Globs of paths whose plain Secrets are no findings. */
    readonly secretsIgnore: readonly string[];
  };
}
