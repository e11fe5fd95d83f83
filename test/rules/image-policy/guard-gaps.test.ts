import { describe, expect, it } from 'vitest';

import { verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { reviewed } from './reviewed.ts';

const PATH = 'apps/policy.yaml';
const policy = verifyingPolicy();

/** What is said of a policy that is new: `risk 14: …`. */
function said(text: string): string[] {
  const { findings } = reviewed({ [PATH]: text }, { before: {} });
  return findings
    .filter(({ rule }) => rule === 'image-policy/lax-verification')
    .map(({ effect, primary, message }) => `${effect} ${primary.line}: ${message}`);
}

const told = (text: string) => said(text).filter((each) => !each.includes('deprecated'));

describe('patterns of images', () => {
  const of = (...patterns: string[]) =>
    policy.replace("['ghcr.io/acme/*']", `[${patterns.map((each) => `'${each}'`).join(', ')}]`);
  const DIGEST = `sha256:${'a'.repeat(64)}`;

  it.each<[string, string, string]>([
    ['no tag', 'ghcr.io/acme/app', 'matches no image'],
    ['no tag after a star', 'ghcr.io/*/app', 'matches no image'],
    ['no tag, and one character', 'ghcr.io/acme/ap?', 'matches no image'],
    ['no tag at localhost', 'localhost/app', 'matches no image'],
    ['no tag behind a port', 'registry:5000/app', 'matches no image'],
    ['no name', 'ghcr.io', 'matches no image'],
    ['an empty tag', 'ghcr.io/acme/app:', 'matches no image'],
    ['a short digest', 'ghcr.io/acme/app@sha256:abc', 'matches no image'],
    ['capitals', 'ghcr.io/Acme/*', 'matches no image'],
    ['a tag and a digest', `ghcr.io/acme/app:1@${DIGEST}`, 'matches no image'],
    ['a registry without a dot', 'acme/*', 'images are compared with their registry'],
    ['every tag', 'ghcr.io/acme/app:*', 'misses every image with a digest'],
    ['a version', 'ghcr.io/acme/app:1.2.3', 'misses every image with a digest'],
    ['some versions', 'ghcr.io/acme/*:v1*', 'misses every image with a digest'],
  ])('%s is a risk', (_, pattern, expected) => {
    expect(said(of(pattern))).toEqual([expect.stringMatching(`^risk 13: .*${expected}`)]);
  });

  it.each<[string, string[]]>([
    ['a star', ['ghcr.io/acme/*']],
    ['a star behind the name', ['ghcr.io/acme/app*']],
    ['everything', ['*']],
    ['tags and digests', ['ghcr.io/acme/app:*', 'ghcr.io/acme/app@*']],
    ['a star that takes the algorithm of a digest', ['ghcr.io/acme/*:*']],
    ['a digest', [`ghcr.io/acme/app@${DIGEST}`]],
    ['a port', ['localhost:5000/*']],
    ['localhost', ['localhost/*']],
    ['characters', ['ghcr.i?/acme/app*']],
    ['a variable of Kyverno', ['{{ request.object.metadata.name }}']],
    ['what is too long to be judged', [`ghcr.io/${'a'.repeat(2000)}`]],
  ])('%s is calm', (_, patterns) => {
    expect(said(of(...patterns))).toEqual([]);
  });

  it('are told in one, with their places', () => {
    const { findings } = reviewed({
      [PATH]: of('ghcr.io/a/a:*', 'ghcr.io/a/b', 'ghcr.io/a/c:1', 'ghcr.io/a/d*', 'ghcr.io/a/e'),
    });
    expect(
      findings.map(({ message, related, remedy }) => [message, related.length, remedy?.summary]),
    ).toEqual([
      [
        'ClusterPolicy "signed-images" has the patterns "ghcr.io/a/a:*", "ghcr.io/a/c:1", which miss every image with a digest: a digest takes the tag\'s place, in 2 places.',
        1,
        'Use `REGISTRY/NAME*`, which covers tags and digests, or also match `REGISTRY/NAME@*`.',
      ],
      [
        'ClusterPolicy "signed-images" has the patterns "ghcr.io/a/b", "ghcr.io/a/e", which match no image: images are compared as REGISTRY/NAME:TAG, or as REGISTRY/NAME@DIGEST, in 2 places.',
        1,
        'Write the patterns as images are compared: `REGISTRY/NAME*` covers tags and digests.',
      ],
    ]);
  });

  it('names what covers tags and digests', () => {
    const remedies = (pattern: string) =>
      reviewed({ [PATH]: of(pattern) }).findings.map(({ remedy }) => remedy?.summary);
    expect(remedies('ghcr.io/acme/app')).toEqual([
      'Use "ghcr.io/acme/app*", which covers tags and digests.',
    ]);
    expect(remedies('ghcr.io/acme/app:*')).toEqual([
      'Use "ghcr.io/acme/app*", which covers tags and digests.',
    ]);
    expect(remedies('ghcr.io/acme/app:1.*')).toEqual(['Also match "ghcr.io/acme/app@*".']);
  });

  it.each([
    ['ghcr.io/acme/app:*', 'advice', 'misses every image with a digest'],
    ['ghcr.io/acme/app', 'risk', 'matches no image'],
    ['acme/*', 'risk', 'images are compared with their registry'],
  ])('the oldest form is read, too: image %s', (pattern, effect, expected) => {
    const old = policy.replace("imageReferences: ['ghcr.io/acme/*']", `image: '${pattern}'`);
    expect(told(old)).toEqual([expect.stringMatching(`^${effect} 13: .*${expected}`)]);
    expect(told(old.replace(pattern, 'ghcr.io/acme/*'))).toEqual([]);
  });

  it.each(['verifyDigest', 'mutateDigest'])('the oldest form needs digests: %s', (field) => {
    const old = policy.replace(
      "imageReferences: ['ghcr.io/acme/*']",
      `image: 'ghcr.io/acme/*'\n          ${field}: false`,
    );
    expect(told(old)).toEqual([expect.stringContaining(`(${field}: false)`)]);
  });
});

describe('what a new policy leaves out', () => {
  const excluding = (filter: string) =>
    policy.replace('      verifyImages', `      exclude: ${filter}\n      verifyImages`);

  it.each<[string, string, string]>([
    [
      'a namespace',
      '{any: [{resources: {namespaces: [kube-system]}}]}',
      'advice 12: ClusterPolicy "signed-images" leaves out objects of every kind in namespace "kube-system": images run there unverified (exclude).',
    ],
    [
      'several',
      '{any: [{resources: {kinds: [Pod], names: [a, b]}}, {resources: {namespaces: [c]}}]}',
      'advice 12: ClusterPolicy "signed-images" leaves out Pod named "a", "b", and objects of every kind in namespace "c": images run there unverified (exclude).',
    ],
    ['in the old form', '{resources: {namespaces: [a]}}', 'advice 12: '],
    ['certain users', '{any: [{subjects: [{kind: User, name: a}]}]}', 'from certain users'],
    ['everything', "{any: [{resources: {namespaces: ['*']}}]}", 'risk 12: '],
    ['all pods', '{any: [{resources: {kinds: [Pod]}}]}', 'so it verifies nothing (exclude)'],
    [
      'all of two filters',
      '{all: [{resources: {kinds: [Pod]}}, {resources: {namespaces: [a]}}]}',
      'leaves out Pod in namespace "a": images',
    ],
  ])('%s', (_, filter, expected) => {
    expect(said(excluding(filter))).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['what is deleted', '{any: [{resources: {kinds: [Pod], operations: [DELETE]}}]}'],
    ['an empty filter', '{any: [{resources: {}}]}'],
    ['an empty list', '{any: []}'],
    ['no map', 'a'],
  ])('is calm: %s', (_, filter) => {
    expect(said(excluding(filter))).toEqual([]);
  });

  it('leaves rules alone that verify nothing', () => {
    const other = `${policy}    - name: other
      match: {any: [{resources: {kinds: [Pod]}}]}
      exclude: {any: [{resources: {namespaces: [a]}}]}
      validate: {message: a, pattern: {a: b}}
`;
    expect(said(other)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['pods', '[{resources: [pods]}]', ['risk 8: ']],
    ['some names', '[{resources: [pods], resourceNames: [a]}]', ['objects named "a"']],
    ['something else', '[{resources: [jobs]}]', ['advice 8: ']],
    ['nothing', '[]', []],
  ])('an ImageValidatingPolicy leaves out %s', (_, rules, expected) => {
    const text = `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {name: signed}
spec:
  validations: [{expression: 'true'}]
  matchConstraints:
    resourceRules: [{resources: [pods]}]
    excludeResourceRules: ${rules}
`;
    expect(said(text)).toEqual(expected.map((each) => expect.stringContaining(each) as unknown));
  });
});

describe('another action in some namespaces', () => {
  const overriding = (overrides: string, action = 'Enforce') =>
    policy
      .replace(
        'failureAction: Enforce',
        action === 'Audit' ? 'mutateDigest: false' : 'type: Cosign',
      )
      .replace(
        '  rules',
        `  validationFailureAction: ${action}\n  validationFailureActionOverrides: ${overrides}\n  rules`,
      );

  it.each<[string, string, string[]]>([
    [
      'one namespace',
      overriding('[{action: Audit, namespaces: [a]}]'),
      [
        'advice 7: ClusterPolicy "signed-images" only reports images that are not signed in namespace "a", and lets them run (validationFailureActionOverrides).',
      ],
    ],
    ['every one', overriding("[{action: Audit, namespaces: ['*']}]"), ['risk 7: ']],
    ['every one by leaving them out', overriding('[{action: audit}]'), ['in every namespace, and']],
    [
      'a selector',
      overriding('[{action: Audit, namespaceSelector: {matchLabels: {a: b}}}]'),
      [
        'advice 7: ClusterPolicy "signed-images" only reports images that are not signed in every namespace that a selector picks',
      ],
    ],
    [
      'an action that is stricter',
      overriding('[{action: Enforce, namespaces: [a]}]', 'Audit'),
      ['(Audit, except in namespace "a")'],
    ],
    ['an action that is stricter everywhere', overriding('[{action: Enforce}]', 'Audit'), []],
    ['the same action', overriding('[{action: Enforce, namespaces: [a]}]'), []],
    ['no action', overriding('[{namespaces: [a]}, a, {action: [Audit]}]'), []],
    [
      'an entry with an action of its own, which goes first',
      policy.replace('  rules', '  validationFailureActionOverrides: [{action: Audit}]\n  rules'),
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected.map((each) => expect.stringContaining(each) as unknown));
  });

  it.each<[string, string, string[]]>([
    ['Audit', 'failureAction: Audit', ['denied', 'risk']],
    ['no action', 'type: Cosign', ['denied', 'risk']],
    ['Audit without digests', 'failureAction: Audit\n          mutateDigest: false', ['risk']],
    ['Enforce', 'failureAction: Enforce', []],
  ])('Kyverno refuses digests under Audit: %s', (_, fields, effects) => {
    const all = said(policy.replace('failureAction: Enforce', fields));
    expect(all.map((each) => each.replace(/ .*/, ''))).toEqual(effects);
  });

  it('is refused in an entry, where no such field is', () => {
    const text = policy.replace(
      '          failureAction',
      '          failureActionOverrides: [{action: Audit, namespaces: [a]}]\n          failureAction',
    );
    expect(said(text)).toEqual([
      'denied 14: ClusterPolicy "signed-images" has failureActionOverrides in an entry of verifyImages, where no such field is: the API server refuses it, or drops it.',
    ]);
  });
});
