import { describe, expect, it } from 'vitest';

import { ociRepository } from '../../../src/rules/image-policy/examples.ts';
import { deployment, verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { newKey, pemOf } from '../../signatures/image/sigstore.ts';
import { line, reviewed } from './reviewed.ts';

const TAG = '  ref:\n    tag: 1.2.3\n';
const COSIGN = `${TAG}  verify:\n    provider: cosign\n`;
const IDENTITY = '      - issuer: ^https://a$\n        subject: ^https://b$\n';

it.each([
  [verifyingPolicy(), []],
  [verifyingPolicy().replace('Enforce', 'enforce'), []],
  [
    verifyingPolicy().replace('          failureAction: Enforce\n', ''),
    ['denied lax-verification', 'risk lax-verification'],
  ],
  [
    verifyingPolicy().replace(
      '          attestors',
      '          required: false\n          attestors',
    ),
    ['risk lax-verification'],
  ],
  [
    verifyingPolicy().replace('  rules', '  failurePolicy: Ignore\n  rules'),
    ['risk lax-verification'],
  ],
  [verifyingPolicy().replace('ghcr.io/acme/*', 'acme/*'), ['risk lax-verification']],
  [deployment('nginx'), ['risk floating-tag']],
  [deployment('ghcr.io/acme/web:main'), ['risk floating-tag']],
  [deployment(`ghcr.io/acme/web:main@sha256:${'a'.repeat(64)}`), []],
  [deployment('localhost:5000/web:1.0'), []],
  [ociRepository(''), ['risk floating-tag']],
  [ociRepository(TAG), []],
  [ociRepository(COSIGN), ['risk keyless-without-identity']],
  [ociRepository(`${COSIGN}    matchOIDCIdentity:\n${IDENTITY}`), []],
  [
    ociRepository(`${COSIGN}    matchOIDCIdentity:\n${IDENTITY}${IDENTITY}`),
    ['risk keyless-without-identity'],
  ],
  [
    ociRepository(`${COSIGN}    matchOIDCIdentity:\n${IDENTITY.replace('b$', 'b')}`),
    ['risk keyless-without-identity'],
  ],
  [ociRepository(`${COSIGN}    secretRef:\n      name: keys\n`), []],
])('judges %s', (text, expected) => {
  const { findings } = reviewed({ 'apps/object.yaml': text });
  expect(findings.map((finding) => line(finding).replace(/ \S+$/, ''))).toEqual(expected);
});

it('shouts once for every source that no longer verifies', () => {
  const path = 'apps/source.yaml';
  const secret = `${COSIGN}    secretRef:\n      name: keys\n`;
  const { verdicts, findings } = reviewed(
    { [path]: ociRepository(TAG) },
    { before: { [path]: ociRepository(secret) } },
  );
  expect(findings.map(line)).toEqual([`risk removed-verification ${path}:6`]);
  expect(verdicts.find(({ area }) => area === 'image-policy')?.conclusion).toBe('failure');
});

/** What is said of one file, without places. */
function said(text: string, settings?: object): string[] {
  const { findings } = reviewed({ 'apps/object.yaml': text }, settings ? { settings } : {});
  return findings.map(({ effect, message }) => `${effect}: ${message}`);
}

const indented = (text: string, by: number) => text.trim().replace(/^/gm, ' '.repeat(by)).trim();
const KEYS = indented(pemOf(newKey()), 22);

describe('Kyverno policies that do not guard', () => {
  const policy = verifyingPolicy();
  const withKey = (key: string) =>
    policy.replace(
      /-----BEGIN[^]*-----END PUBLIC KEY-----/,
      key.replaceAll('\n', `\n${' '.repeat(22)}`),
    );
  const attestors = (entry: string) =>
    policy.replace(/ {16}- keys:[^]*$/, `                - ${entry}\n`);

  it.each([
    [
      'skipImageReferences of one',
      policy.replace(
        '          failureAction',
        "          skipImageReferences: ['ghcr.io/acme/tool:1']\n          failureAction",
      ),
      /^advice: .*skips "ghcr.io\/acme\/tool:1"/,
    ],
    [
      'skipImageReferences of all',
      policy.replace(
        '          failureAction',
        "          skipImageReferences: ['ghcr.io/*']\n          failureAction",
      ),
      /^risk: .*skips "ghcr.io\/\*", which is everything/,
    ],
    [
      'a pattern with a tag',
      policy.replace('acme/*', 'acme/web:*'),
      /^risk: .*misses every image with a digest/,
    ],
    [
      'a pattern with library/',
      policy.replace('ghcr.io/acme/*', 'docker.io/library/*'),
      /^risk: .*without "library\/"/,
    ],
    [
      'verifyDigest: false',
      policy.replace(
        '          failureAction',
        '          verifyDigest: false\n          failureAction',
      ),
      /^risk: .*\(verifyDigest: false\)/,
    ],
    [
      'mutateDigest: false',
      policy.replace(
        '          failureAction',
        '          mutateDigest: false\n          failureAction',
      ),
      /^risk: .*\(mutateDigest: false\)/,
    ],
    [
      'a deprecated field',
      policy.replace(
        '          failureAction',
        '          issuer: https://a\n          failureAction',
      ),
      /^advice: .*deprecated field issuer/,
    ],
    [
      'the old action',
      policy.replace('  rules', '  validationFailureAction: Enforce\n  rules'),
      /^advice: .*deprecated field validationFailureAction/,
    ],
    [
      'a misspelt action',
      policy.replace('  rules', '  validationFailureAction: Enforced\n  rules'),
      /^risk: .*neither Audit nor Enforce/,
    ],
    [
      'autogen: none',
      policy.replace(
        '  name: signed-images',
        '  name: signed-images\n  annotations:\n    pod-policies.kyverno.io/autogen-controllers: none',
      ),
      /^advice: .*matches Pods and not the controllers/,
    ],
    ['a placeholder', withKey('<put your key here>'), /^risk: .*a placeholder where a public key/],
    [
      'a broken key',
      withKey('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'),
      /^risk: .*cannot be read/,
    ],
    [
      'a certificate',
      withKey('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
      /^risk: .*no public key in PEM/,
    ],
    [
      'a key of examples',
      withKey(
        '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8nXRh950IZbRj8Ra/N9sbqOPZrfM\n5/KAQN0/KjHcorm/J5yctVd7iEcnessRQjU917hmKO6JWVGHpDguIyakZA==\n-----END PUBLIC KEY-----',
      ),
      /^risk: .*key of a public example/,
    ],
    ['keyless for anybody', attestors('keyless: {}'), /^risk: .*without issuer and subject/],
    [
      'keyless for a loose pattern',
      attestors('keyless: {issuer: https://a, subjectRegExp: github.com/acme/}'),
      /^risk: .*not anchored/,
    ],
    [
      'keyless for every subject',
      attestors("keyless: {issuer: https://a, subject: '*'}"),
      /^risk: .*every subject/,
    ],
    ['no attestors', policy.replace(/ {10}attestors:[^]*$/, ''), /^risk: .*names nobody/],
  ])('%s', (_, text, expected) => {
    const all = said(text);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(expected);
  });

  it.each([
    ['roots alone', 'roots: x', [/^advice: .*without issuer and subject: anybody/]],
    ['an issuer alone', 'issuer: x', [/^advice: .*without subject: anybody/]],
    ['issuer and subject', 'issuer: x\n          subject: y', []],
    ['a key', 'key: x', []],
  ])('reads policies from before attestors: %s', (_, fields, expected) => {
    const all = said(policy.replace(/ {10}attestors:[^]*$/, `          ${fields}\n`));
    const told = all.filter((line) => !line.includes('deprecated field'));
    expect(told).toEqual(expected.map((pattern) => expect.stringMatching(pattern) as string));
  });

  it.each([
    ['a key of its own', policy.replace(/-----BEGIN[^]*-----END PUBLIC KEY-----/, KEYS)],
    ['a reference to a key', withKey('k8s://kyverno/cosign')],
    ['a variable', withKey('{{ keys.data.production }}')],
    [
      'an anchored identity',
      attestors("keyless: {issuer: https://a, subjectRegExp: '^https://github\\.com/acme/.*'}"),
    ],
  ])('says nothing of %s', (_, text) => {
    expect(said(text)).toEqual([]);
  });
});

const VALIDATING = `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata:
  name: signed
spec:
  validationActions: [Deny]
  matchImageReferences:
    - glob: ghcr.io/acme/*
  attestors:
    - name: acme
      cosign:
        key:
          data: |
            ${indented(pemOf(newKey()), 12)}
  validations:
    - expression: images.containers.map(image, verifyImageSignatures(image, [attestors.acme])).all(e, e > 0)
      message: unsigned
`;

describe('an ImageValidatingPolicy that does not guard', () => {
  it.each([
    ['Audit', VALIDATING.replace('[Deny]', '[Audit]'), 'only reports'],
    ['Ignore', VALIDATING.replace('spec:', 'spec:\n  failurePolicy: Ignore'), 'does not answer'],
    [
      'less than the default',
      VALIDATING.replace('spec:', 'spec:\n  validationConfigurations: {verifyDigest: false}'),
      'verifyDigest: false',
    ],
    [
      'not asked',
      VALIDATING.replace('spec:', 'spec:\n  evaluation: {admission: {enabled: false}}'),
      'is not asked about what is admitted (evaluation.admission.enabled: false)',
    ],
    [
      'asked about files',
      VALIDATING.replace('spec:', 'spec:\n  evaluation: {mode: JSON}'),
      'is not asked about what is admitted (evaluation.mode: JSON)',
    ],
    ['no validations', VALIDATING.replace(/ {2}validations:[^]*$/, ''), 'has no validations'],
    [
      'anybody',
      VALIDATING.replace(
        / {8}key:[^]* {2}validations/,
        '        keyless: {identities: []}\n  validations',
      ),
      'without an identity',
    ],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual([expect.stringContaining(expected)]);
  });

  it('is praised by silence otherwise', () => {
    expect(said(VALIDATING)).toEqual([]);
  });
});

const CONTROLLER = `apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: signed
spec:
  images:
    - glob: ghcr.io/acme/**
  authorities:
    - keyless:
        identities:
          - issuer: https://token.actions.githubusercontent.com
            subject: https://github.com/acme/web/.github/workflows/release.yaml@refs/heads/main
`;

it.each([
  ['warns', CONTROLLER.replace('spec:', 'spec:\n  mode: warn'), ['mode: warn']],
  [
    'passes',
    CONTROLLER.replace(/ {4}- keyless:[^]*$/, '    - static: {action: pass}\n'),
    ['static: pass'],
  ],
  [
    'takes anybody',
    CONTROLLER.replace(/identities:[^]*$/, 'identities: []\n'),
    ['without an identity'],
  ],
  ['is loose', CONTROLLER.replace('subject:', 'subjectRegExp:'), ['not anchored']],
  ['guards', CONTROLLER, []],
])('judges a ClusterImagePolicy that %s', (_, text, expected) => {
  expect(said(text)).toEqual(expected.map((each) => expect.stringContaining(each) as unknown));
});

it.each<[string, (text: string) => string, string | undefined]>([
  ['lets everything pass', (text) => text.replace(/images\.containers.*/, '"true"'), 'containers'],
  ['asks for no signature', (text) => text.replace('e > 0', 'e >= 0'), 'containers'],
  ['asks for one signed image', (text) => text.replace('.all(', '.exists('), 'containers'],
  ['is written otherwise', (text) => text.replace('(e, e > 0)', '( each, each>0 )'), undefined],
  ['asks for more', (text) => `${text}    - expression: object.spec.x\n`, undefined],
])('an expression of a policy that %s', (_, change, expected) => {
  const path = 'apps/policy.yaml';
  const found = reviewed({ [path]: change(VALIDATING) }, { before: { [path]: VALIDATING } })
    .findings.filter(({ rule }) => rule === 'image-policy/weakened-policy')
    .map(({ message }) => message);
  const text = `no longer asks for signatures of all ${expected ?? ''} in a form`;
  expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(text)]);
});

