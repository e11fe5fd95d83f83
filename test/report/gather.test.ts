import { describe, expect, it } from 'vitest';

import { toCheckRuns } from '../../src/report/check-run.ts';
import { gatherGaps } from '../../src/report/gather.ts';
import { toJson } from '../../src/report/json.ts';
import { renderPretty } from '../../src/report/pretty.ts';
import { review, RULES, unknown } from './make.ts';

const release = (name: string, made: Parameters<typeof unknown>[0] = {}) =>
  unknown({
    reason: `HelmRelease ${name}: its chart app 2.0.0 is not rendered.`,
    place: { path: `apps/${name}.yaml`, line: 8, endLine: 8 },
    shared: { reason: 'Chart app 2.0.0 is not rendered for these HelmReleases', name },
    ...made,
  });

const told = (...gaps: Parameters<typeof gatherGaps>[0]) =>
  gatherGaps(gaps, 3).map(({ times, reason, place }) => `${times} ${place?.path ?? ''} ${reason}`);

describe('gaps of one reason', () => {
  it('are told in one line, each counted', () => {
    expect(told(...['a', 'b', 'c', 'd', 'e'].map((name) => release(name)))).toEqual([
      '5 apps/a.yaml Chart app 2.0.0 is not rendered for these HelmReleases (5): a, b, c and 2 more.',
    ]);
    expect(told(release('a'), unknown(), release('b'))).toEqual([
      '2 apps/a.yaml Chart app 2.0.0 is not rendered for these HelmReleases (2): a, b.',
      '1 apps/base/kustomization.yaml The remote base https://example.org/base is not read.',
    ]);
  });

  it('stay what they are where there is one, or no reason in common', () => {
    expect(told(release('a'))).toEqual([
      '1 apps/a.yaml HelmRelease a: its chart app 2.0.0 is not rendered.',
    ]);
    const place = { path: 'apps/base/kustomization.yaml', line: 5, endLine: 5 };
    expect(told(unknown(), unknown({ place }), unknown({ reason: 'Other.' }))).toHaveLength(3);
  });

  it('are told once where no rule knows the same thing of the same place', () => {
    const gaps = ['a', 'b', 'c'].map((name) => unknown({ rule: `gitops/${name}` }));
    expect(told(...gaps)).toEqual([
      '1 apps/base/kustomization.yaml The remote base https://example.org/base is not read.',
    ]);
    const made = review({
      verdict: { area: 'gitops', conclusion: 'neutral', because: 'unknown' },
      unknowns: gaps,
    });
    const page = toCheckRuns(made, RULES).find(({ area }) => area === 'gitops')?.summary ?? '';
    expect(page).toContain('(`gitops/a` and 2 more rules in `production`)');
  });

  it.each([
    ['rule', { rule: 'gitops/other' }],
    ['change', { change: 'existing' }],
    ['cluster', { clusters: ['staging'] }],
    ['cause', { cause: 'content' }],
    ['chart', { shared: { reason: 'Chart app 1.0.0 is not rendered', name: 'b' } }],
  ] as const)('are told apart where the %s is another', (_, made) => {
    expect(told(release('a'), release('b', made))).toHaveLength(2);
  });
});

describe('a new version of a chart that thirty releases take', () => {
  const names = Array.from({ length: 30 }, (_, index) => `app-${index}`);
  const made = review({
    verdict: { area: 'gitops', conclusion: 'neutral', because: 'unknown' },
    unknowns: names.map((name) => release(name)),
  });
  const colours = {
    ...{ bold: String, dim: String, red: String, yellow: String, green: String, cyan: String },
  };
  const lines = (all: boolean) =>
    renderPretty(made, { colours, all, rules: RULES })
      .split('\n')
      .filter((line) => line.startsWith('  unknown'));

  it('is one line of the page', () => {
    const page = toCheckRuns(made, RULES).find(({ area }) => area === 'gitops')?.summary ?? '';
    expect(page.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      '- `apps/app-0.yaml:8` and 29 more: Chart app 2\\.0\\.0 is not rendered for these HelmReleases \\(30\\): app\\-0, app\\-1, app\\-2, app\\-3 and 26 more\\. (`gitops/kustomization-build-failure` in `production`)',
    ]);
  });

  it('is one line of the terminal, which names all of them when asked', () => {
    expect(lines(false)).toHaveLength(1);
    expect(lines(false)[0]).toContain('app-7 and 22 more.');
    expect(lines(true)).toHaveLength(1);
    for (const name of names) expect(lines(true)[0]).toContain(name);
  });

  it('is thirty entries of the data', () => {
    expect(toJson(made, RULES)).toMatchObject({
      unknowns: names.map((name) => ({ reason: expect.stringContaining(name) as string })),
    });
    expect(JSON.stringify(toJson(made, RULES))).not.toContain('shared');
  });

  it('shows names of anybody as text', () => {
    const hostile = review({
      ...{ verdict: { area: 'gitops', conclusion: 'neutral', because: 'unknown' } },
      unknowns: ['[a](https://evil.example)', '<img src=x>\u202e\n# b'].map((name) =>
        release('a', { shared: { reason: 'Not rendered', name } }),
      ),
    });
    const page = toCheckRuns(hostile, RULES).find(({ area }) => area === 'gitops')?.summary ?? '';
    expect(page.split('\n').at(-1)).toBe(
      '- `apps/a.yaml:8` and 1 more: Not rendered \\(2\\): \\[a\\]\\(https\u2060://evil\\.example\\), \\<img src\\=x\\>\\\\u202e\\\\n\\#\u2060 b\\. (`gitops/kustomization-build-failure` in `production`)',
    );
  });
});
