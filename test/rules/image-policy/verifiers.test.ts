import { describe, expect, it } from 'vitest';

import type { ImageRequest } from '../../../src/model/evidence.ts';
import type { Attestor } from '../../../src/model/image.ts';
import { Config } from '../../../src/config/schema.ts';
import { review } from '../../../src/review/review.ts';
import { deployment, verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { imagePolicyRules } from '../../../src/rules/image-policy/rules.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { newKey, pemOf } from '../../signatures/image/sigstore.ts';
import { reviewed } from './reviewed.ts';

const IMAGE = 'ghcr.io/acme/web:2.0.0';
const KEY = pemOf(newKey()).trim();
const OTHER_KEY = pemOf(newKey()).trim();
const SUBJECT = 'https://github.com/acme/web/.github/workflows/release.yaml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

const indent = (text: string, by: number) => text.replace(/\n/g, `\n${' '.repeat(by)}`);

/** Whose signatures are asked for when an image comes into a repository with these policies. */
function asked(before: Record<string, string>, image = IMAGE): readonly Attestor[] {
  const tree = memoryTree({ ...before, 'apps/web.yaml': deployment(image) });
  const answer = review(
    { before: memoryTree(before), after: tree, head: tree },
    { config: Config.parse({ version: 1 }), rules: imagePolicyRules, now: 0 },
  );
  if (!('wanted' in answer)) throw new Error('Nothing was asked.');
  const requests = answer.wanted.evidence.filter(
    (each): each is ImageRequest => each.kind === 'image',
  );
  return requests.flatMap(({ attestors }) => attestors);
}

function kyverno(entry: string, more = ''): Record<string, string> {
  const policy = verifyingPolicy().replace(
    / {16}- keys:[^]*$/,
    `                - ${indent(entry, 18)}\n`,
  );
  return { 'apps/policy.yaml': `${policy}${more}` };
}

const SECRET = `---
apiVersion: v1
kind: Secret
metadata: {name: cosign, namespace: kyverno}
stringData:
  cosign.pub: |
    ${indent(KEY, 4)}
  other.pub: |
    ${indent(OTHER_KEY, 4)}
`;

const CONFIG_MAP = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: keys, namespace: kyverno}
data:
  production: |
    ${indent(KEY, 4)}
`;

const byKey = { kind: 'key', key: KEY, needsLog: true, needsTime: true, forms: ['legacy'] };

describe('whose signature counts, by Kyverno', () => {
  it.each<[string, Record<string, string>, unknown[]]>([
    ['a key by its Secret', kyverno('keys: {publicKeys: k8s://kyverno/cosign}', SECRET), [byKey]],
    [
      'a key by its Secret, in two fields',
      kyverno('keys: {secret: {name: cosign, namespace: kyverno}}', SECRET),
      [byKey],
    ],
    [
      'a Secret that is elsewhere',
      kyverno('keys: {publicKeys: k8s://kyverno/cosign}'),
      [
        {
          kind: 'unread',
          reason: 'its key is in Secret kyverno/cosign, which is not in the repository',
        },
      ],
    ],
    [
      'an encrypted Secret',
      kyverno(
        'keys: {publicKeys: k8s://kyverno/cosign}',
        SECRET.replace(/cosign\.pub: \|[^]*$/, 'cosign.pub: ENC[x]\n'),
      ),
      [{ kind: 'unread', reason: 'its key is in Secret kyverno/cosign, which is encrypted' }],
    ],
    [
      'a key by a KMS',
      kyverno('keys: {kms: awskms:///alias/x}'),
      [{ kind: 'unread', reason: 'its key is in a key management service' }],
    ],
    [
      'an identity',
      kyverno(`keyless: {issuer: ${ISSUER}, subject: 'https://github.com/acme/*'}`),
      [
        {
          kind: 'keyless',
          identities: [
            {
              issuer: { how: 'wildcard', text: ISSUER },
              subject: { how: 'wildcard', text: 'https://github.com/acme/*' },
            },
          ],
          needsCertificateLog: true,
          forms: ['legacy'],
        },
      ],
    ],
    [
      'anybody',
      kyverno('keyless: {}'),
      [{ kind: 'keyless', identities: [], needsCertificateLog: true, forms: ['legacy'] }],
    ],
    [
      'authorities of its own',
      kyverno('keyless: {issuer: a, subject: b, roots: x}'),
      [{ kind: 'unread', reason: 'it trusts certificate authorities of its own' }],
    ],
    [
      'a certificate',
      kyverno('certificates: {cert: x}'),
      [{ kind: 'unread', reason: 'it names a certificate, and those are not checked here' }],
    ],
  ])('%s', (_, before, expected) => {
    expect(asked(before)).toEqual(expected);
  });

  it('reads a key from a ConfigMap that the rule names', () => {
    const before = kyverno("keys: {publicKeys: '{{ keys.data.production }}'}", CONFIG_MAP);
    const text = (before['apps/policy.yaml'] ?? '').replace(
      '      match:',
      '      context:\n        - name: keys\n          configMap: {name: keys, namespace: kyverno}\n      match:',
    );
    expect(asked({ 'apps/policy.yaml': text })).toEqual([byKey]);
  });

  it('takes Notary for unknown', () => {
    const text = verifyingPolicy().replace(
      '          failureAction',
      '          type: Notary\n          failureAction',
    );
    expect(asked({ 'apps/policy.yaml': text })).toEqual([
      { kind: 'unread', reason: expect.stringContaining('Notary') as unknown },
    ]);
  });

  it('asks every key of one text, without `count`', () => {
    const two = verifyingPolicy().replace(
      /-----BEGIN[^]*$/,
      `${indent(`${KEY}\n${OTHER_KEY}`, 22)}\n`,
    );
    expect(asked({ 'apps/policy.yaml': two })).toHaveLength(2);
  });

  it.each([
    ['ghcr.io/acme/*', IMAGE, true],
    ['ghcr.io/acme/web:*', `ghcr.io/acme/web:2.0.0@sha256:${'a'.repeat(64)}`, false],
    ['ghcr.io/acme/web*', `ghcr.io/acme/web:2.0.0@sha256:${'a'.repeat(64)}`, true],
    ['docker.io/nginx*', 'nginx', true],
    ['docker.io/library/*', 'nginx', false],
    ['nginx*', 'nginx', false],
  ])('matches %s with %s: %s', (pattern, image, expected) => {
    const text = verifyingPolicy().replace('ghcr.io/acme/*', pattern);
    expect(asked({ 'apps/policy.yaml': text }, image).length > 0).toBe(expected);
  });
});

function controller(
  authority: string,
  glob = 'ghcr.io/acme/**',
  more = '',
): Record<string, string> {
  return {
    'apps/policy.yaml': `apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: {name: signed}