it('a policy that leaves out deletions, or names what its kind has anyway, is as strong', () => {
  const policy = verifyingPolicy();
  const debug = policy.replace('[Pod]', '[v1/Pod, Pod/ephemeralcontainers]');
  const excluded = policy.replace(
    '      verifyImages',
    '      exclude: { any: [{ resources: { operations: [DELETE] } }] }\n      verifyImages',
  );
  for (const [was, is] of [
    [policy, excluded],
    [debug, policy],
    [policy, policy.replace('[Pod]', "['*/Pod', 'apps/*/Deployment']")],
  ] as const) {
    const { findings } = reviewed({ 'a/p.yaml': is }, { before: { 'a/p.yaml': was } });
    expect(findings).toEqual([]);
  }
});

it('a policy that Flux no longer keeps', () => {
  const flux = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, ref: {branch: main}, url: 'https://github.com/acme/fleet'}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 10m
  path: ./clusters/prod
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
`;
  const disabled = 'kustomize.toolkit.fluxcd.io/reconcile: disabled';
  const filesOf = (text: string) => ({
    'clusters/prod/flux-system/gotk-sync.yaml': flux,
    'clusters/prod/policy.yaml': text,
  });
  const name = '  name: signed-images';
  const held = verifyingPolicy().replace(name, `${name}\n  annotations: {${disabled}}`);
  const { findings } = reviewed(filesOf(held), { before: filesOf(verifyingPolicy()) });
  expect(findings.map(({ message }) => message)).toEqual([
    expect.stringContaining(`is no longer kept by Flux (${disabled}), so whether it verifies is`),
  ]);
});

it('an ImageValidatingPolicy that looks at pods of a group that has none', () => {
  const path = 'apps/policy.yaml';
  const before = VALIDATING.replace(
    'spec:\n',
    "spec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], resources: [pods], operations: [CREATE]}]}\n",
  );
  const after = before.replace("['']", '[apps]');
  const { findings } = reviewed({ [path]: after }, { before: { [path]: before } });
  expect(findings.map(({ message }) => message)).toEqual([
    expect.stringContaining('no longer looks at "pods" of ""'),
  ]);
});

it.each(['^.*$', '.*', '^(.+)$', '^.+'])('a pattern that everybody satisfies: %s', (pattern) => {
  const keyless = `keyless: {issuer: https://a, subjectRegExp: '${pattern}'}`;
  const text = verifyingPolicy().replace(/keys:[^]*/, () => `${keyless}\n`);
  expect(said(text)).toEqual([expect.stringContaining(`takes every subject ("${pattern}")`)]);
});

