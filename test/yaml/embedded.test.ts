import { expect, it } from 'vitest';

import { placeOf, valueAt } from '../../src/model/field-path.ts';
import type { Located } from '../../src/model/located.ts';
import { SourceText, toPlace } from '../../src/model/source.ts';
import { embeddedSource } from '../../src/yaml/embedded.ts';
import { parseYaml } from '../../src/yaml/parse.ts';

function innerOf(text: string): Located {
  const [outer] = parseYaml(new SourceText('kustomization.yaml', text), 'kustomization').documents;
  const patch = outer && valueAt(outer, ['patches', 0, 'patch']);
  if (patch?.kind !== 'scalar') throw new Error('no patch');
  const [inner] = parseYaml(embeddedSource(patch), 'kustomize').documents;
  if (inner === undefined) throw new Error('nothing in the patch');
  return inner;
}

it('maps a literal block line by line', () => {
  const inner = innerOf('patches:\n- patch: |- # set it\n\n    kind: A\n    spec:\n      x: 12\n');
  expect(placeOf(inner, ['spec', 'x'])).toEqual({
    path: 'kustomization.yaml',
    line: 6,
    endLine: 6,
    column: 7,
    endColumn: 12,
  });
});

it('points at the whole scalar where lines do not map', () => {
  const inner = innerOf('patches:\n- target: {kind: A}\n  patch: "kind: A\\nspec: {x: 1}"\n');
  expect(placeOf(inner, ['spec', 'x'])).toMatchObject({ line: 3, endLine: 3, column: 10 });
});

it('maps through CRLF line ends', () => {
  const inner = innerOf('patches:\r\n- patch: |\r\n    kind: A\r\n    b: 1\r\n');
  expect(toPlace(inner)).toMatchObject({ line: 3, column: 5 });
  expect(placeOf(inner, ['b'])).toMatchObject({ line: 4, column: 5, endColumn: 9 });
});
