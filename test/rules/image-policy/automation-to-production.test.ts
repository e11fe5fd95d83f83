import { expect, it } from 'vitest';

import { automationToProduction } from '../../../src/rules/image-policy/automation-to-production.ts';
import { line, reviewed } from './reviewed.ts';

const FILE = 'clusters/production/automation.yaml';
const { bad } = automationToProduction.docs;
const AT = [`risk automation-to-production ${FILE}:`];

function told(from: string, to: string): string[] {
  const files = { ...bad, [FILE]: (bad[FILE] ?? '').replace(from, to) };
  return reviewed(files)
    .findings.filter(({ rule }) => rule === automationToProduction.id)
    .map((finding) => line(finding).replace(/\d+$/, ''));
}

it.each([
  ['', '', AT],
  ['    push:\n      branch: main\n', '', AT],
  ['path: ./clusters/production', 'path: ./', AT],
  ['path: ./clusters/production', 'path: ./clusters/production/apps', AT],
  ['path: ./clusters/production', 'path: ./clusters/staging', []],
  ['path: ./clusters/production', 'path: ./clusters/prod', []],
  ['branch: main', 'branch: image-updates', []],
  ['interval: 30m', 'suspend: true', []],
  ['name: flux-system }\n  git', 'name: other }\n  git', []],
])('with %j as %j', (from, to, expected) => {
  expect(told(from, to)).toEqual(expected);
});

it.each([
  ['refs/heads/main', AT],
  ['refs/heads/staging', []],
  ['refs/tags/v1', []],
])('where a FluxInstance syncs from %s', (ref, expected) => {
  const sync = 'clusters/production/flux-system/gotk-sync.yaml';
  const instance = `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec:
  distribution: { version: 2.x, registry: ghcr.io/fluxcd }
  sync: { kind: GitRepository, url: 'https://github.com/acme/fleet', ref: ${ref}, path: clusters/production }
`;
  const found = reviewed({ ...bad, [sync]: instance }).findings.filter(
    ({ rule }) => rule === automationToProduction.id,
  );
  expect(found.map((finding) => line(finding).replace(/\d+$/, ''))).toEqual(expected);
});
