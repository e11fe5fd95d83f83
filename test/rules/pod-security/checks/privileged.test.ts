import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

test.each([
  ['unset', {}, 'allowed'],
  ['null', { privileged: null }, 'allowed'],
  ['false', { privileged: false }, 'allowed'],
  [
    'true',
    { privileged: true },
    'privileged (container "a" must not set securityContext.privileged=true)',
  ],
])('%s', (_, context, expected) => {
  const spec = { containers: containersWith(context) };
  expect(textOf('privileged', spec, 'baseline:v1.0')).toBe(expected);
  expect(textOf('privileged', spec, 'restricted:latest')).toBe(expected);
});

test('names init containers, containers and ephemeral containers, in this order', () => {
  const spec = {
    containers: [{ name: 'c', securityContext: { privileged: true } }, { name: 'fine' }],
    ephemeralContainers: [{ name: 'e', securityContext: { privileged: true } }],
    initContainers: [null, { name: 'i', securityContext: { privileged: true } }],
  };
  expect(textOf('privileged', spec, 'baseline:latest')).toBe(
    'privileged (containers "i", "c", "e" must not set securityContext.privileged=true)',
  );
});

test('is mended by false at the very field', () => {
  const spec = { containers: containersWith({}, { privileged: true }) };
  const path = ['spec', 'containers', 1, 'securityContext', 'privileged'];
  expect(violationsBy('privileged', spec, 'baseline:latest')).toEqual([
    {
      path,
      container: 'b',
      message: 'Container "b" is privileged; securityContext.privileged must be false or unset.',
      fix: [{ path, set: false }],
      caution: expect.stringContaining('CSI driver') as string,
    },
  ]);
});
