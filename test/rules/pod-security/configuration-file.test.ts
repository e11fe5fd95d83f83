import { describe, expect, it } from 'vitest';

import { headlineOf } from '../../../src/report/headline.ts';
import { changed, line, namespace, scanned } from './reviewed.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  hostNetwork: true
  containers: [{ name: web, image: web }]
`;
const CONFIG =
  'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n';
const SETTINGS = { clusters: { main: { podSecurity: { configuration: 'etc/ps.yaml' } } } };

function told(configuration: string | undefined) {
  const files = {
    'apps/ns.yaml': namespace('shop'),
    'apps/pod.yaml': POD,
    ...(configuration !== undefined && { 'etc/ps.yaml': configuration }),
  };
  const { findings, unknowns } = scanned(files, SETTINGS);
  return {
    denied: findings.filter(({ effect }) => effect === 'denied').map(line),
    unknown: unknowns.filter(({ rule }) => rule === 'pod-security/host-namespaces').length,
  };
}

const INVALID = 'denied pod-security/invalid-admission-configuration etc/ps.yaml';

describe('the configuration file of a cluster', () => {
  it.each([
    ['no defaults', CONFIG, { denied: [], unknown: 0 }],
    [
      'enforces',
      `${CONFIG}defaults: { enforce: baseline }\n`,
      {
        denied: ['denied pod-security/host-namespaces apps/pod.yaml:5 spec.hostNetwork'],
        unknown: 0,
      },
    ],
    [
      'exempts',
      `${CONFIG}defaults: { enforce: baseline }\nexemptions: { namespaces: [shop] }\n`,
      { denied: [], unknown: 0 },
    ],
    [
      'unknown field',
      `${CONFIG}default: { enforce: baseline }\n`,
      { denied: [`${INVALID}:3 `], unknown: 1 },
    ],
    ['missing', undefined, { denied: [`${INVALID}:1 `], unknown: 1 }],
    [
      'a key twice',
      `${CONFIG}defaults: { enforce: baseline, enforce: privileged }\n`,
      { denied: [`${INVALID}:3 `], unknown: 1 },
    ],
    [
      'encrypted',
      'apiVersion: ENC[x]\nkind: ENC[x]\nsops: { mac: x }\n',
      { denied: [`${INVALID}:3 `], unknown: 1 },
    ],
  ])('%s', (_, configuration, expected) => {
    expect(told(configuration)).toEqual(expected);
  });

  it('is not known where the node has it, and found however its path is written', () => {
    const files = (path: string) => ({
      'etc/admission.yaml': `apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- name: PodSecurity\n  path: ${path}\n`,
      'etc/ps.yaml': `${CONFIG}defaults: { enforce: baseline, enforce-version: v1.35 }\n`,
    });
    const configuration = './etc/admission.yaml';
    const config = { clusters: { main: { podSecurity: { configuration } } } };
    const far = scanned(files('/etc/kubernetes/ps.yaml'), config);
    expect(far.findings.filter(({ effect }) => effect === 'denied')).toEqual([]);
    expect(far.unknowns.map(({ reason }) => reason)).toEqual([
      'The defaults and exemptions that etc/admission.yaml sets are not known: "/etc/kubernetes/ps.yaml" is a file of the node; name the file of this repository that becomes it.',
    ]);
    const near = scanned(files('./ps.yaml'), config);
    expect([...near.findings, ...near.unknowns]).toEqual([]);
  });

  it('is said in words of who refuses it', () => {
    const { findings } = scanned({ 'etc/ps.yaml': `${CONFIG}default: {}\n` }, SETTINGS);
    const denied = findings.filter(({ effect }) => effect === 'denied');
    expect(headlineOf(denied, (name) => name)).toBe('No API server will start with etc/ps.yaml');
  });

  it('is missing at the line that names it', () => {
    const files = {
      '.github/fluxgate.yaml':
        'version: 1\nclusters:\n  main:\n    podSecurity:\n      configuration: etc/ps.yaml\n',
      'apps/ns.yaml': namespace('shop'),
    };
    const found = scanned(files, SETTINGS).findings.filter(({ effect }) => effect === 'denied');
    expect(found.map(line)).toEqual([
      'denied pod-security/invalid-admission-configuration .github/fluxgate.yaml:5 ',
    ]);
  });

  it('leaves open who is exempt while it cannot be used: nobody is denied', () => {
    const files = {
      'apps/ns.yaml': namespace('shop', {
        enforce: 'baseline',
        'enforce-version': 'v1.35',
        audit: 'privileged',
        warn: 'privileged',
      }),
      'apps/pod.yaml': POD,
      'etc/ps.yaml': `${CONFIG}exemption: {}\n`,
    };
    const { findings, unknowns } = scanned(files, SETTINGS);
    expect(findings.filter(({ effect }) => effect === 'denied').map(line)).toEqual([
      `${INVALID}:3 `,
    ]);
    expect(unknowns.map(({ rule, reason }) => `${rule}: ${reason}`)).toEqual([
      'pod-security/host-namespaces: Whether Pod "web" in namespace "shop" is exempt is not known: etc/ps.yaml, which holds the defaults of the cluster, cannot be used: strict decoding error: unknown field "exemption".',
    ]);
  });

  it('counts as the base branch has it: a change cannot exempt itself', () => {
    const enforcing = `${CONFIG}defaults: { enforce: baseline }\n`;
    const before = { 'apps/ns.yaml': namespace('shop'), 'etc/ps.yaml': enforcing };
    const after = {
      'apps/ns.yaml': namespace('shop'),
      'apps/pod.yaml': POD,
      'etc/ps.yaml': `${enforcing}exemptions: { namespaces: [shop] }\n`,
    };
    const { findings } = changed(before, after, SETTINGS);
    expect(findings.filter(({ effect }) => effect === 'denied').map(line)).toEqual([
      'denied pod-security/host-namespaces apps/pod.yaml:5 spec.hostNetwork',
    ]);
  });

  it('is one with the file that it loads', () => {
    const settings =
      'version: 1\nclusters:\n  main:\n    podSecurity:\n      configuration: etc/admission.yaml\n';
    const files = (rest: string) => ({
      '.github/fluxgate.yaml': settings,
      'etc/admission.yaml':
        'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: [{ name: PodSecurity, path: ps.yaml }]\n',
      'etc/ps.yaml': `${CONFIG}${rest}`,
    });
    const config = { clusters: { main: { podSecurity: { configuration: 'etc/admission.yaml' } } } };
    const lines = (rest: string) => scanned(files(rest), config).findings.map(line);
    expect(lines('exemptions: { namespaces: [a] }\n')).toEqual([
      'risk pod-security/exemption-without-reason etc/ps.yaml:3 etc/admission.yaml.exemptions.namespaces',
    ]);
    expect(lines('exemption: {}\n')).toEqual([`${INVALID}:3 `]);
  });

  const ENFORCING = `${CONFIG}defaults: { enforce: baseline }\nexemptions:\n`;
  const HOST = (name: string, more = '') =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  hostPID: true\n${more}  containers: [{ name: web, image: web }]\n`;
  const unit = (more: string) =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps, namespace: flux-system }\nspec: { path: ./apps, prune: true, interval: 1h, sourceRef: { kind: GitRepository, name: flux-system }${more} }\n`;
  it.each([
    ['the controller of Flux', '', 'flux-system:kustomize-controller', []],
    ['another account', ', serviceAccountName: shop', 'flux-system:kustomize-controller', [5]],
    ['that account', ', serviceAccountName: shop', 'flux-system:shop', []],
  ])('exempts who applies a Pod: %s', (_, more, user, lines) => {
    const files = {
      'clusters/main/apps.yaml': unit(more),
      'apps/ns.yaml': namespace('shop'),
      'apps/pod.yaml': HOST('web'),
      'etc/ps.yaml': `${ENFORCING}  usernames:\n    - system:serviceaccount:${user} # why\n`,
    };
    const { findings } = scanned(files, {
      clusters: { main: { path: 'clusters/main', ...SETTINGS.clusters.main } },
    });
    const denied = findings.filter(({ effect }) => effect === 'denied');
    expect(denied.map(({ primary }) => primary.line)).toEqual(lines);
  });

  it('counts nobody as newly let in who was exempt', () => {
    const files = (level: string) => ({
      '.github/fluxgate.yaml':
        'version: 1\nclusters:\n  main:\n    path: apps\n    podSecurity:\n      configuration: etc/ps.yaml\n',
      'apps/ns.yaml': namespace('shop'),
      'apps/pod.yaml': HOST('web'),
      'apps/kata.yaml': HOST('kata', '  runtimeClassName: kata\n'),
      'etc/ps.yaml': `${CONFIG}defaults: { enforce: ${level} }\nexemptions:\n  runtimeClasses:\n    - kata # a machine\n`,
    });
    const { findings } = changed(files('baseline'), files('privileged'), {
      clusters: { main: { path: 'apps', ...SETTINGS.clusters.main } },
    });
    expect(
      findings
        .filter(({ rule }) => rule.endsWith('loosened-default'))
        .map(({ message }) => message),
    ).toEqual([
      'Cluster "main" enforces privileged:latest by default after this change; before it enforced baseline:latest. Held to it: "shop". Newly let in: Pod "web".',
    ]);
  });
});
