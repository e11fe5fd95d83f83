import { describe, expect, it } from 'vitest';

import { imagePolicy, ociRepository, tagPolicy } from '../../../src/rules/image-policy/examples.ts';
import { movesBy } from '../../../src/rules/image-policy/floating-base.ts';
import { deployment } from '../../../src/rules/image-policy/signed-example.ts';
import { compileFilter, extractOf } from '../../../src/rules/image-policy/tag-filter.ts';
import { line, reviewed } from './reviewed.ts';

function told(rule: string, text: string, path = 'apps/object.yaml'): string[] {
  return reviewed({ [path]: text })
    .findings.filter((finding) => finding.rule === `image-policy/${rule}`)
    .map((finding) => `${line(finding).replace(/^(\S+) \S+ /, '$1 ')} ${finding.message}`);
}

function filter(pattern: string, extract?: string): string {
  const more = extract === undefined ? '' : `    extract: '${extract}'\n`;
  return tagPolicy(`  filterTags:\n    pattern: '${pattern}'\n${more}`);
}

describe('tag filters', () => {
  const GOOD = '^main-[a-f0-9]+-(?P<ts>[0-9]+)$';
  it.each<[string, string, string[]]>([
    ['anchored, with a group', filter(GOOD, '$ts'), []],
    ['a group by number', filter('^v-([0-9]+)$', '$1'), []],
    ['a group in braces', filter('^v-([0-9]+)$', '${1}0'), []],
    [
      'catch-all',
      filter('.*'),
      ['risk apps/object.yaml:10 has the pattern ".*", which lets every tag in.'],
    ],
    [
      'catch-all by anchors',
      filter('^.*$'),
      ['risk apps/object.yaml:10 has the pattern "^.*$", which lets every tag in.'],
    ],
    [
      'open at both ends',
      filter('main-([0-9]+)', '$1'),
      [
        'advice apps/object.yaml:10 has the pattern "main-([0-9]+)" without "^" and "$": it is also found inside other tags.',
      ],
    ],
    [
      'open at the end',
      filter('^main-([0-9]+)', '$1'),
      [
        'advice apps/object.yaml:10 has the pattern "^main-([0-9]+)" without "$": it is also found inside other tags.',
      ],
    ],
    [
      'no RE2',
      filter('^(?=main)x$'),
      ['denied apps/object.yaml:10 has the pattern "^(?=main)x$", which Go refuses: it stalls.'],
    ],
    [
      'a group that is not there',
      filter(GOOD, '$time'),
      [
        'risk apps/object.yaml:11 extracts "$time", and its pattern has no group "time": that is nothing at all, and equal for every tag.',
      ],
    ],
    [
      'a number that swallows letters',
      filter('^v-([0-9]+)$', '$1x'),
      [
        'risk apps/object.yaml:11 extracts "$1x", and its pattern has no group "1x": that is nothing at all, and equal for every tag.',
      ],
    ],
    [
      'numbers without a filter',
      tagPolicy(''),
      [
        'advice apps/object.yaml:10 orders all tags as numbers, without a filter: it stalls at the first tag that is no number.',
      ],
    ],
    [
      'the alphabet without a filter',
      tagPolicy('').replace('numerical', 'alphabetical'),
      [
        'risk apps/object.yaml:10 orders all tags by the alphabet, without a filter: any tag that is pushed can be the last, a signature too.',
      ],
    ],
    ['semver without a filter', imagePolicy('1.2.x'), []],
    [
      'semver that lets all in',
      imagePolicy('1.2.x').replace('  policy:', "  filterTags:\n    pattern: '.*'\n  policy:"),
      ['advice apps/object.yaml:10 has the pattern ".*", which lets every tag in.'],
    ],
    ['semverFilter', ociRepository("  ref:\n    semver: 1.2.x\n    semverFilter: '^v.*$'\n"), []],
    [
      'an open semverFilter',
      ociRepository("  ref:\n    semver: 1.2.x\n    semverFilter: '-rc'\n"),
      [
        'advice apps/object.yaml:11 has the pattern "-rc" without "^" and "$": it is also found inside other tags.',
      ],
    ],
    [
      'a semverFilter that is none',
      ociRepository("  ref:\n    semver: 1.2.x\n    semverFilter: '('\n"),
      ['denied apps/object.yaml:11 has the pattern "(", which Go refuses: it stalls.'],
    ],
    [
      'a semverFilter alone',
      ociRepository("  ref:\n    tag: 1.2.3\n    semverFilter: '^v'\n"),
      [
        'advice apps/object.yaml:11 has a semverFilter, which does nothing without `semver`, or beside a digest.',
      ],
    ],
  ])('%s', (_, text, expected) => {
    const found = told('loose-tag-filter', text);
    expect(
      found.map((said) =>
        said.replace(/(?:ImagePolicy|OCIRepository) "podinfo" in namespace "flux-system" /, ''),
      ),
    ).toEqual(expected);
  });

  it('reads v1beta1 policies too', () => {
    const old = filter('.*')
      .replace('flux.toolkit', 'x')
      .replace('fluxcd.io/v1', 'fluxcd.io/v1beta1');
    expect(told('loose-tag-filter', old)).toHaveLength(1);
  });

  it('is unknown with a variable, and bounded on patterns that blow up', () => {
    expect(
      reviewed({ 'a.yaml': filter('${PATTERN}') }).unknowns.map(({ reason }) => reason),
    ).toContain(
      'Which tags ImagePolicy "podinfo" in namespace "flux-system" lets in is not known: it holds a variable.',
    );
    expect(
      reviewed({ 'a.yaml': filter('(a+)'.repeat(2000)) }).unknowns.map(({ reason }) => reason),
    ).toContain(
      'Which tags ImagePolicy "podinfo" in namespace "flux-system" lets in is not known: it is too long to be looked at.',
    );
    const evil = compileFilter('^(a+)+$');
    expect(extractOf(evil, `${'a'.repeat(190)}!`)).toBeUndefined();
    expect(extractOf(compileFilter('(x+x+)+y'), 'x'.repeat(200))).toBeUndefined();
    expect(extractOf(evil, 'a'.repeat(5000))).toBeNull();
    // Repetitions of repetitions are refused by Go, too.
    expect(compileFilter('((a{1,1000}){1,1000}){1,1000}').error).toBeDefined();
  });

  it.each([
    ['^main-(?P<ts>[0-9]+)$', '$ts', 'main-42', '42'],
    ['^v(.*)$', '${1}.0', 'v1.2', '1.2.0'],
    ['^v(.*)$', '$1x', 'v1.2', ''],
    ['main', undefined, 'pr-main-1', 'pr-main-1'],
    ['^main$', undefined, 'pr-main', undefined],
    ['(a)|(b)', '$2', 'a', ''],
  ])('extracts by %s and %s from %s: %s', (pattern, extract, tag, expected) => {
    expect(extractOf(compileFilter(pattern, extract), tag)).toBe(expected);
  });
});

