import { describe, expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import { readAdmissionConfiguration } from '../../../src/rules/pod-security/admission-configuration.ts';
import { NO_EXEMPTIONS } from '../../../src/rules/pod-security/exemptions.ts';
import { NO_DEFAULTS } from '../../../src/rules/pod-security/namespace-policy.ts';
import { policy } from './judge.ts';

const KIND = {
  apiVersion: 'pod-security.admission.config.k8s.io/v1',
  kind: 'PodSecurityConfiguration',
};
const ADMISSION = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration' };
const OPEN = { configuration: { defaults: NO_DEFAULTS, exemptions: NO_EXEMPTIONS }, errors: [] };

function errorsOf(value: unknown, load?: (path: string) => unknown): unknown[] {
  return [...readAdmissionConfiguration(value, load).errors];
}

describe('a PodSecurityConfiguration', () => {
  test.each(['v1', 'v1beta1', 'v1alpha1'])('is read in version %s', (version) => {
    const apiVersion = `pod-security.admission.config.k8s.io/${version}`;
    const value = {
      ...KIND,
      apiVersion,
      defaults: { enforce: 'baseline', 'enforce-version': 'v1.30', warn: '', audit: null },
      exemptions: {
        namespaces: ['kube-system'],
        usernames: ['system:admin'],
        runtimeClasses: ['a.b'],
      },
    };
    expect(readAdmissionConfiguration(value)).toEqual({
      configuration: {
        defaults: { ...NO_DEFAULTS, enforce: policy('baseline:v1.30') },
        exemptions: {
          namespaces: ['kube-system'],
          usernames: ['system:admin'],
          runtimeClasses: ['a.b'],
        },
      },
      errors: [],
    });
  });

  test('of nothing leaves everything open', () => {
    expect(readAdmissionConfiguration({ ...KIND, defaults: null, exemptions: {} })).toEqual(OPEN);
  });

  test('is refused whole, for each fault at its place, in the order of the API server', () => {
    const value = {
      ...KIND,
      defaults: { enforce: 'x', 'enforce-version': '1.2', audit: 'y', 'warn-version': 'v1.07' },
      exemptions: {
        usernames: ['', 'u', 'u'],
        namespaces: ['a', 'a', 'A.b', 'a.b', 'a'.repeat(64), null],
        runtimeClasses: ['a..b', 'x', 'x'],
      },
    };
    const label =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    const subdomain =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    expect(errorsOf(value)).toEqual([
      {
        path: ['defaults', 'enforce'],
        message:
          'defaults.enforce: Invalid value: "x": must be one of privileged, baseline, restricted',
      },
      {
        path: ['defaults', 'enforce-version'],
        message: 'defaults.enforce-version: Invalid value: "1.2": must be "latest" or "v1.x"',
      },
      {
        path: ['defaults', 'warn-version'],
        message: 'defaults.warn-version: Invalid value: "v1.07": must be "latest" or "v1.x"',
      },
      {
        path: ['defaults', 'audit'],
        message:
          'defaults.audit: Invalid value: "y": must be one of privileged, baseline, restricted',
      },
      {
        path: ['exemptions', 'namespaces', 1],
        message: 'exemptions.namespaces[1]: Duplicate value: "a"',
      },
      {
        path: ['exemptions', 'namespaces', 2],
        message: `exemptions.namespaces[2]: Invalid value: "A.b": ${label}`,
      },
      {
        path: ['exemptions', 'namespaces', 3],
        message: 'exemptions.namespaces[3]: Invalid value: "a.b": must not contain dots',
      },
      {
        path: ['exemptions', 'namespaces', 4],
        message: `exemptions.namespaces[4]: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`,
      },
      {
        path: ['exemptions', 'namespaces', 5],
        message: `exemptions.namespaces[5]: Invalid value: "": ${label}`,
      },
      {
        path: ['exemptions', 'runtimeClasses', 0],
        message: `exemptions.runtimeClasses[0]: Invalid value: "a..b": ${subdomain}`,
      },
      {
        path: ['exemptions', 'runtimeClasses', 2],
        message: 'exemptions.runtimeClasses[2]: Duplicate value: "x"',
      },
      {
        path: ['exemptions', 'usernames', 0],
        message: 'exemptions.usernames[0]: Invalid value: "": username must not be empty',
      },
      {
        path: ['exemptions', 'usernames', 2],
        message: 'exemptions.usernames[2]: Duplicate value: "u"',
      },
    ]);
  });

  test.each<[unknown, unknown[]]>([
    [
      { ...KIND, apiVersion: undefined },
      [
        {
          path: ['apiVersion'],
          message:
            'apiVersion must be one of pod-security.admission.config.k8s.io/v1, pod-security.admission.config.k8s.io/v1beta1, pod-security.admission.config.k8s.io/v1alpha1',
        },
      ],
    ],
    [
      { ...KIND, defaults: { Enforce: 'baseline' }, metadata: {} },
      [
        {
          path: ['defaults', 'Enforce'],
          message: 'strict decoding error: unknown field "defaults.Enforce"',
        },
        { path: ['metadata'], message: 'strict decoding error: unknown field "metadata"' },
      ],
    ],
    [
      { ...KIND, defaults: { enforce: true } },
      [
        {
          path: ['defaults', 'enforce'],
          message:
            'json: cannot unmarshal bool into Go struct field PodSecurityDefaults.defaults.enforce of type string',
        },
      ],
    ],
    [
      { ...KIND, exemptions: { namespaces: [new Unknown('comes from outside')] } },
      [{ path: ['exemptions', 'namespaces', 0], message: 'comes from outside' }],
    ],
  ])('%j is refused', (value, expected) => {
    expect(errorsOf(value)).toEqual(expected);
  });
});

describe('an AdmissionConfiguration', () => {
  const inline = { ...KIND, defaults: { enforce: 'restricted' } };
  const read = {
    configuration: {
      defaults: { ...NO_DEFAULTS, enforce: policy('restricted:latest') },
      exemptions: NO_EXEMPTIONS,
    },
    errors: [],
  };

  test.each(['apiserver.config.k8s.io/v1', 'apiserver.k8s.io/v1alpha1'])('of %s', (apiVersion) => {
    const plugins = [
      { name: 'Other', path: 'x' },
      { name: 'PodSecurity', configuration: inline },
    ];
    expect(readAdmissionConfiguration({ ...ADMISSION, apiVersion, plugins })).toEqual(read);
  });

  test('without the plugin, or with nothing in it, leaves everything open', () => {
    expect(readAdmissionConfiguration(ADMISSION)).toEqual(OPEN);
    expect(readAdmissionConfiguration({ ...ADMISSION, plugins: [null, { name: 'X' }] })).toEqual(
      OPEN,
    );
    expect(
      readAdmissionConfiguration({ ...ADMISSION, plugins: [{ name: 'PodSecurity' }] }),
    ).toEqual(OPEN);
  });

  test('may name another file', () => {
    const value = { ...ADMISSION, plugins: [{ name: 'PodSecurity', path: 'pss.yaml' }] };
    const files = new Map<string, unknown>([['pss.yaml', inline]]);
    expect(readAdmissionConfiguration(value, (path) => files.get(path))).toEqual(read);
    expect(errorsOf(value)).toEqual([
      { path: ['plugins', 0, 'path'], message: 'there is no file "pss.yaml" beside this one' },
    ]);
    files.set('pss.yaml', { ...inline, defaults: { enforce: 'x' } });
    expect(errorsOf(value, (path) => files.get(path))).toEqual([
      {
        path: ['defaults', 'enforce'],
        file: 'pss.yaml',
        message:
          'defaults.enforce: Invalid value: "x": must be one of privileged, baseline, restricted',
      },
    ]);
  });

  test('prefers what stands inside, and places its faults there', () => {
    const plugin = { name: 'PodSecurity', path: 'x', configuration: { ...inline, foo: 1 } };
    expect(errorsOf({ ...ADMISSION, plugins: [plugin] })).toEqual([
      {
        path: ['plugins', 0, 'configuration', 'foo'],
        message: 'strict decoding error: unknown field "foo"',
      },
    ]);
    const other = { ...plugin, configuration: { kind: 'Other' } };
    expect(errorsOf({ ...ADMISSION, plugins: [other] })).toEqual([
      {
        path: ['plugins', 0, 'configuration', 'kind'],
        message: 'kind must be PodSecurityConfiguration',
      },
    ]);
  });

  test('is strict itself', () => {
    expect(errorsOf({ ...ADMISSION, plugin: [] })).toEqual([
      { path: ['plugin'], message: 'strict decoding error: unknown field "plugin"' },
    ]);
    expect(errorsOf({ ...ADMISSION, apiVersion: 'v1' })).toMatchObject([{ path: ['apiVersion'] }]);
  });
});

test.each<[unknown]>([
  [undefined],
  [null],
  [[]],
  ['x'],
  [5],
  [{}],
  [{ kind: 'ConfigMap' }],
  [new Unknown('x')],
])('%o is no configuration', (value) => {
  expect(errorsOf(value)).toEqual([
    {
      path: ['kind'],
      message:
        'kind must be PodSecurityConfiguration or AdmissionConfiguration; one that stands inside of something else is not read',
    },
  ]);
});
