import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const yes = { windowsOptions: { hostProcess: true } };
const no = { windowsOptions: { hostProcess: false } };

test.each([
  ['unset', { containers: containersWith({}, { windowsOptions: null }) }, 'allowed'],
  ['false', { securityContext: no, containers: containersWith(no) }, 'allowed'],
  [
    'of a container',
    { containers: containersWith(no, yes) },
    'hostProcess (container "b" must not set securityContext.windowsOptions.hostProcess=true)',
  ],
  [
    'of the pod, not cancelled by its containers',
    { securityContext: yes, containers: containersWith(no) },
    'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
  ],
  [
    'of both',
    { securityContext: yes, containers: containersWith(yes, yes) },
    'hostProcess (pod and containers "a", "b" must not set securityContext.windowsOptions.hostProcess=true)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf('windowsHostProcess', spec, 'baseline:v1.0')).toBe(expected);
});

test('is mended where it is set', () => {
  const path = ['spec', 'securityContext', 'windowsOptions', 'hostProcess'];
  expect(
    violationsBy('windowsHostProcess', { securityContext: yes }, 'baseline:latest'),
  ).toMatchObject([
    {
      path,
      message:
        'The pod runs as a process of the Windows node; windowsOptions.hostProcess must be false or unset.',
      fix: [{ path, set: false }],
    },
  ]);
});
