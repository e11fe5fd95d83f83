import { describe, expect, it } from 'vitest';

import { substitute } from '../../src/flux/substitution/substitute.ts';
import type { Variable, Variables } from '../../src/flux/substitution/variables.ts';
import { type Located, type LocatedMap, Unknown } from '../../src/model/located.ts';
import { SourceText } from '../../src/model/source.ts';
import { parseYaml } from '../../src/yaml/parse.ts';

const DEFINITIONS = {
  TAG: 'v1.2',
  REGION: 'eu-1',
  WORD: 'yes',
  NUMBER: '12',
  EMPTY: '',
  LINES: 'a\nb',
  COLON: 'a:',
  COMMENT: 'a #b',
  CALL: '${TAG}',
  LONG: 'x'.repeat(5_000),
};

function read(path: string, text: string): LocatedMap {
  const [document] = parseYaml(new SourceText(path, text), 'kustomize').documents;
  if (document?.kind !== 'map') throw new Error('There is one object.');
  return document;
}

const variables: Variables = {
  named: new Map<string, Variable>([
    ...Object.entries(DEFINITIONS).map(
      ([name, value]) => [name, { value, site: read(`${name}.yaml`, 'a: b') }] as const,
    ),
    ['HIDDEN', { unknown: 'comes from outside', site: read('HIDDEN.yaml', 'a: b') }],
  ]),
};

/** The value of `data.value` after substitution: itself, its place, what it was made from. */
function substituted(value: string, more = ''): unknown {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  value: ${value}\n${more}`;
  const answer = substitute(read('a.yaml', text), variables, { strict: true, always: false });
  if (!('object' in answer)) return answer;
  return shown(answer.object.map('data')?.get('value'));
}

function shown(node: Located | undefined): unknown {
  if (node?.kind !== 'scalar') return node?.kind;
  const { value, raw, start, end, trace } = node;
  return {
    value: value instanceof Unknown ? value.reason : value,
    raw,
    place: [start, end],
    from: trace?.from?.map(({ source }) => source.path),
  };
}

/** Printing cannot be spared for an object that holds such a value too. */
const ODD = '  other: "${TAG} and more"\n';

describe('substitution', () => {
  it.each([
    ['registry.example.com/app:${TAG}', 'registry.example.com/app:v1.2', ['TAG.yaml']],
    ['${REGION}.${TAG}.${REGION}', 'eu-1.v1.2.eu-1', ['REGION.yaml', 'TAG.yaml']],
    ['"${REGION}"', 'eu-1', ['REGION.yaml']],
    ['x${EMPTY}', 'x', ['EMPTY.yaml']],
    ['"${WORD}"', true, ['WORD.yaml']],
    ['no${EMPTY}', false, ['EMPTY.yaml']],
    ['"${NUMBER}"', 12, ['NUMBER.yaml']],
    ['1${EMPTY}', 1, ['EMPTY.yaml']],
    ['${EMPTY}', null, ['EMPTY.yaml']],
    ['x${LINES}', 'xab', ['LINES.yaml']],
    ['${COMMENT}', 'a', ['COMMENT.yaml']],
    ['x${CALL}', 'x${TAG}', ['CALL.yaml']],
    ['${LONG}', DEFINITIONS.LONG, ['LONG.yaml']],
    ['${TAG:-x}', 'v1.2', ['TAG.yaml']],
    ['x-${HIDDEN}', 'variable HIDDEN comes from outside', ['HIDDEN.yaml']],
  ])('makes the same of %s, whether or not the object is printed', (template, value, from) => {
    const alone = substituted(template);
    expect(alone).toMatchObject({ value, from });
    expect(substituted(template, ODD)).toEqual(alone);
  });

  it.each([
    ['${GONE}', 'variable substitution failed: variable not set (strict mode): "GONE"'],
    ['${COLON}', 'YAMLToJSON: yaml: line 3: mapping values are not allowed in this context'],
  ])('fails for %s', (template, error) => {
    expect(substituted(template)).toMatchObject({ error: `envsubst error: ${error}` });
  });

  it('stays within its bounds for an object of many variables', () => {
    const list = `[${Array(2_000).fill('"${LONG}"').join(', ')}]`;
    expect(substituted(list)).toMatchObject({
      error: 'substitution stopped before its end: it grows beyond 8388608 bytes',
    });
  });

  it('leaves what did not change as it was', () => {
    const text = 'apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {a: [b], c: "${TAG}"}\n';
    const object = read('a.yaml', text);
    const answer = substitute(object, variables, { strict: true, always: false });
    if (!('object' in answer)) throw new Error('It is substituted.');
    expect(answer.object.get('metadata')).toBe(object.get('metadata'));
    expect(answer.object.map('spec')?.get('a')).toBe(object.map('spec')?.get('a'));
    expect(answer.object.map('spec')?.text('c')).toBe('v1.2');
  });
});
