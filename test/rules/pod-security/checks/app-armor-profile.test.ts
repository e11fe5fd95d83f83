import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const CHECK = 'appArmorProfile';
const KEY = 'container.apparmor.security.beta.kubernetes.io/';

function profile(type: unknown) {
  return { appArmorProfile: { type } };
}

test.each([
  ['none', {}, {}, 'allowed'],
  [
    'allowed types',
    {
      securityContext: profile('Localhost'),
      containers: containersWith(profile('RuntimeDefault')),
    },
    {},
    'allowed',
  ],
  [
    'without a type',
    { securityContext: { appArmorProfile: {} } },
    {},
    'forbidden AppArmor profile (pod must not set AppArmor profile type to "")',
  ],
  [
    'unconfined on the pod, good on the container',
    { securityContext: profile('Unconfined'), containers: containersWith(profile('Localhost')) },
    {},
    'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")',
  ],
  [
    'allowed annotations',
    {},
    { [`${KEY}a`]: 'localhost/', [`${KEY}b`]: '', [`${KEY}c`]: null },
    'allowed',
  ],
  [
    'an annotation for nobody, quoted inside quotes',
    {},
    { [`${KEY}gone`]: 'bad"q' },
    `forbidden AppArmor profile (annotation must not set AppArmor profile type to "${KEY}gone="bad\\"q"")`,
  ],
  [
    'all three, plural by the values',
    {
      securityContext: profile('Unconfined'),
      containers: containersWith(profile('Unconfined'), profile('x')),
    },
    { [`${KEY}z`]: 'docker/default', [`${KEY}b`]: 'unconfined' },
    `forbidden AppArmor profiles (pod and containers "a", "b" and annotations must not set AppArmor profile type to "Unconfined", "x", "${KEY}b="unconfined"", "${KEY}z="docker/default"")`,
  ],
])('%s', (_, spec, annotations, expected) => {
  expect(textOf(CHECK, spec, 'baseline:v1.0', { annotations })).toBe(expected);
  expect(textOf(CHECK, spec, 'restricted:latest', { annotations })).toBe(expected);
});

test('is mended where it is set', () => {
  const field = ['spec', 'containers', 0, 'securityContext', 'appArmorProfile', 'type'];
  const annotation = ['metadata', 'annotations', `${KEY}a`];
  const spec = { containers: containersWith(profile('Unconfined')) };
  const annotations = { [`${KEY}a`]: 'unconfined' };
  expect(violationsBy(CHECK, spec, 'baseline:latest', { annotations })).toMatchObject([
    {
      path: field,
      container: 'a',
      message:
        'Container "a" sets the AppArmor profile type "Unconfined"; it must be RuntimeDefault or Localhost, or the profile unset.',
      fix: [{ path: field, set: 'RuntimeDefault' }],
    },
    {
      path: annotation,
      message: `Annotation ${KEY}a is "unconfined"; it must be runtime/default, localhost/… or unset.`,
      fix: [{ path: annotation, remove: true }],
    },
  ]);
});
