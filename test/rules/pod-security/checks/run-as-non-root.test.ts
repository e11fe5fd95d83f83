import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const yes = { runAsNonRoot: true };
const no = { runAsNonRoot: false };

test.each([
  ['on the pod', { securityContext: yes, containers: containersWith({}, null) }, 'allowed'],
  ['on every container', { containers: containersWith(yes, yes) }, 'allowed'],
  ['without containers', {}, 'allowed'],
  [
    'missing on one',
    { containers: containersWith(yes, {}) },
    'runAsNonRoot != true (pod or container "b" must set securityContext.runAsNonRoot=true)',
  ],
  [
    'missing on all, a user alone does not help',
    { containers: containersWith({ runAsUser: 1 }, { runAsNonRoot: null }) },
    'runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true)',
  ],
  [
    'false on the pod, true on every container',
    { securityContext: no, containers: containersWith(yes) },
    'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
  ],
  [
    'false hides what is missing',
    { securityContext: no, containers: containersWith({}, no) },
    'runAsNonRoot != true (pod and container "b" must not set securityContext.runAsNonRoot=false)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf('runAsNonRoot', spec, 'restricted:v1.0')).toBe(expected);
  expect(textOf('runAsNonRoot', spec, 'restricted:latest')).toBe(expected);
});

test.each([
  ['v1.34', false, 'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)'],
  ['v1.35', false, 'allowed'],
  ['v1.35', null, 'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)'],
])('at %s with hostUsers %s', (version, hostUsers, expected) => {
  const spec = { hostUsers, securityContext: no };
  expect(textOf('runAsNonRoot', spec, `restricted:${version}`)).toBe(expected);
});

const OF_POD = ['spec', 'securityContext', 'runAsNonRoot'];

test('what is missing is mended once, on the pod', () => {
  const spec = { containers: containersWith({}, yes, {}) };
  expect(violationsBy('runAsNonRoot', spec, 'restricted:latest')).toEqual([
    {
      path: OF_POD,
      message:
        'Neither the pod nor containers "a", "c" sets runAsNonRoot; it must be true on the pod or on every container.',
      fix: [{ path: OF_POD, set: true }],
      caution: expect.stringContaining('numeric USER') as string,
    },
  ]);
});

test('mends also what the text hides', () => {
  const path = ['spec', 'containers', 1, 'securityContext', 'runAsNonRoot'];
  const spec = { containers: containersWith({}, no) };
  expect(violationsBy('runAsNonRoot', spec, 'restricted:latest').map(({ fix }) => fix)).toEqual([
    [{ path, set: true }],
    [{ path: OF_POD, set: true }],
  ]);
});

test('the mended pod covers its containers', () => {
  const spec = { securityContext: no, containers: containersWith({}) };
  expect(violationsBy('runAsNonRoot', spec, 'restricted:latest')).toMatchObject([
    { path: OF_POD, fix: [{ path: OF_POD, set: true }] },
  ]);
});
