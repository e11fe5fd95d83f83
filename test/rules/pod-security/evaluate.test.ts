import { describe, expect, test } from 'vitest';

import { decodePod } from '../../../src/rules/pod-security/decode-pod.ts';
import {
  evaluatePod,
  forbiddenBy,
  violationsOf,
} from '../../../src/rules/pod-security/evaluate.ts';
import { applyEdits } from './apply-edits.ts';
import { containersWith, evaluate, podOf, policy } from './judge.ts';

test('the privileged level runs no check', () => {
  const spec = { hostPID: true, containers: containersWith({ privileged: true }) };
  expect(evaluate(spec, 'privileged:latest')).toMatchObject({ verdict: 'allowed', results: [] });
});

test('an older server judges by its own newest revisions', () => {
  const pod = podOf({ spec: { hostUsers: false, securityContext: { runAsNonRoot: false } } });
  const latest = policy('restricted:latest');
  expect(evaluatePod(pod, latest).verdict).toBe('allowed');
  expect(evaluatePod(pod, latest, 34)).toMatchObject({ verdict: 'forbidden', policy: latest });
});

test('null is an empty pod', () => {
  expect(evaluatePod(podOf(null), policy('restricted:latest')).verdict).toBe('allowed');
  expect(evaluatePod(podOf({ spec: null }), policy('restricted:latest')).verdict).toBe('allowed');
});

test('a value of a wrong type gives no pod to judge', () => {
  const { pod, errors } = decodePod({ spec: { hostPID: 'true' } });
  expect(pod).toBeUndefined();
  expect(errors.map(({ path }) => path)).toEqual([['spec', 'hostPID']]);
});

describe('the fixes of a pod', () => {
  function fixed(value: unknown, policyText: string) {
    const violations = forbiddenBy(evaluatePod(podOf(value), policy(policyText))).flatMap(
      violationsOf,
    );
    const edits = violations.flatMap(({ fix }) => fix ?? []);
    const after = applyEdits(value, edits);
    const left = forbiddenBy(evaluatePod(podOf(after), policy(policyText)))
      .flatMap(violationsOf)
      .map(({ path }) => path.join('.'));
    return { after, left };
  }

  test('together make a bare pod pass restricted', () => {
    const { after, left } = fixed({ spec: { containers: [{ name: 'a' }] } }, 'restricted:latest');
    expect(left).toEqual([]);
    expect(after).toEqual({
      spec: {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'a',
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      },
    });
  });

  test('leave alone what is right, change words, remove items from the last', () => {
    const value = {
      metadata: {
        annotations: {
          'container.apparmor.security.beta.kubernetes.io/a': 'unconfined',
          note: 'stays',
        },
      },
      spec: {
        securityContext: {
          runAsUser: 0,
          sysctls: [{ name: 'a.b' }, { name: 'net.ipv4.tcp_rmem' }, { name: 'c.d' }],
          seccompProfile: { type: 'Unconfined' },
        },
        containers: [
          {
            name: 'a',
            ports: [{ containerPort: 80, hostPort: 80 }],
            securityContext: {
              privileged: true,
              allowPrivilegeEscalation: true,
              capabilities: { drop: ['all'], add: ['KILL', 'NET_BIND_SERVICE', 'CHOWN'] },
              runAsNonRoot: false,
            },
          },
          null,
        ],
      },
    };
    const { after, left } = fixed(value, 'restricted:latest');
    expect(left).toEqual([]);
    expect(after).toEqual({
      metadata: { annotations: { note: 'stays' } },
      spec: {
        securityContext: {
          sysctls: [{ name: 'net.ipv4.tcp_rmem' }],
          seccompProfile: { type: 'RuntimeDefault' },
          runAsNonRoot: true,
        },
        containers: [
          {
            name: 'a',
            ports: [{ containerPort: 80 }],
            securityContext: {
              privileged: false,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
              runAsNonRoot: true,
            },
          },
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      },
    });
  });

  test('leave what says that it cannot be fixed', () => {
    const value = {
      spec: {
        hostNetwork: true,
        containers: [{ name: 'a', ports: [{ hostPort: 80 }] }],
        volumes: [
          { name: 'v', hostPath: {} },
          { name: 'w', nfs: {} },
        ],
      },
    };
    expect(fixed(value, 'restricted:latest').left).toEqual([
      'spec.hostNetwork',
      'spec.containers.0.ports.0.hostPort',
      'spec.volumes.0.hostPath',
      'spec.volumes.1.nfs',
    ]);
  });
});
