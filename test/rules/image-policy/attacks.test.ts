import { describe, expect, it } from 'vitest';

import type { ChangeOrigin, Facts } from '../../../src/model/evidence.ts';
import { NO_FACTS } from '../../../src/model/evidence.ts';
import {
  automation,
  AUTOMATION_ORIGIN,
  markedDeployment,
} from '../../../src/rules/image-policy/updates/examples.ts';
import { deployment, verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { reviewed } from './reviewed.ts';

type Files = Readonly<Record<string, string>>;

const WEB = 'clusters/production/web.yaml';
const BEFORE: Files = {
  'clusters/production/automation.yaml': automation(),
  [WEB]: markedDeployment('1.4.2'),
};
const MARK = '"flux-system:podinfo"}';
const BOT: Facts = {
  ...NO_FACTS,
  origin: {
    state: 'known',
    value: { commits: [], opener: 'renovate[bot]' } satisfies ChangeOrigin,
  },
};

function tampered(after: Files, facts: Facts): string[] {
  return reviewed(after, { before: BEFORE, facts })
    .findings.filter(({ rule }) => rule === 'image-policy/tampered-update')
    .map(({ primary }) => `${primary.path}:${primary.line}`);
}

const bumped = (change: (text: string) => string): Files => ({
  ...BEFORE,
  [WEB]: change(markedDeployment('1.4.3')),
});

describe.each([
  ['image automation', AUTOMATION_ORIGIN],
  ['a bot', BOT],
])('an update by %s cannot hide', (_, facts) => {
  it('behind nothing: a plain one passes', () => {
    expect(
      tampered(
        bumped((text) => text),
        facts,
      ),
    ).toEqual([]);
  });

  // What Go takes for the end of a line: the rest of a comment becomes a line of its own.
  it.each([
    ['a line after a carriage return', `${MARK}\r          securityContext: { privileged: true }`],
    ['a line after a next-line character', `${MARK}\u0085          tty: true`],
    ['a line after a line separator', `${MARK}\u2028          tty: true`],
    ['an anchor', ''],
  ])('%s', (what, instead) => {
    const change = (text: string) =>
      what === 'an anchor'
        ? text.replace('image: ghcr.io', 'image: &a ghcr.io')
        : text.replace(MARK, instead);
    expect(tampered(bumped(change), facts)).not.toEqual([]);
  });

  it.each<[string, (text: string) => string]>([
    ['a second document', (text) => `${text}---\n${deployment('ghcr.io/acme/web:1.0.0')}`],
    ['the end of documents', (text) => `${text}...\n`],
    ['a directive', (text) => `%YAML 1.1\n---\n${text}`],
    ['a flow map', (text) => text.replace(/image: (\S+)/, 'image: "$1", tty: true')],
    ['another value of the same length', (text) => text.replace('replicas: 1', 'replicas: 9')],
    ['a merge key', (text) => text.replace('replicas: 1', '<<: *a')],
    ['a tag of YAML', (text) => text.replace('replicas: 1', 'replicas: !!int 1')],
  ])('%s', (_what, change) => {
    expect(tampered(bumped(change), facts)).not.toEqual([]);
  });

  it('a file that moves', () => {
    const kept = Object.entries(BEFORE).filter(([path]) => path !== WEB);
    const moved = {
      ...Object.fromEntries(kept),
      'clusters/production/moved.yaml': markedDeployment('1.4.3'),
    };
    expect(tampered(moved, facts)).toEqual([
      'clusters/production/moved.yaml:1',
      expect.stringContaining(`${WEB}:`) as string,
    ]);
  });
});

describe('a policy of the change itself', () => {
  const covered = { 'apps/policy.yaml': verifyingPolicy() };
  const image = { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.0') };
  const about = (after: Files, before: Files) =>
    reviewed(after, { before }).findings.filter(
      ({ rule, change }) => /uncovered-image|weakened-policy/.test(rule) && change === 'introduced',
    );

  it('does not cover an image: one of the base branch must', () => {
    const other = { 'apps/policy.yaml': verifyingPolicy('quay.io/other/*') };
    const found = about({ ...covered, ...image }, other);
    expect(found.map(({ rule, effect }) => `${effect} ${rule}`)).toContain(
      'risk image-policy/uncovered-image',
    );
  });

  it('cannot take the place of one of the base branch by its name', () => {
    const key = verifyingPolicy().replace('kind: ClusterPolicy', 'kind: Policy');
    const found = about({ 'apps/policy.yaml': key, ...image }, covered);
    expect(found.map(({ rule }) => rule)).toContain('image-policy/weakened-policy');
  });
});

it.each([
  `>=${'1.'.repeat(5000)}0`,
  `${'1.0.0 || '.repeat(2000)}1`,
  `^${'9'.repeat(10_000)}`,
  `${'~'.repeat(10_000)}1`,
])('a huge range ends in a finding, not in a failure: %.20s', (range) => {
  const source = `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: web, namespace: flux-system }
spec: { interval: 1m, url: 'oci://ghcr.io/acme/web', ref: { semver: '${range}', semverFilter: '(a+)+$' }, verify: { provider: cosign } }
`;
  expect(() =>
    reviewed({ 'apps/a.yaml': source }, { before: { 'apps/b.yaml': '' } }),
  ).not.toThrow();
});
