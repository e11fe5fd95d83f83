import { expect, test } from 'vitest';

import { goType } from '../../../../src/rules/pod-security/decoding/go-types.ts';

test.each([
  ['Pod', 'struct', 'v1.Pod'],
  ['[]Container', 'list', '[]v1.Container'],
  ['map[string]string', 'map', 'map[string]string'],
  ['ResourceList', 'map', 'v1.ResourceList'],
  ['PullPolicy', 'string', 'v1.PullPolicy'],
  ['types.UID', 'string', 'types.UID'],
])('%s', (name, kind, printed) => {
  expect(goType(name)).toMatchObject({ kind, name: printed });
  expect(goType(name)).toBe(goType(name));
});

test('fields taken in keep the name of where they come from', () => {
  expect(goType('EphemeralContainer').fields.image?.path).toBe('EphemeralContainerCommon.image');
  expect(goType('Probe').fields.httpGet?.path).toBe('ProbeHandler.httpGet');
  expect(Object.keys(goType('Volume').fields)).toHaveLength(31);
});
