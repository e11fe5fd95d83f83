import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { clustersCommand } from '../../src/cli/clusters.ts';
import { UsageError } from '../../src/cli/output.ts';
import { type PLAN_LEVELS, planCommand } from '../../src/cli/plan.ts';
import { createLocalRepository, createOutput, type LocalRepository } from './local-repository.ts';

const FLEET = join(new URL('../..', import.meta.url).pathname, 'fixtures/repositories/fleet');

let repository: LocalRepository;

beforeEach(() => {
  repository = createLocalRepository(FLEET);
});

afterEach(() => repository.remove());

async function plan(
  namespace?: string,
  level?: (typeof PLAN_LEVELS)[number],
  cluster?: string,
): Promise<{ code: number; text: string }> {
  const output = createOutput();
  const call = { repo: repository.directory, rev: 'HEAD', format: 'pretty' } as const;
  const code = await planCommand(
    namespace,
    level,
    { ...call, ...(cluster !== undefined && { cluster }) },
    output,
  );
  return { code, text: output.text };
}

describe('fluxgate plan', () => {
  it('tells of every namespace in every cluster what the next level would refuse', async () => {
    const { code, text } = await plan();
    expect(code).toBe(0);
    expect(text).toContain(
      'production/monitoring  privileged:latest  highest that passes: privileged  baseline refuses 1 workload: host-namespaces 1, hostpath-volumes 1',
    );
    expect(text).toContain(
      '  kubectl label --dry-run=server --overwrite namespace monitoring pod-security.kubernetes.io/enforce=baseline\n',
    );
    expect(text).toContain('staging/payments  baseline:v1.35  highest that passes: restricted');
  });

  it('exits 1 when the level that was asked for refuses something, with its place', async () => {
    const { code, text } = await plan('monitoring', 'baseline', 'production');
    expect(code).toBe(1);
    expect(text).toContain('apps/base/node-exporter/daemonset.yaml');
    expect(text).toContain('host namespaces (hostNetwork=true');
  });

  it('exits 0 when the level passes', async () => {
    expect((await plan('payments', 'restricted')).code).toBe(0);
  });

  it('says which clusters there are when a name fits nothing', async () => {
    await expect(plan('nope')).rejects.toThrow(UsageError);
    await expect(plan('payments', undefined, 'moon')).rejects.toThrow(/production, staging/);
  });
});

describe('fluxgate clusters', () => {
  it('shows where the level of a namespace comes from, per cluster', async () => {
    const output = createOutput();
    const call = { repo: repository.directory, rev: 'HEAD', format: 'pretty' } as const;
    expect(await clustersCommand(call, output)).toBe(0);
    expect(output.text).toContain('Kustomization flux-system/apps  apps/production  (5 objects)');
    expect(output.text).toContain(
      'enforce=restricted (infrastructure/namespaces/production/restricted.yaml:7)',
    );
    expect(output.text).toContain(
      'enforce=baseline (infrastructure/namespaces/base/namespaces.yaml:18)',
    );
  });

  it('prints JSON as its schema describes it', async () => {
    const output = createOutput();
    const call = { repo: repository.directory, rev: 'HEAD', format: 'json' } as const;
    expect(await clustersCommand(call, output)).toBe(0);
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../docs/clusters.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv2020().compile(schema);
    expect(validate(JSON.parse(output.text)) ? [] : validate.errors).toEqual([]);
  });
});

describe('an admission configuration that the settings name', () => {
  it('counts for a plan as the revision has it', async () => {
    repository.commit({
      '.github/fluxgate.yaml':
        'version: 1\nclusters:\n  production:\n    path: clusters/production\n    podSecurity: { configuration: etc/admission.conf }\n',
      'etc/admission.conf':
        'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\ndefaults: { enforce: baseline, enforce-version: v1.34 }\nexemptions: { namespaces: [monitoring] }\n',
    });
    const { text } = await plan(undefined, undefined, 'production');
    expect(text).toMatch(/production\/flux-system {2}baseline:v1\.34/);
    expect(text).toMatch(/production\/monitoring .* exempt: no level refuses anything/);
  });
});