describe('a policy that is weakened', () => {
  const path = 'apps/policy.yaml';
  const weaker = (after: Record<string, string>, before = verifyingPolicy()) =>
    reviewed(after, { before: { [path]: before } })
      .findings.filter(({ rule }) => rule === 'image-policy/weakened-policy')
      .map(({ message }) => message);
  const OTHER = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n';
  const policy = verifyingPolicy();

  it.each([
    ['goes away', { 'apps/a.yaml': OTHER }, 'goes away'],
    ['only reports', { [path]: policy.replace('Enforce', 'Audit') }, 'no longer refuses'],
    [
      'asks fewer',
      {
        [path]: policy.replace(
          '          attestors:\n            -',
          '          attestors:\n            - count: 0\n             ',
        ),
      },
      'fewer signatures',
    ],
    [
      'ignores failures',
      { [path]: policy.replace('  rules', '  failurePolicy: Ignore\n  rules') },
      'failurePolicy: Ignore',
    ],
    [
      'ignores failures, in the newer field',
      {
        [path]: policy.replace(
          '  rules',
          '  webhookConfiguration: {failurePolicy: Ignore}\n  rules',
        ),
      },
      'failurePolicy: Ignore',
    ],
    [
      'is not asked about what is admitted',
      { [path]: policy.replace('  rules', '  admission: false\n  rules') },
      'no longer refuses',
    ],
    [
      'asks for a condition of the webhook',
      {
        [path]: policy.replace(
          '  rules',
          "  webhookConfiguration: {matchConditions: [{name: a, expression: 'false'}]}\n  rules",
        ),
      },
      'looks only at what new conditions let through (matchConditions)',
    ],
    [
      'verifies no image, and is there',
      { [path]: policy.replace(/verifyImages:[^]*/, 'verifyImages: []\n') },
      'no longer verifies any image',
    ],
    [
      'looks only at containers for debugging',
      { [path]: policy.replace('[Pod]', '[Pod/ephemeralcontainers]') },
      'no longer looks at Pod',
    ],
    [
      'matches less',
      { [path]: policy.replace('acme/*', 'acme/web*') },
      'no longer matches "ghcr.io/acme/*"',
    ],
    [
      'skips more',
      {
        [path]: policy.replace(
          '          failureAction',
          "          skipImageReferences: ['ghcr.io/acme/x*']\n          failureAction",
        ),
      },
      'newly skips "ghcr.io/acme/x*"',
    ],
    [
      'leaves a namespace out',
      {
        [path]: policy.replace(
          '      verifyImages',
          "      exclude: { any: [{ resources: { namespaces: ['*'] } }] }\n      verifyImages",
        ),
      },
      'newly leaves objects out (exclude)',
    ],
    [
      'asks for a condition',
      {
        [path]: policy.replace(
          '      verifyImages',
          '      preconditions: { all: [{ key: a, operator: Equals, value: 18446744073709551616 }] }\n      verifyImages',
        ),
      },
      'looks only at what new conditions let through (preconditions)',
    ],
    [
      'looks at other kinds',
      { [path]: policy.replace('kinds: [Pod]', 'kinds: [CronJob]') },
      'no longer looks at Pod',
    ],
  ])('%s', (_, after, expected) => {
    expect(weaker(after)).toEqual([expect.stringContaining(expected)]);
  });

  describe('by what it matches', () => {
    const RESOURCES = '          - resources:\n              kinds: [Pod]\n';
    const matching = (fields: string) => policy.replace(RESOURCES, fields);
    const plain = (more: string) => matching(`${RESOURCES}              ${more}\n`);

    it.each<[string, string, string, string]>([
      ['a namespace', plain('namespaces: [a]'), policy, 'newly looks only at namespace "a"'],
      [
        'a namespace less',
        plain('namespaces: [a]'),
        plain('namespaces: [a, b, c]'),
        'no longer looks at namespaces "b", "c"',
      ],
      [
        'a narrower pattern',
        plain("namespaces: ['team-a']"),
        plain("namespaces: ['team-*']"),
        'no longer looks at namespace "team-*"',
      ],
      ['a name', plain("names: ['a*']"), policy, 'newly looks only at objects named "a*"'],
      ['the old name', plain('name: a'), policy, 'newly looks only at objects named "a"'],
      ['labels', plain('selector: {matchLabels: {a: b}}'), policy, '(selector)'],
      [
        'more labels',
        plain('selector: {matchLabels: {a: b, c: d}}'),
        plain('selector: {matchLabels: {a: b}}'),
        '(selector)',
      ],
      [
        'labels of namespaces',
        plain('namespaceSelector: {matchExpressions: [{key: a, operator: Exists}]}'),
        policy,
        '(namespaceSelector)',
      ],
      ['annotations', plain('annotations: {a: b}'), policy, 'objects with certain annotations'],
      ['operations', plain('operations: [UPDATE]'), policy, 'only at operation "UPDATE"'],
      [
        'users',
        matching(`${RESOURCES}            subjects: [{kind: User, name: a}]\n`),
        policy,
        '(subjects)',
      ],
      [
        'a filter less',
        matching('          - resources: {kinds: [Pod], namespaces: [a]}\n'),
        matching(
          '          - resources: {kinds: [Pod], namespaces: [a]}\n          - resources: {kinds: [Pod], namespaces: [b]}\n',
        ),
        'no longer looks at namespace "b"',
      ],
      [
        'all of two filters',
        policy
          .replace('        any:', '        all:')
          .replace(RESOURCES, `${RESOURCES}          - resources: {namespaces: [a]}\n`),
        policy,
        'newly looks only at namespace "a"',
      ],
      ['no filter at all', matching('          []\n'), policy, 'matches nothing any more'],
    ])('%s', (_, now, was, expected) => {
      expect(weaker({ [path]: now }, was)).toEqual([expect.stringContaining(expected)]);
    });

    it.each<[string, string, string]>([
      ['a namespace more', plain('namespaces: [a, b]'), plain('namespaces: [a]')],
      ['a wider pattern', plain("namespaces: ['team-*']"), plain('namespaces: [team-a, team-b]')],
      ['no namespaces', policy, plain('namespaces: [a]')],
      ['fewer labels', policy, plain('selector: {matchLabels: {a: b}}')],
      [
        'the same in one filter',
        plain('namespaces: [a, b]'),
        matching(
          '          - resources: {kinds: [Pod], namespaces: [a]}\n          - resources: {kinds: [Pod], namespaces: [b]}\n',
        ),
      ],
      [
        'the same kinds apart',
        matching('          - resources: {kinds: [Pod]}\n          - resources: {kinds: [Job]}\n'),
        policy.replace('[Pod]', '[Pod, Job]'),
      ],
      ['the same by another rule', policy.replace('- name: acme', '- name: other'), policy],
      ['what is no list', plain('namespaces: a'), plain('namespaces: b')],
    ])('is calm: %s', (_, now, was) => {
      expect(weaker({ [path]: now }, was)).toEqual([]);
    });

    it('stands on the line that narrows', () => {
      const { findings } = reviewed(
        { [path]: plain('namespaces: [a]') },
        { before: { [path]: policy } },
      );
      const [found] = findings.filter(({ rule }) => rule === 'image-policy/weakened-policy');
      expect([found?.primary.line, found?.subject.field]).toEqual([12, 'spec']);
    });

    it('ends in time with thousands of patterns', () => {
      const many = (letter: string) =>
        plain(
          `namespaces: [${Array.from({ length: 5000 }, (_, at) => `'${letter}*${at}*'`).join(', ')}]`,
        );
      expect(weaker({ [path]: many('a') }, many('b'))).toHaveLength(1);
    });
  });

  describe('by another action in some namespaces', () => {
    const inherited = (action: string, overrides: string) =>
      policy
        .replace('          failureAction: Enforce\n', '')
        .replace(
          '  rules',
          `  validationFailureAction: ${action}\n  validationFailureActionOverrides: ${overrides}\n  rules`,
        );

    it.each<[string, string, string, string]>([
      [
        'everywhere',
        inherited('Enforce', "[{ action: Audit, namespaces: ['*'] }]"),
        inherited('Enforce', '[]'),
        'newly only reports in every namespace',
      ],
      [
        'in one',
        inherited(
          'Enforce',
          '[{ action: Audit, namespaces: [a] }, { action: Audit, namespaces: [b] }]',
        ),
        inherited('Enforce', '[{ action: Audit, namespaces: [a] }]'),
        'newly only reports in namespace "b" (validationFailureActionOverrides)',
      ],
      [
        'where it alone enforced',
        inherited('Audit', '[]'),
        inherited('Audit', '[{ action: Enforce, namespaces: [a] }]'),
        'no longer refuses what is not signed in namespace "a"',
      ],
    ])('%s', (_, now, was, expected) => {
      expect(weaker({ [path]: now }, was)).toEqual([expect.stringContaining(expected)]);
    });

    it.each<[string, string, string]>([
      [
        'an entry has its own action, which goes first',
        policy.replace(
          '  rules',
          "  validationFailureActionOverrides: [{ action: Audit, namespaces: ['*'] }]\n  rules",
        ),
        policy,
      ],
      [
        'the override enforces',
        inherited('Enforce', '[{ action: Enforce, namespaces: [a] }]'),
        inherited('Enforce', '[]'),
      ],
      [
        'it is taken out',
        inherited('Enforce', '[]'),
        inherited('Enforce', '[{ action: Audit, namespaces: [a] }]'),
      ],
      [
        'the policy itself enforces now',
        inherited('Enforce', '[]'),
        inherited('Audit', '[{ action: Enforce, namespaces: [a] }]'),
      ],
    ])('is calm where %s', (_, now, was) => {
      expect(weaker({ [path]: now }, was)).toEqual([]);
    });
  });

  describe('of the newer kinds', () => {
    const VALIDATING = (more: string) => `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {name: signed}
spec:
  validations: [{expression: 'true'}]
${more}`;
    const rules = (more: string) => `  matchConstraints:\n${more}`;
    const PODS =
      "    resourceRules: [{apiGroups: [''], operations: [CREATE, UPDATE], resources: [pods]}]\n";

    it.each<[string, string, string, string]>([
      [
        'a selector of namespaces',
        rules(`${PODS}    namespaceSelector: {matchLabels: {a: b}}\n`),
        rules(PODS),
        '(namespaceSelector)',
      ],
      [
        'what is left out',
        rules(`${PODS}    excludeResourceRules: [{resourceNames: [a]}]\n`),
        rules(PODS),
        'newly leaves objects out (excludeResourceRules)',
      ],
      [
        'conditions',
        `${rules(PODS)}  matchConditions: [{name: a, expression: 'false'}]\n`,
        rules(PODS),
        '(matchConditions)',
      ],
      [
        'an operation less',
        rules(PODS.replace(', UPDATE', '')),
        rules(PODS),
        'no longer looks at "pods" on "UPDATE"',
      ],
      ['other resources', rules(PODS.replace('pods', 'jobs')), rules(PODS), 'looks at "pods"'],
      [
        'names',
        rules(PODS.replace('resources', 'resourceNames: [a], resources')),
        rules(PODS),
        '(resourceNames)',
      ],
    ])('%s', (_, now, was, expected) => {
      expect(weaker({ [path]: VALIDATING(now) }, VALIDATING(was))).toEqual([
        expect.stringContaining(expected),
      ]);
    });

    it.each([
      [rules(PODS), rules(`${PODS}    namespaceSelector: {matchLabels: {a: b}}\n`)],
      [rules(PODS.replace('[pods]', "['*']")), rules(PODS)],
    ])('is calm where it looks at more: %#', (now, was) => {
      expect(weaker({ [path]: VALIDATING(now) }, VALIDATING(was))).toEqual([]);
    });

    it.each([
      ['  match: [{resource: pods}]', '', 1],
      ['  match: [{resource: pods}]', '  match: [{resource: pods}, {resource: jobs}]', 1],
      ['', '  match: [{resource: pods}]', 0],
      ['  match: [{resource: pods}, {resource: jobs}]', '  match: [{resource: pods}]', 0],
    ])('a ClusterImagePolicy with %s after %s', (now, was, count) => {
      expect(weaker({ [path]: `${CONTROLLER}${now}\n` }, `${CONTROLLER}${was}\n`)).toHaveLength(
        count,
      );
    });
  });

  it('is none where only the key changes', () => {
    expect(
      weaker({ [path]: policy.replace(/-----BEGIN[^]*-----END PUBLIC KEY-----/, KEYS) }),
    ).toEqual([]);
  });
});

