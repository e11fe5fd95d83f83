import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../../src/config/schema.ts';
import type { Review } from '../../../src/model/review.ts';
import { renderAreaSections } from '../../../src/report/area-sections.ts';
import type { FileTree } from '../../../src/model/file-tree.ts';
import {
  defaultPlaces,
  writtenClusters,
} from '../../../src/rules/pod-security/written-settings.ts';
import { review } from '../../../src/review/review.ts';
import { podSecurityRules } from '../../../src/rules/pod-security/rules.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { changed, namespace, scanned } from './reviewed.ts';

/** What some rules say: effect, change, place and message, each time. */
function said({ findings }: Review, ...rules: string[]): string[] {
  return findings
    .filter(({ rule }) => rules.some((name) => rule === `pod-security/${name}`))
    .map(
      ({ effect, change, primary: { path, line }, message }) =>
        `${effect} ${change} ${path}:${line} ${message}`,
    );
}

const SETTINGS_FILE = '.github/fluxgate.yaml';
const HEAD =
  'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n';
const WRAPPED = `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: PodSecurity
    configuration:
      apiVersion: pod-security.admission.config.k8s.io/v1
      kind: PodSecurityConfiguration
      defaults:
        enforce: baseline
        enforce-version: latest
      exemptions:
        # Array of authenticated usernames to exempt.
        usernames: []
        # Array of namespaces to exempt.
        namespaces: [kube-system]
`;

function settings(podSecurity: string, more = ''): string {
  return `version: 1\nclusters:\n  production:\n    path: apps\n${more}    podSecurity:\n${podSecurity}`;
}

const NAMED = settings('      configuration: etc/ps.yaml\n');
const IN_FORCE = {
  clusters: { production: { path: 'apps', podSecurity: { configuration: 'etc/ps.yaml' } } },
};

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    spec:
      hostPID: true
      containers: [{ name: app, image: x }]
`;

describe('exemption-without-reason', () => {
  const rule = 'exemption-without-reason';
  it.each([
    ['nothing', '    - a\n', ['a']],
    ['a comment on the line', '    - a # agents\n    - b\n', ['b']],
    ['a comment above', '    # agents\n    - a\n', []],
    ['one list, one reason', ' [a, b] # agents\n', []],
    ['one list without', ' [a, b]\n', ['a', 'b']],
    ['no text', ' [1, "", null, [x], {y: z}]\n', []],
    ['no list', ' a\n', []],
  ])('%s', (_, list, expected) => {
    for (const kind of ['namespaces', 'usernames', 'runtimeClasses']) {
      const files = {
        'etc/ps.yaml': `${HEAD}exemptions:\n  ${kind}:${list.startsWith('    ') ? '\n' : ''}${list}`,
      };
      const names = said(scanned(files), rule).map((text) => /"([^"]*)" is exempt/.exec(text)?.[1]);
      expect(names.sort()).toEqual(expected);
    }
  });

  it('sees our settings, the file that they name, and the wrapped form', () => {
    const inline = settings('      exemptions:\n        runtimeClasses: [kata]\n');
    expect(said(scanned({ [SETTINGS_FILE]: inline }), rule)).toEqual([
      'risk existing .github/fluxgate.yaml:7 The runtime class "kata" is exempt from Pod Security in cluster "production", and no comment says why.',
    ]);
    const files = { [SETTINGS_FILE]: NAMED, 'etc/ps.yaml': WRAPPED };
    expect(said(scanned(files), rule)).toEqual([
      'risk existing etc/ps.yaml:15 The namespace "kube-system" is exempt from Pod Security in cluster "production", and no comment says why.',
    ]);
  });

  it('is introduced by the change that brings the exemption, and can be waived', () => {
    const before = memoryTree({ 'etc/ps.yaml': HEAD });
    const after = memoryTree({
      'etc/ps.yaml': `${HEAD}exemptions: { namespaces: [monitoring] }\n`,
    });
    const waiver = {
      rule: `pod-security/${rule}`,
      subject: 'Namespace//monitoring',
      owner: '@acme/platform',
      reason: 'node agents',
      expires: '2026-03-31',
      place: { path: SETTINGS_FILE, line: 1, endLine: 1 },
    };
    const answer = review(
      { before, after, head: after },
      {
        config: DEFAULT_CONFIG,
        rules: podSecurityRules,
        waivers: [waiver],
        now: Date.UTC(2026, 0, 15),
      },
    );
    if ('wanted' in answer) throw new Error('Everything is loaded.');
    expect(answer.findings.find((one) => one.rule.endsWith(rule))).toMatchObject({
      change: 'introduced',
      effect: 'risk',
      waiver: { reason: 'node agents' },
    });
    expect(answer.verdicts[0]?.conclusion).toBe('success');
  });
});

describe('exempt-controller', () => {
  it.each([
    [
      'system:serviceaccount:kube-system:replicaset-controller',
      'the pods of every ReplicaSet and Deployment',
    ],
    ['system:serviceaccount:kube-system:job-controller', 'the pods of every Job and CronJob'],
    ['system:serviceaccount:kube-system:cronjob-controller', 'the Jobs of every CronJob'],
    ['system:kube-controller-manager', 'the pods of every workload'],
    ['system:serviceaccount:flux-system:kustomize-controller', 'whatever Flux applies'],
    ['system:serviceaccount:shop:replicaset-controller', undefined],
    ['alice', undefined],
  ])('%s', (user, made) => {
    const files = {
      'etc/ps.yaml': `${HEAD}exemptions:\n  usernames:\n    # it was refused\n    - ${user}\n`,
    };
    const found = said(scanned(files), 'exempt-controller', 'exemption-without-reason');
    expect(found).toEqual(
      made === undefined
        ? []
        : [
            `risk existing etc/ps.yaml:6 The user "${user}" is exempt from Pod Security in a cluster that is not named. It makes ${made}, so that no namespace holds those to a level.`,
          ],
    );
  });
});

