import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const CHECK = 'capabilities_restricted';

function having(...capabilities: unknown[]) {
  return { containers: containersWith(...capabilities.map((own) => ({ capabilities: own }))) };
}

const KEEPS =
  'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"])';

test.each([
  ['ALL alone', having({ drop: ['ALL'] }), 'allowed'],
  ['ALL among others', having({ drop: ['NET_RAW', 'ALL'], add: ['NET_BIND_SERVICE'] }), 'allowed'],
  ['nothing at all', having(undefined), KEEPS],
  ['no context', { containers: [null] }, KEEPS.replace('"a"', '""')],
  ['an empty list', having({ drop: [] }), KEEPS],
  ['all in lower case', having({ drop: ['all'] }), KEEPS],
  ['another spelling', having({ drop: ['CAP_ALL', null] }), KEEPS],
  [
    'adding',
    having({ drop: ['ALL'], add: ['CHOWN', 'ALL'] }),
    'unrestricted capabilities (container "a" must not include "ALL", "CHOWN" in securityContext.capabilities.add)',
  ],
  [
    'both, each with its own containers',
    having({ drop: ['ALL'], add: ['CHOWN'] }, {}, { add: ['KILL'] }),
    'unrestricted capabilities (containers "b", "c" must set securityContext.capabilities.drop=["ALL"]; containers "a", "c" must not include "CHOWN", "KILL" in securityContext.capabilities.add)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf(CHECK, spec, 'restricted:v1.22')).toBe(expected);
  expect(textOf(CHECK, spec, 'restricted:v1.21')).toBe('allowed');
  expect(textOf(CHECK, spec, 'baseline:latest')).toBe('allowed');
});

test.each([
  ['windows', 'v1.24', KEEPS],
  ['windows', 'v1.25', 'allowed'],
  ['Windows', 'v1.25', KEEPS],
  ['linux', 'v1.25', KEEPS],
])('on %s at %s', (name, version, expected) => {
  expect(textOf(CHECK, { ...having({}), os: { name } }, `restricted:${version}`)).toBe(expected);
});

test('all in lower case is mended by the one word', () => {
  const path = ['spec', 'containers', 0, 'securityContext', 'capabilities', 'drop', 1];
  expect(violationsBy(CHECK, having({ drop: ['X', 'all'] }), 'restricted:latest')).toEqual([
    {
      path,
      container: 'a',
      message: 'Container "a" drops "all"; every capability is dropped only by ALL, spelled so.',
      fix: [{ path, set: 'ALL' }],
    },
  ]);
});

test('what is missing is added, what is added is removed', () => {
  const path = ['spec', 'containers', 0, 'securityContext', 'capabilities'];
  expect(violationsBy(CHECK, having({ add: ['KILL'] }), 'restricted:latest')).toEqual([
    {
      path: [...path, 'drop'],
      container: 'a',
      message: 'Container "a" keeps capabilities; securityContext.capabilities.drop must hold ALL.',
      fix: [{ path: [...path, 'drop'], set: ['ALL'] }],
      caution: expect.stringContaining('below 1024') as string,
    },
    {
      path: [...path, 'add', 0],
      container: 'a',
      message: 'Container "a" adds the capability "KILL"; allowed is NET_BIND_SERVICE.',
      fix: [{ path: [...path, 'add', 0], remove: true }],
      caution: expect.stringContaining('A program that needs KILL') as string,
    },
  ]);
});
