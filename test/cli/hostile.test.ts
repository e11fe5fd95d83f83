import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { scanCommand } from '../../src/cli/review.ts';
import { createLocalRepository, createOutput, type LocalRepository } from './local-repository.ts';

let repository: LocalRepository;

beforeEach(() => {
  repository = createLocalRepository();
});

afterEach(() => repository.remove());

const GOOD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\n  namespace: default\n';
/** Stands beside each hostile file: the rest of the review must stand. */
const PRIVILEGED = {
  'apps/namespace.yaml':
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n' +
    ['enforce', 'audit', 'warn']
      .map((mode) => `    pod-security.kubernetes.io/${mode}: baseline\n`)
      .join(''),
  'apps/pod.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: shop\nspec:\n  hostPID: true\n  containers: [{ name: a, image: a:1 }]\n',
};
const BESIDE = 'pod-security/host-namespaces at apps/pod.yaml:7';

/** `rule at path:line` of findings, and reasons of unknowns. */
async function scan(files: Readonly<Record<string, string | Buffer>> = {}): Promise<string[]> {
  repository.commit({ ...PRIVILEGED, ...files });
  const output = createOutput();
  await scanCommand({ repo: repository.directory, rev: 'HEAD', format: 'json' }, output);
  const { findings, unknowns } = JSON.parse(output.text) as {
    findings: { rule: string; message: string; primary: { path: string; line: number } }[];
    unknowns: { reason: string }[];
  };
  return [
    ...findings.map(({ rule, primary }) => `${rule} at ${primary.path}:${primary.line}`),
    ...unknowns.map(({ reason }) => `unknown: ${reason}`),
  ].sort();
}

const UNKNOWN = 'unknown: apps/odd.yaml is not reviewed:';
const INVALID = 'gitops/invalid-manifest at apps/odd.yaml';

function aliasBomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level += 1) {
    const parts = Array.from({ length: 10 }, () => `*a${level - 1}`);
    lines.push(`a${level}: &a${level} [${parts.join(', ')}]`);
  }
  return `${lines.join('\n')}\n`;
}

describe('a hostile or odd file', () => {
  it.each<[string, string | Buffer, string[]]>([
    ['an alias bomb', aliasBomb(), [`${INVALID}:5`]],
    ['10,000 nested lists', `${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, [`${INVALID}:1`]],
    ['10,000 nested lists that are never closed', '['.repeat(10_000), [`${INVALID}:1`]],
    ['a NUL byte', 'a: b\nc: "\0"\n', [`${UNKNOWN} it holds a NUL byte.`]],
    [
      'invalid UTF-8',
      Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a]),
      [`${UNKNOWN} it is not UTF-8 text.`],
    ],
    ['CRLF', GOOD.replaceAll('\n', '\r\n'), []],
    ['a BOM', `\uFEFF${GOOD}`, []],
    [
      'a git-crypt blob',
      Buffer.concat([Buffer.from('\0GITCRYPT\0'), Buffer.from([1, 2, 250, 251, 7])]),
      [`${UNKNOWN} it is encrypted with git-crypt.`],
    ],
    ['a key twice', 'a: 1\na: 2\n', [`${INVALID}:2`]],
    [
      'a tab, and a template of Go in a text below',
      'a:\n\tb: 1\nc: |\n  {{- if x }} {{ .Status }}\nd: "{{ .Name }}"\n',
      [`${INVALID}:2`],
    ],
    ['a template in Jinja', 'a:\n{% for x in y %}\n  {{ x }}: {{ y[x] }}\n{% endfor %}\n', []],
    ['a template of Go', 'a:\n{{- if .Values.x }}\n  b: {{ .Values.x }}\n{{- end }}\n', []],
    ['nothing', '', []],
  ])('%s leaves the rest of the review as it is', async (_name, content, expected) => {
    expect(await scan({ 'apps/odd.yaml': content })).toEqual([...expected, BESIDE].sort());
  });

  it('of 10 MB is read', async () => {
    const rows = Array.from(
      { length: 310_000 },
      (_, index) => `  key-${index}: the value of a key`,
    );
    const content = `${GOOD}data:\n${rows.join('\n')}\n`;
    expect(content.length).toBeGreaterThan(10_000_000);
    expect(await scan({ 'apps/odd.yaml': content })).toEqual([BESIDE]);
  });

  it('that is a link out of the repository is not followed', async () => {
    repository.commit({});
    symlinkSync('/etc/hostname', join(repository.directory, 'odd.yaml'));
    symlinkSync('apps/pod.yaml', join(repository.directory, 'link.yaml'));
    symlinkSync('loop.yaml', join(repository.directory, 'loop.yaml'));
    expect(await scan()).toEqual([BESIDE]);
  });

  it('that is a submodule is not entered', async () => {
    const id = repository.commit({});
    repository.git('update-index', '--add', '--cacheinfo', `160000,${id},vendor.yaml`);
    repository.git('commit', '--quiet', '--message', 'A submodule');
    const output = createOutput();
    await scanCommand({ repo: repository.directory, rev: 'HEAD', format: 'json' }, output);
    expect((JSON.parse(output.text) as { findings: unknown[] }).findings).toEqual([]);
  });
});
