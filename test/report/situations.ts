import type { Finding } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/review.ts';
import { finding, type Made, type MadeReview, unknown } from './make.ts';

const FAILS: Partial<Verdict> = { conclusion: 'failure', because: 'findings' };
const SOFT: Partial<Verdict> = { conclusion: 'neutral', because: 'below-fail-on' };

/** Marks, mentions, links, tables, comments and fences that a name may hold. */
export const HOSTILE =
  'a`b``` | c\n]]> <!-- fluxgate:dead --> @everyone #1 GH-1 https://evil.example [x](http://evil.example) \u202egnp :smile: <script>alert(1)</script> </details>';

const level = {
  path: 'infrastructure/namespaces.yaml',
  line: 7,
  why: 'this label sets the level',
};

function pod(made: Made = {}): Finding {
  return finding({ policy: 'restricted:latest', related: [level], ...made });
}

function inContainer(container: string, made: Made = {}): Finding {
  const { subject } = finding();
  return pod({
    subject: { ...subject, container, field: `spec.containers[name=${container}]` },
    message: `Container "${container}" must not set securityContext.privileged to true.`,
    ...made,
  });
}

function of(name: string, made: Made = {}): Finding {
  return pod({ subject: { ...finding().subject, name }, ...made });
}

function file(path: string, made: Made = {}): Finding {
  return finding({
    rule: 'gitops/invalid-manifest',
    subject: { apiVersion: '', kind: 'File', name: path, field: 'tab' },
    message: 'A tab cannot indent.',
    primary: { path, line: 4, endLine: 4 },
    clusters: [],
    ...made,
  });
}

const remedy: Finding['remedy'] = {
  summary: 'Set privileged to false.',
  fields: [],
  edits: [
    {
      path: 'apps/base/payments/deployment.yaml',
      line: 30,
      endLine: 31,
      was: ['          securityContext:', '            privileged: true'],
      lines: ['          securityContext:', '            privileged: false'],
    },
  ],
};

const waiver = {
  owner: '@acme/platform',
  reason: 'needs the | host',
  expires: '2027-03-31',
  place: { path: '.github/fluxgate.yaml', line: 3, endLine: 3 },
};

const gitops = (made: MadeReview): MadeReview => ({
  verdict: { area: 'gitops', ...FAILS },
  ...made,
});
const pods = (findings: readonly Finding[], verdict = FAILS): MadeReview => ({
  verdict: { area: 'pod-security', ...verdict },
  findings,
});
const signatures = (made: Made): Finding =>
  finding({
    rule: 'commit-signatures/unsigned-commit',
    subject: { apiVersion: '', kind: 'Commit', name: '4f2a9c1', field: '' },
    message:
      'Commit 4f2a9c1 has no signature, and the GitRepository flux-system/fleet asks for one.',
    primary: { path: 'clusters/production/flux-system/gotk-sync.yaml', line: 9, endLine: 9 },
    ...made,
  });

