import { describe, expect, it } from 'vitest';

import { placeOf, valueAt } from '../../src/model/field-path.ts';
import { type Located, toPlain } from '../../src/model/located.ts';
import { SourceText } from '../../src/model/source.ts';
import { type Dialect, parseYaml } from '../../src/yaml/parse.ts';

function read(text: string, dialect: Dialect = 'kustomize'): unknown[] {
  const parsed = parseYaml(new SourceText('a.yaml', text), dialect);
  expect(parsed.problems).toEqual([]);
  return parsed.documents.map(toPlain);
}

function problemsOf(text: string, dialect: Dialect = 'kustomize'): string[] {
  return parseYaml(new SourceText('a.yaml', text), dialect).problems.map(
    ({ code, message, source, start }) => `${source.position(start).line}: ${code}: ${message}`,
  );
}

function root(text: string): Located {
  const [document] = parseYaml(new SourceText('a.yaml', text), 'kustomize').documents;
  if (document === undefined) throw new Error('no document');
  return document;
}

describe('plain scalars', () => {
  it.each<[string, unknown, unknown]>([
    // text, inside a kustomize build, given alone
    ['yes', 'yes', true],
    ['on', 'on', true],
    ['y', 'y', true],
    ['NO', 'NO', false],
    ['True', true, true],
    ['null', null, null],
    ['~', null, null],
    ['0777', 511, 511],
    ['0o17', 15, 15],
    ['0b11', 3, 3],
    ['0x1F', 31, 31],
    ['-0', 0, 0],
    ['1_000', 1000, 1000],
    ['1e3', 1000, 1000],
    ['08', 8, 8],
    ['1.10', 1.1, 1.1],
    ['.5', 0.5, 0.5],
    ['1e999', '1e999', '1e999'],
    ['9007199254740993', 9007199254740993n, 9007199254740993n],
    ['18446744073709551615', 18446744073709551615n, 18446744073709551615n],
    ['2024-01-01', '2024-01-01T00:00:00Z', '2024-01-01'],
    ['2024-1-2 3:4:5.600', '2024-01-02T03:04:05.6Z', '2024-1-2 3:4:5.600'],
    ['2024-02-30', '2024-02-30', '2024-02-30'],
    ['"yes"', 'yes', 'yes'],
    ['!!str 012', '012', '012'],
    ['!vault secret', 'secret', 'secret'],
    ['12:30', '12:30', '12:30'],
    ['v1', 'v1', 'v1'],
  ])('%s', (text, inBuild, alone) => {
    expect(read(`v: ${text}\n`, 'kustomize')).toEqual([{ v: inBuild }]);
    expect(read(`v: ${text}\n`, 'kubernetes')).toEqual([{ v: alone }]);
  });
});

describe('the written text of a scalar', () => {
  it.each([
    ['0755', '0755'],
    ['1.10', '1.10'],
    ['~', '~'],
    ['', ''],
    ['null', undefined],
    ['2024-01-01', '2024-01-01'],
    ['True', 'True'],
    ['text', undefined],
    ['12', undefined],
    ['>\n  a\n    b\n', 'a\n  b\n'],
  ])('%j', (text, raw) => {
    expect(valueAt(root(`v: ${text}\n`), ['v'])).toMatchObject({ raw });
  });
});

