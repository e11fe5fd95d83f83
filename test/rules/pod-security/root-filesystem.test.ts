import { describe, expect, it } from 'vitest';

import { namespace, scanned } from './reviewed.ts';

const HARDENED =
  'allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault }';

function podOf(contexts: readonly string[], mounts = '', rest = ''): string {
  const containers = contexts.map(
    (context, at) => `    - name: c${at}
      image: x
      securityContext: { ${context} }
${mounts}`,
  );
  return `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
${rest}  containers:
${containers.join('')}`;
}

function said(pod: string, labels: Record<string, string> = {}): string[] {
  return scanned({ 'a/ns.yaml': namespace('shop', labels), 'a/pod.yaml': pod })
    .findings.filter(({ rule }) => /writable-root|scratch/.test(rule))
    .map(({ rule, effect, primary, message }) => {
      const names = /of (containers? "[^"]*"(?:, "[^"]*")*)/.exec(message)?.[1];
      return `${effect} ${rule.split('/')[1]} ${primary.line} ${names}`;
    });
}

const WRITABLE = 'writable-root-filesystem';
const SCRATCH = 'missing-scratch-volume';

describe('a root file system that can be written to', () => {
  const restricted = { enforce: 'restricted' };
  it('is told once a pod, where restricted is enforced', () => {
    expect(said(podOf([HARDENED, HARDENED]), restricted)).toEqual([
      `advice ${WRITABLE} 8 containers "c0", "c1"`,
    ]);
    expect(said(podOf([`${HARDENED}, readOnlyRootFilesystem: false`]), restricted)).toEqual([
      `advice ${WRITABLE} 8 container "c0"`,
    ]);
    expect(said(podOf(['runAsNonRoot: true']), restricted)).toHaveLength(1);
    expect(said(podOf([HARDENED]), { enforce: 'baseline', warn: 'restricted' })).toEqual([]);
  });

  it('is said to be no part of the standard', () => {
    const { findings } = scanned({
      'a/ns.yaml': namespace('shop', restricted),
      'a/pod.yaml': podOf([HARDENED]),
    });
    const finding = findings.find(({ rule }) => rule.endsWith(WRITABLE));
    expect(finding?.message).toContain('is no part of the Pod Security Standards');
    expect(finding?.remedy?.caution).toContain('mount a scratch volume there first');
  });
});

describe('a read-only root file system', () => {
  const readOnly = 'readOnlyRootFilesystem: true';
  const volume = (source: string) => `  volumes: [{ name: v, ${source} }]\n`;
  const mount = (more = '') => `      volumeMounts: [{ name: v, mountPath: /x${more} }]\n`;
  const told = [`advice ${SCRATCH} 8 container "c0"`];
  it.each([
    ['no mount', '', '', told],
    ['an emptyDir', mount(), volume('emptyDir: {}'), []],
    ['an emptyDir, read-only', mount(', readOnly: true'), volume('emptyDir: {}'), told],
    ['a configMap', mount(), volume('configMap: { name: c }'), told],
    ['a secret', mount(), volume('secret: { secretName: c }'), told],
    ['a claim', mount(), volume('persistentVolumeClaim: { claimName: c }'), []],
    ['a volume made elsewhere', mount(), '', []],
    ['null', '      volumeMounts: null\n', '', told],
    ['an empty list', '      volumeMounts: []\n', '', told],
  ])('with %s', (_, mounts, volumes, expected) => {
    const pod = podOf([readOnly], mounts, volumes);
    const line = volumes === '' ? 8 : 9;
    expect(said(pod)).toEqual(expected.map((text) => text.replace(' 8 ', ` ${line} `)));
  });

  it('is told once a pod', () => {
    expect(said(podOf([readOnly, readOnly]))).toEqual([
      `advice ${SCRATCH} 8 containers "c0", "c1"`,
    ]);
  });

  it.each([['readOnlyRootFilesystem: "true"'], ['readOnlyRootFilesystem: ${RO}']])(
    'of another type is no matter of this rule: %s',
    (context) => expect(said(podOf([context]))).toEqual([]),
  );
});