describe('unpinned-default', () => {
  const at = (body: string, more = '') => {
    const files = {
      [SETTINGS_FILE]: settings('      configuration: etc/ps.yaml\n', more),
      'etc/ps.yaml': `${HEAD}${body}`,
    };
    return scanned(files).findings.filter(({ rule }) => rule === 'pod-security/unpinned-default');
  };
  it('pins what is written and what is not', () => {
    const [finding] = at('defaults:\n  enforce: baseline # for now\n', '    kubernetes: v1.33\n');
    expect(finding?.message).toMatch(/at its newest version, since none is written: /);
    expect(finding?.remedy?.edits).toMatchObject([
      { path: 'etc/ps.yaml', line: 3, lines: ['defaults:', '  enforce-version: v1.33'] },
    ]);
    const [latest] = at('defaults: { enforce: baseline, enforce-version: latest }\n');
    expect(latest?.remedy?.edits).toMatchObject([
      { line: 3, lines: ['defaults: { enforce: baseline, enforce-version: v1.37 }'] },
    ]);
  });
  it.each([
    ['pinned', 'defaults: { enforce: baseline, enforce-version: v1.30 }\n', ''],
    ['privileged', 'defaults: { enforce: privileged }\n', ''],
    ['invalid', 'defaults: { enforce: strict }\n', ''],
    ['staging', 'defaults: { enforce: baseline }\n', '    environment: staging\n'],
  ])('not: %s', (_, body, more) => expect(at(body, more)).toEqual([]));
});

describe('unnamed-admission-configuration', () => {
  it('mentions each file once', () => {
    const files = { 'etc/ps.yaml': WRAPPED, 'other/ps.yaml': HEAD, 'apps/web.yaml': WEB };
    expect(said(scanned(files), 'unnamed-admission-configuration')).toEqual([
      'advice existing etc/ps.yaml:7 etc/ps.yaml configures Pod Security admission, and no cluster names it: its defaults and exemptions count for nothing here.',
      'advice existing other/ps.yaml:2 other/ps.yaml configures Pod Security admission, and no cluster names it: its defaults and exemptions count for nothing here.',
    ]);
    expect(
      said(scanned({ ...files, [SETTINGS_FILE]: NAMED }), 'unnamed-admission-configuration'),
    ).toHaveLength(1);
  });
});

