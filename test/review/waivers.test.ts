import { describe, expect, it } from 'vitest';

import { placeOf } from '../../src/model/field-path.ts';
import type { Effect } from '../../src/model/finding.ts';
import type { Review } from '../../src/model/review.ts';
import { reviewBySettings } from '../../src/review/settings.ts';
import { invalidManifest } from '../../src/rules/gitops/invalid-manifest.ts';
import type { ObjectRule } from '../../src/rules/rule.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

/** Objects say themselves what is wrong with them. */
const said: ObjectRule = {
  id: 'pod-security/said',
  area: 'pod-security',
  title: 'Said so',
  since: '0.3',
  fails: true,
  on: 'object',
  docs: invalidManifest.docs,
  evaluate({ resource }) {
    const effect = resource.root.map('data')?.text('effect') as Effect | undefined;
    const { apiVersion, kind, namespace, plainName: name } = resource;
    const fault = {
      rule: said.id,
      subject: { apiVersion, kind, name, ...(namespace && { namespace }), field: 'data.effect' },
      message: 'It says so.',
      primary: placeOf(resource.root, ['data', 'effect']),
      related: [],
    };
    return { faults: effect ? [{ ...fault, effect }] : [], unknowns: [] };
  },
};

const NOW = Date.UTC(2026, 5, 15, 12);
const CONFIG = '.github/fluxgate.yaml';

const DENIED = `apiVersion: v1
kind: ConfigMap
metadata: {name: x, namespace: web}
data:
  effect: denied
`;

function config(...lines: string[]): string {
  return ['version: 1', ...lines, ''].join('\n');
}

function waiver(changes: object = {}): string {
  return config(
    `waivers: [${JSON.stringify({
      rule: 'pod-security/said',
      subject: 'ConfigMap/web/x',
      owner: '@acme/platform',
      reason: 'because of it',
      expires: '2026-12-31',
      ...changes,
    })}]`,
  );
}

function reviewed(before: Record<string, string>, after: Record<string, string>): Review {
  const repository = before[CONFIG];
  const tree = memoryTree(after, 'after');
  const answer = reviewBySettings(
    { before: memoryTree(before, 'before'), after: tree, head: tree },
    {
      files: repository === undefined ? {} : { repository: { path: CONFIG, text: repository } },
      rules: [said, invalidManifest],
      now: NOW,
    },
  );
  if ('wanted' in answer) throw new Error('something is not loaded');
  return answer;
}

function told({ findings, waivers = [], verdicts }: Review): object {
  return {
    findings: findings.map(({ effect, change, clusters, waiver: applied }) =>
      [effect, change, clusters.map(({ name }) => name).join('+'), applied ? 'waived' : ''].join(
        ' ',
      ),
    ),
    waivers: waivers.map(({ state, daysLeft, findings: covered }) =>
      [state, daysLeft, covered].join(' '),
    ),
    verdict: verdicts[0]?.conclusion,
  };
}

