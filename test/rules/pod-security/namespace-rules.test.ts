import { describe, expect, it } from 'vitest';

import type { Review } from '../../../src/model/review.ts';
import { kustomization } from '../../flux/clusters.ts';
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
    ['enforce: restrcted', 'restricted', 'Write restricted.'],
    ['warn: Priviledged', 'privileged', 'Write privileged.'],
    ['audit: basline', 'privileged', 'Write baseline.'],
    ['audit: base', 'privileged', 'Write privileged, baseline or restricted.'],
    ['warn-version: lastest', 'latest', 'Write latest.'],
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

  it.each([
    [
      {},
      'risk a/ns.yaml:3 Namespace "store" takes the place of "shop" and enforces privileged:latest; "shop" enforced restricted:latest. Newly let in: Deployment "web". | Keep pod-security.kubernetes.io/enforce: restricted.',
    ],
    [{ enforce: 'restricted' }, undefined],
  ])('sees a namespace that gets another name, with labels %j', (labels, expected) => {
    const after = {
      'a/ns.yaml': namespace('store', labels),
      'a/web.yaml': WEB.replace('namespace: shop', 'namespace: store'),
    };
    expect(said('loosened-level', changed(before, after))).toEqual(expected ? [expected] : []);
    // One that was there before is held to what it was.
    const known = { ...before, 'b/ns.yaml': namespace('store', labels) };
    const moved = { 'b/ns.yaml': known['b/ns.yaml'], 'a/web.yaml': after['a/web.yaml'] };
    expect(said('loosened-level', changed(known, moved))).toEqual([]);
  });

  it.each(['0', 'z'])('sees a second Namespace of the name, in cluster file %s.yaml', (file) => {
    const own = {
      'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
      'clusters/a/apps.yaml': kustomization('apps', './a'),
      ...before,
    };
    const rival = {
      [`clusters/a/${file}.yaml`]: kustomization('rival', './rival'),
      'rival/ns.yaml': namespace('shop', { enforce: 'privileged' }),
    };
    expect(said('loosened-level', changed(own, { ...own, ...rival }))).toEqual([
      'risk rival/ns.yaml:6 Namespace "shop" enforces privileged:latest; before this change it enforced restricted:latest. Newly let in: Deployment "web". | Keep pod-security.kubernetes.io/enforce: restricted.',
    ]);
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

  it.each([
    [{ warn: 'privileged', audit: 'privileged' }, 1],
    [{ 'enforce-version': 'v1.35' }, 1],
    [{ warn: 'baseline' }, 0],
    [{ audit: 'restricted' }, 0],
    [{ enforce: 'privileged' }, 0],
  ])('takes %j as it is meant', (labels, count) => {
    const files = { 'a/ns.yaml': namespace('shop', labels), 'a/web.yaml': WEB };
    expect(said('unlabelled-namespace', scanned(files))).toHaveLength(count);
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
  it('tells a kind once, and of each object that a level could not be held against it', () => {
    const files = { 'a/w.yaml': widget, 'a/v.yaml': widget.replace('web', 'other') };
    const open = scanned(files);
    expect(said('unjudged-workload', open)).toHaveLength(1);
    expect(open.unknowns).toEqual([]);
    const held = { ...files, 'a/ns.yaml': namespace('shop', { enforce: 'baseline' }) };
    expect(scanned(held).unknowns.map(({ reason }) => reason)).toEqual([
      'The pods of Widget "other" in namespace "shop" are not evaluated: how its operator makes them is not known.',
      'The pods of Widget "web" in namespace "shop" are not evaluated: how its operator makes them is not known.',
    ]);
    const one = { 'a/ns.yaml': held['a/ns.yaml'], 'a/w.yaml': widget };
    const { unknowns, verdicts } = changed(one, held);
    expect(unknowns.filter(({ change }) => change === 'introduced')).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({ area: 'pod-security', conclusion: 'neutral' });
  });
});

describe('annotations of PodSecurityPolicy', () => {
  const rule = 'removed-pod-security-policy';
  const web = (key: string, value: string) =>
    WEB.replace(
      '  template:\n',
      `  template:\n    metadata:\n      annotations:\n        ${key}: ${value}\n`,
    );
  it.each([
    ['kubernetes.io/psp', 'eks.privileged', 'level privileged'],
    ['kubernetes.io/psp', 'global-restricted', 'level restricted'],
    ['kubernetes.io/psp', '', 'level baseline'],
    ['seccomp.security.alpha.kubernetes.io/pod', 'runtime/default', 'to RuntimeDefault.'],
    ['container.seccomp.security.alpha.kubernetes.io/app', 'localhost/x.json', 'to Localhost.'],
    ['container.seccomp.security.alpha.kubernetes.io/app', 'unconfined', 'to Unconfined.'],
  ])('%s: %s', (key, value, expected) => {
    const [only, ...others] = said(rule, scanned({ 'a/web.yaml': web(key, `"${value}"`) }));
    expect(others).toEqual([]);
    expect(only).toMatch(/^advice a\/web\.yaml:10 Annotation /);
    expect(only).toContain(expected);
  });

  it('says nothing where the cluster still reads them', () => {
    const files = { 'a/web.yaml': web('kubernetes.io/psp', 'x') };
    const settings = { clusters: { a: { path: 'a', kubernetes: 'v1.24' } } };
    expect(said(rule, scanned(files, settings))).toEqual([]);
    expect(said(rule, scanned({ 'a/web.yaml': web('other/psp', 'x') }))).toEqual([]);
  });
});

describe('namespaces that only charts use', () => {
  const release = (name: string, spec: string) =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${name}\n  namespace: flux-system\nspec:\n${spec}`;
  it('count as unlabelled at the line that creates them', () => {
    const files = {
      'a/one.yaml': release(
        'one',
        '  targetNamespace: one\n  install:\n    createNamespace: true\n',
      ),
      'a/two.yaml': release('two', '  targetNamespace: two\n'),
      'a/ns.yaml': namespace('flux-system', { enforce: 'baseline' }),
      'a/kube.yaml': release('cilium', '  targetNamespace: kube-system\n'),
      'a/open.yaml': release('open', '  targetNamespace: ${NAME}\n'),
    };
    const labels = (enforce: string) =>
      `Add a Namespace with the labels of Pod Security: enforce: ${enforce}, enforce-version: v1.37, audit: restricted, audit-version: v1.37, warn: restricted, warn-version: v1.37.`;
    const text =
      'runs workloads and has no manifest and so no labels: every pod is let in. The charts of 1 HelmRelease are not judged.';
    expect(said('unlabelled-namespace', scanned(files)).sort()).toEqual([
      `advice a/kube.yaml:7 Namespace "kube-system" ${text} | ${labels('privileged')}`,
      `advice a/one.yaml:9 Namespace "one" ${text} | ${labels('baseline')}`,
      `advice a/open.yaml:7 Namespace "\${NAME}" ${text} | ${labels('baseline')}`,
      `advice a/two.yaml:7 Namespace "two" ${text} | ${labels('baseline')}`,
    ]);
  });

  it('are told beside workloads, with a word of care', () => {
    const files = {
      'a/ns.yaml': namespace('shop'),
      'a/web.yaml': WEB,
      'a/r.yaml': release('r', '  targetNamespace: shop\n'),
    };
    const [finding] = scanned(files).findings.filter(({ rule }) =>
      rule.endsWith('/unlabelled-namespace'),
    );
    expect(finding?.message).toBe(
      'Namespace "shop" runs workloads and says no Pod Security level: every pod is let in. All of its other workloads pass baseline. The charts of 1 HelmRelease are not judged.',
    );
    expect(finding?.remedy?.caution).toMatch(/^What the charts bring is not rendered here/);
  });

  it('lose their level with their manifest', () => {
    const before = {
      'a/ns.yaml': namespace('one', { enforce: 'baseline' }),
      'a/one.yaml': release('one', '  targetNamespace: one\n'),
    };
    const after = { 'a/one.yaml': before['a/one.yaml'] };
    expect(said('loosened-level', changed(before, after))).toHaveLength(1);
    expect(said('raised-level', changed(after, before))).toHaveLength(1);
  });
});

describe('needless-exception', () => {
  const rule = 'needless-exception';
  const open = `# agents of the node\n${namespace('shop', { enforce: 'privileged' })}`;
  const agent = WEB.replace('name: web', 'name: agent').replace(
    '    spec:\n',
    '    spec:\n      hostPID: true\n',
  );
  const settings = {
    clusters: { a: { path: 'a', podSecurity: { exemptions: { namespaces: ['shop'] } } } },
  };
  it('tells what could move, and where all could', () => {
    const mixed = { 'a/ns.yaml': open, 'a/web.yaml': WEB, 'a/agent.yaml': agent };
    expect(said(rule, scanned(mixed))).toEqual([
      'advice a/ns.yaml:7 Namespace "shop" is privileged, and 1 of its 2 workloads need not be: Deployment "web" passes baseline. | Move it into a namespace of its own that enforces baseline, and keep the exception small.',
    ]);
    const passing = { 'a/ns.yaml': open, 'a/web.yaml': WEB };
    expect(said(rule, scanned(passing))).toEqual([
      'advice a/ns.yaml:7 Namespace "shop" enforces privileged, and all of its workloads pass baseline. | Watch baseline with audit and warn, then enforce it.',
    ]);
  });
  it('looks at exempt namespaces, with a manifest or without', () => {
    const files = { 'a/web.yaml': WEB, 'a/agent.yaml': agent };
    expect(said(rule, scanned(files, settings))).toEqual([
      'advice a/agent.yaml:5 Namespace "shop" is exempt from Pod Security, and 1 of its 2 workloads need not be: Deployment "web" passes baseline. | Move it into a namespace of its own that enforces baseline, and keep the exception small.',
    ]);
    const passing = {
      'a/ns.yaml': namespace('shop', { enforce: 'restricted' }),
      'a/web.yaml': WEB,
    };
    expect(said(rule, scanned(passing, settings))).toEqual([
      'advice a/ns.yaml:4 Namespace "shop" is exempt from Pod Security, and all of its workloads pass baseline. | Take the exemption out and enforce baseline.',
    ]);
  });
  it('is silent where the exception is small, or another rule has said it', () => {
    const small = { 'a/ns.yaml': open, 'a/agent.yaml': agent };
    expect(said(rule, scanned(small))).toEqual([]);
    const without = {
      'a/ns.yaml': namespace('shop', { enforce: 'privileged' }),
      'a/web.yaml': WEB,
    };
    expect(said(rule, scanned(without))).toEqual([]);
    const held = { 'a/ns.yaml': namespace('shop', { enforce: 'baseline' }), 'a/web.yaml': WEB };
    expect(said(rule, scanned(held))).toEqual([]);
  });
  it('tells of baseline that all pass restricted, unless charts may need more', () => {
    const hardened = WEB.replace(
      'name: app\n',
      'name: app\n          securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }\n',
    );
    const files = {
      'a/ns.yaml': namespace('shop', { enforce: 'baseline' }),
      'a/web.yaml': hardened,
    };
    expect(said(rule, scanned(files))).toEqual([
      'advice a/ns.yaml:6 Namespace "shop" enforces baseline, and all of its workloads pass restricted. | Watch restricted with audit and warn, then enforce it.',
    ]);
    const chart =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: x, namespace: shop }\nspec: {}\n';
    expect(said(rule, scanned({ ...files, 'a/chart.yaml': chart }))).toEqual([]);
  });
});

describe('kinds whose operators make pods', () => {
  it('are told once each, at the kind', () => {
    const of = (apiVersion: string, kind: string, name: string) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: {}\n`;
    const files = {
      'a/ns.yaml': namespace('shop', { enforce: 'baseline' }),
      'a/one.yaml': of('monitoring.coreos.com/v1', 'Prometheus', 'one'),
      'a/two.yaml': of('monitoring.coreos.com/v1', 'Prometheus', 'two'),
      'a/rule.yaml': of('monitoring.coreos.com/v1', 'PrometheusRule', 'rule'),
      'a/task.yaml': of('tekton.dev/v1', 'Task', 'task'),
    };
    const review = scanned(files);
    expect(said('unjudged-workload', review)).toEqual([
      'advice a/one.yaml:2 Objects of kind Prometheus (monitoring.coreos.com) make pods that no field of theirs tells; they are not evaluated. | Look at the pods that the operator makes, with audit and warn in their namespace.',
      'advice a/task.yaml:2 Objects of kind Task (tekton.dev) make pods that no field of theirs tells; they are not evaluated. | Look at the pods that the operator makes, with audit and warn in their namespace.',
    ]);
    expect(review.unknowns).toHaveLength(3);
  });
});