describe('a configuration inside of something else', () => {
  const rule = 'unnamed-admission-configuration';
  const talos =
    'machine: { type: controlplane }\ncluster:\n  apiServer:\n    admissionControl:\n      - name: PodSecurity\n        configuration:\n          kind: PodSecurityConfiguration\n          defaults: { enforce: baseline }\n';
  const inCluster = `apiVersion: controlplane.cluster.x-k8s.io/v1beta1\nkind: KubeadmControlPlane\nmetadata: { name: cp, namespace: fleet }\nspec:\n  kubeadmConfigSpec:\n    files:\n      - path: /etc/kubernetes/ps.yaml\n        content: |\n${WRAPPED.replace(/^/gm, '          ')}\n`;
  const flag =
    'kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    admission-control-config-file: /etc/kubernetes/ps.yaml\n';

  it.each([
    ['Talos', talos, [7]],
    ['Cluster API', inCluster, [15]],
    ['JSON in a text', `files:\n  - '{"kind": "PodSecurityConfiguration"}'\n`, [2]],
    ['Rancher', 'kind: PodSecurityAdmissionConfigurationTemplate\n', [1]],
    ['a flag', flag, [4]],
    ['a comment', '# kind: PodSecurityConfiguration\na: b # kind: PodSecurityConfiguration\n', []],
    [
      'a definition',
      'kind: CustomResourceDefinition\nspec: { names: { kind: PodSecurityAdmissionConfigurationTemplate } }\n',
      [],
    ],
    ['another kind', 'kind: PodSecurityConfigurations\n', []],
  ])('%s', (_, text, lines) => {
    const found = scanned({ 'machines/one.yaml': text }).findings.filter(
      (one) => one.rule === `pod-security/${rule}`,
    );
    expect(found.map(({ primary }) => primary.line)).toEqual(lines);
  });

  it('says so once, and where the settings know better nothing', () => {
    const files = { 'machines/one.yaml': talos, 'machines/two.yaml': flag, 'apps/web.yaml': WEB };
    expect(said(scanned(files), rule)).toEqual([
      'advice existing machines/one.yaml:7 The admission of a cluster seems to be configured in machines/one.yaml: a PodSecurityConfiguration stands there. It is not read from there, so that its defaults and exemptions count for nothing here.',
    ]);
    const known = settings('      defaults: { enforce: baseline, enforce-version: v1.35 }\n');
    const config = {
      clusters: { production: { path: 'apps', podSecurity: { defaults: {} } } },
    };
    expect(said(scanned({ ...files, [SETTINGS_FILE]: known }, config), rule)).toEqual([]);
  });
});

