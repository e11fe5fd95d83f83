import { expect, it } from 'vitest';

import { renderReport } from '../../src/cli/clusters-print.ts';
import { toReport } from '../../src/cli/clusters-report.ts';
import { UNCONFIGURED } from '../../src/model/cluster-settings.ts';
import { kustomization, resolved } from '../flux/clusters.ts';

const namespace = (name: string, labels = '') =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: {${labels}}\n`;
const PREFIX = 'pod-security.kubernetes.io/';

const FILES = {
  'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
  'clusters/a/one.yaml': kustomization('one', './one'),
  'clusters/a/two.yaml': kustomization('two', './two'),
  'one/inner.yaml': kustomization('inner', './inner'),
  'two/namespaces.yaml': [
    namespace('open', `${PREFIX}warn: restricted`),
    namespace('pinned', `${PREFIX}enforce: baseline, ${PREFIX}enforce-version: v1.35`),
    namespace('wrong', `${PREFIX}enforce: strict`),
    namespace('exempt', `${PREFIX}enforce: restricted`),
  ].join('---\n'),
  'inner/release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  chart: {spec: {chart: podinfo, version: 6.x, sourceRef: {kind: HelmRepository, name: podinfo, namespace: flux-system}}}
---
apiVersion: example.org/v1
kind: Whatever
metadata: {name: may-be-of-the-cluster}
`,
};

function shown(files: Readonly<Record<string, string>>, defaults = {}): string[] {
  const settings = {
    ...{ ...UNCONFIGURED, name: 'a', path: 'clusters/a' },
    podSecurity: {
      ...UNCONFIGURED.podSecurity,
      defaults,
      exemptions: { ...UNCONFIGURED.podSecurity.exemptions, namespaces: ['exempt'] },
    },
  };
  const report = toReport(resolved(files, [settings]), []);
  return renderReport(report).split('\n');
}

it('shows what is applied below what applies it, and what pods are held to', () => {
  expect(shown(FILES)).toMatchInlineSnapshot(`
    [
      "a  clusters/a  (environment not known, Flux newest, Kubernetes newest)",
      "  Kustomization flux-system/flux-system  clusters/a  (3 objects)  into flux-system",
      "    Kustomization flux-system/one  one  (1 object)  into flux-system",
      "      Kustomization flux-system/inner  inner  (2 objects)  into web",
      "    Kustomization flux-system/two  two  (4 objects)",
      "  Namespaces",
      "    exempt  exempt: no level refuses anything",
      "    flux-system  made elsewhere: enforce=privileged (default of the cluster)",
      "    open  warn=restricted (two/namespaces.yaml:5), enforce=privileged (default of the cluster)",
      "    pinned  enforce=baseline (two/namespaces.yaml:11), enforce-version=v1.35 (two/namespaces.yaml:11), warn=baseline:v1.35 (raised to that of enforce)",
      "    web  made elsewhere: enforce=privileged (default of the cluster)",
      "    wrong  enforce=strict (two/namespaces.yaml:17, read as restricted)",
      "  Helm releases, whose charts are not rendered",
      "    web/web  podinfo 6.x from HelmRepository flux-system/podinfo  inner/release.yaml:1",
      "",
      "What protects this repository",
    ]
  `);
});

it('tells the defaults of the cluster', () => {
  const lines = shown(FILES, {
    enforce: 'baseline',
    'enforce-version': 'v1.34',
    audit: 'restricted',
  });
  expect(lines.find((line) => line.startsWith('    open'))).toBe(
    '    open  warn=restricted (two/namespaces.yaml:5), enforce=baseline:v1.34 (default of the cluster), audit=restricted (default of the cluster)',
  );
});

it('shows each of a circle once', () => {
  const lines = shown({
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/one.yaml': kustomization('one', './one'),
    'one/two.yaml': kustomization('two', './two'),
    'two/one.yaml': kustomization('one', './one'),
  });
  expect(
    lines.filter((line) => line.includes('Kustomization ')).map((line) => line.trim()),
  ).toEqual([
    'Kustomization flux-system/flux-system  clusters/a  (2 objects)  into flux-system',
    'Kustomization flux-system/one  one  (1 object)  into flux-system',
    'Kustomization flux-system/two  two  (1 object)  into flux-system',
  ]);
});
