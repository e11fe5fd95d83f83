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

  const DIGEST = `sha256:${'a'.repeat(64)}`;
  const git = (ref: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: podinfo, namespace: flux-system }
spec:
  url: https://github.com/stefanprodan/podinfo
  ref: ${ref}
`;
  const oci = (ref: string) => ociRepository(`  ref: ${ref}\n`);
  /** From one source to another, in a folder. */
  function widened(was: string, now: string, folder = 'production') {
    const path = `${folder}/source.yaml`;
    return reviewed({ [path]: now }, { before: { [path]: was } }).findings.filter(
      ({ rule }) => rule === 'image-policy/widened-range',
    );
  }

  it('is told from one tag, with what it was', () => {
    const [found, ...others] = widened(oci('{ tag: 6.5.4 }'), oci("{ semver: '>=6.0.0' }"));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      effect: 'risk',
      message:
        'OCIRepository "podinfo" in namespace "flux-system" widens its range from tag "6.5.4" (exact) to ">=6.0.0" (unbounded): it now also lets in 6.0.0 in production.',
      related: [{ why: 'the base branch has tag "6.5.4" here' }],
      remedy: { summary: 'Write the range as ">=6.0.0 <6.1.0".' },
    });
  });

  it.each<[string, string, string, string, string]>([
    [
      'a tag, narrow enough',
      oci('{ tag: 6.5.4 }'),
      oci('{ semver: 6.5.x }'),
      'advice',
      '"6.5.4" (exact)',
    ],
    ['a tag with v', oci('{ tag: v6.5.4 }'), oci('{ semver: 6.x }'), 'risk', '"v6.5.4" (exact)'],
    [
      'a tag that is no version',
      oci('{ tag: release_7 }'),
      oci('{ semver: 6.x }'),
      'risk',
      'tag "release_7" (exact)',
    ],
    [
      'a tag, to prereleases',
      oci('{ tag: 6.5.4 }'),
      oci("{ semver: '6.5.x-0' }"),
      'risk',
      'and prereleases',
    ],
    [
      'a digest',
      oci(`{ digest: '${DIGEST}', semver: 6.x }`),
      oci('{ semver: 6.x }'),
      'risk',
      'from digest "sha256:',
    ],
    ['a tag in Git', git('{ tag: 6.5.4 }'), git('{ semver: 6.x }'), 'risk', '"6.5.4" (exact)'],
    [
      'a commit in Git',
      git('{ branch: main, commit: abc }'),
      git('{ branch: main, semver: 6.x }'),
      'risk',
      'from commit "abc" (exact)',
    ],
  ])('is told from %s', (_, was, now, effect, expected) => {
    const found = widened(was, now);
    expect(found.map((each) => each.effect)).toEqual([effect]);
    expect(found[0]?.message).toContain(expected);
  });

  it.each<[string, string, string]>([
    ['from a tag to the same version', oci('{ tag: 6.5.4 }'), oci('{ semver: 6.5.4 }')],
    ['from a tag to another version', oci('{ tag: 6.5.4 }'), oci("{ semver: '=6.5.5' }")],
    ['from a tag that moves', oci('{ tag: latest }'), oci('{ semver: 6.5.x }')],
    ['from a branch', git('{ branch: main }'), git('{ semver: 6.5.x }')],
    ['from a name', git('{ name: refs/heads/main, tag: 6.5.4 }'), git('{ semver: 6.5.x }')],
    ['from a variable', oci("{ tag: '${TAG}' }"), oci('{ semver: 6.5.x }')],
    ['to a range that means nothing', oci('{ tag: 6.5.4 }'), oci("{ semver: '1 2' }")],
    ['to a range that is none', oci('{ tag: 6.5.4 }'), oci("{ semver: 'a' }")],
    [
      'where the digest stays',
      oci(`{ digest: '${DIGEST}' }`),
      oci(`{ digest: '${DIGEST}', semver: 6.x }`),
    ],
    ['of another object', oci('{ tag: 6.5.4 }'), git('{ semver: 6.x }')],
  ])('is none %s', (_, was, now) => {
    expect(widened(was, now)).toEqual([]);
  });
});

describe('what is proposed where prereleases are let in', () => {
  const summaries = (folder: string, range: string) =>
    reviewed({ [`${folder}/policy.yaml`]: imagePolicy(range) }).findings.map(
      ({ rule, remedy }) => `${rule.replace('image-policy/', '')}: ${remedy?.summary ?? ''}`,
    );

  it.each<[string, string, string]>([
    [
      'production',
      '>=1.2.0-0',
      'open-range: Write the range as ">=1.2.0 <1.3.0", which keeps prereleases out; where they are meant, write ">=1.2.0-0 <1.3.0-0".',
    ],
    [
      'production',
      '>=1.2.0-0 <2.0.0',
      'wide-range: Write the range as ">=1.2.0 <1.3.0", which keeps prereleases out; where they are meant, write ">=1.2.0-0 <1.3.0-0".',
    ],
    [
      'production',
      '>=1.2.0-0 <1.3.0-0',
      'wide-range: Write the range as ">=1.2.0 <1.3.0", which keeps prereleases out; where they are meant, waive it.',
    ],
    [
      'production',
      '>=1.2.0-rc.1',
      'open-range: Write the range as ">=1.2.0-rc.1 <1.3.0-0", which still lets in the prereleases that it names; without them, ">=1.2.0 <1.3.0".',
    ],
    [
      'production',
      '>=1.2.0-rc.1 <1.3.0-0',
      'wide-range: Write the range as ">=1.2.0 <1.3.0" as soon as a release is out: until then, waive the prerelease that it names.',
    ],
    ['production', '*-0', 'open-range: Give the range one minor line, such as ">=1.2.3 <1.3.0".'],
    ['staging', '>=1.2.0-0', 'open-range: Write the range as ">=1.2.0-0 <2.0.0-0".'],
    ['production', '>=1.2.0', 'open-range: Write the range as ">=1.2.0 <1.3.0".'],
  ])('%s: %s', (folder, range, expected) => {
    expect(summaries(folder, range).filter((each) => / (?:Write|Give) /.test(each))).toEqual([
      expected,
    ]);
  });

  it('is a suggestion on the line that brings no finding of its own', () => {
    const { findings } = reviewed({ 'production/policy.yaml': imagePolicy('>=1.2.0-0') });
    const text = findings[0]?.remedy?.edits.map(({ lines }) => lines.join('\n')).join('\n') ?? '';
    expect(text).toContain('>=1.2.0 <1.3.0');
    expect(summaries('production', '>=1.2.0 <1.3.0')).toEqual([]);
  });
});
