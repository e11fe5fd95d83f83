import { describe, expect, it } from 'vitest';

import {
  deployment,
  EXAMPLE_FACTS,
  EXAMPLE_IMAGES,
  policyException,
  verifyingPolicy,
} from '../../../src/rules/image-policy/signed-example.ts';
import { reviewed } from './reviewed.ts';

type Files = Readonly<Record<string, string>>;

const PATH = 'apps/exception.yaml';
const POLICY: Files = { 'apps/policy.yaml': verifyingPolicy() };
const LEGACY = policyException('signed-images');

const VALIDATING: Files = {
  'apps/policy.yaml': `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {name: signed}
spec:
  matchImageReferences: [{glob: ghcr.io/acme/*}]
  attestors: [{name: a, cosign: {key: {data: x}}}]
  validations: [{expression: 'true'}]
`,
};

const newer = (more = '', version = 'v1', kind = 'ImageValidatingPolicy', name = 'signed') =>
  `apiVersion: policies.kyverno.io/${version}
kind: PolicyException
metadata: {name: legacy, namespace: kyverno}
spec:
  policyRefs:
    - {kind: Other, name: other}
    - {kind: ${kind}, name: ${name}}
${more}`;

/** What is said of exceptions: `risk introduced 9: …`. */
function said(after: Files, before?: Files): string[] {
  const { findings } = reviewed(after, before && { before });
  return findings
    .filter(({ rule }) => rule.endsWith('-exception'))
    .map(({ effect, change, primary, message }) =>
      [effect, change, `${primary.line}: ${message}`].join(' '),
    );
}

const HOLE =
  '8: PolicyException "legacy" in namespace "kyverno" lets Pod in namespace "shop" past ClusterPolicy "signed-images" (rule "acme"), which verifies images: images that are not signed run there.';