it('is calm when a policy looks at more than before', () => {
  const policy = verifyingPolicy();
  const narrow = policy.replace(
    '      verifyImages',
    '      exclude: { any: [{ resources: { names: [a] } }] }\n      verifyImages',
  );
  const { findings } = reviewed(
    { 'apps/policy.yaml': policy.replace('kinds: [Pod]', 'kinds: [v1/Pod, Deployment]') },
    { before: { 'apps/policy.yaml': narrow } },
  );
  expect(findings.filter(({ rule }) => rule === 'image-policy/weakened-policy')).toEqual([]);
});

it('tells the same weakness of several entries once', () => {
  const old = (name: string) => `        - image: 'ghcr.io/acme/${name}*'\n          roots: x\n`;
  const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: old}
spec:
  rules:
    - name: old
      match: {any: [{resources: {kinds: [Pod]}}]}
      verifyImages:
${old('a')}${old('b')}${old('c')}`;
  const { findings } = reviewed({
    'apps/policy.yaml': policy.replaceAll('roots: x', 'failureAction: Enforce\n          roots: x'),
  });
  const lax = findings.filter(({ rule }) => rule === 'image-policy/lax-verification');
  expect(
    lax.map(({ effect, message, primary, related }) => [
      effect,
      message,
      primary.line,
      related.map(({ line }) => line),
    ]),
  ).toEqual([
    [
      'advice',
      'ClusterPolicy "old" takes keyless signatures without issuer and subject: anybody can get such a signature, in 3 places.',
      9,
      [12, 15],
    ],
    [
      'advice',
      'ClusterPolicy "old" uses the deprecated fields image, roots of verifyImages, in 3 places.',
      9,
      [12, 15],
    ],
  ]);
});

describe('guards of the cluster', () => {
  const guard = (name: string) =>
    ociRepository(TAG).replaceAll('manifests/podinfo', `charts/${name}`);
  const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cert-manager, namespace: cert-manager}
spec:
  interval: 1h
  chart:
    spec:
      chart: cert-manager
      version: 1.18.2
      sourceRef: {kind: HelmRepository, name: jetstack}
`;

  it.each([
    [
      guard('kyverno'),
      undefined,
      ['advice: OCIRepository "podinfo" in namespace "flux-system" takes chart "kyverno"'],
    ],
    [guard('web'), undefined, []],
    [
      guard('web'),
      { imagePolicy: { guards: ['we*'] } },
      ['advice: OCIRepository "podinfo" in namespace "flux-system" takes chart "web"'],
    ],
    [
      release,
      undefined,
      ['advice: HelmRelease "cert-manager" in namespace "cert-manager" takes chart "cert-manager"'],
    ],
    [
      release.replace('      sourceRef', '      verify: {provider: cosign}\n      sourceRef'),
      undefined,
      [],
    ],
    [release.replace('kind: HelmRepository', 'kind: GitRepository'), undefined, []],
  ])('judges %s', (text, settings, expected) => {
    const all = said(text, settings).filter((each) => each.includes('guards the cluster'));
    expect(all).toEqual(expected.map((each) => expect.stringContaining(each) as unknown));
  });
});