describe('a change of admission', () => {
  const strict = `${HEAD}defaults: { enforce: baseline, enforce-version: v1.35 }\n`;
  const files = (configuration: string) => ({
    [SETTINGS_FILE]: NAMED,
    'etc/ps.yaml': configuration,
    'apps/ns.yaml': namespace('shop'),
    'apps/web.yaml': WEB,
  });
  const sectionsOf = ({ sections }: Review) =>
    renderAreaSections(sections ?? [], 'pod-security').join('\n\n');

  it('that lowers the default fails, and is told in words', () => {
    const after = files(`${HEAD}exemptions:\n  usernames:\n    - alice # on call\n`);
    const review = changed(files(strict), after, IN_FORCE);
    expect(said(review, 'loosened-default')).toEqual([
      'risk introduced etc/ps.yaml:1 Cluster "production" enforces privileged:latest by default after this change; before it enforced baseline:v1.35. Held to it: "shop". Newly let in: Deployment "web".',
    ]);
    expect(review.verdicts[0]?.conclusion).toBe('failure');
    expect(sectionsOf(review)).toMatchInlineSnapshot(`
      "### This change configures the admission of production otherwise

      What cluster production enforces by default, and whom it exempts, changes in etc/ps\\.yaml\\. This review goes by the configuration of the base branch; the new one counts here after the merge, and in the cluster when its API server starts with it\\.

      | Setting | Now | After the merge |
      | --- | --- | --- |
      | default of enforce | baseline:v1\\.35 | privileged:latest |
      | user alice | judged | exempt |

      For the namespaces of this repository this means:

      | Namespace | Enforces now | After the merge | Workloads |
      | --- | --- | --- | --- |
      | \`shop\` | baseline:v1\\.35 | privileged | newly let in: Deployment "web" |"
    `);
  });

  it('that exempts a namespace says what that lets in', () => {
    const after = files(`${strict}exemptions:\n  namespaces:\n    - shop # agents\n`);
    const review = changed(files(strict), after, IN_FORCE);
    expect(said(review, 'loosened-default')).toEqual([]);
    expect(sectionsOf(review)).toMatchInlineSnapshot(`
      "### This change configures the admission of production otherwise

      What cluster production enforces by default, and whom it exempts, changes in etc/ps\\.yaml\\. This review goes by the configuration of the base branch; the new one counts here after the merge, and in the cluster when its API server starts with it\\.

      | Setting | Now | After the merge |
      | --- | --- | --- |
      | namespace shop | judged | exempt |

      For the namespaces of this repository this means:

      | Namespace | Enforces now | After the merge | Workloads |
      | --- | --- | --- | --- |
      | \`shop\` | baseline:v1\\.35 | exempt | newly let in: Deployment "web" |"
    `);
    const denied = review.findings.filter(({ effect }) => effect === 'denied');
    expect(denied.map(({ rule }) => rule)).toEqual(['pod-security/host-namespaces']);
  });

  it('in our own settings, or that breaks the file, is told too', () => {
    const inline = {
      ...files(strict),
      [SETTINGS_FILE]: settings('      defaults: { warn: restricted }\n'),
    };
    expect(sectionsOf(changed(files(strict), inline, IN_FORCE))).toMatchInlineSnapshot(`
      "### This change configures the admission of production otherwise

      What cluster production enforces by default, and whom it exempts, changes in \\.github/fluxgate\\.yaml\\. This review goes by the configuration of the base branch; the new one counts here after the merge, and in the cluster when its API server starts with it\\.

      | Setting | Now | After the merge |
      | --- | --- | --- |
      | default of enforce | baseline:v1\\.35 | privileged:latest |
      | default of warn | privileged:latest | restricted:latest |

      For the namespaces of this repository this means:

      | Namespace | Enforces now | After the merge | Workloads |
      | --- | --- | --- | --- |
      | \`shop\` | baseline:v1\\.35 | privileged | newly let in: Deployment "web" |"
    `);
    expect(sectionsOf(changed(files(strict), files(`${strict}x: y\n`), IN_FORCE)))
      .toMatchInlineSnapshot(`
      "### This change configures the admission of production otherwise

      What cluster production enforces by default, and whom it exempts, changes in etc/ps\\.yaml\\. This review goes by the configuration of the base branch; the new one counts here after the merge, and in the cluster when its API server starts with it\\.

      | Setting | Now | After the merge |
      | --- | --- | --- |
      | the configuration | can be used | cannot be used |

      An API server does not start with such a file, so what holds after the merge is not known\\."
    `);
  });

  it('is silent where nothing changes', () => {
    expect(sectionsOf(changed(files(strict), files(`# rewritten\n${strict}`), IN_FORCE))).toBe('');
    expect(sectionsOf(scanned(files(strict), IN_FORCE))).toBe('');
  });
});

