import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const CHECK = 'seccompProfile_baseline';
const POD = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';

test.each([
  ['none', {}, 'allowed'],
  ['allowed ones', { [POD]: 'docker/default', [`${CONTAINER}a`]: 'localhost/' }, 'allowed'],
  ['for a container that does not exist', { [`${CONTAINER}gone`]: 'unconfined' }, 'allowed'],
  ['empty', { [POD]: '' }, `seccompProfile (forbidden annotation ${POD}="")`],
  ['null', { [POD]: null }, `seccompProfile (forbidden annotation ${POD}="")`],
  [
    'several, sorted and quoted',
    { [POD]: 'x"\u00a0', [`${CONTAINER}a`]: 'unconfined' },
    `seccompProfile (forbidden annotations ${CONTAINER}a="unconfined", ${POD}="x\\"\\u00a0")`,
  ],
])('annotations up to v1.18: %s', (_, annotations, expected) => {
  const spec = { containers: containersWith({}) };
  expect(textOf(CHECK, spec, 'baseline:v1.18', { annotations })).toBe(expected);
  expect(textOf(CHECK, spec, 'restricted:v1.0', { annotations })).toBe(expected);
  expect(textOf(CHECK, spec, 'baseline:v1.19', { annotations })).toBe('allowed');
});

test('a hostile key is an annotation like any other', () => {
  const annotations = JSON.parse(`{"__proto__":"x","${POD}":"runtime/default"}`) as object;
  expect(textOf(CHECK, {}, 'baseline:v1.0', { annotations })).toBe('allowed');
});

test.each([
  ['none', { containers: containersWith({}) }, 'allowed'],
  [
    'unconfined',
    {
      securityContext: { seccompProfile: { type: 'Unconfined' } },
      containers: containersWith({ seccompProfile: {} }),
    },
    'seccompProfile (pod and container "a" must not set securityContext.seccompProfile.type to "", "Unconfined")',
  ],
])('fields from v1.19: %s', (_, spec, expected) => {
  expect(textOf(CHECK, spec, 'baseline:v1.19')).toBe(expected);
  expect(textOf(CHECK, spec, 'baseline:v1.18')).toBe('allowed');
});

test('annotations are mended by their value, fields by theirs', () => {
  const annotation = ['metadata', 'annotations', POD];
  expect(
    violationsBy(CHECK, {}, 'baseline:v1.0', { annotations: { [POD]: 'unconfined' } }),
  ).toMatchObject([
    {
      path: annotation,
      message: `Annotation ${POD} is "unconfined"; it must be runtime/default, docker/default or localhost/….`,
      fix: [{ path: annotation, set: 'runtime/default' }],
    },
  ]);
  const field = ['spec', 'securityContext', 'seccompProfile', 'type'];
  expect(
    violationsBy(CHECK, { securityContext: { seccompProfile: {} } }, 'baseline:latest'),
  ).toMatchObject([
    {
      path: field,
      message:
        'The pod sets a seccomp profile without a type; it must be RuntimeDefault or Localhost.',
      fix: [{ path: field, set: 'RuntimeDefault' }],
    },
  ]);
});
