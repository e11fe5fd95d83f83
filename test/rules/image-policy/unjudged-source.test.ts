import { expect, it } from 'vitest';

import { deployment } from '../../../src/rules/image-policy/signed-example.ts';
import { reviewed } from './reviewed.ts';

const WEB = { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2') };

function kustomization(...resources: readonly string[]): Record<string, string> {
  return { ...WEB, 'apps/kustomization.yaml': `resources: [${resources.join(', ')}]\n` };
}

const ONE = kustomization('web.yaml', 'https://github.com/acme/base//web?ref=v1');
const TWO = kustomization(
  'web.yaml',
  'https://github.com/acme/a?ref=v1',
  'https://github.com/acme/b?ref=v1',
);

it.each([
  ['everything is here', kustomization('web.yaml'), []],
  [
    'a remote base',
    ONE,
    [
      'image-policy/unjudged-source environment apps/kustomization.yaml:1 Images and version ranges of overlay apps are not all judged: https://github.com/acme/base//web?ref=v1 is fetched from the network.',
    ],
  ],
  [
    'two remote bases, told once',
    TWO,
    [
      'image-policy/unjudged-source environment apps/kustomization.yaml:1 Images and version ranges of overlay apps are not all judged: https://github.com/acme/a?ref=v1 is fetched from the network. (and 1 more)',
    ],
  ],
  [
    'a Kustomization of another repository, named once',
    {
      'apps/other.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: other, namespace: flux-system}
spec:
  interval: 1h
  prune: true
  path: ./
  sourceRef: {kind: GitRepository, name: other}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {interval: 1h, url: 'https://github.com/acme/other', ref: {branch: main}}
`,
    },
    [
      'image-policy/unjudged-source environment apps/other.yaml:8 Images and version ranges of Kustomization flux-system/other are not all judged: it is built from GitRepository flux-system/other, another repository.',
    ],
  ],
] as const)('tells what is not rendered: %s', (_, files, expected) => {
  const { findings, unknowns } = reviewed(files);
  expect(findings).toEqual([]);
  expect(
    unknowns.map(
      ({ rule, reason, place, cause }) =>
        `${rule} ${cause} ${place?.path}:${place?.line} ${reason}`,
    ),
  ).toEqual(expected);
});

it('is not calm where a change brings what cannot be rendered', () => {
  const { verdicts } = reviewed(ONE, { before: kustomization('web.yaml') });
  expect(verdicts.find(({ area }) => area === 'image-policy')).toEqual({
    area: 'image-policy',
    conclusion: 'neutral',
    because: 'unknown',
  });
});
