import { expect, test } from 'vitest';

import { containersWith, evaluate, textOf } from '../judge.ts';

const spec = { hostUsers: false, containers: containersWith({ procMount: 'Unmasked' }) };

test('takes the place of procMount from v1.35, without its relaxation', () => {
  const expected = 'procMount (container "a" must not set securityContext.procMount to "Unmasked")';
  expect(textOf('procMount', spec, 'restricted:v1.34')).toBe(expected);
  expect(textOf('procMount', spec, 'restricted:v1.35')).toBe('allowed');
  expect(textOf('procMount_restricted', spec, 'restricted:v1.34')).toBe('allowed');
  expect(textOf('procMount_restricted', spec, 'restricted:v1.35')).toBe(expected);
});

test('moves behind the capabilities in the order of the text', () => {
  function order(policy: string) {
    return evaluate(spec, policy).results.map(({ check }) => check.id);
  }
  expect(order('restricted:v1.34').slice(0, 2)).toEqual(['procMount', 'allowPrivilegeEscalation']);
  expect(order('restricted:v1.35').slice(0, 3)).toEqual([
    'allowPrivilegeEscalation',
    'capabilities_restricted',
    'procMount_restricted',
  ]);
});
