import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

const REFUSED = 'procMount (container "a" must not set securityContext.procMount to "Unmasked")';

test.each([
  ['unset', {}, 'allowed'],
  ['null', { procMount: null }, 'allowed'],
  ['Default', { procMount: 'Default' }, 'allowed'],
  ['Unmasked', { procMount: 'Unmasked' }, REFUSED],
  [
    'empty',
    { procMount: '' },
    'procMount (container "a" must not set securityContext.procMount to "")',
  ],
  [
    'another case',
    { procMount: 'default' },
    'procMount (container "a" must not set securityContext.procMount to "default")',
  ],
])('%s', (_, context, expected) => {
  expect(textOf('procMount', { containers: containersWith(context) }, 'baseline:latest')).toBe(
    expected,
  );
});

test.each([
  ['v1.34', false, REFUSED],
  ['v1.35', false, 'allowed'],
  ['v1.35', true, REFUSED],
  ['v1.35', null, REFUSED],
])('at %s with hostUsers %s', (version, hostUsers, expected) => {
  const spec = { hostUsers, containers: containersWith({ procMount: 'Unmasked' }) };
  expect(textOf('procMount', spec, `baseline:${version}`)).toBe(expected);
});

test('sorts the values and names each once', () => {
  const spec = {
    containers: containersWith({ procMount: 'z' }, { procMount: 'b' }, { procMount: 'z' }),
  };
  expect(textOf('procMount', spec, 'baseline:latest')).toBe(
    'procMount (containers "a", "b", "c" must not set securityContext.procMount to "b", "z")',
  );
});

test('is mended by the word', () => {
  const path = ['spec', 'containers', 0, 'securityContext', 'procMount'];
  const spec = { containers: containersWith({ procMount: 'Unmasked' }) };
  expect(violationsBy('procMount', spec, 'baseline:latest')).toMatchObject([
    {
      path,
      message: 'Container "a" sets procMount to "Unmasked"; it must be Default or unset.',
      fix: [{ path, set: 'Default' }],
    },
  ]);
});
