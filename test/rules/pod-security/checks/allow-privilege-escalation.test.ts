import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const CHECK = 'allowPrivilegeEscalation';
const REFUSED =
  'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)';

test.each([
  ['false', { allowPrivilegeEscalation: false }, 'allowed'],
  ['true', { allowPrivilegeEscalation: true }, REFUSED],
  ['unset', {}, REFUSED],
  ['null', { allowPrivilegeEscalation: null }, REFUSED],
  ['no context', null, REFUSED],
])('%s', (_, context, expected) => {
  const spec = { containers: containersWith(context) };
  expect(textOf(CHECK, spec, 'restricted:v1.8')).toBe(expected);
  expect(textOf(CHECK, spec, 'restricted:v1.7')).toBe('allowed');
});

test('nothing to refuse without containers', () => {
  expect(textOf(CHECK, {}, 'restricted:latest')).toBe('allowed');
});

test.each([
  ['v1.24', REFUSED],
  ['v1.25', 'allowed'],
])('on Windows at %s', (version, expected) => {
  const spec = { os: { name: 'windows' }, containers: containersWith({}) };
  expect(textOf(CHECK, spec, `restricted:${version}`)).toBe(expected);
});

test('is mended in each container', () => {
  const spec = { containers: containersWith({}, { allowPrivilegeEscalation: true }) };
  const paths = [0, 1].map((index) => [
    'spec',
    'containers',
    index,
    'securityContext',
    'allowPrivilegeEscalation',
  ]);
  expect(violationsBy(CHECK, spec, 'restricted:latest')).toMatchObject([
    {
      path: paths[0],
      message:
        'Container "a" may gain rights after it started; securityContext.allowPrivilegeEscalation must be false, and unset counts as true.',
      fix: [{ path: paths[0], set: false }],
    },
    {
      path: paths[1],
      message:
        'Container "b" may gain rights after it started; securityContext.allowPrivilegeEscalation must be false.',
      fix: [{ path: paths[1], set: false }],
    },
  ]);
});