describe('what moves', () => {
  it.each([
    ['latest', true],
    ['Main', true],
    ['stable-slim', true],
    ['alpine-latest', true],
    ['lts', true],
    ['production', true],
    ['1.2.3', false],
    ['1.2-alpine', false],
    ['main-4f2a9c1', false],
    ['v2', false],
    ['latest-2024', false],
  ])('tag %s: %s', (tag, expected) => {
    expect(told('floating-tag', deployment(`ghcr.io/acme/web:${tag}`)).length > 0).toBe(expected);
    const source = ociRepository(`  ref:\n    tag: "${tag}"\n`);
    expect(told('floating-tag', source).length > 0).toBe(expected);
  });

  it('finds tags in values of charts', () => {
    const release = (values: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: apps }
spec:
  chart: { spec: { chart: web, version: 1.2.3, sourceRef: { kind: HelmRepository, name: x } } }
  values:
${values}`;
    const image = '    a:\n      - image: { repository: ghcr.io/acme/web, tag: latest }\n';
    expect(told('floating-tag', release(image))).toEqual([
      'risk apps/object.yaml:8 HelmRelease "web" in namespace "apps" gives its chart image ghcr.io/acme/web, whose tag "latest" moves: what it means can change without a commit.',
    ]);
    expect(told('floating-tag', release(image.replace('latest', '1.0.0')))).toEqual([]);
    expect(told('floating-tag', release(image.replace('latest', "''")))).toEqual([]);
    const pinned = image.replace('latest', `latest, digest: "sha256:${'0'.repeat(64)}"`);
    expect(told('floating-tag', release(pinned))).toEqual([]);
  });

  it('finds tags that a kustomization sets', () => {
    const files = {
      'apps/kustomization.yaml':
        'resources: [web.yaml]\nimages:\n  - name: ghcr.io/acme/web\n    newTag: main\n',
      'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.0'),
    };
    expect(
      reviewed(files)
        .findings.filter(({ rule }) => rule === 'image-policy/floating-tag')
        .map(line),
    ).toEqual(['risk floating-tag apps/kustomization.yaml:4']);
  });

  it.each([
    ['github.com/acme/base//web', 'without a version'],
    ['https://github.com/acme/base//web?ref=main', 'at "main"'],
    ['https://github.com/acme/base//web?timeout=90s&ref=v1.2.3', undefined],
    ['git@github.com:acme/base.git//web?ref=0123abc', undefined],
    ['ssh://git@github.com/acme/base', 'without a version'],
    ['git::https://example.com/base.git', 'without a version'],
    ['https://raw.githubusercontent.com/acme/base/main/x.yaml', 'at "main"'],
    ['https://raw.githubusercontent.com/acme/base/refs/heads/trunk/x.yaml', 'at branch "trunk"'],
    ['https://raw.githubusercontent.com/acme/base/v1.2.3/x.yaml', undefined],
    ['https://github.com/acme/base/releases/latest/download/x.yaml', 'at the latest release'],
    ['https://github.com/acme/base/releases/download/v1/x.yaml', undefined],
    ['https://gitlab.com/acme/base/-/raw/main/x.yaml', 'at "main"'],
    ['https://example.com/x.yaml', undefined],
    ['../base', undefined],
    ['web.yaml', undefined],
    ['.'.repeat(3000), undefined],
  ])('base %s: %s', (entry, expected) => {
    expect(movesBy(entry)).toBe(expected);
    const found = told('floating-base', `resources:\n  - ${entry}\n`, 'apps/kustomization.yaml');
    expect(found.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual(
      expected === undefined ? [] : ['risk apps/kustomization.yaml:2'],
    );
  });
});

describe('where ranges stand', () => {
  const SOURCE = 'source.toolkit.fluxcd.io/v1';
  const object = (api: string, kind: string, spec: string) =>
    `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: x, namespace: apps }\nspec: ${spec}\n`;
  it.each<[string, string, boolean]>([
    [
      'HelmChart without a version',
      object(SOURCE, 'HelmChart', '{ chart: a, sourceRef: { kind: HelmRepository, name: a } }'),
      true,
    ],
    [
      'HelmChart with *',
      object(
        SOURCE,
        'HelmChart',
        '{ chart: a, version: "*", sourceRef: { kind: HelmRepository, name: a } }',
      ),
      true,
    ],
    [
      'HelmChart with a version',
      object(
        SOURCE,
        'HelmChart',
        '{ chart: a, version: 1.2.3, sourceRef: { kind: HelmRepository, name: a } }',
      ),
      false,
    ],
    [
      'HelmChart from Git',
      object(SOURCE, 'HelmChart', '{ chart: a, sourceRef: { kind: GitRepository, name: a } }'),
      false,
    ],
    ['GitRepository', object(SOURCE, 'GitRepository', '{ ref: { semver: ">=1.0.0" } }'), true],
    [
      'GitRepository at a commit',
      object(SOURCE, 'GitRepository', '{ ref: { semver: ">=1.0.0", commit: abc } }'),
      false,
    ],
    [
      'FluxInstance',
      object('fluxcd.controlplane.io/v1', 'FluxInstance', '{ distribution: { version: "*" } }'),
      true,
    ],
    [
      'FluxInstance of a minor line',
      object('fluxcd.controlplane.io/v1', 'FluxInstance', '{ distribution: { version: 2.8.x } }'),
      false,
    ],
    ['ImagePolicy v1beta1', imagePolicy('*').replace('/v1', '/v1beta1'), true],
    ['ImagePolicy v1beta2', imagePolicy('*').replace('/v1', '/v1beta2'), true],
    [
      'HelmRelease v2beta1',
      object(
        'helm.toolkit.fluxcd.io/v2beta1',
        'HelmRelease',
        '{ chart: { spec: { chart: a, sourceRef: { kind: HelmRepository, name: a } } } }',
      ),
      true,
    ],
    [
      'HelmRelease with chartRef',
      object(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        '{ chartRef: { kind: OCIRepository, name: a } }',
      ),
      false,
    ],
  ])('%s', (_, text, expected) => {
    expect(told('open-range', text).length > 0).toBe(expected);
  });

  it('gives no advice about ~ and ^ where that is switched off', () => {
    const files = { 'development/a.yaml': imagePolicy('^1.2.3') };
    expect(reviewed(files).findings.map(line)).toEqual([
      'advice ambiguous-range development/a.yaml:11',
    ]);
    const settings = { rules: { 'image-policy/ambiguous-range': 'off' } };
    expect(reviewed(files, { settings }).findings).toEqual([]);
  });

  it.each([
    ['minor', '>=1.0.0 <2.0.0', []],
    ['exact', '1.2.x', ['risk wide-range production/a.yaml:11']],
    ['major', '>=1.0.0 <3.0.0', []],
  ])('lets production move by %s where that is configured', (production, range, expected) => {
    const settings = { imagePolicy: { widest: { production } } };
    const { findings } = reviewed({ 'production/a.yaml': imagePolicy(range) }, { settings });
    expect(findings.map(line)).toEqual(expected);
  });

  it('takes the environment of the configuration before that of the path', () => {
    const settings = { clusters: { a: { path: 'production', environment: 'development' } } };
    const files = { 'production/a.yaml': imagePolicy('>=1.0.0 <3.0.0') };
    expect(reviewed(files).findings).toHaveLength(1);
    const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: a, namespace: flux-system }
spec: { interval: 1m, path: ./production, prune: true, sourceRef: { kind: GitRepository, name: flux-system } }
`;
    expect(
      reviewed({ ...files, 'production/sync.yaml': flux }, { settings }).findings.map(
        ({ rule }) => rule,
      ),
    ).not.toContain('image-policy/wide-range');
  });
});

