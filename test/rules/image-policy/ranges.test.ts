import { describe, expect, it } from 'vitest';

import { imagePolicy, ociRepository } from '../../../src/rules/image-policy/examples.ts';
import { line, reviewed } from './reviewed.ts';

function helmRelease(chart: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  chart:
    spec:
      chart: podinfo
${chart}`;
}

const HELM_SOURCE = '      sourceRef:\n        kind: HelmRepository\n        name: podinfo\n';

describe('ranges by environment', () => {
  it.each([
    ['production', imagePolicy('>=1.0.0'), ['risk open-range']],
    ['production', imagePolicy('*'), ['risk open-range']],
    ['production', imagePolicy('>=1.0.0 <2.0.0'), ['risk wide-range']],
    ['production', imagePolicy('>=1.2.0 <1.3.0'), []],
    ['production', imagePolicy('1.2.3'), []],
    ['production', imagePolicy('1.2.x'), []],
    ['production', imagePolicy('>=1.2.0-0 <1.3.0-0'), ['risk wide-range']],
    ['staging', imagePolicy('>=1.0.0 <2.0.0'), []],
    ['staging', imagePolicy('>=1.0.0 <3.0.0'), ['risk wide-range']],
    ['development', imagePolicy('>=1.0.0 <3.0.0'), []],
    ['development', imagePolicy('>=1.0.0'), ['risk open-range']],
    ['apps', imagePolicy('>=1.0.0 <2.0.0'), ['advice wide-range']],
    ['apps', imagePolicy('^1.2.3'), ['advice wide-range', 'advice ambiguous-range']],
    ['apps', imagePolicy('~0.0.0'), ['risk open-range', 'advice ambiguous-range']],
    ['apps', imagePolicy(''), ['denied invalid-range']],
    ['apps', imagePolicy('1.2 -2.3'), ['denied invalid-range']],
    ['apps', imagePolicy('18446744073709551616.0.0'), ['denied invalid-range']],
    ['apps', imagePolicy('1'.repeat(10_000)), ['denied invalid-range']],
    ['apps', imagePolicy('15').replace("'15'", '15'), ['denied invalid-range']],
    ['apps', helmRelease(`      version: 15.5\n${HELM_SOURCE}`), ['denied invalid-range']],
    ['apps', helmRelease(`      version: true\n${HELM_SOURCE}`), ['denied invalid-range']],
    ['apps', helmRelease(`      version: [1.x]\n${HELM_SOURCE}`), ['denied invalid-range']],
    ['apps', helmRelease(`      version: null\n${HELM_SOURCE}`), ['risk open-range']],
    ['apps', helmRelease(HELM_SOURCE), ['risk open-range']],
    ['apps', helmRelease(`      version: ''\n${HELM_SOURCE}`), ['risk open-range']],
    ['apps', helmRelease(`      version: 6.5.4\n${HELM_SOURCE}`), []],
    ['apps', helmRelease('      sourceRef:\n        kind: GitRepository\n        name: x\n'), []],
    ['apps', ociRepository("  ref:\n    semver: '>=1.0.0'\n"), ['risk open-range']],
    [
      'apps',
      ociRepository(`  ref:\n    semver: '>=1.0.0'\n    digest: sha256:${'0'.repeat(64)}\n`),
      [],
    ],
  ])('%s: %s', (folder, text, expected) => {
    const { findings } = reviewed({ [`${folder}/object.yaml`]: text });
    expect(findings.map((finding) => line(finding).replace(/ \S+$/, '')).sort()).toEqual(
      [...expected].sort(),
    );
  });

  it('tells a number from a range', () => {
    const { findings } = reviewed({
      'apps/release.yaml': helmRelease(`      version: 15.5\n${HELM_SOURCE}`),
    });
    expect(findings.map(({ message }) => message)).toEqual([
      'HelmRelease "podinfo" in namespace "apps" has the number 15.5 as its version range, where only text is allowed: the API server refuses the object, and with it all that is applied together. Write it in quotes.',
    ]);
  });

  it('says unknown of a variable', () => {
    const { findings, unknowns } = reviewed({ 'apps/policy.yaml': imagePolicy('${RANGE}') });
    expect(findings).toEqual([]);
    expect(unknowns.map(({ reason }) => reason)).toEqual([
      'The version range of ImagePolicy "podinfo" is not known: it holds a variable.',
    ]);
  });

  it('suggests explicit bounds on the line', () => {
    const { findings } = reviewed({ 'production/policy.yaml': imagePolicy('^6.5.0') });
    expect(findings.map(({ rule, remedy }) => [rule, remedy?.edits])).toEqual([
      [
        'image-policy/wide-range',
        [
          {
            path: 'production/policy.yaml',
            line: 11,
            endLine: 11,
            lines: ['      range: ">=6.5.0 <6.6.0"'],
            was: ["      range: '^6.5.0'"],
          },
        ],
      ],
      [
        'image-policy/ambiguous-range',
        [
          {
            path: 'production/policy.yaml',
            line: 11,
            endLine: 11,
            lines: ['      range: ">=6.5.0 <7.0.0"'],
            was: ["      range: '^6.5.0'"],
          },
        ],
      ],
    ]);
  });

  it('allows open ranges where the configuration does', () => {
    const widest = { production: 'unbounded' };
    const { findings } = reviewed(
      { 'production/policy.yaml': imagePolicy('>=1.0.0') },
      { settings: { imagePolicy: { widest } } },
    );
    expect(findings).toEqual([]);
  });
});

describe('a widened range', () => {
  it.each([
    ['production', '>=1.0.0 <1.1.0', '>=1.0.0 <2.0.0', 'risk'],
    ['staging', '>=1.0.0', '>=1.0.0-alpha', 'risk'],
    ['staging', '1.0.x', '1.x', 'advice'],
    ['production', '1.0.x', '1.1.x', undefined],
    ['production', '^1.0.0', '>=1.0.0 <2.0.0', undefined],
    ['production', '1.2.3', '1.2.4', undefined],
    ['production', '>=1.0.0', '1.0.x', undefined],
  ])('%s: from %s to %s', (folder, from, to, effect) => {
    const path = `${folder}/policy.yaml`;
    const { findings } = reviewed(
      { [path]: imagePolicy(to) },
      { before: { [path]: imagePolicy(from) } },
    );
    const widened = findings.filter(({ rule }) => rule === 'image-policy/widened-range');
    expect(widened.map((finding) => finding.effect)).toEqual(effect ? [effect] : []);
    if (effect) expect(widened[0]?.message).toContain(`from "${from}"`);
  });
});
