import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const root = { runAsUser: 0 };
const user = { runAsUser: 1000 };

test.each([
  ['unset', { containers: containersWith({}, { runAsUser: null }) }, 'allowed'],
  ['another user', { securityContext: user, containers: containersWith(user) }, 'allowed'],
  [
    'root on the pod, other users in its containers',
    { securityContext: root, containers: containersWith(user) },
    'runAsUser=0 (pod must not set runAsUser=0)',
  ],
  [
    'root everywhere',
    { securityContext: root, containers: containersWith(root, user, root) },
    'runAsUser=0 (pod and containers "a", "c" must not set runAsUser=0)',
  ],
  [
    'root as a bigint',
    { containers: containersWith({ runAsUser: 0n }) },
    'runAsUser=0 (container "a" must not set runAsUser=0)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf('runAsUser', spec, 'restricted:v1.23')).toBe(expected);
  expect(textOf('runAsUser', spec, 'restricted:v1.22')).toBe('allowed');
});

test.each([
  ['v1.34', false, 'runAsUser=0 (pod must not set runAsUser=0)'],
  ['v1.35', false, 'allowed'],
  ['v1.35', true, 'runAsUser=0 (pod must not set runAsUser=0)'],
])('at %s with hostUsers %s', (version, hostUsers, expected) => {
  expect(textOf('runAsUser', { hostUsers, securityContext: root }, `restricted:${version}`)).toBe(
    expected,
  );
});

test('is mended by leaving the user to the image', () => {
  const path = ['spec', 'containers', 0, 'securityContext', 'runAsUser'];
  const spec = { containers: containersWith(root) };
  expect(violationsBy('runAsUser', spec, 'restricted:latest')).toMatchObject([
    {
      path,
      container: 'a',
      message:
        'Container "a" runs as user 0, which is root; runAsUser must be another number or unset.',
      fix: [{ path, remove: true }],
    },
  ]);
});
