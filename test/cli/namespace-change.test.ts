import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { reviewCommand } from '../../src/cli/review.ts';
import { kustomization } from '../flux/clusters.ts';
import { createLocalRepository, createOutput, type LocalRepository } from './local-repository.ts';

const CLUSTERS = ['production', 'staging'];

function namespace(enforce: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: ${enforce}
`;
}

function pod(name: string, spec: string): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
spec:
  ${spec}
  containers:
    - name: app
      image: registry.example.com/app:1.0.0
`;
}

/** Two clusters over one base; production's overlay sets the level of its own. */
function fleet(): Record<string, string> {
  const files: Record<string, string> = {
    'base/kustomization.yaml': 'resources: [namespace.yaml, host.yaml, plain.yaml]\n',
    'base/namespace.yaml': namespace('privileged'),
    'base/host.yaml': pod('host', 'hostNetwork: true'),
    'base/plain.yaml': pod('plain', 'hostNetwork: false'),
  };
  for (const cluster of CLUSTERS) {
    files[`clusters/${cluster}/sync.yaml`] = kustomization('flux-system', `./clusters/${cluster}`);
    files[`clusters/${cluster}/shop.yaml`] = kustomization('shop', `./overlays/${cluster}`);
    files[`overlays/${cluster}/kustomization.yaml`] = 'resources: [../../base]\n';
  }
  return files;
}

let repository: LocalRepository;
let rounds = 0;
beforeAll(() => {
  repository = createLocalRepository();
});
afterAll(() => repository.remove());

interface Told {
  readonly code: number;
  readonly lines: readonly string[];
  readonly pods: string | undefined;
  /** The whole report, for what it says beside its findings. */
  readonly text: string;
}

async function reviewed(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string | null>>,
): Promise<Told> {
  repository.git('switch', '--quiet', '--orphan', `base-${(rounds += 1)}`);
  const base = repository.commit(before);
  const head = repository.commit(after);
  const output = createOutput();
  const call = { repo: repository.directory, base, head, format: 'json' } as const;
  const code = await reviewCommand(call, output);
  const report = JSON.parse(output.text) as {
    checks: { name: string; conclusion: string }[];
    findings: {
      message: string;
      rule: string;
      effect: string;
      change: string;
      subject: { kind: string; name: string };
      primary: { path: string; line: number };
      clusters: { name: string; change: string }[];
    }[];
  };
  const lines = report.findings
    .filter(({ change, effect }) => change !== 'existing' && effect !== 'advice')
    .map(
      ({ rule, effect, change, subject, primary, clusters }) =>
        `${change} ${effect} ${rule} ${subject.kind}/${subject.name} ${primary.path}:${primary.line} in ${clusters.map(({ name }) => name).join()}`,
    );
  const pods = report.checks.find(({ name }) => name.endsWith('pod security'))?.conclusion;
  return { code, lines, pods, text: output.text };
}