describe('an exception from a policy that verifies images', () => {
  it.each(['v2', 'v2beta1', 'v2alpha1'])('is a risk on its line when it is new: %s', (version) => {
    const text = LEGACY.replace('kyverno.io/v2', `kyverno.io/${version}`);
    expect(said({ ...POLICY, [PATH]: text }, POLICY)).toEqual([`risk introduced ${HOLE}`]);
  });

  it('is existing when the base branch has it', () => {
    const base = { ...POLICY, [PATH]: LEGACY };
    expect(said({ ...base, 'apps/web.yaml': deployment('a.io/b:1') }, base)).toEqual([
      `risk existing ${HOLE}`,
    ]);
  });

  it('stays existing when its entries move', () => {
    const moved = LEGACY.replace(
      '    - policyName',
      '    - policyName: disallow-host-path\n      ruleNames: [a]\n    - policyName',
    );
    expect(said({ ...POLICY, [PATH]: moved }, { ...POLICY, [PATH]: LEGACY })).toEqual([
      `risk existing ${HOLE.replace('8:', '10:')}`,
    ]);
  });

  it.each<[string, string, string]>([
    ['a pattern for every policy', LEGACY.replace('signed-images', "'*'"), 'risk'],
    ['a pattern for some policies', LEGACY.replace('signed-images', "'signed-?mages'"), 'risk'],
    ['the rule by name', LEGACY.replace("'*'", 'other, acme'), 'risk'],
    ['the rule by pattern', LEGACY.replace("'*'", "'ac*'"), 'risk'],
    ['rules for controllers alone', LEGACY.replace("'*'", 'autogen-acme'), 'advice'],
    ['rules for CronJobs alone', LEGACY.replace("'*'", 'autogen-cronjob-acme'), 'advice'],
  ])('is told: %s', (_, text, effect) => {
    expect(said({ ...POLICY, [PATH]: text }, POLICY)).toEqual([
      expect.stringMatching(new RegExp(`^${effect} introduced 8: .*ClusterPolicy "signed-images"`)),
    ]);
  });

  it.each<[string, string]>([
    ['another policy', LEGACY.replace('signed-images', 'disallow-host-path')],
    ['the name of a Policy in a namespace', LEGACY.replace('signed-images', "'kyverno/*'")],
    ['another rule', LEGACY.replace("'*'", 'other')],
    ['no rules', LEGACY.replace("['*']", '[]')],
    ['an empty filter', LEGACY.replace(/resources:[^]*$/, 'resources: {}\n')],
    [
      'a match that is not read',
      LEGACY.replace(/ {4}any:[^]*$/, '    resources: {kinds: [Pod]}\n'),
    ],
    ['nothing', LEGACY.replace(/spec:[^]*$/, 'spec: {}\n')],
    ['what is no list', LEGACY.replace(/exceptions:\n[^]*\n {2}match/, 'exceptions: a\n  match')],
    ['another kind of object', LEGACY.replace('kyverno.io', 'example.org')],
  ])('is nothing: %s', (_, text) => {
    expect(said({ ...POLICY, [PATH]: text }, POLICY)).toEqual([]);
  });

  it('is advice where the policy only reports', () => {
    const audit = { 'apps/policy.yaml': verifyingPolicy().replace('Enforce', 'Audit') };
    expect(said({ ...audit, [PATH]: LEGACY }, audit)).toEqual([
      expect.stringMatching(
        /^advice introduced 8: .*what is not signed is not even reported there/,
      ),
    ]);
  });

  it('names a Policy with its namespace', () => {
    const policy = verifyingPolicy()
      .replace('ClusterPolicy', 'Policy')
      .replace('  name: signed-images', '  name: signed-images\n  namespace: shop');
    const after = { 'apps/policy.yaml': policy, [PATH]: policyException('shop/signed-images') };
    expect(said(after)).toEqual([expect.stringContaining('Policy "shop/signed-images"')]);
  });

  it.each([
    [
      'several namespaces and a name',
      "namespaces: [a, b, c, d]\n          names: ['x*']",
      'Pod named "x*" in namespaces "a", "b", "c" and 1 more',
    ],
    ['everything', "namespaces: ['*']", 'Pod in every namespace'],
    ['selectors', 'selector: {matchLabels: {a: b}}', 'Pod that a selector picks in every'],
    [
      'namespaces by label',
      'namespaceSelector: {matchLabels: {a: b}}',
      'Pod in namespaces that a selector picks',
    ],
    ['text of an attacker', 'namespaces: ["a\\u001b[31m\\n# b"]', '"a\\x1b[31m\\n# b"'],
  ])('tells for which resources: %s', (_, filter, expected) => {
    const text = LEGACY.replace("namespaces: ['shop']", filter);
    expect(said({ ...POLICY, [PATH]: text }, POLICY)).toEqual([expect.stringContaining(expected)]);
  });

  it.each(['v1', 'v1beta1', 'v1alpha1'])('is told of the newer kind, %s', (version) => {
    expect(said({ ...VALIDATING, [PATH]: newer('', version) }, VALIDATING)).toEqual([
      'risk introduced 7: PolicyException "legacy" in namespace "kyverno" lets everything past ImageValidatingPolicy "signed", which verifies images: images that are not signed run there.',
    ]);
  });

  it('is told of a policy that is not here, where its kind says that it verifies', () => {
    expect(said({ [PATH]: newer() })).toEqual([
      expect.stringContaining('past ImageValidatingPolicy "signed"'),
    ]);
    expect(said({ [PATH]: newer('', 'v1', 'ValidatingPolicy') })).toEqual([]);
  });

  it('tells conditions and the end of the newer kind', () => {
    const more = `  images: ['ghcr.io/acme/old:*']
  expiresAt: "2026-05-01T00:00:00Z"
  matchConditions: [{name: a, expression: 'object.metadata.name == "x"'}]
`;
    expect(said({ ...VALIDATING, [PATH]: newer(more) }, VALIDATING)).toEqual([
      expect.stringContaining(
        'lets everything that its `matchConditions` let through until 2026-05-01T00:00:00Z past',
      ),
    ]);
  });

  it('is unknown for a policy that is not in the repository', () => {
    const unknown = (name: string) =>
      reviewed({ ...POLICY, [PATH]: policyException(name) })
        .unknowns.filter(({ rule }) => rule.endsWith('-exception'))
        .map(({ reason }) => reason);
    expect(unknown('somewhere-else')).toEqual([
      'Whether PolicyException "legacy" in namespace "kyverno" lets unsigned images through is not known. It names the policy "somewhere-else", not in this repository.',
    ]);
    expect(unknown('disallow-host-path')).toEqual([]);
    expect(unknown('signed-images')).toEqual([]);
    expect(unknown("'some*'")).toEqual([]);
  });

  it('is told of so many policies and no more', () => {
    const references = (count: number, name: string) =>
      Array.from(
        { length: count },
        (_, at) => `    - {kind: ImageValidatingPolicy, name: ${name}${at}}\n`,
      ).join('');
    expect(said({ [PATH]: newer().replace(/ {4}- [^]*$/, references(200, 'a')) })).toHaveLength(50);
    const long = references(1, 'a'.repeat(300));
    expect(said({ [PATH]: newer().replace(/ {4}- [^]*$/, long) })).toEqual([]);
  });

  it('ends in time with many and long patterns', () => {
    const entries = Array.from(
      { length: 2000 },
      (_, at) => `    - policyName: '${'*a'.repeat(200)}${at}'\n      ruleNames: ['*']\n`,
    ).join('');
    const text = LEGACY.replace(/ {4}- policyName[^]*?(?= {2}match)/, entries);
    expect(said({ ...POLICY, [PATH]: text }, POLICY)).toEqual([]);
  });
});

