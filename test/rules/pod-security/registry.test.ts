import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { checks } from '../../../src/rules/pod-security/checks/index.ts';
import { CONTROLS } from '../../../src/rules/pod-security/controls.ts';
import type { Level } from '../../../src/rules/pod-security/level.ts';
import { checksFor, clampVersion, NEWEST_MINOR } from '../../../src/rules/pod-security/registry.ts';
import { LATEST, versionOfMinor } from '../../../src/rules/pod-security/version.ts';

function idsFor(level: Level, minor: number): string[] {
  return checksFor(level, versionOfMinor(minor)).map(({ check }) => check.id);
}

describe('the list of checks', () => {
  test('holds every check once, in the order of texts', () => {
    expect(checks.map(({ level, id }) => `${level} ${id}`)).toEqual([
      'baseline appArmorProfile',
      'baseline capabilities_baseline',
      'baseline hostNamespaces',
      'baseline hostPathVolumes',
      'baseline hostPorts',
      'baseline hostProbesAndHostLifecycle',
      'baseline privileged',
      'baseline procMount',
      'baseline seLinuxOptions',
      'baseline seccompProfile_baseline',
      'baseline sysctls',
      'baseline windowsHostProcess',
      'restricted allowPrivilegeEscalation',
      'restricted capabilities_restricted',
      'restricted procMount_restricted',
      'restricted restrictedVolumes',
      'restricted runAsNonRoot',
      'restricted runAsUser',
      'restricted seccompProfile_restricted',
    ]);
  });

  test('holds every file that declares a check, and each has its test', () => {
    const folder = 'src/rules/pod-security/checks';
    const files = readdirSync(folder).filter((file) =>
      /^export const \w+: Check = /m.test(readFileSync(`${folder}/${file}`, 'utf8')),
    );
    expect(files).toHaveLength(checks.length);
    const tests = readdirSync('test/rules/pod-security/checks');
    expect(tests).toEqual(files.map((file) => file.replace(/\.ts$/, '.test.ts')));
  });

  test('leaves no control without a check', () => {
    expect(new Set(checks.map(({ control }) => control))).toEqual(new Set(CONTROLS));
  });

  test.each(checks)('$id has revisions in strictly increasing order', ({ revisions }) => {
    const since = revisions.map((revision) => revision.since);
    expect(since).toEqual([...new Set(since)].sort((a, b) => a - b));
    expect(since.length).toBeGreaterThan(0);
  });

  test('lets only restricted checks override, and only baseline ones be overridden', () => {
    const baseline = checks.filter(({ level }) => level === 'baseline').map(({ id }) => id);
    for (const { level, revisions } of checks) {
      const overrides = revisions.flatMap((revision) => revision.overrides ?? []);
      if (level === 'baseline') expect(overrides).toEqual([]);
      for (const id of overrides) expect(baseline).toContain(id);
    }
  });
});

describe('the selection', () => {
  test('knows 1.37 as the newest', () => {
    expect(NEWEST_MINOR).toBe(37);
  });

  test.each<[Level, number, number]>([
    ['privileged', 37, 0],
    ['baseline', 0, 11],
    ['baseline', 33, 11],
    ['baseline', 34, 12],
    ['restricted', 0, 12],
    ['restricted', 8, 13],
    ['restricted', 19, 13],
    ['restricted', 22, 13],
    ['restricted', 23, 14],
    ['restricted', 34, 15],
    ['restricted', 37, 15],
  ])('%s at v1.%i runs %i checks', (level, minor, count) => {
    expect(idsFor(level, minor)).toHaveLength(count);
  });

  test('drops what a restricted check overrides', () => {
    expect(idsFor('restricted', 18)).toContain('seccompProfile_baseline');
    expect(idsFor('restricted', 19)).not.toContain('seccompProfile_baseline');
    expect(idsFor('restricted', 21)).toContain('capabilities_baseline');
    expect(idsFor('restricted', 22)).not.toContain('capabilities_baseline');
    expect(idsFor('restricted', 0)).not.toContain('hostPathVolumes');
    expect(idsFor('baseline', 37)).toContain('hostPathVolumes');
  });

  test('takes the newest revision that the version has', () => {
    const minors = [26, 27, 28, 36, 37, 99].map(
      (minor) =>
        checksFor('baseline', versionOfMinor(minor)).find(({ check }) => check.id === 'sysctls')
          ?.revision.since,
    );
    expect(minors).toEqual([0, 27, 27, 32, 37, 37]);
    expect(checksFor('restricted', LATEST)).toBe(checksFor('restricted', versionOfMinor(37)));
  });
});

test.each([
  [LATEST, undefined, { text: 'latest', minor: Infinity }],
  [LATEST, 29, { text: 'latest', minor: 29 }],
  [versionOfMinor(30), 29, { text: 'v1.30', minor: 29 }],
  [versionOfMinor(28), 29, { text: 'v1.28', minor: 28 }],
])('%o on a server of 1.%s', (version, server, expected) => {
  expect(clampVersion(version, server)).toEqual(expected);
});
