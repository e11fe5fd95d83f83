import { describe, expect, test } from 'vitest';

import { Unknown } from '../../../../src/model/located.ts';
import { decode, MOST_REPORTED } from '../../../../src/rules/pod-security/decoding/decode.ts';
import {
  decodeRefusal,
  printedError,
  unknownFieldsText,
} from '../../../../src/rules/pod-security/decoding/decode-error.ts';
import { goType } from '../../../../src/rules/pod-security/decoding/go-types.ts';

function messageOf(value: unknown, type = 'Pod'): string | undefined {
  return printedError(decode(value, goType(type)).errors)?.message;
}

const QUANTITY =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

describe('what the API server refuses, in its words', () => {
  test.each<[unknown, string]>([
    [
      { spec: { containers: [{ securityContext: { privileged: 'true' } }] } },
      'json: cannot unmarshal string into Go struct field SecurityContext.spec.containers.securityContext.privileged of type bool',
    ],
    [
      { spec: { securityContext: { runAsUser: '0' } } },
      'json: cannot unmarshal string into Go struct field PodSecurityContext.spec.securityContext.runAsUser of type int64',
    ],
    [
      { spec: { containers: { a: 1 } } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      { spec: { containers: ['a'] } },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
    ],
    [
      { spec: 'x' },
      'json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec',
    ],
    [
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      { metadata: { labels: ['a'] } },
      'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      { spec: { containers: [{ command: ['a', true] }] } },
      'json: cannot unmarshal bool into Go struct field Container.spec.containers.command of type string',
    ],
    [
      { spec: { containers: [{ imagePullPolicy: 5 }] } },
      'json: cannot unmarshal number into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy',
    ],
    [
      { spec: { containers: [{ securityContext: { capabilities: { add: 'x' } } }] } },
      'json: cannot unmarshal string into Go struct field Capabilities.spec.containers.securityContext.capabilities.add of type []v1.Capability',
    ],
    [
      { spec: { securityContext: { supplementalGroups: [1.5] } } },
      'json: cannot unmarshal number 1.5 into Go struct field PodSecurityContext.spec.securityContext.supplementalGroups of type int64',
    ],
    [
      { spec: { containers: [{ ports: [{ hostPort: 3000000000 }] }] } },
      'json: cannot unmarshal number 3000000000 into Go struct field ContainerPort.spec.containers.ports.hostPort of type int32',
    ],
    [
      { spec: { ephemeralContainers: [{ name: 5 }] } },
      'json: cannot unmarshal number into Go struct field EphemeralContainer.spec.ephemeralContainers.EphemeralContainerCommon.name of type string',
    ],
    [
      { spec: { volumes: [{ hostPath: 'x' }] } },
      'json: cannot unmarshal string into Go struct field Volume.spec.volumes.VolumeSource.hostPath of type v1.HostPathVolumeSource',
    ],
    [
      { spec: { containers: [{ resources: { limits: 5 } }] } },
      'json: cannot unmarshal number into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList',
    ],
    [{ spec: { containers: [{ resources: { limits: { cpu: 'abc' } } }] } }, QUANTITY],
    [{ spec: { containers: [{ resources: { limits: { cpu: { a: 1 } } } }] } }, QUANTITY],
    [
      { spec: { containers: [{ livenessProbe: { httpGet: { port: true } } }] } },
      'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    ],
    [
      { metadata: { creationTimestamp: 5 } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
    ],
    [
      { metadata: { creationTimestamp: 'yesterday' } },
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    [['x'], 'json: cannot unmarshal array into Go value of type v1.Pod'],
  ])('%j', (value, expected) => {
    expect(messageOf(value)).toBe(expected);
  });

  test('the first error, unless a later one stops the reading', () => {
    const wrong = { name: 5, image: true };
    expect(messageOf({ spec: { containers: [wrong] } })).toMatch(/Container.spec.containers.name/);
    const stopping = { ...wrong, resources: { limits: { cpu: 'abc' } } };
    expect(messageOf({ spec: { containers: [stopping] } })).toBe(QUANTITY);
  });

  test('in a workload, with the path from its root', () => {
    const value = { spec: { template: { spec: { containers: [{ env: [{ value: 8080 }] }] } } } };
    const [error] = decode(value, goType('Deployment')).errors;
    if (!error) throw new Error('no error');
    expect(error.path).toEqual(['spec', 'template', 'spec', 'containers', 0, 'env', 0, 'value']);
    expect(decodeRefusal('Deployment', 'v1', error)).toBe(
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
    );
    expect(error.explanation).toBe('the number 8080 stands where a text belongs');
  });
});

describe('what it takes', () => {
  test.each<[unknown]>([
    [null],
    [{}],
    [{ metadata: null, spec: null, status: 'anything' }],
    [{ spec: { containers: [null, { command: [null] }], volumes: null } }],
    [{ metadata: { labels: { a: null }, creationTimestamp: null } }],
    [{ metadata: { creationTimestamp: '2026-01-31T12:00:00Z', managedFields: [{ fieldsV1: 5 }] } }],
    [{ spec: { containers: [{ resources: { limits: { a: 2, b: '500m', c: 0.5, d: null } } }] } }],
    [{ spec: { containers: [{ livenessProbe: { httpGet: { port: 'http' } } }] } }],
    [{ spec: { securityContext: { runAsUser: -0, fsGroup: 9007199254740993n } } }],
    [{ spec: { securityContext: { runAsUser: -9223372036854775808n } } }],
  ])('%o', (value) => {
    expect(decode(value, goType('Pod'))).toMatchObject({ errors: [], unknownFields: [] });
  });

  test.each<[unknown]>([[9223372036854775808n], [2 ** 63], [NaN], [Infinity], [1e30]])(
    'but not %s for a whole number',
    (value) => {
      expect(
        decode({ spec: { securityContext: { runAsUser: value } } }, goType('Pod')).errors,
      ).toHaveLength(1);
    },
  );
});

test('fields that the type does not have are told apart, and not looked into', () => {
  const { errors, unknownFields } = decode(
    JSON.parse(
      '{"spec":{"hostnetwork":true,"containers":[{"a\\"b":{"c":1}}],"__proto__":{"x":1},"constructor":1}}',
    ),
    goType('Pod'),
  );
  expect(errors).toEqual([]);
  expect(unknownFieldsText(unknownFields)).toBe(
    'strict decoding error: unknown field "spec.hostnetwork", unknown field "spec.containers[0].a\\"b", unknown field "spec.__proto__", unknown field "spec.constructor"',
  );
});

test('a value that is not known may stand anywhere', () => {
  const unknown = new Unknown('comes from outside');
  const value = {
    metadata: unknown,
    spec: { hostNetwork: unknown, containers: [unknown, { ports: unknown, foo: unknown }] },
  };
  const { errors, unknowns } = decode(value, goType('Pod'));
  expect(errors).toEqual([]);
  expect(unknowns.map(({ path }) => path.join('.'))).toEqual([
    'metadata',
    'spec.hostNetwork',
    'spec.containers.0',
    'spec.containers.1.ports',
  ]);
});

test.each<[unknown, unknown]>([
  [{ hostNetwork: 'true' }, true],
  [{ hostNetwork: 'off' }, false],
  [{ hostNetwork: 'maybe' }, undefined],
  [{ hostNetwork: 1 }, undefined],
  [{ priority: '5' }, 5],
  [{ priority: '0755' }, undefined],
  [{ hostname: 5 }, undefined],
])('%j is mended where the meaning is beyond doubt', (spec, expected) => {
  const [error] = decode({ spec }, goType('Pod')).errors;
  const fix = expected === undefined ? undefined : [{ path: error?.path, set: expected }];
  expect(error?.fix).toEqual(fix);
});

describe('hostile values', () => {
  test('as many errors as anybody reads, all unknown values', () => {
    const containers = Array.from({ length: 50_000 }, () => ({
      name: 5,
      foo: 1,
      image: new Unknown('x'),
    }));
    const decoded = decode({ spec: { containers } }, goType('Pod'));
    expect(decoded.errors).toHaveLength(MOST_REPORTED);
    expect(decoded.unknownFields).toHaveLength(MOST_REPORTED);
    expect(decoded.unknowns).toHaveLength(50_000);
  });

  test('no deeper than the type', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    const { errors } = decode({ spec: deep, metadata: { managedFields: deep } }, goType('Pod'));
    expect(errors.map(({ path }) => path)).toEqual([['spec'], ['metadata', 'managedFields', 0]]);
  });

  test('long texts are cut', () => {
    const [error] = decode({ spec: { hostPID: 'x'.repeat(100_000) } }, goType('Pod')).errors;
    expect(error?.explanation).toBe(
      `the text "${'x'.repeat(60)}…" stands where true or false, without quotes, belongs`,
    );
  });
});
