import { describe, expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import {
  labelKey,
  type Labels,
  type ModePolicies,
  MODES,
  resolveNamespacePolicy,
} from '../../../src/rules/pod-security/namespace-policy.ts';
import { policyText } from '../../../src/rules/pod-security/policy.ts';
import { policy } from './judge.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const ENFORCE_VERSION = 'pod-security.kubernetes.io/enforce-version';
const AUDIT = 'pod-security.kubernetes.io/audit';
const WARN = 'pod-security.kubernetes.io/warn';
const WARN_VERSION = 'pod-security.kubernetes.io/warn-version';

function resolve(labels: Labels | null | undefined, defaults?: ModePolicies): string[] {
  const resolved = resolveNamespacePolicy(labels, defaults);
  return MODES.map((mode) => policyText(resolved[mode]));
}

test('the keys of the labels', () => {
  expect(MODES.flatMap((mode) => [labelKey(mode), labelKey(mode, 'version')])).toEqual([
    ENFORCE,
    ENFORCE_VERSION,
    AUDIT,
    'pod-security.kubernetes.io/audit-version',
    WARN,
    WARN_VERSION,
  ]);
});

const open = 'privileged:latest';

test.each<[string, Labels | null | undefined, string[]]>([
  ['no labels', undefined, [open, open, open]],
  ['null', null, [open, open, open]],
  ['other labels', { app: 'x', toString: 'restricted' }, [open, open, open]],
  ['enforce raises warn', { [ENFORCE]: 'baseline' }, ['baseline:latest', open, 'baseline:latest']],
  [
    'with its version',
    { [ENFORCE]: 'restricted', [ENFORCE_VERSION]: 'v1.20' },
    ['restricted:v1.20', open, 'restricted:v1.20'],
  ],
  [
    'unless warn has one of its own',
    { [ENFORCE]: 'restricted', [ENFORCE_VERSION]: 'v1.20', [WARN_VERSION]: 'v1.30' },
    ['restricted:v1.20', open, 'restricted:v1.30'],
  ],
  [
    'or a level of its own, weaker or not',
    { [ENFORCE]: 'restricted', [WARN]: 'baseline' },
    ['restricted:latest', open, 'baseline:latest'],
  ],
  [
    'audit is not raised',
    { [ENFORCE]: 'restricted', [AUDIT]: 'baseline' },
    ['restricted:latest', 'baseline:latest', 'restricted:latest'],
  ],
  ['versions alone', { [ENFORCE_VERSION]: 'v1.20' }, ['privileged:v1.20', open, open]],
  [
    'an invalid enforce fails closed, and raises nothing',
    { [ENFORCE]: 'Restricted' },
    ['restricted:latest', open, open],
  ],
  [
    'an invalid warn fails open',
    { [ENFORCE]: 'baseline', [WARN]: '' },
    ['baseline:latest', open, open],
  ],
  ['null is empty', { [AUDIT]: null }, [open, open, open]],
])('%s', (_, labels, expected) => {
  expect(resolve(labels)).toEqual(expected);
});

test('a label overrides its own half of the defaults', () => {
  const defaults = {
    enforce: policy('baseline:v1.30'),
    audit: policy('restricted:v1.30'),
    warn: policy('restricted:v1.31'),
  };
  expect(resolve({}, defaults)).toEqual(['baseline:v1.30', 'restricted:v1.30', 'restricted:v1.31']);
  expect(resolve({ [ENFORCE]: 'restricted', [AUDIT]: 'privileged' }, defaults)).toEqual([
    'restricted:v1.30',
    'privileged:v1.30',
    'restricted:v1.31',
  ]);
});

test('errors in the words and order of the API server, with what is read instead', () => {
  const { errors } = resolveNamespacePolicy({
    [WARN]: 'b',
    [ENFORCE_VERSION]: '1.25',
    [ENFORCE]: 'Restricted',
    [WARN_VERSION]: 'v1.07"',
  });
  expect(errors).toEqual([
    {
      key: ENFORCE,
      value: 'Restricted',
      message: `metadata.labels[${ENFORCE}]: Invalid value: "Restricted": must be one of privileged, baseline, restricted`,
      readAs: 'restricted',
    },
    {
      key: ENFORCE_VERSION,
      value: '1.25',
      message: `metadata.labels[${ENFORCE_VERSION}]: Invalid value: "1.25": must be "latest" or "v1.x"`,
      readAs: 'latest',
    },
    {
      key: WARN,
      value: 'b',
      message: `metadata.labels[${WARN}]: Invalid value: "b": must be one of privileged, baseline, restricted`,
      readAs: 'privileged',
    },
    {
      key: WARN_VERSION,
      value: 'v1.07"',
      message: `metadata.labels[${WARN_VERSION}]: Invalid value: "v1.07\\"": must be "latest" or "v1.x"`,
      readAs: 'latest',
    },
  ]);
});

describe('where a policy comes from', () => {
  test('labels, defaults, and enforce for a raised warn', () => {
    const { enforce, audit, warn } = resolveNamespacePolicy({ [ENFORCE]: 'baseline' });
    expect(enforce).toMatchObject({
      levelFrom: { from: 'label', key: ENFORCE },
      versionFrom: { from: 'defaults' },
    });
    expect(audit.levelFrom).toEqual({ from: 'defaults' });
    expect(warn).toMatchObject({
      levelFrom: { from: 'label', key: ENFORCE, raised: true },
      versionFrom: { from: 'defaults', raised: true },
    });
  });

  test('a value that is not known is judged by the strictest', () => {
    const unknown = new Unknown('comes from outside');
    const resolved = resolveNamespacePolicy({ [ENFORCE]: unknown, [WARN_VERSION]: unknown });
    expect(resolved.errors).toEqual([]);
    expect(resolved.enforce).toEqual({
      level: 'restricted',
      version: { text: 'latest', minor: Infinity },
      levelFrom: { from: 'unknown', key: ENFORCE, unknown },
      versionFrom: { from: 'defaults' },
    });
    expect(resolved.warn).toMatchObject({
      level: 'restricted',
      levelFrom: { from: 'unknown', key: ENFORCE, raised: true },
      versionFrom: { from: 'unknown', key: WARN_VERSION },
    });
  });
});
