import { describe, expect, it } from 'vitest';

import { type Facts, keyOfRequest, type Known } from '../../../src/model/evidence.ts';
import type { AttestorVerdict, ImageFact } from '../../../src/model/image.ts';
import { matchesWildcard } from '../../../src/model/wildcard.ts';
import {
  deployment,
  EXAMPLE_FACTS,
  EXAMPLE_IMAGES,
  verifyingPolicy,
} from '../../../src/rules/image-policy/signed-example.ts';
import { renderPage } from '../../../src/report/page.ts';
import type { RuleTexts } from '../../../src/report/rule-text.ts';
import { renderPretty } from '../../../src/report/pretty.ts';
import { line, release as releaseOf, reviewed } from './reviewed.ts';

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

describe('images in values of a HelmRelease', () => {
  const release = (values: string) => releaseOf(`values:\n${values.replace(/^/gm, '  ')}`);
  const before = { ...POLICY, ...release('a: 1') };
  const judge = (
    values: string,
    facts?: Facts,
    policies: Record<string, string> = before,
    settings: object = {},
  ) => {
    const { findings, unknowns } = reviewed(
      { ...policies, ...release(values) },
      { before: policies, settings, ...(facts && { facts }) },
    );
    const about = findings.filter(({ rule }) => /-(?:image|registry)$/.test(rule));
    return [...about.map(line), ...unknowns.map(({ reason }) => reason)];
  };
  const image = 'ghcr.io/acme/web:2.0.0';
  const whole = 'image:\n  registry: ghcr.io\n  repository: acme/web\n  tag: 2.0.0';

  it('asks for their signature', () => {
    expect(judge(whole)).toEqual([
      `Whether image ${image} is signed is not known. Its registry was not asked.`,
    ]);
    expect(judge(whole, factsOf(image, known({ state: 'signed' })))).toEqual([]);
    const unsigned = factsOf(image, known({ state: 'unsigned', reason: 'it has no signature' }));
    expect(judge(whole, unsigned)).toEqual(['risk unsigned-image apps/release.yaml:12']);
    expect(judge(`sidecarImage: ${image}`, unsigned)).toEqual([
      'risk unsigned-image apps/release.yaml:9',
    ]);
  });

  it('tells those that the registry does not have', () => {
    const fact = { digest: '', isMissing: true, signatures: 0, verdicts: [] } as const;
    expect(judge(whole, factsOf(image, { state: 'known', value: fact }))).toEqual([
      'risk missing-image apps/release.yaml:12',
    ]);
  });

  it('does not take one for missing that the registry may hide', () => {
    const value = { digest: '', isHidden: true, signatures: 0, verdicts: [] } as const;
    expect(judge(whole, factsOf(image, { state: 'known', value }))).toEqual([
      `Whether image ${image} is signed is not known. Its registry has no such image, or does not show it without other credentials.`,
    ]);
    const bare = reviewed(release(whole), {
      before: release('other: 1'),
      facts: {
        images: new Map([
          [
            keyOfRequest({ kind: 'image', reference: image, attestors: [] }),
            { state: 'known', value },
          ],
        ]),
      },
    });
    expect(bare.unknowns.map(({ reason }) => reason)).toEqual([
      `Whether image ${image} exists is not known. Its registry has no such image, or does not show it without other credentials.`,
    ]);
    expect(bare.findings.filter(({ rule }) => rule.endsWith('missing-image'))).toEqual([]);
  });

  it('says unknown where the chart decides', () => {
    expect(judge('image:\n  repository: acme/web\n  tag: 2.0.0')).toEqual([
      'Whether image acme/web:2.0.0 is signed is not known. Only its chart tells its registry.',
    ]);
    expect(judge('web:\n  image:\n    tag: 2.0.0')).toEqual([
      'Whether image 2.0.0 is signed is not known. Only its chart tells the rest of it.',
    ]);
  });

  it('tells those that no policy covers, where there are policies', () => {
    const other = 'image:\n  repository: quay.io/other/web\n  tag: 2.0.0';
    expect(judge(other)).toEqual(['risk uncovered-image apps/release.yaml:11']);
    expect(judge(other, undefined, release('a: 1'))).toEqual([]);
  });

  it('compares their registries with the list', () => {
    const settings = { imagePolicy: { registries: ['ghcr.io/acme/*'] } };
    const none = release('a: 1');
    expect(
      judge('image:\n  repository: quay.io/other/web\n  tag: 2.0.0', undefined, none, settings),
    ).toEqual(['risk unlisted-registry apps/release.yaml:11']);
    expect(judge('image:\n  repository: web\n  tag: 2.0.0', undefined, none, settings)).toEqual([
      'Whether image web:2.0.0 comes from an allowed registry is not known. Only its chart tells its registry.',
    ]);
  });

  it('leaves values alone that are no images', () => {
    expect(judge('git:\n  tag: 2.0.0\nimage: none\nimages: ["${x}:1"]')).toEqual([]);
    expect(judge('image:\n  repository: ghcr.io/acme/web\n  tag: ${TAG}')).toEqual([]);
  });
});

