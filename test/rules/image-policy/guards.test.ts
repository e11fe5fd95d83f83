import { expect, it } from 'vitest';

import { ociRepository } from '../../../src/rules/image-policy/examples.ts';
import { deployment, verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { line, reviewed } from './reviewed.ts';

const TAG = '  ref:\n    tag: 1.2.3\n';
const COSIGN = `${TAG}  verify:\n    provider: cosign\n`;
const IDENTITY = '      - issuer: ^https://a$\n        subject: ^https://b$\n';

it.each([
  [verifyingPolicy(), []],
  [verifyingPolicy().replace('Enforce', 'enforce'), []],
  [verifyingPolicy().replace('          failureAction: Enforce\n', ''), ['risk lax-verification']],
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
