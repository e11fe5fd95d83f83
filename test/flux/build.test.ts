import { describe, expect, it } from 'vitest';

import { placeOf } from '../../src/model/field-path.ts';
import { toPlain, Unknown } from '../../src/model/located.ts';
import { configMap, kustomization, outline, resolved } from './clusters.ts';

/** A cluster whose Kustomization `apps` builds `apps/` with more lines in its spec. */
function cluster(files: Readonly<Record<string, string>>, more = '') {
  const [first] = resolved({
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/apps.yaml': kustomization('apps', './apps', more),
    ...files,
  }).clusters;
  if (first === undefined) throw new Error('There is a cluster.');
  return first;
}

function found(built: ReturnType<typeof cluster>, kind: string, name: string) {
  const object = built.objects.find(
    ({ resource }) => resource.kind === kind && resource.name === name,
  );
  if (object === undefined) throw new Error(`${outline(built).join('\n')} lacks ${kind} ${name}`);
  return object.resource.root;
}

describe('the build of a Kustomization', () => {
  it('adds the fields of its spec', () => {
    const built = cluster(
      { 'apps/settings.yaml': configMap('settings') },
      `  targetNamespace: team
  namePrefix: x-
  patches:
    - patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: apps}, data: {a: c}}'
  commonMetadata: {labels: {owner: me}}
`,
    );
    const root = found(built, 'ConfigMap', 'x-settings');
    expect(toPlain(root)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x-settings', namespace: 'team', labels: { owner: 'me' } },
      data: { a: 'c' },
    });
    expect(placeOf(root, ['metadata', 'labels', 'owner'])).toMatchObject({
      path: 'clusters/a/apps.yaml',
      line: 13,
    });
  });

  it('lets a parent patch its children', () => {
    const built = cluster({
      'clusters/a/kustomization.yaml': `resources: [sync.yaml, apps.yaml]
patches:
  - target: {kind: Kustomization, name: apps}
    patch: |
      - op: add
        path: /spec/targetNamespace
        value: patched
`,
      'apps/settings.yaml': configMap('settings'),
    });
    expect(outline(built).at(-1)).toBe('    ConfigMap patched/settings');
  });

  it.each([
    ['a directory that is not there', './gone', ['missing-path clusters/a/apps.yaml:6']],
    ['a path out of the artifact', '../../../gone', ['missing-path clusters/a/apps.yaml:6']],
    ['a directory without objects', './empty', ['empty-build clusters/a/apps.yaml:6']],
    ['a kustomization that fails', './broken', ['failed-build broken/kustomization.yaml:1']],
    ['values that are no objects', './values', ['failed-build values/values.yaml:1']],
  ])('fails for %s', (_, path, problems) => {
    const [built] = resolved({
      'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
      'clusters/a/apps.yaml': kustomization('apps', path),
      'empty/README.md': '',
      'broken/kustomization.yaml': 'resources: [gone.yaml]\n',
      'values/values.yaml': 'replicas: 2\n',
    }).clusters;
    const unit = built?.units.find(({ title }) => title === 'Kustomization flux-system/apps');
    expect(unit?.problems?.map(({ code, place }) => `${code} ${place.path}:${place.line}`)).toEqual(
      problems,
    );
  });

  it('leaves out what is not in the artifact', () => {
    const built = cluster({
      '.sourceignore': '/apps/secret/\n*.test.yaml\n!/apps/kept.test.yaml\n',
      'apps/settings.yaml': configMap('settings'),
      'apps/kept.test.yaml': configMap('kept'),
      'apps/left.test.yaml': configMap('left'),
      'apps/secret/values.yaml': 'no: object\n',
      'apps/.github/workflow.yaml': 'on: push\n',
    });
    const names = built.objects
      .filter(({ resource }) => resource.kind === 'ConfigMap')
      .map(({ resource }) => resource.name);
    expect(names).toEqual(['kept', 'settings']);
  });

  it('says what is built from elsewhere', () => {
    const built = cluster({
      'clusters/a/other.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {url: https://github.com/other/other}
---
${kustomization('other', './apps').replace('name: flux-system}\n', 'name: other}\n')}`,
      'apps/settings.yaml': configMap('settings'),
    });
    expect(outline(built)).toContain(
      '    ? Kustomization flux-system/other is not known: it is built from GitRepository flux-system/other, another repository.',
    );
  });
});

describe('substitution', () => {
  const POST_BUILD = `  postBuild:
    substitute: {INLINE: one}
    substituteFrom:
      - {kind: ConfigMap, name: vars}
`;

  it('takes inline values, and those of a ConfigMap that another Kustomization applies', () => {
    const built = cluster(
      {
        'apps/settings.yaml': configMap('settings', 'a: "${INLINE}-${VAR}"'),
        'clusters/a/zz.yaml': kustomization('vars', './vars'),
        'vars/vars.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: vars, namespace: flux-system}
data: {VAR: two}
`,
      },
      POST_BUILD,
    );
    const value = found(built, 'ConfigMap', 'settings').map('data')?.get('a');
    expect(value).toMatchObject({ value: 'one-two' });
    expect(value?.trace?.from?.map(({ source }) => source.path)).toEqual([
      'clusters/a/apps.yaml',
      'vars/vars.yaml',
    ]);
  });

  it('taints only what a value from elsewhere reaches', () => {
    const built = cluster(
      { 'apps/settings.yaml': configMap('settings', 'a: "${VAR}", b: "${INLINE}"') },
      POST_BUILD,
    );
    const data = found(built, 'ConfigMap', 'settings').map('data');
    const tainted = data?.get('a');
    expect(tainted?.kind === 'scalar' && tainted.value).toBeInstanceOf(Unknown);
    expect(tainted?.kind === 'scalar' && (tainted.value as Unknown).reason).toBe(
      'variable VAR may come from ConfigMap flux-system/vars, which is not in the repository',
    );
    expect(data?.text('b')).toBe('one');
  });

  it.each([
    ['2.8', [], ['ConfigMap']],
    ['2.9', ['failed-substitution apps/settings.yaml:4'], []],
  ])(
    'with Flux %s treats an undefined variable as that version does',
    (version, problems, kinds) => {
      const components = `apiVersion: v1
kind: Namespace
metadata:
  name: flux-system
  labels: {app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v${version}.1}
`;
      const built = cluster(
        {
          'clusters/a/flux-system/gotk-components.yaml': components,
          'apps/settings.yaml': configMap('settings', 'a: "x${GONE}"'),
        },
        '  postBuild: {substitute: {INLINE: one}}\n',
      );
      const unit = built.units.find(({ title }) => title === 'Kustomization flux-system/apps');
      expect(
        unit?.problems?.map(({ code, place }) => `${code} ${place.path}:${place.line}`),
      ).toEqual(problems);
      const applied = built.objects.filter((object) => object.unit === unit);
      expect(applied.map(({ resource }) => resource.kind)).toEqual(kinds);
    },
  );
});

