import { expect, it } from 'vitest';

import { imagePolicy } from '../../../src/rules/image-policy/examples.ts';
import { verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { updateAutomation } from '../../../src/rules/image-policy/updates/fleet-example.ts';
import { reviewed } from './reviewed.ts';

type Files = Readonly<Record<string, string>>;

const ENFORCING = { 'apps/policy.yaml': verifyingPolicy() };

const repository = (image: string) => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: podinfo, namespace: flux-system}
spec: {image: '${image}', interval: 10m}
`;
const POLICY = { 'apps/range.yaml': imagePolicy('>=1.0.0 <1.1.0') };
const images = (image: string, more = ''): Files => ({
  ...POLICY,
  'apps/range.yaml': POLICY['apps/range.yaml'] + more,
  'apps/image.yaml': repository(image),
});
const AUTOMATION = { 'apps/automation.yaml': updateAutomation() };

function told(before: Files, after: Files): string[] {
  const { findings, unknowns } = reviewed(after, { before });
  return [
    ...findings
      .filter(({ rule }) => rule === 'image-policy/uncovered-automation')
      .map(
        ({ effect, primary, message }) => `${effect} ${primary.path}:${primary.line} ${message}`,
      ),
    ...unknowns
      .filter(({ rule }) => rule === 'image-policy/uncovered-automation')
      .map(({ reason }) => reason),
  ];
}

const OTHER = 'quay.io/other/web';
const OWN = 'ghcr.io/acme/web';
const END = 'whoever can push a tag that it chooses deploys.';
const policyFault = `risk apps/range.yaml:7 ImagePolicy "podinfo" in namespace "flux-system" rolls out image ${OTHER}, which no enforcing policy of this cluster matches: ${END}`;
const automationFault = `risk apps/automation.yaml:8 ImageUpdateAutomation "web" in namespace "flux-system" writes what is chosen of image ${OTHER}, which no enforcing policy of this cluster matches: ${END}`;

it.each<[string, Files, Files, string[]]>([
  [
    'an automation that is added to a policy which is there',
    { ...ENFORCING, ...images(OTHER) },
    AUTOMATION,
    [automationFault],
  ],
  ['both at once', ENFORCING, { ...images(OTHER), ...AUTOMATION }, [automationFault, policyFault]],
  ['a covered image', ENFORCING, { ...images(OWN), ...AUTOMATION }, []],
  ['what was there', { ...ENFORCING, ...images(OTHER), ...AUTOMATION }, {}, []],
  [
    'another image of a policy that is there',
    { ...ENFORCING, ...images(OWN), ...AUTOMATION },
    images(OTHER),
    [automationFault, policyFault],
  ],
  [
    'an automation of another namespace',
    { ...ENFORCING, ...images(OTHER) },
    { 'apps/automation.yaml': updateAutomation({ namespace: 'apps' }) },
    [],
  ],
  [
    'an automation whose selector leaves the policy out',
    { ...ENFORCING, ...images(OTHER) },
    {
      'apps/automation.yaml': updateAutomation({
        more: '  policySelector: {matchLabels: {a: b}}\n',
      }),
    },
    [],
  ],
  [
    'a policy that only audits',
    { 'apps/policy.yaml': verifyingPolicy().replaceAll('Enforce', 'Audit') },
    { ...images(OWN), ...AUTOMATION },
    [
      expect.stringMatching(/^advice apps\/automation.yaml:8 .* has no enforcing policy/) as string,
      expect.stringMatching(/^advice apps\/range.yaml:7 .* has no enforcing policy/) as string,
    ],
  ],
  [
    'a policy of the change itself',
    images(OTHER),
    {
      'apps/policy.yaml': verifyingPolicy().replaceAll('ghcr.io/acme', 'quay.io/other'),
      ...AUTOMATION,
    },
    [expect.stringMatching(/^advice apps\/automation.yaml:8 .* has no enforcing policy/) as string],
  ],
  [
    'a policy that enforces in another namespace than that of automation',
    {
      'apps/policy.yaml': verifyingPolicy().replace(
        /kinds: .*/,
        '$&\n              namespaces: [apps]',
      ),
    },
    { ...images(OWN), ...AUTOMATION },
    [],
  ],
  [
    'an ImageRepository that is not here',
    ENFORCING,
    POLICY,
    [
      'Whether an enforcing policy matches the image that ImagePolicy "podinfo" in namespace "flux-system" rolls out is not known. Its ImageRepository, or the image of it, is not in the repository.',
    ],
  ],
  [
    'an image that is none',
    ENFORCING,
    images('${IMAGE}'),
    [expect.stringContaining('is not known. Its ImageRepository') as string],
  ],
])('judges %s', (_, before, change, expected) => {
  expect(told(before, { ...before, ...change })).toEqual(expected);
});

it('knows that digests are not matched by a pattern with a tag', () => {
  const tagged = {
    'apps/policy.yaml': verifyingPolicy().replace(/ghcr\.io\/acme\/\*/, 'ghcr.io/acme/web:*'),
  };
  const after = (digests: string) => ({ ...tagged, ...images(OWN, digests) });
  expect(told(tagged, after(''))).toEqual([]);
  expect(told(tagged, after('  digestReflectionPolicy: IfNotPresent\n'))).toHaveLength(1);
  const automated = { ...after('  digestReflectionPolicy: IfNotPresent\n'), ...AUTOMATION };
  expect(told(tagged, automated)).toHaveLength(2);
});
