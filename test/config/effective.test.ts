import { expect, it } from 'vitest';

import { compareConfigs } from '../../src/config/difference.ts';
import { resolveConfig } from '../../src/config/effective.ts';
import { DEFAULT_CONFIG } from '../../src/config/schema.ts';

const RULES = ['gitops/invalid-manifest'];

function file(path: string, ...lines: string[]) {
  return { path, text: ['version: 1', ...lines, ''].join('\n') };
}

const WAIVER =
  'waivers: [{rule: gitops/*, subject: "a/b.yaml", owner: "@acme/ops", reason: it must, expires: 2027-01-01}]';

it('lays the file of the repository over the defaults of the organisation', () => {
  const { config, waivers, problems, notes, originOf } = resolveConfig(
    {
      organisation: file('org.yaml', 'mode: advisory', 'gitops: {failOn: risk}', WAIVER),
      repository: file('repo.yaml', 'mode: enforce', '', WAIVER.replace('a/b', 'c/d')),
    },
    RULES,
  );
  expect(config).toMatchObject({ mode: 'enforce', gitops: { failOn: 'risk', secretsIgnore: [] } });
  expect(waivers.map(({ subject, place }) => `${place.path}:${place.line} ${subject}`)).toEqual([
    'org.yaml:4 a/b.yaml',
    'repo.yaml:4 c/d.yaml',
  ]);
  expect({ problems, notes }).toEqual({ problems: [], notes: [] });
  expect([['mode'], ['gitops', 'failOn'], ['podSecurity', 'failOn']].map(originOf)).toEqual([
    'repo.yaml:2',
    'org.yaml:3',
    'default',
  ]);
});

it("takes a cluster's admission from one file, never half of each", () => {
  const { config } = resolveConfig(
    {
      organisation: file('o', 'clusters: {a: {flux: "2.8", podSecurity: {configuration: x}}}'),
      repository: file('r', 'clusters: {a: {podSecurity: {defaults: {enforce: baseline}}}}'),
    },
    RULES,
  );
  expect(config.clusters.a).toMatchObject({
    flux: '2.8',
    podSecurity: { defaults: { enforce: 'baseline' } },
  });
});

it('keeps the last file that could be read in force when it breaks', () => {
  const { config, problems, notes } = resolveConfig(
    {
      repository: file('f.yaml', 'mode: never'),
      earlier: [file('f.yaml', 'mode: no'), file('f.yaml', 'mode: advisory')],
    },
    RULES,
  );
  expect(config.mode).toBe('advisory');
  expect(problems.map(({ message, place }) => `${place.line}: ${message}`)).toEqual([
    '2: mode: invalid option: expected one of "enforce", "advisory".',
  ]);
  expect(notes).toEqual([
    'f.yaml is not in force (line 2: mode: invalid option: expected one of "enforce", "advisory"). Its last version that can be read is.',
  ]);
});

it('falls back to what lies below where nothing else can be read', () => {
  const broken = { path: 'f.yaml', text: 'a: [' };
  expect(resolveConfig({ repository: broken }, RULES).config).toEqual(DEFAULT_CONFIG);
  const organisation = file('o', 'mode: advisory');
  expect(resolveConfig({ organisation, repository: broken }, RULES).config.mode).toBe('advisory');
  expect(resolveConfig({ organisation: broken }, RULES)).toMatchObject({
    config: DEFAULT_CONFIG,
    notes: [expect.stringMatching(/^f\.yaml is not in force \(line 1: .*The defaults are\.$/)],
  });
});

it('tells configurations apart setting by setting', () => {
  const { config } = resolveConfig(
    { repository: file('f', 'imagePolicy: {registries: [ghcr.io/acme/*]}', WAIVER) },
    RULES,
  );
  expect(compareConfigs(DEFAULT_CONFIG, DEFAULT_CONFIG)).toEqual([]);
  expect(compareConfigs(DEFAULT_CONFIG, config)).toEqual([
    { setting: 'imagePolicy.registries', from: '[]', to: '["ghcr.io/acme/*"]' },
    {
      setting: 'waiver of gitops/* for a/b.yaml',
      to: '@acme/ops until 2027-01-01: it must',
    },
  ]);
});
