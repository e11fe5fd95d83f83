import type { Place } from './source.ts';

/** Where a cluster stands on the way to production: decides how strict ranges must be. */
export const ENVIRONMENTS = ['production', 'staging', 'development'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export interface PodSecurityDefaults {
  readonly enforce?: string;
  readonly 'enforce-version'?: string;
  readonly audit?: string;
  readonly 'audit-version'?: string;
  readonly warn?: string;
  readonly 'warn-version'?: string;
}

export interface PodSecurityExemptions {
  readonly usernames: readonly string[];
  readonly namespaces: readonly string[];
  readonly runtimeClasses: readonly string[];
}

/** What the configuration says of a cluster beyond what its repository tells. */
export interface ClusterSettings {
  readonly name: string;
  /** The directory whose Flux objects start the cluster; `''` is the whole repository. */
  readonly path: string;
  readonly environment?: Environment;
  /** `v1.35`; the newest policy where absent. */
  readonly kubernetes?: string;
  /** `2.8`; from the repository, else the newest, where absent. */
  readonly flux?: string;
  readonly podSecurity: {
    readonly defaults: PodSecurityDefaults;
    readonly exemptions: PodSecurityExemptions;
    /** Path of an admission configuration that replaces the two above. */
    readonly configuration?: string;
    /** Why defaults and exemptions are not known, where that file cannot be used. */
    readonly unknown?: string;
    /** Where the defaults are written, by mode: in the settings or in that file. */
    readonly places?: Readonly<Partial<Record<'enforce' | 'audit' | 'warn', Place>>>;
  };
  /** Globs of paths that hold tenants' Kustomizations. */
  readonly tenants: readonly string[];
}

/** What holds for a cluster that the configuration does not name. */
export const UNCONFIGURED: ClusterSettings = {
  name: '',
  path: '',
  podSecurity: {
    defaults: {},
    exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
  },
  tenants: [],
};

/** The environment that a name or path speaks of, by its usual words. */
export function environmentOf(text: string): Environment | undefined {
  const words = text.toLowerCase().split(/[^a-z]+/);
  if (words.some((word) => ['production', 'prod', 'prd', 'live'].includes(word)))
    return 'production';
  if (words.some((word) => ['staging', 'stage', 'stg', 'preprod', 'uat'].includes(word))) {
    return 'staging';
  }
  const development = ['development', 'dev', 'test', 'testing', 'sandbox', 'sbox', 'local', 'demo'];
  return words.some((word) => development.includes(word)) ? 'development' : undefined;
}
