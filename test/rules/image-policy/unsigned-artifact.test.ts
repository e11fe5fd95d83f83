import { expect, it } from 'vitest';

import { Config } from '../../../src/config/schema.ts';
import {
  type Facts,
  type ImageRequest,
  keyOfRequest,
  NO_FACTS,
} from '../../../src/model/evidence.ts';
import type { AttestorVerdict } from '../../../src/model/image.ts';
import { review } from '../../../src/review/review.ts';
import { ociRepository } from '../../../src/rules/image-policy/examples.ts';
import { imagePolicyRules } from '../../../src/rules/image-policy/rules.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { newKey, pemOf } from '../../signatures/image/sigstore.ts';
import { reviewed } from './reviewed.ts';

const KEY = pemOf(newKey()).trim();
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: cosign, namespace: flux-system}
stringData:
  a.pub: |
    ${KEY.replaceAll('\n', '\n    ')}
  notes.txt: none
`;

const ref = (tag: string, verify = '    provider: cosign\n    secretRef: {name: cosign}\n') =>
  ociRepository(`  ref:\n    tag: ${tag}\n${verify === '' ? '' : `  verify:\n${verify}`}`);

/** What is asked of a change from one source to another: reference and attestors. */
function asked(before: string, after: string, more: Record<string, string> = {}) {
  const trees = (source: string) => memoryTree({ 'apps/source.yaml': source, ...more });
  const tree = trees(after);
  const answer = review(
    { before: trees(before), after: tree, head: tree },
    { config: Config.parse({ version: 1 }), rules: imagePolicyRules, now: 0 },
  );
  const requests = 'wanted' in answer ? answer.wanted.evidence : [];
  return requests
    .filter((each): each is ImageRequest => each.kind === 'image')
    .map(({ reference, attestors }) => [reference, attestors]);
}

const REFERENCE = 'ghcr.io/stefanprodan/manifests/podinfo:2.0.0';
const forms = ['legacy', 'bundle'];
const key = { kind: 'key', key: KEY, needsLog: false, forms };
const keyless = (...identities: object[]) => ({
  kind: 'keyless',
  identities,
  needsCertificateLog: true,
  forms,
});

it.each([
  ['a key of the repository', ref('1.0.0'), ref('2.0.0'), [[REFERENCE, [key]]]],
  ['nothing that stays', ref('1.0.0'), ref('1.0.0'), []],
  ['nothing without verify', ref('1.0.0', ''), ref('2.0.0', ''), []],
  [
    'nothing that stays, with a number beyond those of JSON',
    ref('1.0.0', '    provider: cosign\n    x: 9007199254740993\n'),
    ref('1.0.0', '    provider: cosign\n    x: 9007199254740993\n'),
    [],
  ],
  [
    'whom the base branch names, not the pull request',
    ref('1.0.0'),
    ref('2.0.0', '    provider: cosign\n'),
    [[REFERENCE, [key]]],
  ],
  [
    'anybody, where nobody is named',
    ref('1.0.0', '    provider: cosign\n'),
    ref('2.0.0', '    provider: cosign\n'),
    [[REFERENCE, [keyless()]]],
  ],
  [
    'an identity by its patterns',
    ref('1.0.0', '    matchOIDCIdentity:\n      - {issuer: ^a$, subject: ^b$}\n'),
    ref('2.0.0', '    matchOIDCIdentity:\n      - {issuer: ^a$, subject: ^b$}\n'),
    [
      [
        REFERENCE,
        [
          keyless({
            issuer: { how: 'regex', text: '^a$' },
            subject: { how: 'regex', text: '^b$' },
          }),
        ],
      ],
    ],
  ],
  [
    'nobody of Notation',
    ref('1.0.0', '    provider: notation\n'),
    ref('2.0.0', '    provider: notation\n'),
    [[REFERENCE, [{ kind: 'unread', reason: 'signatures of Notation are not checked here' }]]],
  ],
])('asks for %s', (_, before, after, expected) => {
  expect(asked(before, after, { 'apps/secret.yaml': SECRET })).toEqual(expected);
});

it('does not know a key that is not in the repository', () => {
  expect(asked(ref('1.0.0'), ref('2.0.0'))).toEqual([
    [
      REFERENCE,
      [
        {
          kind: 'unread',
          reason: 'its key is in Secret flux-system/cosign, which is not in the repository',
        },
      ],
    ],
  ]);
});

it('holds what a source has fetched against the verification that a change adds', () => {
  expect(asked(ref('1.0.0', ''), ref('1.0.0'), { 'apps/secret.yaml': SECRET })).toEqual([
    [REFERENCE.replace('2.0.0', '1.0.0'), [key]],
  ]);
});

const REPOSITORY = 'ghcr.io/stefanprodan/manifests/podinfo';
const CHART = 'ghcr.io/stefanprodan/charts/podinfo';

const range = (semver: string, more = '') =>
  ociRepository(
    `  ref:\n    semver: '${semver}'\n${more}  verify:\n    provider: cosign\n    secretRef: {name: cosign}\n`,
  );

const helmRepository = (url = 'oci://ghcr.io/stefanprodan/charts') =>
  `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec: {type: oci, url: '${url}'}
