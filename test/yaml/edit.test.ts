import { describe, expect, it } from 'vitest';

import type { FieldEdit } from '../../src/model/finding.ts';
import { type Located, toPlain } from '../../src/model/located.ts';
import { SourceText } from '../../src/model/source.ts';
import { applyEdits, toJointEdits, toTextEdits } from '../../src/yaml/edit.ts';
import { parseYaml } from '../../src/yaml/parse.ts';

function read(text: string): Located {
  const { documents, problems } = parseYaml(new SourceText('a.yaml', text), 'kustomize');
  expect(problems).toEqual([]);
  const [document] = documents;
  if (document === undefined) throw new Error('no document');
  return document;
}

function edited(text: string, ...changes: FieldEdit[]): string | undefined {
  const edits = toTextEdits(read(text), changes);
  return edits && applyEdits(text, edits);
}

describe('setting a field', () => {
  it.each<[string, string, FieldEdit, string]>([
    [
      'replaces a value and keeps its comment',
      'a:\n  b: true # why\n  c: 1\n',
      { path: ['a', 'b'], set: false },
      'a:\n  b: false # why\n  c: 1\n',
    ],
    [
      'replaces one item of a list',
      'drop:\n  - all\n  - NET_RAW\n',
      { path: ['drop', 0], set: 'ALL' },
      'drop:\n  - ALL\n  - NET_RAW\n',
    ],
    [
      'adds below the key of the map',
      'spec:\n    # the pod\n    a: 1\n',
      { path: ['spec', 'securityContext', 'runAsNonRoot'], set: true },
      'spec:\n    # the pod\n    securityContext:\n      runAsNonRoot: true\n    a: 1\n',
    ],
    [
      'adds below the first line of a list item',
      'c:\n- name: app # main\n  image: x\n',
      { path: ['c', 0, 'securityContext', 'capabilities', 'drop'], set: ['ALL'] },
      'c:\n- name: app # main\n  securityContext:\n    capabilities:\n      drop: [ALL]\n  image: x\n',
    ],
    [
      'adds below a first entry of several lines',
      'c:\n- args:\n  - x\n  - y\n  image: x\n',
      { path: ['c', 0, 'b'], set: 1 },
      'c:\n- args:\n  - x\n  - y\n  b: 1\n  image: x\n',
    ],
    [
      'adds to a map on one line',
      'c: [{name: app}]\n',
      { path: ['c', 0, 'a', 'b'], set: false },
      'c: [{name: app, a: { b: false }}]\n',
    ],
    ['adds to an empty map', 'a: {}\n', { path: ['a', 'b'], set: 1 }, 'a: {b: 1}\n'],
    [
      'fills an empty value',
      'a:\nb: 1\n',
      { path: ['a', 'x', 'y'], set: 'z' },
      'a: { x: { y: z } }\nb: 1\n',
    ],
    [
      'writes JSON in a JSON file',
      '{\n  "a": {\n    "b": 1\n  }\n}\n',
      { path: ['a', 'c'], set: [true] },
      '{\n  "a": {\n    "b": 1, "c": [true]\n  }\n}\n',
    ],
    [
      'quotes what would be read as something else',
      'a: 1\n',
      { path: ['a'], set: 'true' },
      'a: "true"\n',
    ],
    [
      'keeps CRLF line ends',
      'a:\r\n  b: 1\r\n',
      { path: ['a', 'c'], set: 2 },
      'a:\r\n  c: 2\r\n  b: 1\r\n',
    ],
    [
      'works at the end of a file without a line end',
      'c:\n- name: app',
      { path: ['c', 0, 'x'], set: 1 },
      'c:\n- name: app\n  x: 1',
    ],
  ])('%s', (_, text, change, expected) => {
    expect(edited(text, change)).toBe(expected);
  });
});

describe('removing', () => {
  it.each<[string, string, FieldEdit, string | undefined]>([
    [
      'a field with its lines',
      'a:\n  b:\n    c: 1\n  d: 2\n',
      { path: ['a', 'b'], remove: true },
      'a:\n  d: 2\n',
    ],
    [
      'an item with its line',
      'a:\n- x\n- y # no\n- z\n',
      { path: ['a', 1], remove: true },
      'a:\n- x\n- z\n',
    ],
    ['an item of a list on one line', 'a: [x, y]\n', { path: ['a', 0], remove: true }, 'a: [y]\n'],
    [
      'a field of a map on one line',
      'a: {b: 1, c: 2}\n',
      { path: ['a', 'b'], remove: true },
      'a: {c: 2}\n',
    ],
    [
      'a field beside a dash leaves nothing there',
      '- a: 1\n  b: 2\n',
      { path: [0, 'a'], remove: true },
      '- a: null\n  b: 2\n',
    ],
    [
      'the last of a map takes the map along',
      'x:\n  a:\n    b: 1 # one\n  c: 2\n',
      { path: ['x', 'a', 'b'], remove: true },
      'x:\n  c: 2\n',
    ],
    ['nothing where there is nothing', 'a: 1\n', { path: ['b'], remove: true }, 'a: 1\n'],
  ])('%s', (_, text, change, expected) => {
    expect(edited(text, change)).toBe(expected);
  });
});