describe('documents', () => {
  it('skips empty ones', () => {
    expect(read('---\n# nothing\n---\na: 1\n---\n---\nb: 2\n')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('takes a byte order mark and CRLF line ends', () => {
    expect(read('\ufeffa: 1\r\nb:\r\n  - "x\r\n    y"\r\n')).toEqual([{ a: 1, b: ['x y'] }]);
  });

  it('keeps the line break of a block scalar only where the file has it', () => {
    expect(read('a: |\n  x\n')).toEqual([{ a: 'x\n' }]);
    expect(read('a: |\n  x')).toEqual([{ a: 'x' }]);
  });

  it('doubles line breaks in folded texts as kustomize does when it prints and reads again', () => {
    const text = 'a: >-\n  (\n    b\n  c\n';
    expect(read(text, 'kustomize')).toEqual([{ a: '(\n\n  b\nc' }]);
    expect(read(text, 'kubernetes')).toEqual([{ a: '(\n  b\nc' }]);
  });
});

describe('anchors, aliases and merge keys', () => {
  it('lets the map itself stand over what it merges', () => {
    const text = 'a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: 0\n';
    expect(read(text)).toEqual([{ a: { x: 1, y: 2 }, b: { y: 3, z: 4 }, c: { x: 0, y: 2, z: 4 } }]);
  });

  it('takes an alias as a key, with its colon beside it', () => {
    const text = 'values:\n  name: &app web\n  hosts:\n    *app:\n      enabled: true\n';
    expect(read(text)).toEqual([{ values: { name: 'web', hosts: { web: { enabled: true } } } }]);
    expect(placeOf(root(text), ['values', 'hosts', 'web', 'enabled'])).toMatchObject({
      line: 5,
      column: 7,
      endColumn: 20,
    });
  });

  it('keeps a key named __proto__ a plain key', () => {
    const [value] = read('__proto__: {polluted: true}\n');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('what Go reads and YAML 1.2 does not', () => {
  it('takes continuation lines of quoted texts that are not indented', () => {
    expect(read('a:\n  b: "one\ntwo"\n')).toEqual([{ a: { b: 'one two' } }]);
  });

  it('takes a flow sequence that is closed at the margin', () => {
    expect(read('a:\n  b: [\n    1,\n]\nc: 2\n')).toEqual([{ a: { b: [1] }, c: 2 }]);
  });
});

describe('problems', () => {
  it.each([
    ['a: 1\na: 2\n', '2: duplicate-key: The key "a" stands twice in this map.'],
    ['a: *x\n', '1: unknown-alias: The alias *x names no anchor above it.'],
    ['a: &x [*x]\n', '1: unknown-alias: The alias *x stands inside the value that it names.'],
    ['? [x]\n: 1\n', '1: bad-key: A key must be a text, not a map or a list.'],
    ['data:\n  8080: x\n', '2: bad-key: A key must be a text: write "8080" in quotes.'],
    ['a: .inf\n', '1: not-finite: .inf is not a number that Kubernetes knows.'],
    ['a: !!int x\n', '1: bad-tag: "x" is not a value of the tag !!int.'],
    ['a:\n  <<: 1\n', '2: bad-merge: A merge key (<<) takes a map or a list of maps.'],
    [
      'a: 1\n--- b\nc: 1\n',
      '2: bad-separator: A line that starts with --- separates documents and may hold nothing else.',
    ],
    [
      'a:\n\tb: 1\n',
      '2: syntax: This is not valid YAML: tab characters must not be used in indentation.',
    ],
    [
      'a: "x\n',
      '2: syntax: This is not valid YAML: unexpected end of the stream within a double quoted scalar.',
    ],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  it.each(['kubernetes', 'kustomization'] as const)(
    'takes the last of two keys, and any key, in the dialect %s',
    (dialect) => {
      expect(read('a: 1\na: 2\n8080: x\n', dialect)).toEqual([{ a: 2, 8080: 'x' }]);
    },
  );
});

describe('hostile texts', () => {
  it('stops an alias bomb', () => {
    const levels = Array.from({ length: 30 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [*a${level - 1},*a${level - 1}]`,
    );
    expect(problemsOf(levels.join('\n'))).toEqual([
      '15: alias-bomb: Aliases make this document far larger than what is written.',
    ]);
  });

  it('stops nesting that is deeper than any manifest', () => {
    expect(problemsOf('['.repeat(10_000))).toEqual([
      '1: too-deep: Values are nested more than 1000 levels deep.',
    ]);
  });

  it('refuses a text that is too large to read', () => {
    expect(problemsOf('#'.repeat(32 * 1024 * 1024 + 1))).toEqual([
      '1: too-large: The text has 33554433 characters, more than the 33554432 that are read.',
    ]);
  });

  it('reads ten megabytes', () => {
    expect(read(`a:\n${`- ${'x'.repeat(96)}\n`.repeat(100_000)}`)).toHaveLength(1);
  });
});