`;

const SPEC = (version: string) =>
  `chart: podinfo, ${version}sourceRef: {kind: HelmRepository, name: charts}, verify: {provider: cosign, secretRef: {name: cosign}}`;

const release = (version: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo, namespace: flux-system}
spec: {interval: 1h, chart: {spec: {${SPEC(version)}}}}
`;

const helmChart = (version: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: podinfo, namespace: flux-system}
spec: {interval: 1h, ${SPEC(version)}}
`;

const TAGS = ['1.0.0', '2.0.0', '2.0.1-rc.1', '1.9.0', 'latest', '2', '1.9.0-alpine', '3.0.0_b.1'];

function factsOf(
  repository: string,
  tags: readonly string[],
  tag: string,
  verdicts: readonly AttestorVerdict[],
): Facts {
  const request = {
    kind: 'image',
    reference: `${repository}:${tag}`,
    attestors: verdicts.map(() => key),
  } as ImageRequest;
  const value = { digest: `sha256:${'0'.repeat(64)}`, signatures: 1, verdicts };
  return {
    images: new Map([[keyOfRequest(request), { state: 'known', value }]]),
    tags: new Map([[repository, { state: 'known', value: tags }]]),
  };
}

const UNSIGNED: AttestorVerdict = { state: 'unsigned', reason: 'it has no signature' };

/** What is said of a change, findings and unknowns. */
function said(before: string, after: string, facts: Facts = NO_FACTS, more = ''): string[] {
  const files = { 'apps/secret.yaml': SECRET, 'apps/repository.yaml': helmRepository() };
  const { findings, unknowns } = reviewed(
    { ...files, 'apps/source.yaml': after + more },
    { before: { ...files, 'apps/source.yaml': before + more }, facts },
  );
  return [
    ...findings
      .filter(({ rule }) => rule === 'image-policy/unsigned-artifact')
      .map(({ effect, message, primary }) => `${effect} ${primary.line} ${message}`),
    ...unknowns.map(({ reason }) => reason),
  ];
}

const OCI_NAME = 'OCIRepository "podinfo" in namespace "flux-system"';
const RELEASE_NAME = 'HelmRelease "podinfo" in namespace "flux-system"';

it.each<[string, string, string, Facts, string[]]>([
  [
    'the highest version of a range',
    range('1.x'),
    range('>=1.0.0 <3.0.0'),
    factsOf(REPOSITORY, TAGS, '2.0.0', [UNSIGNED]),
    [
      `denied 9 ${OCI_NAME} verifies ${REPOSITORY}:2.0.0, which ">=1.0.0 <3.0.0" chooses now, and does not find it signed: it has no signature.`,
    ],
  ],
  [
    'one that is signed',
    range('1.x'),
    range('>=1.0.0 <3.0.0'),
    factsOf(REPOSITORY, TAGS, '2.0.0', [{ state: 'signed' }]),
    [],
  ],
  ['a range that stays', range('1.x'), range('1.x'), NO_FACTS, []],
  [
    'the highest that a filter lets in',
    range('1.x-0'),
    range('>=1.0.0-0', '    semverFilter: .*-alpine$\n'),
    factsOf(REPOSITORY, TAGS, '1.9.0-alpine', [UNSIGNED]),
    [expect.stringContaining(`verifies ${REPOSITORY}:1.9.0-alpine, which`) as string],
  ],
  [
    'a chart of any version',
    release('version: 1.0.0, '),
    release(''),
    factsOf(CHART, TAGS, '3.0.0_b.1', [UNSIGNED]),
    [
      `denied 4 ${RELEASE_NAME} verifies ${CHART}:3.0.0_b.1, which "*" chooses now, and does not find it signed: it has no signature.`,
    ],
  ],
  [
    'a chart of one version',
    release('version: 1.0.0, '),
    release('version: 2.0.0+b, '),
    factsOf(CHART, [], '2.0.0_b', [UNSIGNED]),
    [
      `denied 4 ${RELEASE_NAME} verifies ${CHART}:2.0.0_b, and does not find it signed: it has no signature.`,
    ],
  ],
  [
    'a HelmChart',
    helmChart('version: 1.0.0, '),
    helmChart('version: 2.0.0, '),
    factsOf(CHART, [], '2.0.0', [UNSIGNED]),
    [expect.stringContaining(`HelmChart "podinfo" in namespace "flux-system" verifies`) as string],
  ],
])('looks up %s', (_, before, after, facts, expected) => {
  expect(said(before, after, facts)).toEqual(expected);
});

const tagsKnown = (tags: readonly string[]): Facts => ({
  ...NO_FACTS,
  tags: new Map([
    [REPOSITORY, { state: 'known', value: tags }],
    [CHART, { state: 'known', value: tags }],
  ]),
});
const chooses = (text: string) =>
  `Whether what "${text}" chooses of ${REPOSITORY} is signed is not known.`;

it.each<[string, string, string, Facts, string]>([
  [
    'nobody asked the registry',
    range('1.x'),
    range('2.x'),
    NO_FACTS,
    `${chooses('2.x')} Its registry was not asked.`,
  ],
  [
    'the registry does not list them',
    range('1.x'),
    range('2.x'),
    { ...NO_FACTS, tags: new Map([[REPOSITORY, { state: 'unknown', reason: 'It is silent.' }]]) },
    `${chooses('2.x')} It is silent.`,
  ],
  [
    'no tag is in the range',
    range('1.x'),
    range('9.x'),
    tagsKnown(TAGS),
    `${chooses('9.x')} None of its 8 tags is in range "9.x".`,
  ],
  [
    'two tags are one version',
    range('1.x'),
    range('2.x'),
    tagsKnown(['2.1.0', 'v2.1.0']),
    `${chooses('2.x')} Its tags "2.1.0" and "v2.1.0" are the same version, and Flux takes either.`,
  ],
  [
    'the range is none',
    range('1.x'),
    range('latest'),
    tagsKnown(TAGS),
    `${chooses('latest')} "latest" is no range that Flux can read.`,
  ],
  [
    'the filter is none',
    range('1.x'),
    range('2.x', "    semverFilter: '('\n"),
    tagsKnown(TAGS),
    `${chooses('2.x')} Its \`semverFilter\` cannot be read.`,
  ],
  [
    'the filter lets nothing in',
    range('1.x'),
    range('2.x', "    semverFilter: '^(a+)+$'\n"),
    tagsKnown(Array.from({ length: 3000 }, (_, index) => `2.0.${index}`)),
    `${chooses('2.x')} Its \`semverFilter\` keeps the highest 2000 versions out.`,
  ],
  [
    'the HelmRepository is not here',
    release('version: 1.0.0, ').replace('name: charts', 'name: gone'),
    release('version: 2.0.0, ').replace('name: charts', 'name: gone'),
    NO_FACTS,
    `Whether what ${RELEASE_NAME} fetches is signed is not known. Of its source, HelmRepository "gone" in namespace "flux-system" is not in the repository.`,
  ],
  [
    'the tag is no text',
    ref('1.0.0'),
    ref('2'),
    NO_FACTS,
    `Whether what ${OCI_NAME} fetches is signed is not known. Of its source, its spec.ref.tag is no text.`,
  ],
])('is unknown where %s', (_, before, after, facts, expected) => {
  expect(said(before, after, facts)).toContain(expected);
});

