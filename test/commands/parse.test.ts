import { describe, expect, it } from 'vitest';

import { readComment } from '../../src/commands/index.ts';
import { findCommands, mayHoldCommand } from '../../src/commands/parse.ts';
import { readPlanRequest } from '../../src/commands/plan.ts';

describe('commands in a comment', () => {
  it.each<[string, string[]]>([
    ['/pss-explain', ['/pss-explain|']],
    ['  /pss-explain  a b  ', ['/pss-explain|a b']],
    ['Hello\r\n/pss-plan payments\r\n/fluxgate help', ['/pss-plan|payments', '/fluxgate|help']],
    ['```sh\n/pss-plan\n```\n/pss-recheck', ['/pss-recheck|']],
    ['````\n```\n/pss-plan\n````', []],
    ['~~~\n/pss-plan', []],
    ['- ```\n  /pss-plan\n  ```\n\n/pss-recheck', ['/pss-recheck|']],
    ['1. - ~~~\n/pss-plan', []],
    ['    /pss-plan', []],
    ['\t/pss-plan', []],
    ['> /pss-plan', []],
    ['see /pss-plan', []],
    ['<!-- /pss-plan -->', []],
    ['<!--\n/pss-plan\n-->\n/pss-recheck', ['/pss-recheck|']],
    ['<!--\n\n/pss-plan', []],
    ['a <!-- b\n/pss-plan\nc --> d\n/pss-recheck', ['/pss-recheck|']],
    ['a <!-- b\n/pss-plan', ['/pss-plan|']],
    ['a <!-- b\n\n/pss-plan\n-->', ['/pss-plan|']],
    ['Use `<!--` there.\n\n/pss-plan', ['/pss-plan|']],
    ['/pss-explain a <!-- b', ['/pss-explain|a <!-- b']],
    ['/pss-explain a <!-- b --> c', ['/pss-explain|a  c']],
    ['/pss-explain a <!-- b\n/pss-plan\n-->', ['/pss-explain|a <!-- b']],
    ['<!-- a --> b <!-- c\n/pss-plan -->\n/pss-recheck', ['/pss-recheck|']],
    ['/pss-plan/other', []],
    ['/pss-explainer x', ['/pss-explainer|x']],
    ['/fluxgates', []],
    ['/lgtm', []],
    ['/PSS-PLAN', []],
    ['', []],
  ])('%j', (body, expected) => {
    expect(findCommands(body).map(({ name, words }) => `${name}|${words}`)).toEqual(expected);
  });

  it('takes five of many, and cuts what is long', () => {
    expect(findCommands('/pss-plan\n'.repeat(50))).toHaveLength(5);
    expect(findCommands(`/pss-explain ${'x'.repeat(60_000)}`)[0]?.words).toHaveLength(600);
  });

  it('takes linear time', () => {
    expect(findCommands('a <!-- b\n'.repeat(20_000))).toEqual([]);
    expect(findCommands('<!--\n'.repeat(20_000))).toEqual([]);
  });

  it('takes one of equal questions', () => {
    expect(readComment('/pss-plan a\n/pss-plan  a\n/pss-plan b')).toHaveLength(2);
  });

  it('looks at nothing without a slash at the start of a line', () => {
    expect(mayHoldCommand('a /pss-plan')).toBe(false);
    expect(mayHoldCommand('a\n/pss-plan')).toBe(true);
  });
});

it.each<[string, unknown]>([
  ['', {}],
  ['payments', { namespace: 'payments' }],
  [
    'payments restricted --cluster a/b',
    { namespace: 'payments', level: 'restricted', cluster: 'a/b' },
  ],
  ['--cluster=prod', { cluster: 'prod' }],
  ['payments Restricted', 'The levels are `baseline` and `restricted`.'],
  ['payments restricted more', 'There is a word too many.'],
  ['$(id)', 'That is no name of a namespace.'],
  ['--cluster', 'That is no name of a cluster.'],
  ['--output x', 'The one option is `--cluster`.'],
  ['`a`|@all', 'That is no name of a namespace.'],
])('plan %j', (words, expected) => {
  expect(readPlanRequest(words)).toEqual(expected);
});