describe('waivers of the configuration', () => {
  it.each([
    ['by name', {}],
    ['of any rule of the area', { rule: 'pod-security/*' }],
    ['of any object of the namespace', { subject: '*/web/*' }],
    ['in the cluster', { clusters: ['production'] }],
    ['on the last day', { expires: '2026-06-15' }],
    ['for the longest time', { expires: '2027-07-20' }],
  ])('count %s', (_, changes) => {
    const files = { [CONFIG]: waiver(changes) };
    expect(told(reviewed(files, { ...files, 'production/x.yaml': DENIED }))).toMatchObject({
      findings: ['denied introduced production waived'],
      verdict: 'success',
    });
  });

  it.each([
    ['of another object', { subject: 'ConfigMap/web/y' }, 'unused 200 0'],
    ['whose star would have to cross a slash', { subject: 'ConfigMap/*' }, 'unused 200 0'],
    ['of another cluster', { clusters: ['staging'] }, 'unused 200 0'],
    ['that have expired', { expires: '2026-06-14' }, 'expired 0 0'],
    ['that reach too far', { expires: '2027-07-22' }, 'too-long 403 0'],
  ])('do not count %s', (_, changes, state) => {
    const files = { [CONFIG]: waiver(changes) };
    expect(told(reviewed(files, { ...files, 'production/x.yaml': DENIED }))).toEqual({
      findings: ['denied introduced production '],
      waivers: [state],
      verdict: 'failure',
    });
  });

  it('leave the other clusters of the same fault as they are', () => {
    const files = { [CONFIG]: waiver({ clusters: ['staging'] }) };
    const after = { ...files, 'production/x.yaml': DENIED, 'staging/x.yaml': DENIED };
    expect(told(reviewed(files, after))).toEqual({
      findings: ['denied introduced production ', 'denied introduced staging waived'],
      waivers: ['used 200 1'],
      verdict: 'failure',
    });
  });

  it('count after merge when the pull request brings them', () => {
    const review = reviewed({}, { [CONFIG]: waiver(), 'production/x.yaml': DENIED });
    expect(told(review)).toEqual({
      findings: ['denied introduced production '],
      waivers: ['after-merge 200 1'],
      verdict: 'failure',
    });
    expect(review.settings?.change).toEqual({
      problems: [],
      differences: [
        {
          setting: 'waiver of pod-security/said for ConfigMap/web/x',
          to: '@acme/platform until 2026-12-31: because of it',
        },
      ],
      verdicts: [{ area: 'pod-security', from: 'failure', to: 'success' }],
    });
  });

  it('stay in force while the pull request removes them', () => {
    const before = { [CONFIG]: waiver() };
    const review = reviewed(before, { [CONFIG]: config(), 'production/x.yaml': DENIED });
    expect(told(review)).toMatchObject({ waivers: ['used 200 1'], verdict: 'success' });
    expect(review.settings?.change?.verdicts).toEqual([
      { area: 'pod-security', from: 'success', to: 'failure' },
    ]);
  });
});

describe('waivers beside the code', () => {
  const COMMENT = '# fluxgate: ignore pod-security/said by @ada until 2026-12-31 because it must';
  const onField = DENIED.replace('effect: denied', `effect: denied ${COMMENT}`);
  const aboveField = DENIED.replace('  effect:', `  ${COMMENT}\n  effect:`);
  const aboveObject = `${COMMENT}\n${DENIED}`;
  const onObject = DENIED.replace('v1\n', `v1 ${COMMENT}\n`);
  const onOther = DENIED.replace('data:', `data: ${COMMENT}`);
  const safe = (text: string) => text.replace('effect: denied', 'effect: ""');

  it.each([
    ['on the line', onField],
    ['above the line', aboveField],
    ['above the object', aboveObject],
    ['on the first line of the object', onObject],
    ['in another document of the file', `a: 1\n---\n${aboveObject}`],
  ])('count when they stood in the base: %s', (_, text) => {
    const review = reviewed({ 'production/x.yaml': safe(text) }, { 'production/x.yaml': text });
    expect(told(review)).toEqual({
      findings: ['denied introduced production waived'],
      waivers: ['used 200 1'],
      verdict: 'success',
    });
  });

  it.each([
    ['new', DENIED, onField, 'after-merge 200 1'],
    ['beside another field', onOther, onOther, 'unused 200 0'],
    ['moved to another field', safe(onOther), onField, 'after-merge 200 1'],
    ['prolonged', safe(onField), onField.replace('2026-12-31', '2027-01-01'), 'after-merge 201 1'],
  ])('do not count when they are %s', (_, before, after, state) => {
    const review = reviewed({ 'production/x.yaml': safe(before) }, { 'production/x.yaml': after });
    expect(told(review)).toEqual({
      findings: ['denied introduced production '],
      waivers: [state],
      verdict: 'failure',
    });
  });

  it.each([
    '# fluxgate: ignore',
    '# fluxgate: ignore pod-security/said',
    '# fluxgate: ignore pod-security/said by ada until 2026-12-31 because it must',
    '# fluxgate: ignore pod-security/said by @ada until soon because it must',
    '# fluxgate: ignore pod-security/said by @ada until 2026-12-31',
  ])('are told when they cannot be read: %s', (comment) => {
    const text = DENIED.replace('effect: denied', `effect: denied ${comment}`);
    const review = reviewed({ 'production/x.yaml': text }, { 'production/x.yaml': text });
    const [section] = review.sections ?? [];
    expect(section?.title).toBe('Waivers beside the code that cannot be read');
    expect(section?.blocks).toMatchObject([
      { text: expect.stringContaining('production/x.yaml:') as string },
    ]);
  });

  it('do not count when they are copied to another object', () => {
    const other = onField.replace('name: x', 'name: y');
    const review = reviewed(
      { 'production/x.yaml': safe(onField) },
      { 'production/x.yaml': `${safe(onField)}---\n${other}` },
    );
    expect(told(review)).toMatchObject({
      findings: ['denied introduced production '],
      waivers: ['unused 200 0', 'after-merge 200 1'],
    });
  });

  it.each([
    ['without an owner', COMMENT.replace(' by @ada', '')],
    ['without a reason', COMMENT.replace(' because it must', '')],
    ['without a date', COMMENT.replace('2026-12-31', 'ever')],
  ])('are words like any other %s', (_, comment) => {
    const text = onField.replace(COMMENT, comment);
    const review = reviewed({ 'production/x.yaml': safe(text) }, { 'production/x.yaml': text });
    expect(told(review)).toMatchObject({ waivers: [], verdict: 'failure' });
  });
});

