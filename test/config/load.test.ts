import { describe, expect, it } from 'vitest';

import { parseConfig } from '../../src/config/load.ts';
import { DEFAULT_CONFIG } from '../../src/config/schema.ts';

const RULES = ['gitops/invalid-manifest'];

function problemsOf(text: string): string[] {
  const result = parseConfig('f.yaml', text, RULES);
  return 'problems' in result
    ? result.problems.map(({ message, place }) => `${place.line}: ${message}`)
    : [];
}

it('fills what is not said with the defaults', () => {
  expect(parseConfig('f.yaml', 'version: 1\n', RULES)).toMatchObject({ config: DEFAULT_CONFIG });
  expect(DEFAULT_CONFIG).toMatchObject({
    mode: 'enforce',
    podSecurity: { failOn: 'denied', onUnknown: 'neutral' },
    imagePolicy: { failOn: 'risk', widest: { production: 'patch', staging: 'minor' } },
  });
});

it('reads every setting', () => {
  const text = `version: 1
mode: advisory
clusters:
  production:
    path: clusters/production
    environment: production
    kubernetes: v1.35
    flux: "2.8"
    podSecurity:
      defaults: { enforce: baseline, enforce-version: latest }
      exemptions: { namespaces: [kube-system] }
    tenants: [tenants/*]
podSecurity: { failOn: warned, onUnknown: failure, podTemplates: [{ group: example.org, kind: Widget, path: spec.template }] }
rules: { gitops/invalid-manifest: off }
adopt: "1.0"
waivers:
  - { rule: gitops/*, subject: DaemonSet/a/b, owner: "@acme/platform", reason: needs it, expires: 2027-03-31 }
`;
  expect(parseConfig('f.yaml', text, RULES)).toMatchObject({
    config: {
      mode: 'advisory',
      clusters: { production: { flux: '2.8', podSecurity: { exemptions: { usernames: [] } } } },
      rules: { 'gitops/invalid-manifest': 'off' },
      waivers: [{ expires: '2027-03-31' }],
    },
  });
});

describe('faults, each with its line', () => {
  it.each([
    ['version: 2\n', ['1: version: expected 1.']],
    ['version: 1\nmodes: x\n', ['2: modes is not a setting.']],
    [
      'modes: x\nversion: 1\nmode: y\nkinds: x\n',
      [
        '1: modes is not a setting.',
        '3: mode: invalid option: expected one of "enforce", "advisory".',
        '4: kinds is not a setting.',
      ],
    ],
    [
      'version: 1\nclusters:\n  a:\n    flux: 2.8\n',
      ['4: clusters.a.flux: expected string, received number.'],
    ],
    [
      'version: 1\nclusters:\n  a:\n    podSecurity:\n      configuration: x\n      defaults: {}\n',
      ['4: clusters.a.podSecurity: takes either a configuration file, or defaults and exemptions.'],
    ],
    [
      'version: 1\nwaivers:\n- rule: gitops/invalid-manifest\n  subject: b\n  owner: c\n  reason: because\n  expires: 2027-02-31\n',
      ['7: waivers[0].expires: is not a day of the calendar.'],
    ],
    [
      'version: 1\nrules:\n  pod-security/nothing: off\n',
      ['3: There is no rule "pod-security/nothing". fluxgate explain lists them.'],
    ],
    ['- version: 1\n', ['1: The file must hold one map of settings.']],
    ['', ['1: The file must hold one map of settings.']],
    ['version: 1\nversion: 1\n', ['2: The key "version" stands twice in this map.']],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });
});

describe('imagePolicy.signatures', () => {
  const key = '-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\\n';
  const problems = (entry: string) =>
    problemsOf(`version: 1\nimagePolicy:\n  signatures:\n    - ${entry}\n`);

  it.each<[string, string[]]>([
    [`{images: [a/*], keys: ["${key}"]}`, []],
    ["{images: [a/*], identities: [{issuer: i, subjectPattern: '^a$'}]}", []],
    [
      "{images: [a/*], identities: [{issuer: i, subjectPattern: 'a'}]}",
      [
        '4: imagePolicy.signatures[0].identities[0].subjectPattern: must begin with "^" and end with "$".',
      ],
    ],
  ])('%s', (entry, expected) => {
    expect(problems(entry)).toEqual(expected);
  });

  it.each([
    '{images: [a/*]}',
    `{images: [], keys: ["${key}"]}`,
    '{images: [a/*], keys: [nothing]}',
    `{images: [a/*], keys: ["${key}"], count: 2}`,
    '{images: [a/*], identities: [{issuer: i}]}',
    "{images: [a/*], identities: [{issuer: i, subject: s, subjectPattern: '^s$'}]}",
  ])('refuses %s', (entry) => {
    expect(problems(entry)).toHaveLength(1);
  });
});
