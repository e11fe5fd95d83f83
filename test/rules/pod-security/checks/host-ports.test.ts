import { expect, test } from 'vitest';

import { textOf, violationsBy } from '../judge.ts';

function withPorts(...lists: unknown[]) {
  return {
    containers: lists.map((ports, index) => ({ name: String.fromCharCode(97 + index), ports })),
  };
}

test.each([
  ['no ports', withPorts(undefined), 'allowed'],
  [
    '0 and null',
    withPorts([{ containerPort: 80, hostPort: 0 }, { hostPort: null }, null]),
    'allowed',
  ],
  ['one', withPorts([{ hostPort: 80 }]), 'hostPort (container "a" uses hostPort 80)'],
  ['negative', withPorts([{ hostPort: -1 }]), 'hostPort (container "a" uses hostPort -1)'],
  [
    'several, sorted as texts',
    withPorts([{ hostPort: 9 }, { hostPort: 80 }, { hostPort: 443 }]),
    'hostPort (container "a" uses hostPorts 443, 80, 9)',
  ],
  [
    'one of two containers',
    withPorts([{ hostPort: 80 }], [{ hostPort: 80 }]),
    'hostPort (containers "a", "b" use hostPort 80)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf('hostPorts', spec, 'baseline:v1.0')).toBe(expected);
});

test('is mended port by port', () => {
  const path = ['spec', 'containers', 0, 'ports', 1, 'hostPort'];
  expect(violationsBy('hostPorts', withPorts([{}, { hostPort: 80 }]), 'baseline:latest')).toEqual([
    {
      path,
      container: 'a',
      message: 'Container "a" takes port 80 of the node; hostPort must be 0 or unset.',
      fix: [{ path, remove: true }],
      caution:
        'What reached the node at port 80 no longer finds the pod; expose it with a Service.',
    },
  ]);
});

test('cannot be mended on the network of the host', () => {
  const spec = { ...withPorts([{ hostPort: 80 }]), hostNetwork: true };
  expect(violationsBy('hostPorts', spec, 'baseline:latest')[0]).toMatchObject({
    cannotFix: 'It follows from hostNetwork: every port is one of the node.',
  });
});
