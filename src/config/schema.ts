import { z } from 'zod';

import { ENVIRONMENTS } from '../model/cluster-settings.ts';
import { EFFECTS } from '../model/finding.ts';

const Level = z.enum(['privileged', 'baseline', 'restricted']);
const PolicyVersion = z
  .string()
  .regex(/^(?:latest|v1\.(?:0|[1-9]\d?))$/, 'must be "latest" or a version such as "v1.35"');
const FailOn = z.enum(EFFECTS);
const Names = z.array(z.string().min(1)).max(1000);

const PodSecurityDefaults = z.strictObject({
  enforce: Level.optional(),
  'enforce-version': PolicyVersion.optional(),
  audit: Level.optional(),
  'audit-version': PolicyVersion.optional(),
  warn: Level.optional(),
  'warn-version': PolicyVersion.optional(),
});

const PodSecurityExemptions = z.strictObject({
  namespaces: Names.default([]),
  usernames: Names.default([]),
  runtimeClasses: Names.default([]),
});

const ClusterPodSecurity = z
  .strictObject({
    defaults: PodSecurityDefaults.optional(),
    exemptions: PodSecurityExemptions.optional(),
    configuration: z.string().min(1).optional(),
  })
  .refine(
    ({ configuration, defaults, exemptions }) =>
      configuration === undefined || (defaults === undefined && exemptions === undefined),
    'takes either a configuration file, or defaults and exemptions',
  );

const ClusterEntry = z.strictObject({
  path: z.string().optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  kubernetes: z
    .string()
    .regex(/^v1\.(?:0|[1-9]\d?)$/, 'must be a minor version such as "v1.35"')
    .optional(),
  flux: z
    .string()
    .regex(/^2\.\d{1,3}$/, 'must be a minor version in quotes, such as "2.8"')
    .optional(),
  podSecurity: ClusterPodSecurity.optional(),
  tenants: Names.default([]),
});

const PodTemplateField = z.strictObject({
  group: z.string(),
  kind: z.string().min(1),
  path: z.string().min(1),
});

const Breadth = z.enum(['exact', 'patch', 'minor', 'major', 'unbounded']);

const Host = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/, 'must be a host in lower case, without port');

/** Of a PGP key, as `gpg --fingerprint` prints it: case and blanks do not count. */
const Fingerprint = z
  .string()
  .transform((text) => text.replace(/\s/g, '').toUpperCase())
  .refine(
    (text) => /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(text),
    'must be the whole fingerprint of a key, 40 hexadecimal digits in quotes',
  );

const PublicKey = z
  .string()
  .max(5000)
  .regex(
    /^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END (?:RSA )?PUBLIC KEY-----\s*$/,
    'must be one public key in PEM',
  );

const Identity = z
  .strictObject({
    issuer: z.string().min(1).max(500),
    subject: z.string().min(1).max(500).optional(),
    subjectPattern: z
      .string()
      .max(500)
      .regex(/^\^.+\$$/, 'must begin with "^" and end with "$"')
      .optional(),
  })
  .refine(
    ({ subject, subjectPattern }) => (subject === undefined) !== (subjectPattern === undefined),
    'takes either subject or subjectPattern',
  );

const Signature = z
  .strictObject({
    images: Names.min(1),
    keys: z.array(PublicKey).max(20).default([]),
    identities: z.array(Identity).max(20).default([]),
    count: z.int().min(1).max(20).default(1),
    ignoreLog: z.boolean().default(false),
  })
  .refine(
    ({ keys, identities, count }) => keys.length + identities.length >= count,
    'needs as many keys and identities as its count',
  );

/** The last day of a waiver, `YYYY-MM-DD`; a plain date without quotes is read as a timestamp. */
const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T00:00:00Z)?$/, 'must be a date such as 2027-03-31')
  .transform((text) => text.slice(0, 10))
  .refine(
    (day) => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day),
    'is not a day of the calendar',
  );

export const Waiver = z.strictObject({
  rule: z.string().min(1),
  subject: z.string().min(1),
  clusters: Names.optional(),
  owner: z.string().min(1),
  reason: z.string().min(3, 'must say why'),
  expires: Day,
});
export type Waiver = z.infer<typeof Waiver>;

/**
 * `.github/fluxgate.yaml`. The one source of its types, of the published JSON Schema and of what
 * is accepted: an unknown key is an error.
 */
export const Config = z.strictObject({
  version: z.literal(1),
  mode: z.enum(['enforce', 'advisory']).default('enforce'),
  clusters: z.record(z.string().min(1), ClusterEntry).default({}),
  podSecurity: z
    .strictObject({
      failOn: FailOn.default('denied'),
      onUnknown: z.enum(['neutral', 'failure']).default('neutral'),
      podTemplates: z.array(PodTemplateField).max(100).default([]),
    })
    .prefault({}),
  commitSignatures: z
    .strictObject({
      failOn: FailOn.default('denied'),
      onUnknown: z.enum(['neutral', 'failure']).default('neutral'),
      keys: Names.default([]),
      webFlowKey: z.enum(['trusted-if-listed', 'never']).default('trusted-if-listed'),
      webFlowKeys: z.record(Host, z.array(Fingerprint).min(1).max(20)).default({}),
    })
    .prefault({}),
  imagePolicy: z
    .strictObject({
      failOn: FailOn.default('risk'),
      onUnknown: z.enum(['neutral', 'failure']).default('neutral'),
      widest: z
        .strictObject({
          production: Breadth.default('patch'),
          staging: Breadth.default('minor'),
          development: Breadth.default('major'),
        })
        .prefault({}),
      registries: Names.default([]),
      signatures: z.array(Signature).max(100).default([]),
      guards: Names.default([]),
    })
    .prefault({}),
  gitops: z
    .strictObject({
      failOn: FailOn.default('denied'),
      onUnknown: z.enum(['neutral', 'failure']).default('neutral'),
      secretsIgnore: Names.default([]),
    })
    .prefault({}),
  rules: z.record(z.string().min(1), z.enum(['off', 'advice', 'on'])).default({}),
  adopt: z
    .string()
    .regex(/^\d+\.\d+$/, 'must be a version in quotes, such as "1.0"')
    .optional(),
  waivers: z.array(Waiver).max(1000).default([]),
});
export type Config = z.infer<typeof Config>;

/** What holds where a repository says nothing. */
export const DEFAULT_CONFIG: Config = Config.parse({ version: 1 });