/** What a pull request may come to. The page of the area named in `verdict` is the golden one. */
export const SITUATIONS: Readonly<Record<string, MadeReview>> = {
  'clean-pod-security': { verdict: { area: 'pod-security', because: 'clean' } },
  'clean-commit-signatures': { verdict: { area: 'commit-signatures', because: 'clean' } },
  'clean-image-policy': { verdict: { area: 'image-policy', because: 'nothing-applies' } },
  'clean-gitops': { verdict: { area: 'gitops', because: 'clean' } },
  'not-judged': {
    verdict: { area: 'image-policy', conclusion: 'neutral', because: 'not-judged' },
  },
  'only-existing': {
    verdict: { area: 'pod-security', because: 'clean' },
    findings: [pod({ change: 'existing' }), of('worker', { change: 'existing' })],
  },
  'only-fixed': {
    verdict: { area: 'pod-security', because: 'clean' },
    findings: [pod({ change: 'fixed' })],
  },
  'fixed-and-existing': {
    verdict: { area: 'pod-security', because: 'clean' },
    findings: [pod({ change: 'existing' }), of('worker', { change: 'fixed' })],
  },
  'lapsed-and-fixed': {
    verdict: { area: 'pod-security', because: 'clean' },
    findings: [pod({ change: 'lapsed' }), of('worker', { change: 'fixed' })],
  },
  'one-pod-refused': pods([pod()]),
  'pod-with-fix-and-exact-text': pods([
    pod({
      remedy,
      detail:
        'pods "api-7d4b9" is forbidden: violates PodSecurity "restricted:latest": privileged (container "app" must not set securityContext.privileged=true)',
    }),
  ]),
  'fix-with-caution': pods([
    pod({ remedy: { ...remedy, caution: 'An image that runs as root needs a numeric user.' } }),
  ]),
  'fix-without-edit': pods([
    pod({ remedy: { summary: 'Build the image with a numeric user.', fields: [], edits: [] } }),
  ]),
  'two-containers': pods([inContainer('app'), inContainer('sidecar')]),
  'two-workloads': pods([pod(), of('worker')]),
  'one-fault-in-three-clusters': pods([
    pod({ clusters: ['production-eu', 'production-us', 'staging'] }),
  ]),
  'many-clusters': pods([
    pod({ clusters: Array.from({ length: 20 }, (_, index) => `production-${index}`) }),
  ]),
  'old-in-staging-new-in-production': pods([pod({ clusters: ['production', 'staging existing'] })]),
  'warned-in-staging': pods([pod({ clusters: ['production', 'staging warned'] })]),
  'two-namespaces-two-levels': pods([
    pod(),
    finding({
      policy: 'baseline:v1.30',
      subject: { ...finding().subject, namespace: 'web', name: 'front' },
    }),
  ]),
  'namespace-itself-refused': pods([
    pod({
      subject: { apiVersion: 'v1', kind: 'Namespace', name: 'payments', field: 'metadata.labels' },
      message:
        'The label pod-security.kubernetes.io/enforce must be privileged, baseline or restricted.',
    }),
  ]),
  'quiet-count-of-the-stricter-level': pods([
    pod({ policy: 'baseline:latest' }),
    ...['a', 'b', 'c'].map((name) =>
      of(name, { effect: 'warned', change: 'existing', policy: 'restricted:latest' }),
    ),
  ]),
  'only-warnings': pods([pod({ effect: 'warned' })], SOFT),
  'only-audited': pods([pod({ effect: 'audited' })], SOFT),
  'only-advice': pods([pod({ effect: 'advice' })], { conclusion: 'success', because: 'clean' }),
  advisory: pods([pod()], { conclusion: 'neutral', because: 'advisory' }),
  waived: {
    ...pods([pod({ waiver: { ...waiver } })], { conclusion: 'success', because: 'clean' }),
    waivers: [
      {
        ...waiver,
        rule: 'pod-security/privileged-containers',
        subject: 'Deployment/payments/api',
        state: 'used',
        daysLeft: 40,
        findings: 1,
      },
    ],
  },
  'file-that-does-not-parse': gitops({ findings: [file('apps/base/service.yaml')] }),
  'two-files-that-do-not-parse': gitops({ findings: [file('a.yaml'), file('b.yaml')] }),
  'refused-by-flux-in-a-cluster': gitops({
    findings: [
      finding({
        rule: 'gitops/kustomization-build-failure',
        subject: {
          apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
          kind: 'Kustomization',
          namespace: 'flux-system',
          name: 'apps',
          field: '',
        },
        message: 'The overlay apps/production does not build: no such file ../base.',
      }),
    ],
  }),
  'risk-in-an-image-policy': {
    verdict: { area: 'image-policy', ...FAILS },
    findings: [
      finding({
        rule: 'image-policy/open-range',
        effect: 'risk',
        subject: {
          apiVersion: 'image.toolkit.fluxcd.io/v1',
          kind: 'ImagePolicy',
          namespace: 'flux-system',
          name: 'podinfo',
          field: 'spec.policy.semver.range',
        },
        message: 'The range >=1.0.0 takes every future major version.',
      }),
    ],
  },
  'one-unsigned-commit': {
    verdict: { area: 'commit-signatures', ...FAILS },
    findings: [signatures({})],
  },
  'two-unsigned-commits': {
    verdict: { area: 'commit-signatures', ...FAILS },
    findings: [
      signatures({ clusters: [] }),
      signatures({
        clusters: [],
        subject: { apiVersion: '', kind: 'Commit', name: '77aa01e', field: '' },
      }),
    ],
  },
  'nothing-but-a-gap': {
    verdict: { area: 'gitops', conclusion: 'neutral', because: 'unknown' },
    unknowns: [unknown()],
  },
  'gap-that-was-there': {
    verdict: { area: 'gitops', because: 'clean' },
    unknowns: [unknown({ change: 'existing' })],
  },
  'gap-beside-a-finding': gitops({ findings: [file('a.yaml')], unknowns: [unknown()] }),
  'note-about-the-sides': {
    verdict: { area: 'gitops', because: 'clean' },
    notes: ['This pull request conflicts with its base: its own files are judged.'],
  },
  'everything-at-once': {
    verdict: { area: 'pod-security', ...FAILS },
    notes: ['The base branch moved while this was reviewed.'],
    unknowns: [unknown({ area: 'pod-security', rule: 'pod-security/seccomp' })],
    findings: [
      pod({ remedy, detail: 'pods "api" is forbidden' }),
      of('worker', { effect: 'warned' }),
      of('cron', { effect: 'advice' }),
      of('old', { change: 'existing' }),
      of('gone', { change: 'fixed' }),
    ],
  },
  hostile: pods([
    pod({
      message: HOSTILE,
      detail: `${HOSTILE}\n${HOSTILE}`,
      subject: { ...finding().subject, name: HOSTILE, namespace: HOSTILE },
      primary: { path: `${HOSTILE}.yaml`, line: 1, endLine: 1 },
      clusters: ['production'],
      policy: HOSTILE,
      related: [{ path: HOSTILE, line: 2, why: HOSTILE }],
      remedy: {
        summary: HOSTILE,
        fields: [],
        edits: [{ path: HOSTILE, line: 1, endLine: 1, was: [HOSTILE], lines: ['```', HOSTILE] }],
      },
    }),
  ]),
};
