import { describe, expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import { findingsText } from '../../../src/rules/pod-security/admission-text.ts';
import {
  applyDefaults,
  type Defaulting,
  type Server,
} from '../../../src/rules/pod-security/defaulting.ts';
import {
  evaluatePod,
  forbiddenBy,
  violationsOf,
} from '../../../src/rules/pod-security/evaluate.ts';
import { containersWith, podOf, policy } from './judge.ts';

function evaluate(value: unknown, defaulting: Defaulting, server: Server, level = 'baseline') {
  const pod = applyDefaults(podOf(value), defaulting, server);
  return evaluatePod(pod, policy(`${level}:latest`));
}

function textOf(value: unknown, defaulting: Defaulting, server: Server, level?: string): string {
  return findingsText(evaluate(value, defaulting, server, level)) || 'allowed';
}

const POD: Server = { object: 'pod' };
const TEMPLATE: Server = { object: 'template' };

describe('a volume without a source', () => {
  const unknown = 'restricted volume types (volume "v" uses restricted volume type "unknown")';

  test.each<[unknown, Defaulting, string]>([
    [[{ name: 'v' }], 'none', unknown],
    [[{ name: 'v' }], 'volumes', 'allowed'],
    [[{ name: 'v', hostPath: null, cloud: {} }], 'volumes', 'allowed'],
    [[{ name: 'v' }], 'server', 'allowed'],
    [[null], 'volumes', 'allowed'],
    [
      [{ name: 'v', nfs: {} }, { name: 'w' }],
      'volumes',
      'restricted volume types (volume "v" uses restricted volume type "nfs")',
    ],
  ])('%j with %s', (volumes, defaulting, expected) => {
    expect(textOf({ spec: { volumes } }, defaulting, TEMPLATE, 'restricted')).toBe(expected);
  });

  test('stays unknown where its source is', () => {
    const spec = { volumes: [{ name: 'v', emptyDir: new Unknown('x') }, new Unknown('y')] };
    expect(evaluate({ spec }, 'server', POD, 'restricted').verdict).toBe('inconclusive');
  });
});

describe('ports on the network of the host', () => {
  const spec = {
    hostNetwork: true,
    initContainers: [{ name: 'i', ports: [{ containerPort: 9 }] }],
    containers: [{ name: 'a', ports: [null, { containerPort: 80 }, { hostPort: 81 }] }, null],
    ephemeralContainers: [{ name: 'e', ports: [{ containerPort: 7 }] }],
  };
  const own = 'host namespaces (hostNetwork=true), hostPort (container "a" uses hostPort 81)';
  const all =
    'host namespaces (hostNetwork=true), hostPort (containers "i", "a" use hostPorts 80, 81, 9)';

  test.each<[Defaulting, Server, string]>([
    ['none', POD, own],
    ['volumes', POD, own],
    ['server', POD, all],
    ['server', TEMPLATE, own],
    ['server', { object: 'template', minor: 28 }, own],
    ['server', { object: 'template', minor: 27 }, all],
  ])('%s for %j', (defaulting, server, expected) => {
    expect(textOf({ spec }, defaulting, server)).toBe(expected);
  });

  test('cannot be mended port by port', () => {
    const [, ports] = forbiddenBy(evaluate({ spec }, 'server', POD));
    if (!ports) throw new Error('no host ports');
    expect(violationsOf(ports).map(({ path, fix }) => [path.join('.'), fix])).toEqual([
      ['spec.initContainers.0.ports.0.hostPort', undefined],
      ['spec.containers.0.ports.1.hostPort', undefined],
      ['spec.containers.0.ports.2.hostPort', undefined],
    ]);
  });

  test('hang on a value that is not known', () => {
    const hostNetwork = new Unknown('comes from outside');
    const containers = [{ ports: [{ containerPort: 80 }, new Unknown('y')] }, new Unknown('z')];
    const results = evaluate({ spec: { hostNetwork, containers } }, 'server', POD).results;
    expect(results.find(({ check }) => check.id === 'hostPorts')).toMatchObject({
      verdict: 'inconclusive',
    });
    const plain = evaluate({ spec: { hostNetwork, containers: [{}] } }, 'server', POD).results;
    expect(plain.map(({ check }) => check.id)).toEqual(['hostNamespaces']);
  });
});

describe('the AppArmor annotation and field', () => {
  const key = 'container.apparmor.security.beta.kubernetes.io/a';
  const annotated = { metadata: { annotations: { [key]: 'unconfined' } } };
  const annotation = `forbidden AppArmor profile (annotation must not set AppArmor profile type to "${key}="unconfined"")`;
  const both = `forbidden AppArmor profiles (container "a" and annotation must not set AppArmor profile type to "Unconfined", "${key}="unconfined"")`;

  test.each<[string, object, Server, string]>([
    ['a Pod', {}, POD, both],
    ['a template', {}, TEMPLATE, annotation],
    ['a Pod on an old server', {}, { object: 'pod', minor: 29 }, annotation],
    ['a Pod on Windows', { os: { name: 'windows' } }, POD, annotation],
    [
      'a field of its own',
      { containers: containersWith({ appArmorProfile: { type: 'Localhost' } }) },
      POD,
      annotation,
    ],
    ['another container', { containers: [{ name: 'b' }] }, POD, annotation],
    [
      'the same on the pod',
      { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
      POD,
      `forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to "Unconfined", "${key}="unconfined"")`,
    ],
  ])('copied to the field: %s', (_, own, server, expected) => {
    const spec = { containers: [{ name: 'a' }], ...own };
    expect(textOf({ ...annotated, spec }, 'server', server)).toBe(expected);
  });

  test.each<[number | undefined, string]>([
    [
      33,
      `forbidden AppArmor profiles (container "a" and annotation must not set AppArmor profile type to "Unconfined", "${key}="unconfined"")`,
    ],
    [
      34,
      'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")',
    ],
    [
      undefined,
      'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")',
    ],
  ])('copied to the annotation by a server of 1.%s', (minor, expected) => {
    const spec = { containers: containersWith({ appArmorProfile: { type: 'Unconfined' } }) };
    expect(textOf({ spec }, 'server', { object: 'pod', minor })).toBe(expected);
  });

  test('is mended where it is written', () => {
    const spec = { containers: [{ name: 'a' }] };
    const [written] = forbiddenBy(evaluate({ ...annotated, spec }, 'server', POD));
    if (!written) throw new Error('allowed');
    expect(violationsOf(written).map(({ path }) => path)).toEqual([
      ['metadata', 'annotations', key],
    ]);
    const field = { containers: containersWith({ appArmorProfile: { type: 'Unconfined' } }) };
    const [copied] = forbiddenBy(evaluate({ spec: field }, 'server', { object: 'pod', minor: 30 }));
    if (!copied) throw new Error('allowed');
    expect(violationsOf(copied).map(({ path }) => path)).toEqual([
      ['spec', 'containers', 0, 'securityContext', 'appArmorProfile', 'type'],
    ]);
  });
});

test('a pod that needs nothing is left as it is', () => {
  const pod = podOf({ spec: { containers: containersWith({}), volumes: [{ emptyDir: {} }] } });
  expect(applyDefaults(pod, 'server', POD)).toBe(pod);
});
