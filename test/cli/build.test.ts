import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type BuildCall, buildCommand } from '../../src/cli/build.ts';
import { UsageError } from '../../src/cli/output.ts';
import { createLocalRepository, createOutput, type LocalRepository } from './local-repository.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
`;

let repository: LocalRepository;

beforeEach(() => {
  repository = createLocalRepository();
});

afterEach(() => repository.remove());

async function run(
  directory: string,
  call: Partial<BuildCall> = {},
): Promise<{ code: number; text: string; remarks: string }> {
  const output = createOutput();
  const whole: BuildCall = { repo: repository.directory, format: 'pretty', ...call };
  const code = await buildCommand(directory, whole, output);
  return { code, text: output.text, remarks: output.remarks.join('\n') };
}

describe('fluxgate build', () => {
  it('prints the overlay, and with --blame the line of every line, aligned', async () => {
    repository.commit({
      'base/kustomization.yaml': 'resources:\n- web.yaml\n',
      'base/web.yaml': DEPLOYMENT,
      'prod/kustomization.yaml': 'resources:\n- ../base\nreplicas:\n- name: web\n  count: 3\n',
    });
    expect(await run('prod')).toEqual({
      code: 0,
      text: DEPLOYMENT.replace('s: 1\n', 's: 3\n'),
      remarks: '',
    });
    expect((await run('prod', { blame: true })).text).toBe(
      [
        'base/web.yaml:1                    │ apiVersion: apps/v1',
        'base/web.yaml:2                    │ kind: Deployment',
        'base/web.yaml:3                    │ metadata:',
        'base/web.yaml:4                    │   name: web',
        'base/web.yaml:5                    │ spec:',
        'prod/kustomization.yaml:5 replicas │   replicas: 3',
      ].join('\n'),
    );
  });

  it('builds a directory as it was at a commit, and one without a kustomization as Flux does', async () => {
    const before = repository.commit({ 'apps/web.yaml': DEPLOYMENT });
    repository.commit({ 'apps/web.yaml': DEPLOYMENT.replace('name: web', 'name: shop') });
    expect((await run('apps')).text).toContain('name: shop');
    expect((await run('apps', { rev: before })).text).toContain('name: web');
  });

  it('exits 1 with every reason, as file:line:column, where the build fails', async () => {
    repository.commit({ 'apps/kustomization.yaml': 'resources:\n- no.yaml\n- ../none\n' });
    expect(await run('apps')).toEqual({
      code: 1,
      text: '',
      remarks: [
        'apps/kustomization.yaml:2:3: There is no file or directory apps/no.yaml.',
        'apps/kustomization.yaml:3:3: There is no file or directory none.',
      ].join('\n'),
    });
  });

  it('builds the rest and says what is not known', async () => {
    repository.commit({
      'apps/kustomization.yaml': 'resources:\n- https://example.com/x.yaml\n- web.yaml\n',
      'apps/web.yaml': DEPLOYMENT,
    });
    const { code, text, remarks } = await run('apps');
    expect(code).toBe(0);
    expect(text).toContain('kind: Deployment');
    expect(remarks).toBe(
      'apps/kustomization.yaml:2:3: not known: https://example.com/x.yaml is fetched from the network.',
    );
  });

  it('gives objects, problems and lines as JSON', async () => {
    repository.commit({
      'apps/kustomization.yaml': 'resources: [web.yaml]\nnamespace: shop\n',
      'apps/web.yaml': DEPLOYMENT,
    });
    const { text } = await run('apps', { format: 'json', blame: true });
    const built = JSON.parse(text) as {
      resources: { object: { metadata: unknown }; lines: { text: string; place: unknown }[] }[];
    };
    expect(built).toMatchObject({ version: 1, directory: 'apps', problems: [], incomplete: [] });
    expect(built.resources[0]?.object.metadata).toEqual({ name: 'web', namespace: 'shop' });
    const line = built.resources[0]?.lines.find((each) => each.text.includes('namespace'));
    expect(line?.place).toMatchObject({ path: 'apps/kustomization.yaml', line: 2 });
  });

  it('refuses a directory that is not there or not in the repository', async () => {
    await expect(run('none')).rejects.toThrow(UsageError);
    await expect(run('../elsewhere')).rejects.toThrow(/outside of/);
    await expect(run('none', { rev: 'HEAD' })).rejects.toThrow(/at that commit/);
    await expect(run('.', { repo: '/nowhere' })).rejects.toThrow(UsageError);
  });

  it('shows what a repository hides in its texts', async () => {
    repository.commit({
      'apps/kustomization.yaml': 'resources:\n- "a\\e[31m.yaml"\n',
    });
    const { code, remarks } = await run('apps');
    expect(code).toBe(1);
    expect(remarks).not.toContain('\u001b');
  });

  it('prints the lines of a text of five megabytes', async () => {
    repository.commit({
      'apps/kustomization.yaml': 'configMapGenerator:\n- name: big\n  files: [big.txt]\n',
      'apps/big.txt': 'a line of text\n'.repeat(350_000),
    });
    const { code, text } = await run('apps', { blame: true });
    expect(code).toBe(0);
    expect(text).toContain('apps/big.txt:350000 ');
  });
});