describe('names of images', () => {
  const invalid = (image: string) =>
    told('invalid-image', deployment(JSON.stringify(image))).map((each) =>
      each.replace(/^.* runs image /, ''),
    );
  const HEX = 'a'.repeat(64);

  it.each<[string, string]>([
    ['nginx:', '"nginx:", which is no name of an image: its tag is empty. Its pods cannot start.'],
    ['ghcr.io/acme/web:', 'its tag is empty'],
    ['localhost:5000/web:', 'its tag is empty'],
    [`nginx:@sha256:${HEX}`, 'its tag is empty'],
    ['https://ghcr.io/acme/web', 'it begins with a protocol'],
    ['nginx: 1.2', 'it holds white space'],
    [' nginx', 'it holds white space'],
    ['nginx@sha256:abc', 'its digest is not 64'],
    ['nginx@', 'its digest is not 64'],
    [`nginx@md5:${HEX}`, 'its digest is not 64'],
    ['ghcr.io/Acme/web:1', 'its repository has capitals'],
    ['NGINX', 'its repository has capitals'],
    ['my_registry:5000/web', 'no container runtime can read it'],
    ['ghcr.io/acme//web', 'no container runtime can read it'],
    ['{{image}}', 'no container runtime can read it'],
    [`nginx:${'a'.repeat(129)}`, 'no container runtime can read it'],
    [`a/${'b'.repeat(100_000)}`, '…, which is no name of an image'],
    ['a\u001b[31m', '"a\\x1b[31m"'],
  ])('%.40s is refused', (image, expected) => {
    expect(invalid(image)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    'nginx',
    'nginx:1',
    'localhost:5000/web',
    'GHCR.io/acme/web',
    `nginx@sha256:${HEX}`,
    `nginx:1@sha512:${HEX}${HEX}`,
    '[::1]:5000/web:1',
    'my_registry.local/acme/web:1',
    '${IMAGE}',
  ])('%s is one', (image) => {
    expect(invalid(image)).toEqual([]);
  });

  it('is denied on its line, whatever else is said', () => {
    const { findings } = reviewed({ 'apps/web.yaml': deployment("'nginx:'") });
    expect(findings.map(({ effect, rule, detail }) => [effect, rule, detail])).toEqual([
      ['denied', 'image-policy/invalid-image', 'InvalidImageName'],
    ]);
  });

  it('an empty tag of an OCIRepository is none, and so "latest"', () => {
    expect(told('floating-tag', ociRepository("  ref:\n    tag: ''\n"))).toEqual([
      expect.stringContaining('which has no tag and so is "latest"'),
    ]);
  });
});
