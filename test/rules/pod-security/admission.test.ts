import { describe, expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import { admit, type AdmissionRequest } from '../../../src/rules/pod-security/admission.ts';
import {
  denialText,
  podForbiddenText,
  reasonsText,
  warningText,
} from '../../../src/rules/pod-security/admission-text.ts';
import {
  type Labels,
  resolveNamespacePolicy,
} from '../../../src/rules/pod-security/namespace-policy.ts';
import { containersWith, evaluate, podOf } from './judge.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const AUDIT = 'pod-security.kubernetes.io/audit';
const WARN = 'pod-security.kubernetes.io/warn';
const POLICY = 'pod-security.kubernetes.io/enforce-policy';
const VIOLATIONS = 'pod-security.kubernetes.io/audit-violations';

const EVERYTHING =
  'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';

describe('the texts', () => {
  const bare = { containers: containersWith({}) };

  test('of a refusal', () => {
    const evaluation = evaluate(bare, 'restricted:latest');
    expect(podForbiddenText('p', evaluation)).toBe(
      `pods "p" is forbidden: violates PodSecurity "restricted:latest": ${EVERYTHING}`,
    );
    expect(podForbiddenText('', evaluation)).toMatch(/^pods is forbidden: violates/);
    expect(podForbiddenText('a"b', evaluation)).toMatch(/^pods "a\\"b" is forbidden/);
  });

  test('of a warning', () => {
    expect(warningText(evaluate(bare, 'restricted:latest'))).toBe(
      `would violate PodSecurity "restricted:latest": ${EVERYTHING}`,
    );
  });

  test('keep the version as it is written', () => {
    expect(denialText(evaluate({ hostPID: true }, 'baseline:v1.99'))).toBe(
      'violates PodSecurity "baseline:v1.99": host namespaces (hostPID=true)',
    );
  });

  test('of the reasons alone', () => {
    expect(reasonsText(evaluate(bare, 'restricted:v1.7'))).toBe('runAsNonRoot != true');
    expect(reasonsText(evaluate({}, 'restricted:latest'))).toBe('');
  });
});

function answer(
  spec: object,
  labels: Labels,
  request: Partial<AdmissionRequest> = {},
  exemptions = { namespaces: ['out'], usernames: ['root'], runtimeClasses: ['kata'] },
) {
  const { evaluations, ...rest } = admit(
    podOf({ spec }),
    { type: 'pod', name: 'p', namespace: 'n', ...request },
    resolveNamespacePolicy(labels),
    { exemptions },
  );
  expect(Object.keys(evaluations)).toEqual(['enforce', 'audit', 'warn']);
  return rest;
}

const DENIED = 'violates PodSecurity "baseline:latest": host namespaces (hostPID=true)';
const spec = { hostPID: true };

describe('a pod', () => {
  test('is refused by enforce, and then not warned', () => {
    expect(answer(spec, { [ENFORCE]: 'baseline', [AUDIT]: 'baseline' })).toEqual({
      exempt: undefined,
      denial: `pods "p" is forbidden: ${DENIED}`,
      warnings: [],
      auditAnnotations: {
        [POLICY]: 'baseline:latest',
        [VIOLATIONS]: `would ${DENIED.replace('violates', 'violate')}`,
      },
    });
  });

  test('is warned where enforce lets it pass', () => {
    expect(answer(spec, { [WARN]: 'baseline' })).toEqual({
      exempt: undefined,
      denial: undefined,
      warnings: ['would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)'],
      auditAnnotations: { [POLICY]: 'privileged:latest' },
    });
  });

  test('passes an open namespace unseen', () => {
    expect(
      answer(spec, { 'pod-security.kubernetes.io/enforce-version': 'v1.20' }).auditAnnotations,
    ).toEqual({ [POLICY]: 'privileged:latest' });
  });

  test('tells the audit log of invalid labels', () => {
    const { denial, auditAnnotations } = answer({}, { [ENFORCE]: 'x', [WARN]: 'y' });
    const levels = 'must be one of privileged, baseline, restricted';
    expect(denial).toBeUndefined();
    expect(auditAnnotations).toEqual({
      'pod-security.kubernetes.io/error': `Failed to parse policy: [metadata.labels[${ENFORCE}]: Invalid value: "x": ${levels}, metadata.labels[${WARN}]: Invalid value: "y": ${levels}]`,
      [POLICY]: 'restricted:latest',
    });
  });

  test.each([
    [{ namespace: 'out' }, {}, 'namespace'],
    [{ username: 'root' }, {}, 'user'],
    [{}, { runtimeClassName: 'kata' }, 'runtimeClass'],
  ])('%j %j is exempt by its %s', (request, own, exempt) => {
    expect(answer({ ...spec, ...own }, { [ENFORCE]: 'baseline' }, request)).toEqual({
      exempt,
      denial: undefined,
      warnings: [],
      auditAnnotations: { 'pod-security.kubernetes.io/exempt': exempt },
    });
  });

  test('is judged where its runtime class is not known, and says so', () => {
    const own = { ...spec, runtimeClassName: new Unknown('comes from outside') };
    expect(answer(own, { [ENFORCE]: 'baseline' })).toMatchObject({
      exempt: 'unknown',
      denial: `pods "p" is forbidden: ${DENIED}`,
    });
  });
});

describe('a workload', () => {
  const request = { type: 'controller' } as const;

  test('is never refused, but warned', () => {
    expect(answer(spec, { [ENFORCE]: 'baseline' }, request)).toEqual({
      exempt: undefined,
      denial: undefined,
      warnings: ['would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)'],
      auditAnnotations: {},
    });
  });

  test('passes unseen without audit and warn', () => {
    expect(answer(spec, { [ENFORCE]: 'baseline', [WARN]: 'privileged' }, request)).toEqual({
      exempt: undefined,
      denial: undefined,
      warnings: [],
      auditAnnotations: {},
    });
  });

  test('of a custom kind is not looked at', () => {
    expect(answer(spec, { [ENFORCE]: 'baseline' }, { type: 'custom' })).toMatchObject({
      denial: undefined,
      warnings: [],
      auditAnnotations: {},
    });
  });
});

test('equal policies are judged once, and what its pods will meet is told of a workload', () => {
  const { evaluations } = admit(
    podOf({ spec }),
    { type: 'controller', name: 'd' },
    resolveNamespacePolicy({ [ENFORCE]: 'baseline' }),
  );
  expect(evaluations.enforce).toBe(evaluations.warn);
  expect(evaluations.enforce.verdict).toBe('forbidden');
  expect(evaluations.audit.verdict).toBe('allowed');
});
