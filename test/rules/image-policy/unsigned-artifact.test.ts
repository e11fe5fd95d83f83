import { expect, it } from 'vitest';

import { Config } from '../../../src/config/schema.ts';
import type { ImageRequest } from '../../../src/model/evidence.ts';
import { review } from '../../../src/review/review.ts';
import { ociRepository } from '../../../src/rules/image-policy/examples.ts';
import { imagePolicyRules } from '../../../src/rules/image-policy/rules.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { newKey, pemOf } from '../../signatures/image/sigstore.ts';

const KEY = pemOf(newKey()).trim();
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: cosign, namespace: flux-system}
stringData:
  a.pub: |
    ${KEY.replaceAll('\n', '\n    ')}
  notes.txt: none
`;

const ref = (tag: string, verify = '    provider: cosign\n    secretRef: {name: cosign}\n') =>
  ociRepository(`  ref:\n    tag: ${tag}\n${verify === '' ? '' : `  verify:\n${verify}`}`);

/** What is asked of a change from one source to another: reference and attestors. */
function asked(before: string, after: string, more: Record<string, string> = {}) {
  const trees = (source: string) => memoryTree({ 'apps/source.yaml': source, ...more });
  const tree = trees(after);
  const answer = review(
    { before: trees(before), after: tree, head: tree },
    { config: Config.parse({ version: 1 }), rules: imagePolicyRules, now: 0 },
  );
  const requests = 'wanted' in answer ? answer.wanted.evidence : [];
  return requests
    .filter((each): each is ImageRequest => each.kind === 'image')
    .map(({ reference, attestors }) => [reference, attestors]);
}

const REFERENCE = 'ghcr.io/stefanprodan/manifests/podinfo:2.0.0';
const forms = ['legacy', 'bundle'];
const key = { kind: 'key', key: KEY, needsLog: false, forms };
const keyless = (...identities: object[]) => ({
  kind: 'keyless',
  identities,
  needsCertificateLog: true,
  forms,
});

it.each([
  ['a key of the repository', ref('1.0.0'), ref('2.0.0'), [[REFERENCE, [key]]]],
  ['nothing that stays', ref('1.0.0'), ref('1.0.0'), []],
  ['nothing without verify', ref('1.0.0', ''), ref('2.0.0', ''), []],
  [
    'whom the base branch names, not the pull request',
    ref('1.0.0'),
    ref('2.0.0', '    provider: cosign\n'),
    [[REFERENCE, [key]]],
  ],
  [
    'anybody, where nobody is named',
    ref('1.0.0', '    provider: cosign\n'),
    ref('2.0.0', '    provider: cosign\n'),
    [[REFERENCE, [keyless()]]],
  ],
  [
    'an identity by its patterns',
    ref('1.0.0', '    matchOIDCIdentity:\n      - {issuer: ^a$, subject: ^b$}\n'),
    ref('2.0.0', '    matchOIDCIdentity:\n      - {issuer: ^a$, subject: ^b$}\n'),
    [
      [
        REFERENCE,
        [
          keyless({
            issuer: { how: 'regex', text: '^a$' },
            subject: { how: 'regex', text: '^b$' },
          }),
        ],
      ],
    ],
  ],
  [
    'nobody of Notation',
    ref('1.0.0', '    provider: notation\n'),
    ref('2.0.0', '    provider: notation\n'),
    [[REFERENCE, [{ kind: 'unread', reason: 'signatures of Notation are not checked here' }]]],
  ],
])('asks for %s', (_, before, after, expected) => {
  expect(asked(before, after, { 'apps/secret.yaml': SECRET })).toEqual(expected);
});

it('does not know a key that is not in the repository', () => {
  expect(asked(ref('1.0.0'), ref('2.0.0'))).toEqual([
    [
      REFERENCE,
      [
        {
          kind: 'unread',
          reason: 'its key is in Secret flux-system/cosign, which is not in the repository',
        },
      ],
    ],
  ]);
});
