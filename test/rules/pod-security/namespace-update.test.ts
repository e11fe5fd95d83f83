import { describe, expect, test } from 'vitest';

import {
  exemptNamespaceWarning,
  isRecheckNeeded,
  namespaceInvalidText,
  recheckWarnings,
} from '../../../src/rules/pod-security/namespace-update.ts';
import {
  type Labels,
  NO_DEFAULTS,
  resolveNamespacePolicy,
} from '../../../src/rules/pod-security/namespace-policy.ts';
import { containersWith, evaluate, policy } from './judge.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const WARN = 'pod-security.kubernetes.io/warn';
const LEVELS = 'must be one of privileged, baseline, restricted';

describe('invalid labels', () => {
  function errorsOf(labels: Labels) {
    return resolveNamespacePolicy(labels).errors;
  }
  const one = errorsOf({ [ENFORCE]: 'x' });
  const two = errorsOf({ [ENFORCE]: 'x', [WARN]: 'y' });

  test('refuse a new namespace', () => {
    expect(namespaceInvalidText('n', [])).toBeUndefined();
    expect(namespaceInvalidText('n', one)).toBe(
      `Namespace "n" is invalid: metadata.labels[${ENFORCE}]: Invalid value: "x": ${LEVELS}`,
    );
    expect(namespaceInvalidText('n', two)).toBe(
      `Namespace "n" is invalid: [metadata.labels[${ENFORCE}]: Invalid value: "x": ${LEVELS}, metadata.labels[${WARN}]: Invalid value: "y": ${LEVELS}]`,
    );
  });

  test('refuse an update that changes them', () => {
    expect(namespaceInvalidText('n', one, one)).toBeUndefined();
    expect(namespaceInvalidText('n', one, [])).toMatch(/^Namespace/);
    expect(namespaceInvalidText('n', two, one)).toMatch(/^Namespace/);
    expect(namespaceInvalidText('n', [], one)).toBeUndefined();
    expect(namespaceInvalidText('n', errorsOf({ [ENFORCE]: 'z' }), one)).toMatch(/"z"/);
  });
});

test.each([
  ['restricted:latest', 'restricted:latest', false],
  ['privileged:v1.20', 'restricted:latest', false],
  ['baseline:latest', 'restricted:latest', false],
  ['restricted:latest', 'baseline:latest', true],
  ['baseline:latest', 'restricted:v1.20', true],
  ['restricted:v1.21', 'restricted:v1.20', true],
])('pods are checked again for %s after %s: %s', (after, before, expected) => {
  expect(isRecheckNeeded(policy(after), policy(before))).toBe(expected);
});

describe('the warnings of the re-check', () => {
  const enforce = policy('baseline:latest');
  const privileged = { containers: containersWith({ privileged: true }) };

  function pod(name: string, spec: unknown) {
    return { name, evaluation: evaluate(spec, 'baseline:latest') };
  }

  test('nothing where all pods pass', () => {
    expect(recheckWarnings('n', enforce, [pod('a', {})])).toEqual([]);
  });

  test('one a reason, under the smallest name, sorted', () => {
    const pods = [
      pod('z', privileged),
      pod('y', { hostPID: true }),
      pod('b', privileged),
      pod('fine', {}),
      pod('c', privileged),
      pod('x', { ...privileged, hostPID: true }),
      pod('d', { hostIPC: true }),
    ];
    expect(recheckWarnings('n"s', enforce, pods)).toEqual([
      'existing pods in namespace "n\\"s" violate the new PodSecurity enforce level "baseline:latest"',
      'b (and 2 other pods): privileged',
      'd (and 1 other pod): host namespaces',
      'x: host namespaces, privileged',
    ]);
  });

  test('tell when only some were looked at', () => {
    expect(recheckWarnings('n', enforce, [pod('a', {})], 4000)).toEqual([
      'new PodSecurity enforce level only checked against the first 1 of 4000 existing pods',
    ]);
  });
});

test.each<[Labels, string | undefined]>([
  [{}, undefined],
  [{ [ENFORCE]: 'privileged' }, undefined],
  [
    { [ENFORCE]: 'restricted' },
    'namespace "n" is exempt from Pod Security, and the policy (enforce=restricted:latest) will be ignored',
  ],
  [
    { [WARN]: 'baseline', 'pod-security.kubernetes.io/audit': 'restricted' },
    'namespace "n" is exempt from Pod Security, and the policy (audit=restricted:latest, warn=baseline:latest) will be ignored',
  ],
])('an exempt namespace with %j', (labels, expected) => {
  const resolved = resolveNamespacePolicy(labels);
  expect(exemptNamespaceWarning('n', resolved, NO_DEFAULTS)).toBe(expected);
});

test('an exempt namespace as the defaults have it is not warned of', () => {
  const defaults = { ...NO_DEFAULTS, enforce: policy('baseline:latest') };
  const resolved = resolveNamespacePolicy(
    { [ENFORCE]: 'baseline', [WARN]: 'privileged' },
    defaults,
  );
  expect(exemptNamespaceWarning('n', resolved, defaults)).toBeUndefined();
});