describe('an exception that is widened', () => {
  const widened = (now: string, was = LEGACY, policies = POLICY) =>
    said({ ...policies, [PATH]: now }, { ...policies, [PATH]: was }).filter((each) =>
      each.includes('lets more past'),
    );
  const ALL = LEGACY.replace(
    '  match',
    '  conditions:\n    all:\n      - {key: a, operator: Equals, value: b}\n  match',
  );

  it.each<[string, string, string, string]>([
    [
      'by a namespace',
      LEGACY.replace("['shop']", '[shop, bank]'),
      LEGACY,
      'risk introduced 14: PolicyException "legacy" in namespace "kyverno" lets more past ClusterPolicy "signed-images" (rule "acme"), which verifies images, than before: it now holds for Pod in namespaces "shop", "bank".',
    ],
    ['by a star', LEGACY.replace("'shop'", "'*'"), LEGACY, 'for Pod in every namespace.'],
    ['by no namespaces', LEGACY.replace(/\n +namespaces.*/, ''), LEGACY, 'for Pod in every'],
    [
      'by a filter',
      `${LEGACY}      - resources: {kinds: [Pod], names: [x]}\n`,
      LEGACY,
      'it now holds for Pod named "x".',
    ],
    [
      'by a kind',
      LEGACY.replace('[Pod]', '[Pod, Job]'),
      LEGACY,
      'for Pod, Job in namespace "shop"',
    ],
    ['by conditions that go', LEGACY, ALL, 'its conditions are gone'],
    ['by other conditions', ALL.replace('key: a', 'key: x'), ALL, 'its conditions are other ones'],
    [
      'by a rule for pods',
      LEGACY,
      LEGACY.replace("'*'", 'autogen-acme'),
      'it now also holds for pods',
    ],
  ])('%s', (_, now, was, expected) => {
    expect(widened(now, was)).toEqual([expect.stringContaining(expected)]);
  });

  it.each<[string, string, string]>([
    ['the same', LEGACY, LEGACY],
    ['fewer namespaces', LEGACY, LEGACY.replace("['shop']", '[shop, bank]')],
    ['a name more', LEGACY.replace('kinds: [Pod]', 'kinds: [Pod]\n          names: [x]'), LEGACY],
    ['what a pattern had', LEGACY.replace("'shop'", 'shop-a'), LEGACY.replace("'shop'", "'shop*'")],
    ['more conditions', ALL, LEGACY],
    ['one kind less', LEGACY, LEGACY.replace('[Pod]', '[Pod, Job]')],
  ])('is calm: %s', (_, now, was) => {
    expect(widened(now, was)).toEqual([]);
  });

  it.each<[string, string, string, string | undefined]>([
    ['a later end', newer('  expiresAt: "2027-01-01T00:00:00Z"\n'), '2026', 'it holds for longer'],
    ['no end', newer(), '2026', 'it holds for longer'],
    ['an earlier end', newer('  expiresAt: "2025-01-01T00:00:00Z"\n'), '2026', undefined],
    ['no time at all', newer('  expiresAt: never\n'), '2026', 'it holds for longer'],
  ])('by time: %s', (_, now, year, expected) => {
    const was = newer(`  expiresAt: "${year}-01-01T00:00:00Z"\n`);
    const found = widened(now, was, VALIDATING);
    expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });

  it('is calm about an end that cannot be read and stays', () => {
    const exception = newer('  expiresAt: never\n');
    expect(widened(`${exception}# touched\n`, exception, VALIDATING)).toEqual([]);
  });

  it('by a condition of the newer kind that goes', () => {
    const conditions = (text: string) =>
      newer(`  matchConditions: [{name: a, expression: '${text}'}]\n`);
    expect(widened(newer(), conditions('a'), VALIDATING)).toEqual([
      expect.stringContaining('its matchConditions are gone'),
    ]);
    expect(widened(conditions('true'), conditions('a'), VALIDATING)).toEqual([
      expect.stringContaining('its matchConditions are other ones'),
    ]);
  });
});

describe('an unsigned image that an exception of the base branch may let run', () => {
  const effects = (exception: string) =>
    reviewed(
      { ...POLICY, [PATH]: exception, 'apps/web.yaml': deployment(EXAMPLE_IMAGES.unsigned) },
      { before: { ...POLICY, [PATH]: exception }, facts: EXAMPLE_FACTS },
    )
      .findings.filter(({ rule }) => rule === 'image-policy/unsigned-image')
      .map(({ effect, message }) => `${effect} ${/; (.*)\.$/.exec(message)?.[1] ?? ''}`);

  it.each([
    [policyException('signed-images', '*'), 'risk PolicyException "legacy" may let it run'],
    [policyException('signed-images', 'elsewhere'), 'denied '],
    [policyException('other', '*'), 'denied '],
    [policyException('signed-images', '*').replace('[Pod]', '[CronJob]'), 'denied '],
  ])('%#', (exception, expected) => {
    expect(effects(exception)).toEqual([expected]);
  });
});
