import { describe, expect, it } from 'vitest';

import { verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { release, reviewed } from './reviewed.ts';

type Files = Readonly<Record<string, string>>;

const POLICY: Files = { 'apps/policy.yaml': verifyingPolicy() };
const WEB = 'ghcr.io/acme/web';

function configMap(values: string, more = ''): Files {
  return {
    'apps/values.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: values, namespace: web }
data:
${more}  values.yaml: |
${values.replace(/^(?=.)/gm, '    ')}
`,
  };
}

const FROM = 'valuesFrom: [{ kind: ConfigMap, name: values }]';

/** Findings about tags and signatures, and unknowns. The registry is not asked. */
function told(after: Files, before: Files = {}): string[] {
  const base = { ...POLICY, ...before };
  const { findings, unknowns } = reviewed({ ...base, ...after }, { before: base });
  return [
    ...findings
      .filter(({ rule }) => /-(?:floating-tag|uncovered-image)$|floating-tag$/.test(rule))
      .map(
        ({ rule, primary, message }) =>
          `${rule.replace('image-policy/', '')} ${primary.path}:${primary.line} ${message.replace(/^HelmRelease "web" in namespace "web" /, '')}`,
      ),
    ...unknowns.map(({ reason, place }) => `${place?.path ?? ''}:${place?.line ?? 0} ${reason}`),
  ];
}

const notAsked = (at: string, image: string) =>
  `${at} Whether image ${image} is signed is not known. Its registry was not asked.`;
const MOVES = 'moves: what it means can change without a commit.';

describe('values of a ConfigMap', () => {
  const image = `image:\n  repository: ${WEB}\n  tag: latest`;

  it('are read, and told on their own line', () => {
    expect(told({ ...release(FROM), ...configMap(image) })).toEqual([
      `floating-tag apps/values.yaml:8 gives its chart image ${WEB}, whose tag "latest" ${MOVES}`,
      notAsked('apps/values.yaml:8', `${WEB}:latest`),
    ]);
  });

  it('are merged as Flux merges them: those of the release stand above', () => {
    const own = `${FROM}\nvalues:\n  image:\n    tag: 1.0.0`;
    expect(told({ ...release(own), ...configMap(image) })).toEqual([
      notAsked('apps/release.yaml:11', `${WEB}:1.0.0`),
    ]);
    const gone = `${FROM}\nvalues:\n  image: null`;
    expect(told({ ...release(gone), ...configMap(image) })).toEqual([]);
  });

  it('are read again when they alone change', () => {
    const before = { ...release(FROM), ...configMap(image.replace('latest', '1.0.0')) };
    expect(told(configMap(image.replace('latest', '1.0.1')), before)).toEqual([
      notAsked('apps/values.yaml:8', `${WEB}:1.0.1`),
    ]);
    expect(told({}, before)).toEqual([]);
  });

  it('are read from a plain Secret', () => {
    const data = Buffer.from(image).toString('base64');
    const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: values, namespace: web }\ndata: { values.yaml: ${data} }\n`;
    const from = FROM.replace('ConfigMap', 'Secret');
    expect(told({ ...release(from), 'apps/secret.yaml': secret })).toEqual([
      `floating-tag apps/secret.yaml:4 gives its chart image ${WEB}, whose tag "latest" ${MOVES}`,
      notAsked('apps/secret.yaml:4', `${WEB}:latest`),
    ]);
  });

  const unread = (reason: string) =>
    `apps/release.yaml:8 Which images HelmRelease "web" in namespace "web" gives its chart, and whether they are signed, is not all known: ${reason}.`;

  it.each<[string, string, Files, string]>([
    ['another namespace', FROM, {}, 'ConfigMap "values" is not in the repository'],
    [
      'another key',
      FROM.replace('name: values', 'name: values, valuesKey: x'),
      configMap(image),
      'ConfigMap "values" has no readable entry "x"',
    ],
    [
      'a single value',
      FROM.replace('name: values', 'name: values, targetPath: "image[0].tag"'),
      configMap(image),
      'ConfigMap "values" gives a value of its own that is not read (`targetPath`)',
    ],
    [
      'no map',
      FROM,
      configMap('- 1'),
      'the entry "values.yaml" of ConfigMap "values" is no map of values',
    ],
    [
      'an encrypted Secret',
      FROM.replace('ConfigMap', 'Secret'),
      {
        'apps/secret.yaml':
          'apiVersion: v1\nkind: Secret\nmetadata: { name: values, namespace: web }\nstringData: { values.yaml: "ENC[x]" }\nsops: { mac: x }\n',
      },
      'Secret "values" is encrypted',
    ],
  ])('are unknown for %s, once', (_, spec, more, reason) => {
    expect(told({ ...release(spec), ...more })).toContain(unread(reason));
    const same = told({ 'apps/other.yaml': '' }, { ...release(spec), ...more });
    expect(same.filter((each) => each.includes('is not all known'))).toEqual([]);
  });

  it.each([
    'valuesFrom: 7',
    'valuesFrom: [7, {}, []]',
    'valuesFrom: [{ kind: ConfigMap }]',
    'postRenderers: [7, { kustomize: [] }, { kustomize: { images: [7], patches: [7, { patch: "{" }] } }]',
  ])('are no reason to fail: %s', (spec) => {
    expect(() => told(release(spec))).not.toThrow();
  });
});