describe('a change of what a namespace is held to', () => {
  it('is raised in the base: every pod that is refused, in every cluster', async () => {
    const { code, lines, pods, text } = await reviewed(fleet(), {
      'base/namespace.yaml': namespace('baseline'),
    });
    expect({ code, lines, pods }).toEqual({
      code: 1,
      lines: [
        'introduced denied pod-security/host-namespaces Pod/host base/host.yaml:7 in production,staging',
        'fixed risk pod-security/privileged-namespace-without-reason Namespace/shop base/namespace.yaml:6 in production,staging',
      ],
      pods: 'failure',
    });
    expect(text).toContain('pod-security/raised-level');
  });

  it('is raised by an overlay: only in its cluster', async () => {
    const { code, lines } = await reviewed(fleet(), {
      'overlays/production/kustomization.yaml':
        'resources: [../../base]\npatches: [{path: level.yaml}]\n',
      'overlays/production/level.yaml': namespace('baseline'),
    });
    expect(code).toBe(1);
    expect(lines.filter((line) => line.startsWith('introduced'))).toEqual([
      'introduced denied pod-security/host-namespaces Pod/host base/host.yaml:7 in production',
    ]);
  });

  const LOOSENED = [
    {
      'base/namespace.yaml': namespace('baseline'),
      'base/host.yaml': pod('host', 'hostPID: false'),
    },
    {
      'base/namespace.yaml': namespace('privileged'),
      'base/host.yaml': pod('host', 'hostNetwork: true'),
    },
  ] as const;

  it('is loosened together with what it lets in: a risk that fails', async () => {
    const { code, lines, pods, text } = await reviewed({ ...fleet(), ...LOOSENED[0] }, LOOSENED[1]);
    expect({ code, lines, pods }).toEqual({
      code: 1,
      lines: [
        'introduced risk pod-security/loosened-level Namespace/shop base/namespace.yaml:6 in production,staging',
        'introduced risk pod-security/privileged-namespace-without-reason Namespace/shop base/namespace.yaml:6 in production,staging',
      ],
      pods: 'failure',
    });
    expect(text).toMatch(/Newly let in: Pod .{1,4}host/);
  });

  it('is loosened with a waiver that the base branch has', async () => {
    const expires = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const waiver = (rule: string) =>
      `  - {rule: ${rule}, subject: Namespace//shop, owner: "@acme/platform", reason: moving, expires: ${expires}}\n`;
    const rules = [
      'pod-security/loosened-level',
      'pod-security/privileged-namespace-without-reason',
    ];
    const config = `version: 1\nwaivers:\n${rules.map(waiver).join('')}`;
    const waived = await reviewed(
      {
        ...fleet(),
        ...LOOSENED[0],
        '.github/fluxgate.yaml': config,
      },
      LOOSENED[1],
    );
    expect([waived.code, waived.pods]).toEqual([0, 'success']);
  });

  it('is a default of the cluster', async () => {
    const config = (level: string) =>
      `version: 1\nclusters:\n  production:\n    path: clusters/production\n    podSecurity: {defaults: {enforce: ${level}}}\n`;
    const bare = {
      ...fleet(),
      'base/namespace.yaml': namespace('x').replace(/ {2}labels:\n.*\n/, ''),
    };
    const path = '.github/fluxgate.yaml';
    const loosened = await reviewed(
      { ...bare, [path]: config('baseline') },
      { [path]: config('privileged') },
    );
    expect(loosened.code).toBe(1);
    expect(loosened.lines).toEqual([
      'introduced risk pod-security/loosened-default Cluster/production .github/fluxgate.yaml:5 in ',
    ]);
    expect(loosened.text).toMatch(/Newly let in: Pod .{1,4}host/);
    const raised = await reviewed(
      { ...bare, [path]: config('privileged') },
      { [path]: config('baseline') },
    );
    expect(raised.text).toMatch(/refused[^]*host/);
  });
});

describe('a Kustomization that builds on one side only', () => {
  const HELD = { ...fleet(), 'base/namespace.yaml': namespace('baseline') };
  const BROKEN = { 'overlays/staging/kustomization.yaml': 'resources: [gone.yaml]\n' };
  const WHOLE = { 'overlays/staging/kustomization.yaml': 'resources: [../../base]\n' };

  it('breaks: nothing of it is fixed or gone', async () => {
    const { code, lines } = await reviewed(HELD, BROKEN);
    expect(code).toBe(1);
    expect(lines).toEqual([
      'introduced denied gitops/failed-build Kustomization/shop overlays/staging/kustomization.yaml:1 in staging',
    ]);
  });

  it('is mended: what it brings is new there, and only there', async () => {
    const { code, lines } = await reviewed({ ...HELD, ...BROKEN }, WHOLE);
    expect(code).toBe(1);
    expect(lines).toEqual([
      'introduced denied pod-security/host-namespaces Pod/host base/host.yaml:7 in staging,production',
      'fixed denied gitops/failed-build Kustomization/shop overlays/staging/kustomization.yaml:1 in staging',
    ]);
  });
});
