import { describe, expect, it } from 'vitest';

import { Config } from '../../src/config/schema.ts';
import { placeOf } from '../../src/model/field-path.ts';
import type { Effect } from '../../src/model/finding.ts';
import type { Review } from '../../src/model/review.ts';
import { review } from '../../src/review/review.ts';
import { invalidManifest } from '../../src/rules/gitops/invalid-manifest.ts';
import type { ObjectRule } from '../../src/rules/rule.ts';
import { editedTree, memoryTree } from '../../src/snapshot/memory.ts';

/** Objects say themselves what is wrong with them, and what cannot be told. */
const said: ObjectRule = {
  id: 'pod-security/said',
  area: 'pod-security',
  title: 'Said so',
  since: '0.1',
  on: 'object',
  docs: invalidManifest.docs,
  evaluate({ resource }) {
    const data = resource.root.map('data');
    const effect = data?.text('effect') as Effect | undefined;
    const unknown = data?.text('unknown');
    const { apiVersion, kind, plainName: name } = resource;
    return {
      faults: effect
        ? [
            {
              rule: said.id,
              effect,
              subject: { apiVersion, kind, name, namespace: 'default', field: 'data.effect' },
              message: 'It says so.',
              primary: placeOf(resource.root, ['data', 'effect']),
              related: [],
            },
          ]
        : [],
      unknowns: unknown ? [{ rule: said.id, reason: unknown, cause: 'content' }] : [],
    };
  },
};

const RULES = [said, invalidManifest];

function object(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
}

function compared(
  before: Record<string, string>,
  after: Record<string, string>,
  settings: object = {},
  head?: Record<string, string>,
): Review {
  const afterTree = memoryTree(after, 'after');
  const answer = review(
    {
      before: memoryTree(before, 'before'),
      after: afterTree,
      head: head ? memoryTree(head, 'head') : afterTree,
    },
    { config: Config.parse({ version: 1, ...settings }), rules: RULES, now: 0 },
  );
  if ('wanted' in answer) throw new Error('something is not loaded');
  return answer;
}

function changes({ findings }: Review): string[] {
  return findings.map(({ change, effect, subject, clusters }) =>
    [change, effect, subject.name, ...clusters.map((c) => `${c.name}=${c.change}`)].join(' '),
  );
}

function conclusions({ verdicts }: Review): string[] {
  return verdicts.map(({ conclusion, because }) => `${conclusion} ${because}`);
}

describe('what a change brings', () => {
  it('tells introduced, existing and fixed apart', () => {
    const answer = compared(
      {
        'a/old.yaml': object('old', 'effect: denied'),
        'a/gone.yaml': object('gone', 'effect: risk'),
      },
      {
        'a/old.yaml': object('old', 'effect: denied'),
        'a/new.yaml': object('new', 'effect: warned'),
      },
    );
    expect(changes(answer)).toEqual([
      'introduced warned new a=introduced',
      'existing denied old a=existing',
      'fixed risk gone a=fixed',
    ]);
  });

  it('takes a fault whose effect grew as introduced, one that shrank as existing', () => {
    const weak = { 'a/x.yaml': object('x', 'effect: warned') };
    const strong = { 'a/x.yaml': object('x', 'effect: denied') };
    expect(changes(compared(weak, strong))).toEqual(['introduced denied x a=introduced']);
    expect(changes(compared(strong, weak))).toEqual(['existing warned x a=existing']);
  });

  it('judges per cluster: an old fault that reaches another cluster is introduced there', () => {
    const answer = compared(
      { 'staging/x.yaml': object('x', 'effect: denied') },
      {
        'staging/x.yaml': object('x', 'effect: denied'),
        'production/x.yaml': object('x', 'effect: denied'),
      },
    );
    expect(changes(answer)).toEqual(['introduced denied x production=introduced staging=existing']);
  });

  it('judges per cluster: what one cluster is rid of is fixed there, at its line', () => {
    const x = object('x', 'effect: denied');
    const before = { 'staging/x.yaml': x, 'production/x.yaml': x, 'test/x.yaml': x };
    const mended = { ...before, 'staging/x.yaml': object('x', ''), 'test/x.yaml': object('x', '') };
    const answer = compared(before, mended);
    expect(changes(answer)).toEqual([
      'existing denied x production=existing',
      'fixed denied x staging=fixed test=fixed',
    ]);
    expect(answer.findings.map(({ primary }) => primary.path)).toEqual([
      'production/x.yaml',
      'staging/x.yaml',
    ]);
    const moved = { 'production/x.yaml': x };
    expect(changes(compared({ 'staging/x.yaml': x }, moved))).toEqual([
      'introduced denied x production=introduced',
      'fixed denied x staging=fixed',
    ]);
  });

  it.each(['.', './', '/', 'clusters/gone'])(
    'judges what is here where a cluster is said to be at %s',
    (path) => {
      const settings = { clusters: { production: { path } } };
      const answer = compared({}, { 'a/x.yaml': object('x', 'effect: denied') }, settings);
      expect(changes(answer)).toEqual(['introduced denied x a=introduced']);
    },
  );

  it('does not care where in a file, or in which file, the object stands', () => {
    const answer = compared(
      { 'a/x.yaml': object('x', 'effect: denied') },
      { 'a/moved.yaml': `# moved\n${object('x', 'effect: denied')}` },
    );
    expect(changes(answer)).toEqual(['existing denied x a=existing']);
  });

  it('reports a broken file at its line and reviews all others', () => {
    const answer = compared(
      {},
      { 'a/broken.yaml': 'a:\n\tb: 1\n', 'a/x.yaml': object('x', 'effect: risk') },
    );
    expect(
      answer.findings.map(({ rule, primary }) => `${rule} ${primary.path}:${primary.line}`),
    ).toEqual(['gitops/invalid-manifest a/broken.yaml:2', 'pod-security/said a/x.yaml:4']);
  });
});