it('does not know what Flux makes of two keys of a chart, of which one fails', () => {
  const two = SECRET.replace(
    '  notes',
    `  b.pub: |\n    ${KEY.replaceAll('\n', '\n    ')}\n  notes`,
  );
  const files = { 'apps/secret.yaml': two, 'apps/repository.yaml': helmRepository() };
  const facts = factsOf(CHART, [], '2.0.0', [UNSIGNED, { state: 'signed' }]);
  const { unknowns } = reviewed(
    { ...files, 'apps/source.yaml': release('version: 2.0.0, ') },
    { before: { ...files, 'apps/source.yaml': release('version: 1.0.0, ') }, facts },
  );
  expect(unknowns.map(({ reason }) => reason)).toEqual([
    `Whether artifact ${CHART}:2.0.0 is signed is not known. Not all keys of its source verify it, and Flux may stop at one of these.`,
  ]);
});

it('is quick with a list that is as long as can be', () => {
  const tags = Array.from({ length: 50_000 }, (_, index) => `1.${index % 300}.${index}`);
  const facts = factsOf(REPOSITORY, tags, '1.299.49799', [UNSIGNED]);
  expect(said(range('2.x'), range('>=1.0.0 <2.0.0'), facts)).toEqual([
    expect.stringContaining(`verifies ${REPOSITORY}:1.299.49799, which`),
  ]);
});