describe('a single value of a ConfigMap', () => {
  const at = (path: string, more = '') =>
    release(`valuesFrom: [{ kind: ConfigMap, name: values, valuesKey: tag, targetPath: '${path}' }]
values: { image: { repository: ${WEB}${more} } }`);
  const tag = (text: string): Files => ({
    'apps/values.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: values, namespace: web }
data:
  tag: ${JSON.stringify(text)}
`,
  });

  it.each<[string, string, string]>([
    ['a tag', '1.2.3', '1.2.3'],
    ['a tag in quotes', "'1.2.3'", '1.2.3'],
    ['two numbers are a text', '1.25', '1.25'],
    ['a number with a zero before it', '0123', '0123'],
  ])('is read: %s', (_, text, expected) => {
    expect(told({ ...at('image.tag'), ...tag(text) })).toEqual([
      notAsked('apps/values.yaml:5', `${WEB}:${expected}`),
    ]);
  });

  it('is told on its own line, and stands below those of the release', () => {
    expect(told({ ...at('image.tag'), ...tag('latest') })).toEqual([
      `floating-tag apps/values.yaml:5 gives its chart image ${WEB}, whose tag "latest" ${MOVES}`,
      notAsked('apps/values.yaml:5', `${WEB}:latest`),
    ]);
    expect(told({ ...at('image.tag', ', tag: 1.0.0'), ...tag('latest') })).toEqual([
      notAsked('apps/release.yaml:9', `${WEB}:1.0.0`),
    ]);
  });

  it.each<[string, string, string]>([
    ['an item of a list', 'image[0].tag', '1.2.3'],
    ['an escaped dot', 'a\\.b', '1.2.3'],
    ['a path that is too deep', Array.from({ length: 31 }, () => 'a').join('.'), '1.2.3'],
    ['several values', 'image.tag', '1.2.3,other=a'],
    ['a list', 'image.tag', '{a,b}'],
    ['an escape', 'image.tag', 'a\\b'],
    ['a line end', 'image.tag', '1.2.3\n'],
  ])('is unknown: %s', (_, path, text) => {
    expect(told({ ...at(path), ...tag(text) }).join('\n')).toContain(
      'ConfigMap "values" gives a value of its own that is not read (`targetPath`)',
    );
  });

  it.each(['null', 'true', '__proto__', '18446744073709551616', ''])('may be %j', (text) => {
    expect(() => told({ ...at('image.tag'), ...tag(text) })).not.toThrow();
    expect(() => told({ ...at('__proto__.tag'), ...tag(text) })).not.toThrow();
  });
});

describe('a registry for all images', () => {
  const values = (registry: string) =>
    release(
      `values:\n  global:\n    imageRegistry: ghcr.io\n  image:\n${registry}    repository: acme/web\n    tag: 1.0.0`,
    );
  it.each([
    ['the same one', '    registry: ghcr.io\n', 'Its registry was not asked.'],
    [
      'another one',
      '    registry: quay.io\n',
      'Only its chart tells whether registry ghcr.io, which its values set for all images, takes the place of its own.',
    ],
    [
      'none',
      '',
      'Only its chart tells whether it comes from registry ghcr.io, which its values set for all images.',
    ],
  ])('beside %s', (_, registry, expected) => {
    expect(told(values(registry))).toEqual([expect.stringContaining(expected)]);
  });
});

describe('post renderers', () => {
  const renderers = (kustomize: string) =>
    release(`postRenderers:\n  - kustomize:\n${kustomize.replace(/^(?=.)/gm, '      ')}`);
  it.each<[string, string, string[]]>([
    [
      'set a tag',
      `images:\n  - name: ${WEB}\n    newTag: main`,
      [
        `floating-tag apps/release.yaml:12 sets image ${WEB}:main, whose tag "main" ${MOVES}`,
        notAsked('apps/release.yaml:12', `${WEB}:main`),
      ],
    ],
    [
      'set another name and a digest',
      `images:\n  - name: nginx\n    newName: ${WEB}\n    digest: sha256:${'0'.repeat(64)}`,
      [notAsked('apps/release.yaml:13', `${WEB}@sha256:${'0'.repeat(64)}`)],
    ],
    [
      'set another name',
      `images:\n  - name: nginx\n    newName: ${WEB}`,
      [
        `apps/release.yaml:12 Whether image ${WEB} is signed is not known. Only its chart tells its version.`,
      ],
    ],
    ['name an image and change nothing', `images:\n  - name: nginx`, []],
    [
      'patch an image',
      `patches:\n  - target: { kind: Deployment }\n    patch: |\n      - op: replace\n        path: /spec/template/spec/containers/0/image\n        value: ${WEB}:latest`,
      [
        `floating-tag apps/release.yaml:15 sets image ${WEB}:latest, whose tag "latest" ${MOVES}`,
        notAsked('apps/release.yaml:15', `${WEB}:latest`),
      ],
    ],
    [
      'merge an image',
      `patches:\n  - patch: |\n      kind: Deployment\n      spec:\n        template:\n          spec:\n            containers:\n              - name: a\n                image: ${WEB}:1.0.0`,
      [notAsked('apps/release.yaml:18', `${WEB}:1.0.0`)],
    ],
  ])('%s', (_, kustomize, expected) => {
    expect(told(renderers(kustomize))).toEqual(expected);
  });
});

it('tells tags that move in whole references', () => {
  expect(told(release(`values:\n  sidecarImage: ${WEB}:edge`))).toEqual([
    `floating-tag apps/release.yaml:9 gives its chart image ${WEB}:edge, whose tag "edge" ${MOVES}`,
    notAsked('apps/release.yaml:9', `${WEB}:edge`),
  ]);
});