describe('signatures that the configuration asks for', () => {
  const pem = (KEY ?? '').split('"key":"')[1]?.split('"')[0]?.replaceAll('\\n', '\n') ?? '';
  const image = 'ghcr.io/acme/web:1.0.1';
  const forms = ['legacy', 'bundle'];
  const asked = (attestors: object[], fact: Known<ImageFact>): Facts => ({
    images: new Map([[JSON.stringify({ kind: 'image', reference: image, attestors }), fact]]),
  });
  const judge = (signature: object, facts?: Facts, of = image) => {
    const { findings, unknowns } = reviewed(
      { 'apps/web.yaml': deployment(of) },
      {
        before: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.0') },
        settings: { imagePolicy: { signatures: [{ images: ['ghcr.io/acme/*'], ...signature }] } },
        ...(facts && { facts }),
      },
    );
    return [...findings.map(line), ...unknowns.map(({ reason }) => reason)];
  };
  const unsigned = known({ state: 'unsigned', reason: 'it has no signature' });
  const signed = known({ state: 'signed' });

  it('asks for the key', () => {
    const attestors = [{ kind: 'key', key: pem, needsLog: true, forms }];
    expect(judge({ keys: [pem] })).toEqual([
      `Whether image ${image} is signed is not known. Its registry was not asked.`,
    ]);
    expect(judge({ keys: [pem] }, asked(attestors, signed))).toEqual([]);
    expect(judge({ keys: [pem] }, asked(attestors, unsigned))).toEqual([
      'risk unsigned-image apps/web.yaml:17',
    ]);
  });

  it('asks for the identity, and anchors its pattern as a whole', () => {
    const issuer = 'https://token.actions.githubusercontent.com';
    const identity = {
      issuer: { how: 'exact', text: issuer },
      subject: { how: 'regex', text: '^(?:^a|b$)$' },
    };
    const attestors = [
      { kind: 'keyless', identities: [identity], needsCertificateLog: true, forms },
    ];
    const identities = [{ issuer, subjectPattern: '^a|b$' }];
    expect(judge({ identities }, asked(attestors, signed))).toEqual([]);
  });

  it('tells images that it does not name', () => {
    expect(judge({ keys: [pem] }, undefined, 'quay.io/other/web:1.0.0').sort()).toEqual([
      'advice new-repository apps/web.yaml:17',
      'risk uncovered-image apps/web.yaml:17',
    ]);
  });
});

const same = (text: string) => text;

