/** What is no longer found: mended, or only no longer measured. */
import { describe, expect, it } from 'vitest';

import { changed, namespace } from './reviewed.ts';

const NAMES = new Map([
  ['worker', '      hostPID: true\n'],
  ['web', ''],
]);

function workload(name: string, space = 'shop', more = NAMES.get(name) ?? ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${space}
spec:
  template:
    spec:
${more}      containers:
        - name: app
`;
}

/** The rules whose findings are gone, and how. */
function gone(
  before: Record<string, string>,
  after: Record<string, string>,
  settings?: object,
): string[] {
  const { findings } = changed(before, after, settings);
  const named = findings.filter(({ change }) => change === 'lapsed' || change === 'fixed');
  return [...new Set(named.map(({ change, rule }) => `${change} ${rule}`))].sort();
}

const OPEN = `# agents of the node\n${namespace('shop', { enforce: 'privileged' })}`;
const RESTRICTED = namespace('shop', { enforce: 'restricted' });
const HELD = namespace('shop', { enforce: 'baseline' });
const AUDITED = namespace('shop', { enforce: 'baseline', audit: 'baseline', warn: 'baseline' });

describe('a finding that is gone', () => {
  const refused = { 'a/ns.yaml': AUDITED, 'a/worker.yaml': workload('worker') };
  it('is fixed where the workload was mended, or is gone', () => {
    const mended = { ...refused, 'a/worker.yaml': workload('worker', 'shop', '') };
    expect(gone(refused, mended)).toEqual(['fixed pod-security/host-namespaces']);
    expect(gone(refused, { 'a/ns.yaml': AUDITED })).toEqual(['fixed pod-security/host-namespaces']);
  });
  it('has lapsed where its namespace was loosened', () => {
    expect(gone(refused, { ...refused, 'a/ns.yaml': OPEN })).toEqual([
      'lapsed pod-security/host-namespaces',
    ]);
    const held = { ...refused, 'a/ns.yaml': HELD };
    expect(gone(held, { ...held, 'a/ns.yaml': OPEN })).toEqual([
      'lapsed pod-security/host-namespaces',
      'lapsed pod-security/missing-audit-or-warn',
    ]);
  });
  it('has lapsed where only a hardened namespace is told of it', () => {
    const hardened = { 'a/ns.yaml': RESTRICTED, 'a/web.yaml': workload('web') };
    expect(gone(hardened, { ...hardened, 'a/ns.yaml': OPEN })).toContain(
      'lapsed pod-security/writable-root-filesystem',
    );
  });
  it('has lapsed too where the rule that tells of loosening only advises', () => {
    const settings = { rules: { 'pod-security/loosened-level': 'advice' } };
    expect(gone(refused, { ...refused, 'a/ns.yaml': OPEN }, settings)).toEqual([
      'lapsed pod-security/host-namespaces',
    ]);
  });
  it('is fixed in another namespace than the one that was loosened', () => {
    const other = {
      ...{ 'a/ns.yaml': AUDITED, 'a/other.yaml': AUDITED.replace('shop', 'other') },
      'a/worker.yaml': workload('worker', 'other'),
    };
    const after = { ...other, 'a/ns.yaml': OPEN, 'a/worker.yaml': workload('web', 'other') };
    expect(gone(other, after)).toEqual(['fixed pod-security/host-namespaces']);
  });
});

describe('a needless exception that is gone', () => {
  const needless = { 'a/ns.yaml': OPEN, 'a/web.yaml': workload('web') };
  it.each<[string, Record<string, string>]>([
    ['the workload needs it now', { 'a/web.yaml': workload('web', 'shop', NAMES.get('worker')) }],
    ['the level was raised', { 'a/ns.yaml': HELD }],
  ])('is never praised: %s', (_label, change) => {
    expect(gone(needless, { ...needless, ...change })).toContain(
      'lapsed pod-security/needless-exception',
    );
  });
});