describe('charts with all rights over the cluster', () => {
  const binding = (
    subject: string,
    role = 'cluster-admin',
  ) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects: [${subject}]
---
`;
  const account = (name: string, namespace = 'tools') =>
    `{kind: ServiceAccount, name: ${name}, namespace: ${namespace}}`;
  const release = (spec: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: runner, namespace: tools}
spec: {interval: 1h, ${spec}}
---
`;
  const chart =
    'chart: {spec: {chart: web, version: 1.0.0, sourceRef: {kind: HelmRepository, name: a}}}';
  const oci = (verify = '') => `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: web, namespace: tools}
spec: {interval: 1h, url: 'oci://ghcr.io/acme/charts/web', ref: {tag: 1.0.0}${verify}}
---
`;
  const role = (verbs: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: everything}
rules: [{apiGroups: ['*'], resources: ['*'], verbs: [${verbs}]}]
---
`;
  const told = [
    'advice: HelmRelease "runner" in namespace "tools" takes chart "web", which ClusterRoleBinding "admin" gives all rights over the cluster, without verifying it',
  ];
  const ref = 'chartRef: {kind: OCIRepository, name: web}';

  it.each<[string, string, string[]]>([
    ['by the name of the release', binding(account('runner')) + release(chart), told],
    [
      'by its values',
      binding(account('ci')) + release(`${chart}, values: {web: {serviceAccount: {name: ci}}}`),
      told,
    ],
    [
      'by the account that Flux installs it as',
      binding(account('installer')) + release(`${chart}, serviceAccountName: installer`),
      told,
    ],
    [
      'in its target namespace',
      binding(account('apps-runner', 'apps')) + release(`${chart}, targetNamespace: apps`),
      told,
    ],
    [
      'by all accounts of its namespace',
      binding("{kind: Group, name: 'system:serviceaccounts:tools'}") + release(chart),
      told,
    ],
    [
      'by a role that allows everything',
      binding(account('runner'), 'everything') + role("'*'") + release(chart),
      told,
    ],
    [
      'from an OCIRepository',
      binding(account('runner')) + release(ref) + oci(),
      [
        'advice: OCIRepository "web" in namespace "tools" takes chart "web", which ClusterRoleBinding',
      ],
    ],
    [
      'verified',
      binding(account('runner')) + release(ref) + oci(', verify: {provider: cosign}'),
      [],
    ],
    ['of another account', binding(account('other')) + release(chart), []],
    ['of another namespace', binding(account('runner', 'apps')) + release(chart), []],
    [
      'by a role that only reads',
      binding(account('runner'), 'everything') + role('get') + release(chart),
      [],
    ],
    ['of a person', binding('{kind: User, name: runner}') + release(chart), []],
    ['of odd subjects', binding('7, [], {kind: []}') + release(`${chart}, values: []`), []],
  ])('judges them %s', (_, text, expected) => {
    const all = said(text).filter((each) => each.includes('without verifying it'));
    expect(all).toEqual(expected.map((each) => expect.stringContaining(each) as unknown));
  });
});

it.each<[string, string, string[]]>([
  ['2.7', '', ['a signature of anybody passes.']],
  ['2.8', '', ['a signature of anybody passes, and bundles of cosign 3 never do.']],
  ['2.7', '      - {issuer: ^a$, subject: ^b$}\n      - {issuer: ^c$, subject: ^d$}\n', []],
  [
    '2.8',
    '      - {issuer: ^a$, subject: ^b$}\n      - {issuer: ^c$, subject: ^d$}\n',
    ['names more than one identity, and Flux then refuses every bundle of cosign 3.'],
  ],
  [
    '2.7',
    '      - {issuer: ^a$, subject: ^b$}\n      - {issuer: ^c$, subject: d}\n',
    ['names an identity by patterns that are not anchored, so that longer names match, too.'],
  ],
])('judges keyless verification by Flux %s: %s', (flux, identities, expected) => {
  const list = identities === '' ? '' : `    matchOIDCIdentity:\n${identities}`;
  const source = ociRepository(`  ref:\n    tag: 6.5.4\n  verify:\n    provider: cosign\n${list}`);
  const { findings } = reviewed(
    { 'apps/source.yaml': source },
    { settings: { clusters: { production: { path: 'apps', flux } } } },
  );
  const found = findings.filter(({ rule }) => rule === 'image-policy/keyless-without-identity');
  expect(found.map(({ message }) => message)).toEqual(
    expected.map((text) => expect.stringContaining(text) as string),
  );
});