describe('files that SOPS encrypted', () => {
  const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: apps}
stringData:
  token: ENC[AES256_GCM,data:c2VjcmV0,iv:aa,tag:bb,type:str]
sops: {mac: "ENC[AES256_GCM,data:xx,type:str]", version: 3.9.0}
`;

  it('are applied with unknown values, the ciphertext left out', () => {
    const built = cluster(
      { 'apps/keys.yaml': SECRET },
      '  decryption: {provider: sops, secretRef: {name: sops-age}}\n',
    );
    const root = found(built, 'Secret', 'keys');
    expect(root.get('sops')).toBeUndefined();
    expect(toPlain(root)).toMatchObject({
      stringData: { token: new Unknown('the value is encrypted with SOPS') },
    });
  });

  it('are refused without decryption', () => {
    const built = cluster({ 'apps/keys.yaml': SECRET });
    expect(outline(built)).toContain('    ! missing-decryption apps/keys.yaml:6');
  });

  it.each(['ssa: Ignore', 'ssa: IfNotPresent', 'reconcile: disabled'])(
    'does not know the variables of a ConfigMap that Flux leaves alone by %s',
    (mark) => {
      const built = cluster(
        {
          'clusters/a/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: flux-system, annotations: {kustomize.toolkit.fluxcd.io/${mark}}}
data: {REGION: eu-1}
`,
          'apps/settings.yaml': configMap('settings', 'a: "${REGION}"'),
        },
        '  postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}\n',
      );
      const [applied] = built.objects.filter(({ namespace }) => namespace === 'apps');
      const value = applied?.resource.root.map('data')?.get('a');
      const read = value?.kind === 'scalar' && value.value;
      expect(read instanceof Unknown && read.reason).toMatch(
        /^variable REGION may come from ConfigMap flux-system\/settings, where Flux (leaves|creates) it /,
      );
    },
  );
});
