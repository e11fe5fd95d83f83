import { expect, it } from 'vitest';

import { imagePolicy } from '../../../src/rules/image-policy/examples.ts';
import { markedDeployment } from '../../../src/rules/image-policy/updates/examples.ts';
import {
  FLEET,
  OWN_SOURCE,
  PUSH_BRANCH_FACTS,
  updateAutomation,
} from '../../../src/rules/image-policy/updates/fleet-example.ts';
import { reviewed } from './reviewed.ts';

type Files = Readonly<Record<string, string>>;

const SYNC = 'clusters/production/flux-system/gotk-sync.yaml';
const AUTOMATION = 'clusters/production/automation.yaml';

function instance(path = 'clusters/production', more = ''): string {
  return `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec:
  distribution: { version: 2.8.x, registry: ghcr.io/fluxcd }
  sync:
    kind: GitRepository
    url: ssh://git@github.com/acme/fleet
    ref: refs/heads/main
    path: ${path}
    pullSecret: flux-system
${more}`;
}

/** The fleet, deployed by the Flux Operator: no GitRepository and no Kustomization are written. */
const OPERATED: Files = { ...FLEET, [SYNC]: instance() };

function told(rule: string, files: Files): string[] {
  return reviewed(files, { facts: PUSH_BRANCH_FACTS })
    .findings.filter((finding) => finding.rule === `image-policy/${rule}`)
    .map(({ effect, primary, message }) => `${effect} ${primary.path}:${primary.line} ${message}`);
}

const NAME = 'ImageUpdateAutomation "web" in namespace "flux-system"';
const MADE = 'GitRepository "flux-system" of FluxInstance "flux" in namespace "flux-system"';

it.each<[string, string, Files, string[]]>([
  [
    'one key for all',
    'shared-write-key',
    OPERATED,
    [
      `advice ${AUTOMATION}:10 ${NAME} pushes to ${MADE}, which the cluster itself is deployed from: one key that writes for all.`,
    ],
  ],
  [
    'the Secret of the sync',
    'shared-write-key',
    {
      ...OPERATED,
      [AUTOMATION]: updateAutomation({ source: 'image-updates' }),
      'clusters/production/source.yaml': OWN_SOURCE.replace(
        'secretRef:\n    name: image-updates',
        'secretRef:\n    name: flux-system',
      ),
    },
    [
      `advice ${AUTOMATION}:10 ${NAME} pushes with the Secret of ${MADE}, which the cluster itself is deployed from: one key that writes for all.`,
    ],
  ],
  [
    'a Secret that a patch gives the sync',
    'shared-write-key',
    {
      ...OPERATED,
      [SYNC]: instance(
        'clusters/production',
        '  kustomize: { patches: [{ target: { kind: GitRepository }, patch: "[{op: add, path: /spec/secretRef, value: {name: image-updates}}]" }] }\n',
      ),
      [AUTOMATION]: updateAutomation({ source: 'image-updates' }),
      'clusters/production/source.yaml': OWN_SOURCE,
    },
    [
      `advice ${AUTOMATION}:10 ${NAME} pushes with the Secret of ${MADE}, which the cluster itself is deployed from: one key that writes for all.`,
    ],
  ],
  [
    'a source and a key of its own',
    'shared-write-key',
    {
      ...OPERATED,
      [AUTOMATION]: updateAutomation({ source: 'image-updates' }),
      'clusters/production/source.yaml': OWN_SOURCE,
    },
    [],
  ],
  [
    'a push branch that nobody attends to',
    'unattended-push-branch',
    OPERATED,
    [expect.stringMatching(`^risk ${AUTOMATION}:17 .* pushes to branch "image-updates"`) as string],
  ],
  [
    'the branch of the sync itself',
    'unattended-push-branch',
    { ...OPERATED, [AUTOMATION]: updateAutomation({ branch: 'main' }) },
    [],
  ],
  [
    'the whole repository as update path',
    'wide-update-path',
    { ...OPERATED, [AUTOMATION]: updateAutomation({ path: './' }) },
    [expect.stringMatching(`^advice ${AUTOMATION}:19 .* may write below "."`) as string],
  ],
  [
    'a policy in another namespace',
    'unused-policy',
    {
      ...OPERATED,
      'clusters/production/other.yaml': imagePolicy('1.4.x').replace(
        'namespace: flux-system',
        'namespace: apps',
      ),
    },
    [
      expect.stringMatching(
        /^advice clusters\/production\/other.yaml:4 .* used by nothing/,
      ) as string,
    ],
  ],
  [
    'a marker below no update path',
    'broken-marker',
    { ...OPERATED, 'apps/web.yaml': markedDeployment('1.4.2') },
    [expect.stringMatching(/^risk apps\/web.yaml:18 .* is not below any update path\.$/) as string],
  ],
  [
    'a sync of an artifact, which no automation can push to',
    'shared-write-key',
    { ...OPERATED, [SYNC]: instance().replace('kind: GitRepository', 'kind: OCIRepository') },
    [],
  ],
])('where a FluxInstance syncs: %s', (_, rule, files, expected) => {
  expect(told(rule, files)).toEqual(expected);
});
