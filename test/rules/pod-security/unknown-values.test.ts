import { describe, expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import {
  evaluatePod,
  forbiddenBy,
  refusalOf,
  violationsOf,
} from '../../../src/rules/pod-security/evaluate.ts';
import { containersWith, podOf, policy } from './judge.ts';

const X = new Unknown('variable X comes from outside', '${X}');

/** The checks that do not pass, `?` before those that cannot tell. */
function resultsOf(value: unknown, policyText: string): string[] {
  return evaluatePod(podOf(value), policy(policyText)).results.map(
    ({ verdict, check }) => (verdict === 'inconclusive' ? '?' : '') + check.id,
  );
}

const hardened = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

describe('a check that reads an unknown value cannot tell', () => {
  test.each<[string, object, string[]]>([
    ['privileged', { containers: containersWith({ privileged: X }) }, ['?privileged']],
    ['hostPID', { hostPID: X }, ['?hostNamespaces']],
    ['a host port', { containers: [{ ports: [{ hostPort: X }] }] }, ['?hostPorts']],
    ['a port', { containers: [{ ports: [{ containerPort: 80 }, X] }] }, ['?hostPorts']],
    [
      'an added capability',
      { containers: containersWith({ capabilities: { add: [X, 'CHOWN'] } }) },
      ['?capabilities_baseline'],
    ],
    ['a sysctl', { securityContext: { sysctls: [{ name: X }] } }, ['?sysctls']],
    ['all sysctls', { securityContext: { sysctls: X } }, ['?sysctls']],
    [
      'a profile type',
      { securityContext: { seccompProfile: { type: X } } },
      ['?seccompProfile_baseline'],
    ],
    ['the source of a volume', { volumes: [{ name: 'v', hostPath: X }] }, ['?hostPathVolumes']],
    ['a volume', { volumes: [X] }, ['?hostPathVolumes']],
    ['all volumes', { volumes: X }, ['?hostPathVolumes']],
    [
      'a host',
      { containers: [{ lifecycle: { preStop: { httpGet: { host: X } } } }] },
      ['?hostProbesAndHostLifecycle'],
    ],
    [
      'a security context',
      { containers: containersWith(X) },
      [
        '?appArmorProfile',
        '?capabilities_baseline',
        '?privileged',
        '?procMount',
        '?seLinuxOptions',
        '?seccompProfile_baseline',
        '?windowsHostProcess',
      ],
    ],
    [
      'a container',
      { containers: [X] },
      [
        '?appArmorProfile',
        '?capabilities_baseline',
        '?hostPorts',
        '?hostProbesAndHostLifecycle',
        '?privileged',
        '?procMount',
        '?seLinuxOptions',
        '?seccompProfile_baseline',
        '?windowsHostProcess',
      ],
    ],
    ['an image, which no check reads', { containers: [{ image: X, env: [X] }] }, []],
    ['a label', { containers: [{ name: X }] }, []],
  ])('%s', (_, spec, expected) => {
    expect(resultsOf({ spec }, 'baseline:latest')).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['the spec', { spec: X }],
    ['everything', X],
  ])('%s: none can', (_, value) => {
    const open = evaluatePod(podOf(value), policy('restricted:latest'));
    expect(open.results.map(({ verdict }) => verdict)).toEqual(Array(15).fill('inconclusive'));
    expect(open.verdict).toBe('inconclusive');
  });

  test('with its reason and place', () => {
    const { results } = evaluatePod(podOf({ spec: { hostPID: X } }), policy('baseline:latest'));
    expect(results).toMatchObject([
      { verdict: 'inconclusive', unknowns: [{ path: ['spec', 'hostPID'], unknown: X }] },
    ]);
  });

  test('annotations', () => {
    const key = 'container.apparmor.security.beta.kubernetes.io/a';
    const metadata = { annotations: { [key]: X, __proto__: null, other: X } };
    expect(resultsOf({ metadata }, 'baseline:latest')).toEqual(['?appArmorProfile']);
    expect(resultsOf({ metadata: { annotations: X } }, 'baseline:v1.0')).toEqual([
      '?appArmorProfile',
      '?seccompProfile_baseline',
    ]);
    expect(resultsOf({ metadata: X }, 'baseline:latest')).toEqual(['?appArmorProfile']);
    expect(resultsOf({ metadata: { labels: X } }, 'baseline:latest')).toEqual([]);
  });
});

describe('a refusal stands where no value could lift it', () => {
  test('beside an unknown value of another container', () => {
    const spec = { containers: containersWith({ privileged: X }, { privileged: true }) };
    const [result] = forbiddenBy(evaluatePod(podOf({ spec }), policy('baseline:latest')));
    if (!result) throw new Error('allowed');
    expect(refusalOf(result).detail).toBe(
      'container "b" must not set securityContext.privileged=true',
    );
    expect(violationsOf(result).map(({ path }) => path)).toEqual([
      ['spec', 'containers', 1, 'securityContext', 'privileged'],
    ]);
    expect(result.unknowns).toMatchObject([
      { path: ['spec', 'containers', 0, 'securityContext', 'privileged'] },
    ]);
  });

  test('what is missing is missing without the unknown container too', () => {
    const spec = { containers: [...containersWith({}), X] };
    expect(resultsOf({ spec }, 'restricted:v1.7')).toContain('runAsNonRoot');
  });

  test('beside an unknown item of the same list', () => {
    const spec = {
      containers: containersWith({
        ...hardened,
        capabilities: { drop: ['ALL'], add: [X, 'KILL'] },
      }),
    };
    const [result] = forbiddenBy(evaluatePod(podOf({ spec }), policy('restricted:latest')));
    if (!result) throw new Error('allowed');
    expect(violationsOf(result).map(({ path }) => path.at(-1))).toEqual([1]);
  });

  test('but not where the unknown one could be what is missing', () => {
    const spec = {
      containers: containersWith({ ...hardened, capabilities: { drop: [X, 'all'] } }),
    };
    expect(resultsOf({ spec }, 'restricted:latest')).toEqual(['?capabilities_restricted']);
    const onPod = { securityContext: { runAsNonRoot: X }, containers: containersWith({}) };
    expect(resultsOf({ spec: onPod }, 'restricted:v1.7')).toEqual(['?runAsNonRoot']);
  });

  test('nor where it could be another source of the volume', () => {
    const spec = { volumes: [{ name: 'v', nfs: {}, emptyDir: X }] };
    expect(resultsOf({ spec }, 'restricted:latest')).toEqual(['?restrictedVolumes']);
  });

  test('an unknown name only changes the words', () => {
    const spec = { containers: [{ name: X, securityContext: { privileged: true } }] };
    const [result] = forbiddenBy(evaluatePod(podOf({ spec }), policy('baseline:latest')));
    expect(result && refusalOf(result).detail).toBe(
      'container "${X}" must not set securityContext.privileged=true',
    );
    expect(result?.unknowns).toBeUndefined();
  });

  test('but decides which annotation counts', () => {
    const metadata = { annotations: { 'container.seccomp.security.alpha.kubernetes.io/a': 'x' } };
    expect(resultsOf({ metadata, spec: { containers: [{ name: X }] } }, 'baseline:v1.0')).toEqual([
      '?seccompProfile_baseline',
    ]);
  });
});

describe('what could only let the pod off', () => {
  const unmasked = { containers: containersWith({ procMount: 'Unmasked' }) };

  test('is not needed by a pod that passes', () => {
    const spec = { hostUsers: X, os: { name: X }, containers: containersWith(hardened) };
    expect(resultsOf({ spec }, 'restricted:latest')).toEqual([]);
  });

  test('may lift a refusal', () => {
    expect(resultsOf({ spec: { ...unmasked, hostUsers: X } }, 'baseline:latest')).toEqual([
      '?procMount',
    ]);
    expect(resultsOf({ spec: { ...unmasked, hostUsers: X } }, 'baseline:v1.34')).toEqual([
      'procMount',
    ]);
    const spec = {
      os: X,
      containers: containersWith({ ...hardened, allowPrivilegeEscalation: true }),
    };
    expect(resultsOf({ spec }, 'restricted:latest')).toEqual(['?allowPrivilegeEscalation']);
  });
});

test('a forbidden check makes the pod forbidden, whatever others cannot tell', () => {
  const spec = { hostPID: X, containers: containersWith({ privileged: true }) };
  expect(evaluatePod(podOf({ spec }), policy('baseline:latest')).verdict).toBe('forbidden');
});