it('makes several changes of one map one edit', () => {
  const text = 'c:\n- name: app\n  image: x\n';
  const edits = toTextEdits(read(text), [
    { path: ['c', 0, 'securityContext', 'allowPrivilegeEscalation'], set: false },
    { path: ['c', 0, 'securityContext', 'capabilities', 'drop'], set: ['ALL'] },
  ]);
  expect(edits).toEqual([
    {
      path: 'a.yaml',
      line: 2,
      endLine: 2,
      lines: [
        '- name: app',
        '  securityContext:',
        '    allowPrivilegeEscalation: false',
        '    capabilities:',
        '      drop: [ALL]',
      ],
    },
  ]);
  expect(toPlain(read(applyEdits(text, edits ?? [])))).toEqual({
    c: [
      {
        name: 'app',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        image: 'x',
      },
    ],
  });
});

describe('several changes at once', () => {
  it.each<[string, string, FieldEdit[], string]>([
    [
      'share the maps that they create',
      'c:\n  - name: app # main\n',
      [
        { path: ['c', 0, 's', 'a'], set: 1 },
        { path: ['c', 0, 's', 'b', 'd'], set: ['ALL'] },
      ],
      'c:\n  - name: app # main\n    s:\n      a: 1\n      b:\n        d: [ALL]\n',
    ],
    [
      'fill one empty value together',
      's:\nt: 1\n',
      [
        { path: ['s', 'a'], set: 1 },
        { path: ['s', 'b'], set: 2 },
      ],
      's: { a: 1, b: 2 }\nt: 1\n',
    ],
    [
      'count once where they are the same',
      'a: 1\n',
      [
        { path: ['b', 'c'], set: 1 },
        { path: ['b', 'c'], set: 1 },
      ],
      'a: 1\nb:\n  c: 1\n',
    ],
    [
      'take a list out with its last item',
      'c:\n  add:\n    - X # why\n    - Y\n  z: 1\n',
      [
        { path: ['c', 'add', 0], remove: true },
        { path: ['c', 'add', 1], remove: true },
      ],
      'c:\n  z: 1\n',
    ],
    [
      'put something in the place of what goes',
      'c:\n  add:\n    - X\nd: 1\n',
      [
        { path: ['c', 'add', 0], remove: true },
        { path: ['c', 'drop'], set: ['ALL'] },
      ],
      'c:\n  drop: [ALL]\nd: 1\n',
    ],
    [
      'do so on one line, too',
      'c: {add: [X, Y]}\n',
      [
        { path: ['c', 'add', 0], remove: true },
        { path: ['c', 'add', 1], remove: true },
        { path: ['c', 'drop'], set: ['ALL'] },
      ],
      'c: {add: null, drop: [ALL]}\n',
    ],
    [
      'write one line over a list of several',
      'c:\n  drop:\n  - all\n  - NET_RAW\n  x: 1\n',
      [{ path: ['c', 'drop'], set: ['ALL'] }],
      'c:\n  drop: [ALL]\n  x: 1\n',
    ],
  ])('%s', (_, text, changes, expected) => {
    expect(edited(text, ...changes)).toBe(expected);
  });
});

describe('changes that meet', () => {
  const anchored = 'a: &x\n  b: 1\nc: *x\n';
  it('are made once where an alias shares the text', () => {
    const change = (key: string) => ({ path: [key, 'b'], set: 2 });
    expect(edited(anchored, change('a'), change('c'))).toBe('a: &x\n  b: 2\nc: *x\n');
  });
  it('are refused where they want different things', () => {
    expect(
      edited(anchored, { path: ['a', 'b'], set: 2 }, { path: ['c', 'b'], set: 3 }),
    ).toBeUndefined();
  });
  it('leave out alone what no edit can make', () => {
    const text = 'a: >\n  b: 1\nc: 1\n';
    const edits = toJointEdits(read(text), [
      { path: ['a', 'x'], set: 1 },
      { path: ['c'], set: 2 },
    ]);
    expect(applyEdits(text, edits)).toBe('a: >\n  b: 1\nc: 2\n');
  });
});
