import { expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import { readNamespace } from '../../../src/rules/pod-security/namespace.ts';
import { resolveNamespacePolicy } from '../../../src/rules/pod-security/namespace-policy.ts';

const X = new Unknown('comes from outside');

test.each<[unknown, unknown]>([
  [{ metadata: { labels: { a: 'b', c: null } } }, { a: 'b', c: null }],
  [{ metadata: { name: 'n', labels: null } }, undefined],
  [{ metadata: null }, undefined],
  [{}, undefined],
  [{ metadata: { labels: X } }, X],
  [{ metadata: X }, X],
  [X, X],
])('labels of %j', (root, labels) => {
  expect(readNamespace(root)).toMatchObject({ errors: [] });
  expect(readNamespace(root).labels).toEqual(labels);
});

test('a label that is no text refuses the namespace', () => {
  const labels = { 'pod-security.kubernetes.io/enforce': true };
  const { errors, labels: read } = readNamespace({ metadata: { labels } });
  expect(read).toBeUndefined();
  expect(errors.map(({ message }) => message)).toEqual([
    'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
  ]);
});

test('labels that are not known leave every half of the policy open', () => {
  const { enforce, audit, warn, errors } = resolveNamespacePolicy(X);
  expect(errors).toEqual([]);
  for (const { level, levelFrom, versionFrom } of [enforce, audit, warn]) {
    expect([level, levelFrom.from, versionFrom.from]).toEqual(['restricted', 'unknown', 'unknown']);
  }
});
