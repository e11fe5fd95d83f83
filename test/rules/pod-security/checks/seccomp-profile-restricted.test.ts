import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const CHECK = 'seccompProfile_restricted';

function profile(type: unknown) {
  return { seccompProfile: { type } };
}

test.each([
  [
    'on the pod',
    { securityContext: profile('RuntimeDefault'), containers: containersWith({}, null) },
    'allowed',
  ],
  [
    'on every container, without a file',
    { containers: containersWith(profile('Localhost')) },
    'allowed',
  ],
  ['without containers', {}, 'allowed'],
  [
    'missing',
    { containers: containersWith({}, { seccompProfile: null }) },
    'seccompProfile (pod or containers "a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    'unconfined on the pod, good on every container',
    { securityContext: profile('Unconfined'), containers: containersWith(profile('Localhost')) },
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    'without a type, which hides the good one of the pod',
    {
      securityContext: profile('RuntimeDefault'),
      containers: containersWith({ seccompProfile: {} }),
    },
    'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "")',
  ],
  [
    'refused ones hide missing ones',
    { containers: containersWith(profile('x'), {}, profile('Unconfined')) },
    'seccompProfile (containers "a", "c" must not set securityContext.seccompProfile.type to "Unconfined", "x")',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf(CHECK, spec, 'restricted:v1.19')).toBe(expected);
  expect(textOf(CHECK, spec, 'restricted:v1.18')).toBe('allowed');
  expect(textOf('seccompProfile_baseline', spec, 'restricted:v1.19')).toBe('allowed');
});

test.each([
  [
    'v1.24',
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  ['v1.25', 'allowed'],
])('on Windows at %s', (version, expected) => {
  const spec = { os: { name: 'windows' }, securityContext: profile('Unconfined') };
  expect(textOf(CHECK, spec, `restricted:${version}`)).toBe(expected);
});

test('is mended where it is refused, and on the pod where it is missing', () => {
  const ofPod = ['spec', 'securityContext', 'seccompProfile', 'type'];
  const ofContainer = ['spec', 'containers', 1, 'securityContext', 'seccompProfile', 'type'];
  const spec = { containers: containersWith({}, profile('Unconfined')) };
  expect(violationsBy(CHECK, spec, 'restricted:latest')).toMatchObject([
    {
      path: ofContainer,
      container: 'b',
      message:
        'Container "b" sets the seccomp profile type "Unconfined"; it must be RuntimeDefault or Localhost.',
      fix: [{ path: ofContainer, set: 'RuntimeDefault' }],
    },
    {
      path: ofPod,
      message:
        'Neither the pod nor container "a" sets a seccomp profile; seccompProfile.type must be RuntimeDefault or Localhost.',
      fix: [{ path: ofPod, set: 'RuntimeDefault' }],
    },
  ]);
});
