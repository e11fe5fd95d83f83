import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

function options(seLinuxOptions: unknown) {
  return { seLinuxOptions };
}

test.each([
  ['none', { containers: containersWith({}) }, 'allowed'],
  ['level is free', { securityContext: options({ level: 's0:c1' }) }, 'allowed'],
  [
    'an empty type and user',
    { securityContext: options({ type: '', user: '', role: null }) },
    'allowed',
  ],
  [
    'an allowed type',
    { containers: containersWith(options({ type: 'container_kvm_t' })) },
    'allowed',
  ],
  [
    'another type',
    { securityContext: options({ type: 'spc_t' }) },
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t")',
  ],
  [
    'a user alone',
    { containers: containersWith(options({ user: 'u' })) },
    'seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: user may not be set)',
  ],
  [
    'everything',
    {
      securityContext: options({ type: 'z', role: 'r' }),
      containers: containersWith(options({ type: 'b', user: 'u' }), {}, options({ type: 'z' })),
    },
    'seLinuxOptions (pod and containers "a", "c" set forbidden securityContext.seLinuxOptions: types "b", "z"; user may not be set; role may not be set)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf('seLinuxOptions', spec, 'baseline:v1.0')).toBe(expected);
  expect(textOf('seLinuxOptions', spec, 'restricted:latest')).toBe(expected);
});

test.each([
  [
    'v1.30',
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "container_engine_t")',
  ],
  ['v1.31', 'allowed'],
])('container_engine_t at %s', (version, expected) => {
  const spec = { securityContext: options({ type: 'container_engine_t' }) };
  expect(textOf('seLinuxOptions', spec, `baseline:${version}`)).toBe(expected);
});

test('is mended by leaving the field out', () => {
  const path = ['spec', 'securityContext', 'seLinuxOptions'];
  const spec = { securityContext: options({ type: 'spc_t', user: 'u' }) };
  expect(violationsBy('seLinuxOptions', spec, 'baseline:v1.30')).toMatchObject([
    {
      path: [...path, 'type'],
      message:
        'The pod sets the SELinux type "spc_t"; seLinuxOptions.type must be one of container_t, container_init_t, container_kvm_t, or unset.',
      fix: [{ path: [...path, 'type'], remove: true }],
    },
    {
      path: [...path, 'user'],
      message: 'The pod sets the SELinux user "u"; seLinuxOptions.user must be unset.',
      fix: [{ path: [...path, 'user'], remove: true }],
    },
  ]);
});
