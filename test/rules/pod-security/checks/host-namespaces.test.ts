import { expect, test } from 'vitest';

import { textOf, violationsBy } from '../judge.ts';

test.each([
  ['none', {}, 'allowed'],
  ['false and null', { hostNetwork: false, hostPID: null }, 'allowed'],
  ['one', { hostPID: true }, 'host namespaces (hostPID=true)'],
  [
    'all, in a fixed order',
    { hostIPC: true, hostPID: true, hostNetwork: true },
    'host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf('hostNamespaces', spec, 'baseline:v1.0')).toBe(expected);
  expect(textOf('hostNamespaces', spec, 'restricted:latest')).toBe(expected);
});

test('no edit mends it', () => {
  expect(
    violationsBy('hostNamespaces', { hostIPC: true, hostNetwork: true }, 'baseline:latest'),
  ).toEqual([
    {
      path: ['spec', 'hostNetwork'],
      message: 'The pod shares the network of its node; spec.hostNetwork must be false or unset.',
      cannotFix: 'Only its author knows whether the program works without the network of the node.',
    },
    {
      path: ['spec', 'hostIPC'],
      message:
        'The pod shares the interprocess communication of its node; spec.hostIPC must be false or unset.',
      cannotFix:
        'Only its author knows whether the program works without the interprocess communication of the node.',
    },
  ]);
});