describe('rules by configuration', () => {
  it.each([
    ['off', config('rules: {pod-security/said: off}'), [], 'success'],
    ['advice', config('rules: {pod-security/said: advice}'), ['advice'], 'success'],
    ['newer than what is adopted', config('adopt: "0.2"'), ['advice'], 'success'],
    ['as new as what is adopted', config('adopt: "0.3"'), ['denied'], 'failure'],
    [
      'newer, and on',
      config('adopt: "0.2"', 'rules: {pod-security/said: on}'),
      ['denied'],
      'failure',
    ],
    ['advisory', config('mode: advisory'), ['denied'], 'neutral'],
  ])('%s', (_, text, effects, conclusion) => {
    const review = reviewed({ [CONFIG]: text }, { [CONFIG]: text, 'a/x.yaml': DENIED });
    expect(review.findings.map(({ effect }) => effect)).toEqual(effects);
    expect(review.verdicts[0]?.conclusion).toBe(conclusion);
  });

  it('tells faults of what the pull request makes of the configuration, and counts the old one', () => {
    const review = reviewed({ [CONFIG]: config() }, { [CONFIG]: config('moods: 1') });
    expect(review.settings).toEqual({
      problems: [],
      change: {
        problems: [
          {
            message: 'moods is not a setting.',
            place: { path: CONFIG, line: 2, endLine: 2, column: 1, endColumn: 9 },
          },
        ],
        differences: [],
        verdicts: [],
      },
    });
  });

  it('says of a file that is called otherwise that it is not read', () => {
    const review = reviewed({}, { '.github/fluxgate.yml': config('mode: advisory') });
    expect(review.notes).toEqual([
      '.github/fluxgate.yml is not read: settings stand in .github/fluxgate.yaml.',
    ]);
    expect(review.settings).toBeUndefined();
  });

  it('tells which settings the pull request changes', () => {
    const review = reviewed(
      { [CONFIG]: config() },
      { [CONFIG]: config('mode: advisory', 'gitops: {failOn: risk}'), 'a/x.yaml': DENIED },
    );
    expect(review.settings?.change).toEqual({
      problems: [],
      differences: [
        { setting: 'mode', from: '"enforce"', to: '"advisory"' },
        { setting: 'gitops.failOn', from: '"denied"', to: '"risk"' },
      ],
      verdicts: [{ area: 'pod-security', from: 'failure', to: 'neutral' }],
    });
  });
});
