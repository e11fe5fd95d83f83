import { describe, expect, it } from 'vitest';

import { kustomization } from '../../flux/clusters.ts';
import { scanned } from './reviewed.ts';

const REMOTE = 'resources: [https://github.com/acme/base//web?ref=v1.2.3]\n';
const LOCAL = 'resources: [web.yaml]\n';
const WEB = {
  'apps/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: web}]}}}
`,
};

/** Where and what is asked for in patches. */
function asked(files: Readonly<Record<string, string>>): string[] {
  return scanned(files)
    .findings.filter(({ rule }) => rule === 'pod-security/privileged-patch')
    .map(
      ({ effect, subject, primary, message }) =>
        `${effect} ${subject.kind}/${subject.name} ${subject.field} ${primary.path}:${primary.line} ${message}`,
    );
}

function inOverlay(patches: string, resources = REMOTE): string[] {
  return asked({ ...WEB, 'apps/kustomization.yaml': `${resources}${patches}` });
}

const MERGE = `  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          spec:
            hostNetwork: true
            containers:
              - name: web
                securityContext: {privileged: true}
`;
const OPERATIONS = `  - target: {kind: Deployment, name: api}
    patch: |
      - op: add
        path: /spec/template/spec/hostPID
        value: true
      - op: add
        path: /spec/template/spec/containers/0/securityContext
        value: {runAsUser: 0}
`;
const MERGED = (title: string, file: string, first: number, kind: string, at = 0) => [
  `risk ${kind} patches[${at}] spec.template.spec.hostNetwork ${file}:${first} A patch of ${title} asks for hostNetwork (base not rendered).`,
  `risk ${kind} patches[${at}] spec.template.spec.containers[name=web].securityContext.privileged ${file}:${first + 3} A patch of ${title} asks for privileged (base not rendered).`,
];

describe('a patch that asks for privilege', () => {
  it('is told on its line where its base is remote', () => {
    expect(inOverlay(`patches:\n${MERGE}${OPERATIONS}`)).toEqual([
      ...MERGED('overlay apps', 'apps/kustomization.yaml', 10, 'Overlay/apps'),
      'risk Overlay/apps patches[1] [0].value apps/kustomization.yaml:18 A patch of overlay apps asks for hostPID (base not rendered).',
      'risk Overlay/apps patches[1] [1].value.runAsUser apps/kustomization.yaml:21 A patch of overlay apps asks for user 0 (root) (base not rendered).',
    ]);
  });

  it('asks for nothing that it only tests for or takes away', () => {
    const operations = ['test', 'remove'].map(
      (op) => `      - { op: ${op}, path: /spec/template/spec/hostNetwork, value: true }\n`,
    );
    const head = 'patches:\n  - target: {kind: Deployment, name: api}\n    patch: |\n';
    expect(inOverlay(`${head}${operations.join('')}`)).toEqual([]);
    const added = operations.map((line) => line.replace(/test|remove/, 'replace'));
    expect(inOverlay(`${head}${added.join('')}`)).toHaveLength(2);
  });

  it('is judged by what it makes of an object that is here', () => {
    expect(inOverlay(`patches:\n${MERGE}`, LOCAL)).toEqual([]);
    expect(
      inOverlay(`patches:\n${MERGE}`, 'resources: [web.yaml, github.com/acme/base?ref=v1]\n'),
    ).toEqual([]);
  });

  it('is told where Flux adds it to what is not here', () => {
    const spec = `  patches:\n${MERGE}`.replaceAll('\n', '\n  ').trimEnd();
    const files = (path: string, source = 'flux-system') => ({
      'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
      'clusters/a/apps.yaml': kustomization('apps', path, `${spec}\n`).replace(
        'kind: GitRepository, name: flux-system',
        `kind: GitRepository, name: ${source}`,
      ),
    });
    const elsewhere = {
      'clusters/a/source.yaml':
        'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: other, namespace: flux-system}\nspec: {url: https://github.com/acme/other}\n',
    };
    const told = MERGED(
      'Kustomization flux-system/apps',
      'clusters/a/apps.yaml',
      17,
      'Kustomization/apps',
    );
    expect(asked({ ...files('./web', 'other'), ...elsewhere })).toEqual(told);
    expect(asked({ ...files('./apps'), 'apps/kustomization.yaml': REMOTE })).toEqual(told);
    expect(asked({ ...files('./apps'), ...WEB })).toEqual([]);
  });

  it.each([
    ['asks for nothing', MERGE.replaceAll('true', 'false')],
    ['cannot be read', '  - patch: "{: ["\n    target: {kind: Deployment}\n'],
    ['is empty', '  - patch: "[]"\n    target: {kind: Deployment}\n'],
    ['is no map', '  - privileged\n'],
  ])('is not told where it %s', (_, patches) => {
    expect(inOverlay(`patches:\n${patches}`)).toEqual([]);
  });
});
