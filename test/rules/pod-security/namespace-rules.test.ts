import { describe, expect, it } from 'vitest';

import type { Review } from '../../../src/model/review.ts';
import { changed, namespace, scanned } from './reviewed.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: app
`;

/** What one rule says: effect, place and message, each time. */
function said(rule: string, { findings }: Review): string[] {
  return findings
    .filter((finding) => finding.rule === `pod-security/${rule}` && finding.change !== 'fixed')
    .map(
      ({ effect, primary, message, remedy }) =>
        `${effect} ${primary.path}:${primary.line} ${message} | ${remedy?.summary ?? ''}`,
    );
}

describe('invalid-label', () => {
  it.each([
    ['enforce: Restricted', 'restricted', 'Write restricted.'],
    ['audit: strict', 'privileged', 'Write privileged, baseline or restricted.'],
    ['warn-version: "1.30"', 'latest', 'Write v1.30.'],
    ['warn-version: v1.30.4', 'latest', 'Write v1.30.'],
    ['enforce-version: v1.030', 'latest', 'Write v1.30.'],
    ['enforce-version: ""', 'latest', 'Write latest or a version such as v1.35.'],
  ])('%s', (label, readAs, summary) => {
    const text = `${namespace('shop')}  labels:\n    pod-security.kubernetes.io/${label}\n`;
    const [only, ...others] = said('invalid-label', scanned({ 'a/ns.yaml': text }));
    expect(others).toEqual([]);
    expect(only).toMatch(/^denied a\/ns\.yaml:6 /);
    expect(only).toContain(`reads the label as ${readAs} where it is there already. | ${summary}`);
  });
});

describe('loosened-level', () => {
  const before = { 'a/ns.yaml': namespace('shop', { enforce: 'restricted' }), 'a/web.yaml': WEB };
  it('names what is newly let in', () => {
    const after = { ...before, 'a/ns.yaml': namespace('shop', { enforce: 'baseline' }) };
    const review = changed(before, after);
    expect(said('loosened-level', review)).toEqual([
      'risk a/ns.yaml:6 Namespace "shop" enforces baseline:latest; before this change it enforced restricted:latest. Newly let in: Deployment "web". | Keep pod-security.kubernetes.io/enforce: restricted.',
    ]);
    expect(review.findings.find(({ rule }) => rule.endsWith('loosened-level'))?.detail).toBe(
      'Deployment web: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
    );
    expect(review.verdicts[0]).toMatchObject({ area: 'pod-security', conclusion: 'failure' });
  });

  it('sees a label, or a Namespace, that is gone', () => {
    const bare = { ...before, 'a/ns.yaml': namespace('shop') };
    expect(said('loosened-level', changed(before, bare))).toHaveLength(1);
    const without = { 'a/web.yaml': WEB };
    const [gone] = said('loosened-level', changed(before, without));
    expect(gone).toMatch(/^risk a\/web\.yaml:5 .* enforces privileged:latest/);
    expect(said('loosened-level', changed(before, { 'a/x.yaml': namespace('other') }))).toEqual([]);
  });

  it('sees an older version only where it lets something in', () => {
    const pinned = (version: string) => ({
      ...before,
      'a/ns.yaml': namespace('shop', { enforce: 'restricted', 'enforce-version': version }),
    });
    expect(said('loosened-level', changed(pinned('v1.30'), pinned('v1.29')))).toEqual([]);
    expect(said('loosened-level', changed(pinned('v1.30'), pinned('v1.35')))).toEqual([]);
  });

  it('is silent about what is raised or stays', () => {
    expect(said('loosened-level', changed(before, before))).toEqual([]);
    const open = { ...before, 'a/ns.yaml': namespace('shop', { enforce: 'baseline' }) };
    expect(said('loosened-level', changed(open, before))).toEqual([]);
  });
});

describe('raised-level', () => {
  const watched = { enforce: 'baseline', audit: 'restricted', warn: 'restricted' };
  const raised = { ...watched, enforce: 'restricted' };
  it('asks to watch first', () => {
    const before = { 'a/ns.yaml': namespace('shop', { enforce: 'baseline' }), 'a/web.yaml': WEB };
    const after = { ...before, 'a/ns.yaml': namespace('shop', { enforce: 'restricted' }) };
    expect(said('raised-level', changed(before, after))).toEqual([
      'advice a/ns.yaml:6 Namespace "shop" enforces restricted at once; audit and warn have not held restricted there before. In the way: Deployment "web". | First only watch: enforce: baseline, audit: restricted, warn: restricted.',
    ]);
  });

  it('is silent after a time of warnings, and for a new namespace', () => {
    const before = { 'a/ns.yaml': namespace('shop', watched) };
    const after = { 'a/ns.yaml': namespace('shop', raised) };
    expect(said('raised-level', changed(before, after))).toEqual([]);
    expect(said('raised-level', changed({}, after))).toEqual([]);
  });
});

describe('unlabelled-namespace', () => {
  it('offers six labels at the highest level that passes', () => {
    const review = scanned({ 'a/ns.yaml': namespace('shop'), 'a/web.yaml': WEB });
    expect(said('unlabelled-namespace', review)).toEqual([
      'advice a/ns.yaml:3 Namespace "shop" runs workloads and says no Pod Security level: every pod is let in. All of its workloads pass baseline. | Label Pod Security: enforce: baseline, enforce-version: v1.37, audit: restricted, audit-version: v1.37, warn: restricted, warn-version: v1.37.',
    ]);
  });

  it('points at what names a namespace that has no manifest', () => {
    const [only] = said('unlabelled-namespace', scanned({ 'a/web.yaml': WEB }));
    expect(only).toMatch(/^advice a\/web\.yaml:5 .* has no manifest and so no labels/);
  });

  it('says nothing of objects whose namespace nobody knows', () => {
    const text = WEB.replace('  namespace: shop\n', '');
    expect(said('unlabelled-namespace', scanned({ 'a/web.yaml': text }))).toEqual([]);
  });
});

describe('undecodable-workload', () => {
  it('repeats the API server and offers the value that was meant', () => {
    const text = WEB.replace('name: app', 'name: app\n          tty: "yes"');
    const review = scanned({ 'a/web.yaml': text });
    expect(said('undecodable-workload', review)).toEqual([
      'denied a/web.yaml:11 In spec.template.spec.containers[name=app].tty of Deployment "web" in namespace "shop" the text "yes" stands where true or false, without quotes, belongs: the API server refuses the object. | Write true.',
    ]);
  });
});

describe('missing-audit-or-warn', () => {
  it.each([
    [{ enforce: 'baseline' }, 'audit and warn'],
    [{ enforce: 'restricted', audit: 'baseline', warn: 'restricted' }, 'audit'],
    [{ enforce: 'baseline', audit: 'restricted' }, 'warn'],
    [{ enforce: 'baseline', audit: 'baseline', warn: 'restricted' }, undefined],
    [{ enforce: 'privileged' }, undefined],
    [{ warn: 'restricted' }, undefined],
    [{ enforce: 'Baseline' }, undefined],
  ])('%j', (labels, missing) => {
    const found = said(
      'missing-audit-or-warn',
      scanned({ 'a/ns.yaml': namespace('shop', labels) }),
    );
    expect(found.map((text) => /does not (.*) by it/.exec(text)?.[1])).toEqual(
      missing === undefined ? [] : [missing],
    );
  });
});

describe('unpinned-version', () => {
  it('concerns production only', () => {
    const text = namespace('shop', { enforce: 'baseline' });
    expect(said('unpinned-version', scanned({ 'production/ns.yaml': text }))).toEqual([
      'advice production/ns.yaml:5 Namespace "shop" of production enforces baseline at the newest version of its cluster: an upgrade may refuse what runs today. | Set pod-security.kubernetes.io/enforce-version to v1.37.',
    ]);
    expect(said('unpinned-version', scanned({ 'staging/ns.yaml': text }))).toEqual([]);
  });
});

describe('privileged-namespace-without-reason', () => {
  const open = namespace('shop', { enforce: 'privileged' });
  it.each([
    ['nothing', open, 1],
    ['a comment on the line', open.replace('privileged\n', 'privileged # node agents\n'), 0],
    ['a comment above the label', open.replace('    pod', '    # node agents\n    pod'), 0],
    ['a comment above the object', `# node agents\n${open}`, 0],
    ['a comment for a tool', `# yaml-language-server: $schema=x\n${open}`, 1],
  ])('%s', (_, text, count) => {
    const found = said('privileged-namespace-without-reason', scanned({ 'a/ns.yaml': text }));
    expect(found).toHaveLength(count);
  });

  it('tells the level that would do', () => {
    const [only] = said(
      'privileged-namespace-without-reason',
      scanned({ 'a/ns.yaml': open, 'a/web.yaml': WEB }),
    );
    expect(only).toMatch(/in it pass baseline\. \| Enforce baseline\.$/);
  });
});

