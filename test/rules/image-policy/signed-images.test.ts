import { describe, expect, it } from 'vitest';

import type { Facts, Known } from '../../../src/model/evidence.ts';
import type { AttestorVerdict, ImageFact } from '../../../src/model/image.ts';
import { matchesWildcard } from '../../../src/model/wildcard.ts';
import {
  deployment,
  EXAMPLE_FACTS,
  EXAMPLE_IMAGES,
  verifyingPolicy,
} from '../../../src/rules/image-policy/signed-example.ts';
import { line, reviewed } from './reviewed.ts';

const POLICY = { 'apps/policy.yaml': verifyingPolicy() };
const [KEY] = [...EXAMPLE_FACTS.images.keys()];

function factsOf(image: string, fact: Known<ImageFact>): Facts {
  const key = (KEY ?? '').replace(EXAMPLE_IMAGES.signed, image);
  return { images: new Map([[key, fact]]) };
}

function known(verdict: AttestorVerdict): Known<ImageFact> {
  return { state: 'known', value: { digest: '', signatures: 1, verdicts: [verdict] } };
}

function judged(image: string, facts: Facts, before: Record<string, string> = POLICY) {
  const after = { ...before, 'apps/web.yaml': deployment(image) };
  const { findings, unknowns } = reviewed(after, { before, facts });
  const about = findings.filter(({ rule }) => /un(?:signed|covered)-image$/.test(rule));
  return [...about.map(line), ...unknowns.map(({ reason }) => reason)];
}

describe('signatures of new images', () => {
  const image = 'ghcr.io/acme/web:2.0.0';

  it('is silent when the image is signed', () => {
    expect(judged(image, factsOf(image, known({ state: 'signed' })))).toEqual([]);
  });

  it('denies what an enforcing policy refuses', () => {
    const facts = factsOf(image, known({ state: 'unsigned', reason: 'it has no signature' }));
    expect(judged(image, facts)).toEqual(['denied unsigned-image apps/web.yaml:17']);
    const audit = { 'apps/policy.yaml': verifyingPolicy().replace('Enforce', 'Audit') };
    expect(judged(image, facts, audit)).toEqual(['risk unsigned-image apps/web.yaml:17']);
  });

  it('says unknown when the registry does not answer', () => {
    const facts = factsOf(image, { state: 'unknown', reason: 'Its registry is silent.' });
    expect(judged(image, facts)).toEqual([
      `Whether image ${image} is signed is not known. Its registry is silent.`,
    ]);
  });

  it('takes no policy from the pull request', () => {
    expect(
      reviewed(
        { ...POLICY, 'apps/web.yaml': deployment(image) },
        { before: { 'apps/a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n' } },
      ).findings.map(line),
    ).toEqual(['advice uncovered-image apps/web.yaml:17']);
  });

  it('names images that the patterns miss', () => {
    const before = { 'apps/policy.yaml': verifyingPolicy().replace('acme/*', 'acme/web:*') };
    const pinned = `ghcr.io/acme/web:2.0.0@sha256:${'a'.repeat(64)}`;
    expect(judged(pinned, { images: new Map() }, before)).toEqual([
      'risk uncovered-image apps/web.yaml:17',
    ]);
    expect(judged('nginx', { images: new Map() })).toEqual([
      'risk uncovered-image apps/web.yaml:17',
    ]);
  });
});

it.each([
  ['ghcr.io/org/*', 'ghcr.io/org/app:1', true],
  ['ghcr.io/org/app:*', 'ghcr.io/org/app@sha256:ab', false],
  ['*', '', true],
  ['a?c', 'ac', false],
  ['a?c', 'abc', true],
  [`${'*a'.repeat(50)}b`, 'a'.repeat(5000), false],
])('matches %s with %s: %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});