spec:
  images: [{glob: '${glob}'}]
  authorities:
    - ${indent(authority, 6)}
${more}`,
  };
}

const INLINE = `key:\n  data: |\n    ${indent(KEY, 4)}`;

describe("whose signature counts, by Sigstore's policy-controller", () => {
  it.each<[string, Record<string, string>, unknown[]]>([
    [
      'a key, without a log',
      controller(INLINE),
      [{ kind: 'key', key: KEY, needsLog: false, forms: ['legacy'] }],
    ],
    [
      'a key, with a log',
      controller(`${INLINE}\nctlog: {url: https://rekor.sigstore.dev}`),
      [{ kind: 'key', key: KEY, needsLog: true, forms: ['legacy'] }],
    ],
    [
      'a key in a Secret',
      controller(
        'key: {secretRef: {name: cosign}}',
        'ghcr.io/**',
        `---\napiVersion: v1\nkind: Secret\nmetadata: {name: cosign, namespace: cosign-system}\nstringData:\n  cosign.pub: |\n    ${indent(KEY, 4)}\n`,
      ),
      [{ kind: 'key', key: KEY, needsLog: false, forms: ['legacy'] }],
    ],
    [
      'an identity',
      controller(`keyless: {identities: [{issuer: ${ISSUER}, subject: ${SUBJECT}}]}`),
      [
        {
          kind: 'keyless',
          identities: [
            { issuer: { how: 'exact', text: ISSUER }, subject: { how: 'exact', text: SUBJECT } },
          ],
          needsCertificateLog: true,
          forms: ['legacy'],
        },
      ],
    ],
    [
      'an identity in bundles',
      controller(
        `signatureFormat: bundle\nkeyless: {identities: [{issuerRegExp: a, subjectRegExp: b}]}`,
      ),
      [
        {
          kind: 'keyless',
          identities: [
            { issuer: { how: 'regex', text: 'a' }, subject: { how: 'regex', text: 'b' } },
          ],
          needsCertificateLog: true,
          forms: ['bundle'],
        },
      ],
    ],
    [
      'a log of its own',
      controller(`${INLINE}\nctlog: {url: https://rekor.example}`),
      [{ kind: 'unread', reason: 'it trusts a log of its own' }],
    ],
    ['everything', controller('static: {action: pass}'), []],
  ])('%s', (_, before, expected) => {
    expect(asked(before)).toEqual(expected);
  });

  it.each([
    ['static: {action: fail}', 'denied'],
    ['static: {action: pass}', undefined],
    // Several authorities: one that is satisfied is enough.
    [`static: {action: fail}\n- ${indent(INLINE, 2)}`, undefined],
  ])('takes %.25s for what it is', (authority, expected) => {
    const before = controller(authority.replace('\n- ', '\n__- '));
    const files = Object.fromEntries(
      Object.entries(before).map(([path, text]) => [path, text.replace(/ {6}__- /, '    - ')]),
    );
    const { findings } = reviewed(
      { ...files, 'apps/web.yaml': deployment(IMAGE) },
      { before: files },
    );
    const told = findings.filter(({ rule }) => rule === 'image-policy/unsigned-image');
    expect(told.map(({ effect }) => effect)).toEqual(expected === undefined ? [] : [expected]);
    expect(told.map(({ message }) => message)).toEqual(
      expected === undefined
        ? []
        : [
            expect.stringContaining(
              'which ClusterImagePolicy "signed" does not find signed: it refuses every image that it matches (static: fail).',
            ) as string,
          ],
    );
  });

  it.each([
    ['ghcr.io/acme/*', true],
    ['ghcr.io/*', false],
    ['ghcr.io/**', true],
    ['**', true],
    ['*', false],
  ])('matches %s: %s', (glob, expected) => {
    expect(asked(controller(INLINE, glob)).length > 0).toBe(expected);
  });

  it('looks at namespaces that opt in', () => {
    const space = (labels: string) => ({
      ...controller(INLINE),
      'apps/space.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`,
    });
    expect(asked(space("policy.sigstore.dev/include: 'true'"))).toHaveLength(1);
    expect(asked(space("policy.sigstore.dev/include: 'false'"))).toHaveLength(0);
  });
});