describe('removed-pod-security-policy', () => {
  it('finds rights to use it', () => {
    const role =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: psp}\nrules:\n  - apiGroups: [policy]\n    resources: [podsecuritypolicies]\n    verbs: [use]\n';
    expect(said('removed-pod-security-policy', scanned({ 'a/role.yaml': role }))).toEqual([
      'advice a/role.yaml:5 ClusterRole "psp" gives rights to PodSecurityPolicies, which do not exist since Kubernetes v1.25. | Remove it, and label the namespaces.',
    ]);
  });
});

describe('unjudged-workload', () => {
  const widget = WEB.replace('apps/v1', 'example.org/v1')
    .replace('Deployment', 'Widget')
    .replace('name: app', 'name: app\n          image: x');
  it('tells a kind once, and that a level could not be held against it', () => {
    const files = { 'a/w.yaml': widget, 'a/v.yaml': widget.replace('web', 'other') };
    const open = scanned(files);
    expect(said('unjudged-workload', open)).toHaveLength(1);
    expect(open.unknowns).toEqual([]);
    const held = { ...files, 'a/ns.yaml': namespace('shop', { enforce: 'baseline' }) };
    expect(scanned(held).unknowns.map(({ reason }) => reason)).toEqual([
      'The pods of Widget "other" in namespace "shop" are not evaluated: its kind is not known to make pods.',
    ]);
  });
});
