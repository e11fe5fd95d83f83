import { expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import { matches, valueAt } from '../../../src/rules/pod-security/field-pattern.ts';

const unknown = new Unknown('comes from outside');

test.each<[unknown, string, unknown[]]>([
  [{ a: 1 }, '', [{ path: [], value: { a: 1 } }]],
  [{ a: { b: 0 } }, 'a.b', [{ path: ['a', 'b'], value: 0 }]],
  [{ a: { b: null } }, 'a.b', []],
  [
    { a: [{ b: 1 }, null, { c: 2 }, { b: 3 }] },
    'a[*].b',
    [
      { path: ['a', 0, 'b'], value: 1 },
      { path: ['a', 3, 'b'], value: 3 },
    ],
  ],
  [{ a: { x: { b: 1 } } }, 'a[*].b', [{ path: ['a', 'x', 'b'], value: 1 }]],
  [{ a: unknown }, 'a.b[*].c', [{ path: ['a'], value: unknown }]],
  [[1], '0', []],
  [{}, 'constructor', []],
  ['text', 'length', []],
  [null, 'a', []],
  [undefined, '', []],
])('%j at %s', (root, pattern, expected) => {
  expect(matches(root, pattern)).toEqual(expected);
});

test.each<[unknown, string[], unknown]>([
  [{ a: 1 }, [], { a: 1 }],
  [{ a: { b: 0 } }, ['a', 'b'], 0],
  [{ a: { b: null } }, ['a', 'b'], null],
  [{ a: unknown }, ['a', 'b', 'c'], unknown],
  [{ a: 'text' }, ['a', 'length'], undefined],
  [{ a: [1] }, ['a', '0'], undefined],
  [{}, ['constructor'], undefined],
  [null, ['a'], undefined],
])('%j at the path %j', (root, path, expected) => {
  expect(valueAt(root, path)).toEqual(expected);
});