describe('verdicts', () => {
  const risk = { 'a/x.yaml': object('x', 'effect: risk') };
  it.each<[string, Record<string, string>, object, string]>([
    ['nothing', {}, {}, 'success clean'],
    ['advice', { 'a/x.yaml': object('x', 'effect: advice') }, {}, 'success clean'],
    ['below failOn', risk, {}, 'neutral below-fail-on'],
    ['at failOn', risk, { podSecurity: { failOn: 'risk' } }, 'failure findings'],
    ['advisory', risk, { podSecurity: { failOn: 'risk' }, mode: 'advisory' }, 'neutral advisory'],
    ['a gap', { 'a/x.yaml': object('x', 'unknown: who knows') }, {}, 'neutral unknown'],
    [
      'a gap that fails',
      { 'a/x.yaml': object('x', 'unknown: who knows') },
      { podSecurity: { onUnknown: 'failure' } },
      'failure unknown',
    ],
  ])('%s', (_, after, settings, expected) => {
    expect(conclusions(compared({}, after, settings))).toEqual([
      expected,
      'neutral not-judged',
      'neutral not-judged',
      'success clean',
    ]);
  });

  it('fails for nothing that existed before', () => {
    const files = { 'a/x.yaml': object('x', 'effect: denied, unknown: y') };
    expect(conclusions(compared(files, files))[0]).toBe('success clean');
  });
});

describe('lines', () => {
  const file = (extra: string) => `# head\n${extra}${object('x', 'effect: denied')}`;

  it('are those of the head where the merge moved them', () => {
    const after = { 'a/x.yaml': file('# from main\n') };
    const answer = compared({}, after, {}, { 'a/x.yaml': file('') });
    expect(answer.findings[0]).toMatchObject({ primary: { line: 5 } });
    expect(answer.findings[0]?.onBase).toBeUndefined();
  });

  it('stay where they are, and say so, when the head does not have them', () => {
    const answer = compared({}, { 'a/x.yaml': file('') }, {}, { 'a/y.yaml': '' });
    expect(answer.findings[0]).toMatchObject({ primary: { line: 5 }, onBase: true });
  });
});

it('gives identical values for files that did not change', () => {
  const tree = memoryTree({ 'a/x.yaml': object('x', 'effect: denied') });
  const answer = review(
    { before: tree, after: editedTree(tree, { 'b/y.yaml': '' }), head: tree },
    { config: Config.parse({ version: 1 }), rules: RULES, now: 0 },
  );
  expect('findings' in answer && changes(answer)).toEqual(['existing denied x a=existing']);
});
