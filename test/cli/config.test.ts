import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { configCheckCommand, configShowCommand } from '../../src/cli/config.ts';
import { UsageError } from '../../src/cli/output.ts';
import { createLocalRepository, createOutput, type LocalRepository } from './local-repository.ts';

const CONFIG = '.github/fluxgate.yaml';

let repository: LocalRepository;

beforeEach(() => {
  repository = createLocalRepository();
});

afterEach(() => repository.remove());

async function check(text?: string): Promise<[number, string]> {
  if (text !== undefined) repository.commit({ [CONFIG]: text });
  const output = createOutput();
  const code = await configCheckCommand({ repo: repository.directory, format: 'pretty' }, output);
  return [code, output.text];
}

async function show(text: string, organisation?: string): Promise<[number, string[]]> {
  repository.commit({ [CONFIG]: text });
  const file = join(repository.directory, 'organisation.yaml');
  if (organisation !== undefined) writeFileSync(file, organisation);
  const output = createOutput();
  const code = await configShowCommand(
    {
      ...{ repo: repository.directory, format: 'pretty', origin: true },
      ...(organisation !== undefined && { organisation: file }),
    },
    output,
  );
  const lines = output.text.split('\n').map((line) => line.replaceAll(file, 'ORG'));
  return [code, lines.map((line) => line.replace(/ {2,}/, '  '))];
}

it('tells every fault with its line', async () => {
  expect(await check()).toEqual([0, `There is no ${CONFIG}: the defaults count.`]);
  expect(await check('version: 1\n')).toEqual([0, `${CONFIG} is as it should be.`]);
  expect(
    await check(
      'version: 1\nmodus: x\nrules:\n  gitops/nonsense: off\npodSecurity: { failOn: x }\n',
    ),
  ).toEqual([
    1,
    [
      `${CONFIG}:2: modus is not a setting.`,
      `${CONFIG}:4: There is no rule "gitops/nonsense". fluxgate explain lists them.`,
      `${CONFIG}:5: podSecurity.failOn: invalid option: expected one of "denied", "risk", "warned", "audited", "advice".`,
    ].join('\n'),
  ]);
});

it.each([
  ['2020-01-01', 'The waiver of gitops/* expired on 2020-01-01: it counts for nothing.'],
  [
    '2999-01-01',
    'The waiver of gitops/* ends on 2999-01-01, more than 400 days ahead: it counts for nothing.',
  ],
])('tells of waivers that count for nothing: %s', async (day, message) => {
  const waiver = `version: 1\nwaivers:\n  - { rule: gitops/*, subject: x, owner: '@a', reason: because, expires: ${day} }\n`;
  expect(await check(waiver)).toEqual([1, `${CONFIG}:3: ${message}`]);
});

it.each(['rule', 'subject', 'owner', 'reason', 'expires'])(
  'asks for the %s of a waiver',
  async (field) => {
    const all: Record<string, string> = {
      ...{
        rule: 'gitops/*',
        subject: 'x',
        owner: "'@a'",
        reason: 'because',
        expires: '2027-01-01',
      },
    };
    const left = Object.entries(all).filter(([name]) => name !== field);
    const text = left.map(([name, value]) => `${name}: ${value}`).join(', ');
    const [code, said] = await check(`version: 1\nwaivers:\n  - { ${text} }\n`);
    expect(code).toBe(1);
    expect(said).toContain(`waivers[0].${field}`);
  },
);

it('tells of folders and files that are not there, or that cannot be used', async () => {
  repository.commit({
    'clusters/staging/a.yaml': 'x: 1\n',
    'keys/ada.asc': 'x\n',
    'admission/good.yaml':
      'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\ndefaults: { enforce: baseline }\n',
    'admission/bad.yaml':
      'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\ndefaults: { enforce: strict }\n',
  });
  const [code, said] = await check(`version: 1
clusters:
  production: { path: ./clusters/production/ }
  staging: { path: clusters/staging, podSecurity: { configuration: admission/good.yaml } }
  development:
    podSecurity:
      configuration: admission/none.yaml
  old: { podSecurity: { configuration: admission/bad.yaml } }
  other: { podSecurity: { configuration: ../secret.yaml } }
commitSignatures:
  keys: ['keys/*.asc', 'clusters/*/*.pub']
`);
  expect(code).toBe(1);
  expect(said.split('\n')).toEqual([
    `${CONFIG}:3: clusters.production.path: there is no folder "clusters/production".`,
    `${CONFIG}:7: clusters.development.podSecurity.configuration: "admission/none.yaml" cannot be used: there is no such file.`,
    expect.stringMatching(
      /^.*:8: clusters.old.podSecurity.configuration: "admission\/bad.yaml:3" cannot be used: /,
    ),
    `${CONFIG}:9: clusters.other.podSecurity.configuration: "../secret.yaml" cannot be used: there is no such file.`,
    `${CONFIG}:11: commitSignatures.keys: no file is named "clusters/*/*.pub".`,
  ]);
});

it('tells of a file that is called otherwise, and of a directory that is not there', async () => {
  repository.commit({ '.github/fluxgate.yml': 'version: 1\nmode: advisory\n' });
  const told =
    '.github/fluxgate.yml:1: .github/fluxgate.yml is not read: settings stand in .github/fluxgate.yaml.';
  expect(await check()).toEqual([1, told]);
  const call = { repo: `${repository.directory}/none`, format: 'pretty' } as const;
  await expect(configCheckCommand(call, createOutput())).rejects.toThrow(UsageError);
});

it('shows every setting with where it comes from', async () => {
  const [code, lines] = await show(
    'version: 1\npodSecurity:\n  failOn: warned\n',
    'version: 1\nmode: advisory\n',
  );
  expect(code).toBe(0);
  expect(lines).toContain('mode: advisory  # ORG:2');
  expect(lines).toContain(`podSecurity.failOn: warned  # ${CONFIG}:3`);
  expect(lines).toContain('gitops.failOn: denied  # default');
});

it('says which file of defaults is not there', async () => {
  const call = { repo: repository.directory, format: 'pretty', organisation: '/no/such' } as const;
  await expect(configShowCommand(call, createOutput())).rejects.toThrow(UsageError);
});
