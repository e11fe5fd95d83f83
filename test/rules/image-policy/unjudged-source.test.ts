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