describe('a newer Kubernetes, or a new cluster', () => {
  const text = (version: string) => `version: 1
clusters:
  production:
    path: apps
    kubernetes: ${version}
    podSecurity:
      exemptions:
        namespaces:
          - kube-system # the control plane
waivers:
  - rule: pod-security/hostpath-volumes
    subject: DaemonSet/monitoring/node-exporter
    owner: "@acme/platform"
    reason: needs the host's /proc
    expires: 2026-03-31
  - rule: image-policy/*
    subject: x
    owner: "@acme/platform"
    reason: other
    expires: 2026-03-31
`;
  const files = (version: string) => ({
    [SETTINGS_FILE]: text(version),
    'apps/ns.yaml': namespace('shop', { enforce: 'baseline', 'enforce-version': 'v1.33' }),
    'apps/open.yaml': namespace('agents', { enforce: 'privileged' }),
    'apps/pinned.yaml': namespace('new', { enforce: 'baseline', 'enforce-version': 'v1.35' }),
    'apps/agent.yaml': `# fluxgate: ignore pod-security/host-namespaces by @acme/platform until 2026-04-30 because it reads the node's network
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: agents}
spec:
  containers:
    - name: agent
      image: agent
      # fluxgate: ignore image-policy/floating-tag by @acme/platform until 2026-04-30 because no business of this list
      tty: true
      # fluxgate: ignore pod-security/* by @acme/platform until 2026-05-31 because it mounts the node
      stdin: true
`,
    'elsewhere/agent.yaml': `# fluxgate: ignore pod-security/* by @acme/platform until 2026-04-30 because it is of no cluster
apiVersion: v1
kind: Pod
metadata: {name: elsewhere}
`,
  });
  const toldOf = (before: Record<string, string>, after: Record<string, string>, config = {}) =>
    renderAreaSections(changed(before, after, config).sections ?? [], 'pod-security').join('\n\n');

  it('lists what to look at again', () => {
    const config = { clusters: { production: { path: 'apps' } } };
    expect(toldOf(files('v1.33'), files('v1.35'), config)).toMatchInlineSnapshot(`
      "### To look at again: production goes from Kubernetes v1\\.33 to v1\\.35

      Cluster production goes from Kubernetes v1\\.33 to v1\\.35: a good moment to look at what it lets in\\. Does each of these still need to be?

      | What | Name | Where | What it says |
      | --- | --- | --- | --- |
      | exempt namespace | \`kube-system\` | \`.github/fluxgate.yaml:9\` | with a reason |
      | privileged namespace | \`agents\` | \`apps/open.yaml:6\` | without a reason |
      | lagging pin | \`shop\` | \`apps/ns.yaml:7\` | baseline at v1\\.33 |
      | waiver | \`DaemonSet/monitoring/node-exporter\` | \`.github/fluxgate.yaml:11\` | pod\\-security/hostpath\\-volumes, until 2026\\-03\\-31: needs the host's /proc |
      | waiver | \`Pod/agents/agent\` | \`apps/agent.yaml:1\` | pod\\-security/host\\-namespaces, until 2026\\-04\\-30: it reads the node's network |
      | waiver | \`Pod/agents/agent spec.containers[name=agent].stdin\` | \`apps/agent.yaml:11\` | pod\\-security/\\*, until 2026\\-05\\-31: it mounts the node |"
    `);
    expect(toldOf(files('v1.35'), files('v1.33'), config)).toBe('');
    expect(toldOf(files('v1.35'), files('v1.35'), config)).toBe('');
  });

  it('reads the objects that upgrade a cluster', () => {
    const plan = (version: string) => ({
      'apps/plan.yaml': `apiVersion: upgrade.cattle.io/v1\nkind: Plan\nmetadata: {name: server, namespace: system-upgrade}\nspec: {version: ${version}}\n`,
    });
    expect(toldOf(plan('v1.33.1+k3s1'), plan('v1.34.0+k3s1'))).toMatchInlineSnapshot(`
      "### To look at again: apps goes from Kubernetes v1\\.33 to v1\\.34

      Cluster apps goes from Kubernetes v1\\.33 to v1\\.34\\. It has no exemptions, privileged namespaces, waivers or pins to an older version\\."
    `);
    expect(toldOf(plan('v1.33.1+k3s1'), plan('v1.33.2+k3s1'))).toBe('');
    expect(toldOf(plan('stable'), plan('v1.33.2+k3s1'))).toBe('');
  });

  it('sees a cluster that is added, not a repository that begins', () => {
    const cluster = (name: string) => ({
      [`clusters/${name}/ns.yaml`]: namespace('agents', { enforce: 'privileged' }),
      [`clusters/${name}/flux.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec: { interval: 1h, path: ./clusters/${name}, prune: true, sourceRef: { kind: GitRepository, name: flux-system } }
`,
    });
    expect(toldOf({}, cluster('staging'))).toBe('');
    const both = { ...cluster('staging'), ...cluster('production') };
    expect(toldOf(cluster('staging'), both)).toMatchInlineSnapshot(`
      "### To look at again: production is new

      Cluster production is new: a good moment to look at what it lets in\\. Does each of these still need to be?

      | What | Name | Where | What it says |
      | --- | --- | --- | --- |
      | privileged namespace | \`agents\` | \`clusters/production/ns.yaml:6\` | without a reason |"
    `);
  });
});

describe('the next stricter level', () => {
  const titles = ({ sections }: Review) => (sections ?? []).map(({ title }) => title);
  const of = (labels: Record<string, string>) => ({
    'apps/ns.yaml': namespace('shop', labels),
  });
  it('is counted where a change touches a namespace at baseline', () => {
    const before = of({ enforce: 'baseline', 'enforce-version': 'v1.35' });
    const review = changed(before, { ...before, 'apps/web.yaml': WEB });
    expect(renderAreaSections(review.sections ?? [], 'pod-security')).toEqual([
      '### The next stricter level\n\nAt restricted:v1\\.35, the next stricter level, 1 of 1 workload of namespace shop in apps would be refused\\. The way up is to audit and warn first; fluxgate plan shop restricted lists them\\.',
    ]);
  });
  it.each([
    ['where its findings say so', { enforce: 'baseline', warn: 'restricted' }],
    ['at restricted', { enforce: 'restricted' }],
    ['at privileged', { enforce: 'privileged' }],
  ])('is not: %s', (_, labels) => {
    const before = of(labels);
    expect(titles(changed(before, { ...before, 'apps/web.yaml': WEB }))).toEqual([]);
  });
  it('is not where nothing is touched', () => {
    const files = { ...of({ enforce: 'baseline' }), 'apps/web.yaml': WEB };
    expect(titles(changed(files, { ...files, 'other/ns.yaml': namespace('x') }))).toEqual([]);
  });
});

describe('the settings of a tree', () => {
  it('are read again when the file that they name is loaded', () => {
    const files = {
      [SETTINGS_FILE]: NAMED,
      'etc/ps.yaml': `${HEAD}defaults: { enforce: baseline }\n`,
    };
    const whole = memoryTree(files);
    let isLoaded = false;
    const tree: FileTree = {
      commit: '',
      list: () => whole.list(),
      entry: (path) => whole.entry(path),
      isDirectory: (path) => whole.isDirectory(path),
      children: (path) => whole.children(path),
      read: (path) =>
        path === 'etc/ps.yaml' && !isLoaded ? { state: 'not-loaded', path } : whole.read(path),
    };
    const placed = () =>
      writtenClusters(tree).map((cluster) => defaultPlaces(cluster)?.enforce?.line);
    expect(placed()).toEqual([undefined]);
    isLoaded = true;
    expect(placed()).toEqual([3]);
  });

  it('tell beside a refusal which default it comes from', () => {
    const files = {
      [SETTINGS_FILE]: NAMED,
      'etc/ps.yaml': `${HEAD}defaults: { enforce: baseline, enforce-version: v1.35 }\n`,
      'apps/web.yaml': WEB,
    };
    const [denied] = scanned(files, IN_FORCE).findings.filter(({ effect }) => effect === 'denied');
    expect(denied?.related).toEqual([
      {
        path: 'etc/ps.yaml',
        line: 3,
        why: 'no label says a level, and by default the cluster enforces the level baseline',
      },
    ]);
  });
});
