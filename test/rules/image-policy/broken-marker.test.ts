import { expect, it } from 'vitest';

import { imagePolicy } from '../../../src/rules/image-policy/examples.ts';
import { deployment } from '../../../src/rules/image-policy/signed-example.ts';
import { line, reviewed } from './reviewed.ts';

const IMAGE = 'ghcr.io/acme/web:1.4.2';
const OWN = '{"$imagepolicy": "flux-system:podinfo"}';
const POLICY = imagePolicy('>=1.2.0 <1.3.0');

function marked(comment: string): string {
  return deployment(IMAGE).replace(IMAGE, `${IMAGE} # ${comment}`);
}

function messages(files: Record<string, string>): string[] {
  return reviewed(files)
    .findings.filter(({ rule }) => rule === 'image-policy/broken-marker')
    .map((finding) => `${line(finding)} ${finding.message}`);
}

const AT = 'risk broken-marker apps/web.yaml:';

it.each([
  [OWN, undefined],
  ['{"$imagepolicy": "flux-system:podinfo:tag", "more": 1}', undefined],
  ["{'$imagepolicy': 'flux-system:podinfo'}", 'is not JSON with double quotes'],
  ['{"$imagepolicy": 7}', 'is not JSON with double quotes'],
  [
    '{"$imagepolicy": "flux-system:absent"}',
    'names ImagePolicy "absent" in namespace "flux-system"',
  ],
  ['{"$imagepolicy": ""}', 'names ImagePolicy "" in namespace ""'],
  ['{"$imagepolicy": "flux-system:podinfo:digest"}', 'writes an empty digest'],
  ['see $imagepolicy', undefined],
])('judges the marker %s', (comment, expected) => {
  const found = messages({ 'apps/policy.yaml': POLICY, 'apps/web.yaml': marked(comment) });
  expect(found).toEqual(
    expected === undefined ? [] : [expect.stringContaining(`The marker ${comment} ${expected}`)],
  );
  for (const one of found) expect(one.startsWith(AT)).toBe(true);
});

it('takes digests from a policy that reflects them', () => {
  const policy = POLICY.replace('spec:', 'spec:\n  digestReflectionPolicy: IfNotPresent');
  const comment = '{"$imagepolicy": "flux-system:podinfo:digest"}';
  expect(messages({ 'apps/policy.yaml': policy, 'apps/web.yaml': marked(comment) })).toEqual([]);
});

it('only advises where there is no policy at all', () => {
  expect(messages({ 'apps/web.yaml': marked(OWN) })).toEqual([
    expect.stringMatching(
      /^advice broken-marker apps\/web\.yaml:\d+ The marker .* which no cluster has/,
    ),
  ]);
});

it('knows what is text', () => {
  const config = `apiVersion: v1
kind: ConfigMap
metadata:
  name: values
data:
  values.yaml: |
    image: a:1 # ${OWN}

  other: b:1 # ${OWN}
  list: >-
    c:1 # ${OWN}
# image: d:1 # ${OWN}
`;
  expect(messages({ 'apps/policy.yaml': POLICY, 'apps/values.yaml': config })).toEqual([
    `risk broken-marker apps/values.yaml:7 The marker ${OWN} is inside a block scalar, where it is text: image automation does not see it.`,
    `risk broken-marker apps/values.yaml:11 The marker ${OWN} is inside a block scalar, where it is text: image automation does not see it.`,
  ]);
});

const OVERLAYS = {
  'base/kustomization.yaml': 'resources: [policy.yaml, web.yaml]\n',
  'base/policy.yaml': POLICY,
  'base/web.yaml': marked(OWN),
  'staging/kustomization.yaml': 'resources: [../base]\n',
  'production/kustomization.yaml': 'resources: [../base]\n',
};

it('does not let a base move production together with staging', () => {
  expect(messages(OVERLAYS)).toEqual([
    `risk broken-marker base/web.yaml:17 The marker ${OWN} moves production and staging at once: all of them render this line.`,
  ]);
  const images = `images:\n  - name: ghcr.io/acme/web\n    newTag: 1.4.1 # {"$imagepolicy": "flux-system:podinfo:tag"}\n`;
  const own = { 'production/kustomization.yaml': `resources: [../base]\n${images}` };
  expect(messages({ ...OVERLAYS, ...own })).toEqual([]);
});

it('is bounded on hostile lines', () => {
  const hostile = `a: ${'# {'.repeat(300_000)}$imagepolicy\n${'- '.repeat(900)}|\n${': |'.repeat(600)} $imagepolicy\n`;
  expect(messages({ 'apps/policy.yaml': POLICY, 'apps/x.yaml': hostile })).toEqual([]);
});