describe('whose signature counts, by ImageValidatingPolicy', () => {
  const policy = (cosign: string, expression?: string) => ({
    'apps/policy.yaml': `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {name: signed}
spec:
  matchImageReferences: [{glob: 'ghcr.io/acme/*'}]
  attestors:
    - name: acme
      cosign:
        ${indent(cosign, 8)}
  validations:
    - expression: >-
        ${expression ?? 'images.containers.map(image, verifyImageSignatures(image, [attestors.acme])).all(e, e > 0)'}
`,
  });
  const forms = ['legacy', 'bundle'];

  it.each<[string, Record<string, string>, unknown[]]>([
    ['a key', policy(INLINE), [{ kind: 'key', key: KEY, needsLog: true, forms }]],
    [
      'a key without a log',
      policy(`${INLINE}\nctlog: {insecureIgnoreTlog: true}`),
      [{ kind: 'key', key: KEY, needsLog: false, forms }],
    ],
    [
      'an identity',
      policy(`keyless: {identities: [{issuer: a, subjectRegExp: '^b$'}]}`),
      [
        {
          kind: 'keyless',
          identities: [
            { issuer: { how: 'exact', text: 'a' }, subject: { how: 'regex', text: '^b$' } },
          ],
          needsCertificateLog: true,
          forms,
        },
      ],
    ],
    [
      'another expression',
      policy(INLINE, 'true'),
      [{ kind: 'key', key: KEY, needsLog: true, forms }],
    ],
  ])('%s', (_, before, expected) => {
    expect(asked(before)).toEqual(expected);
  });

  it.each([
    ['ghcr.io/acme/*', IMAGE, true],
    ['ghcr.io/{acme,other}/*', IMAGE, true],
    ['ghcr.io/{other,more}/*', IMAGE, false],
    ['ghcr.io/acme/we[a-c]:*', IMAGE, true],
    ['ghcr.io/acme/we[!a-c]:*', IMAGE, false],
    ['ghcr.io/acme/we?:2.0.0', IMAGE, true],
    ['ghcr.io/acme/web', IMAGE, false],
    ['GHCR.io/acme/*', IMAGE, false],
    // The image as it is written: nothing is added to it, and no digest takes a tag's place.
    ['docker.io/library/*', 'nginx:1.27', false],
    ['nginx*', 'nginx:1.27', true],
    ['ghcr.io/acme/web:*', `${IMAGE}@sha256:${'0'.repeat(64)}`, true],
    // What is no glob stops the policy from being used: whether it covers anything is not known.
    ['ghcr.io/{acme/*', IMAGE, true],
    ['ghcr.io/[acme/*', IMAGE, true],
    [`ghcr.io/${'{a,'.repeat(300)}*`, IMAGE, true],
    [`*${'*a'.repeat(200)}`, IMAGE, false],
  ])('matches %.30s with %.30s as it is written: %s', (glob, image, expected) => {
    const text = policy(INLINE)['apps/policy.yaml'].replace("'ghcr.io/acme/*'", `'${glob}'`);
    expect(asked({ 'apps/policy.yaml': text }, image).length > 0).toBe(expected);
  });
});