describe('policies that a change brings', () => {
  const titles = (after: Record<string, string>, before: Record<string, string>) =>
    (reviewed(after, { before }).sections ?? []).flatMap(({ title, blocks }) =>
      title === 'Guards of images' ? blocks.map((block) => 'text' in block && block.text) : [],
    );
  const other = { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.0') };

  it('are told before what could be better', () => {
    const review = reviewed({ ...other, ...POLICY }, { before: other });
    const [verdict] = review.verdicts.filter(({ area }) => area === 'image-policy');
    const texts: RuleTexts = [];
    if (verdict === undefined) throw new Error('No verdict.');
    const page = renderPage(review, verdict, texts);
    expect(page.indexOf('Well done')).toBeGreaterThan(0);
    expect(page.indexOf('Well done')).toBeLessThan(page.indexOf('#### ') >>> 0);
    const colours = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };
    expect(renderPretty(review, { colours, all: false, rules: texts })).toContain(
      '\n  good     Well done: this change adds a policy that verifies images: ClusterPolicy "signed-images".',
    );
  });

  it('are told in a line', () => {
    expect(titles({ ...other, ...POLICY }, other)).toEqual([
      'Well done: this change adds a policy that verifies images: ClusterPolicy "signed-images". What it demands counts once it is merged.',
    ]);
    const audit = { 'apps/policy.yaml': verifyingPolicy().replace('Enforce', 'Audit') };
    const two = { 'apps/b.yaml': verifyingPolicy().replace('signed-images', 'b') };
    expect(titles({ ...other, ...audit, ...two }, other)).toEqual([
      'Well done: this change adds 2 policies that verify images: ClusterPolicy "b", ClusterPolicy "signed-images". 1 of them refuses unsigned images. What they demand counts once they are merged.',
    ]);
    expect(titles({ ...other, ...audit }, other)).toEqual([
      'This change adds a policy that verifies images: ClusterPolicy "signed-images". Unsigned images are only reported. What it demands counts once it is merged.',
    ]);
  });

  it('are not told where they stood before', () => {
    expect(titles({ ...POLICY, ...other }, POLICY)).toEqual([]);
  });
});

describe('the table of images', () => {
  it('tells who signed each, and what is not known', () => {
    const rowsOf = (fact: Known<ImageFact>, of = 'ghcr.io/acme/web:2.0.0') => {
      const after = { ...POLICY, 'apps/web.yaml': deployment(of) };
      const { sections = [] } = reviewed(after, { before: POLICY, facts: factsOf(of, fact) });
      return sections
        .filter(({ title }) => title === 'Images that this change brings')
        .flatMap(({ blocks }) => blocks)
        .flatMap((block) => (block.kind === 'table' ? block.rows : []))
        .map((row) => row.map(({ text }) => text).join(' | '));
    };
    const digest = `sha256:${'ab'.repeat(32)}`;
    const value = (verdict: AttestorVerdict): Known<ImageFact> => ({
      state: 'known',
      value: { digest, signatures: 1, verdicts: [verdict] },
    });
    const start = 'ghcr.io/acme/web:2.0.0 | sha256:abababababab… |';
    expect(rowsOf(value({ state: 'signed', by: 'key 1234' }))).toEqual([
      `${start} signed by key 1234`,
    ]);
    expect(rowsOf(value({ state: 'unsigned', reason: 'it has no signature' }))).toEqual([
      `${start} not signed: it has no signature`,
    ]);
    expect(rowsOf(value({ state: 'unknown', reason: 'its log is not known' }))).toEqual([
      `${start} not known: its log is not known`,
    ]);
    const gone = { digest: '', isMissing: true, signatures: 0, verdicts: [] } as const;
    expect(rowsOf({ state: 'known', value: gone })).toEqual([
      'ghcr.io/acme/web:2.0.0 |  | the registry has no such image',
    ]);
    const hidden = { digest: '', isHidden: true, signatures: 0, verdicts: [] } as const;
    expect(rowsOf({ state: 'known', value: hidden })).toEqual([
      'ghcr.io/acme/web:2.0.0 |  | the registry has no such image, or does not show it here',
    ]);
    // Where nothing was found out, the findings and unknowns say so, and no table does.
    expect(rowsOf({ state: 'unknown', reason: 'It is silent.' })).toEqual([]);
  });
});
