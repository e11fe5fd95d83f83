import { expect, test } from 'vitest';

import { textOf, violationsBy } from '../judge.ts';

const CHECK = 'hostProbesAndHostLifecycle';

test.each([
  ['no host', { livenessProbe: { httpGet: { path: '/', port: 80 } } }, 'allowed'],
  ['an empty host', { livenessProbe: { tcpSocket: { host: '', port: 80 } } }, 'allowed'],
  [
    'a Host header',
    { livenessProbe: { httpGet: { httpHeaders: [{ name: 'Host', value: 'x' }] } } },
    'allowed',
  ],
  [
    'grpc and exec',
    { livenessProbe: { grpc: { port: 1 }, exec: {} }, readinessProbe: null },
    'allowed',
  ],
  [
    'localhost',
    { startupProbe: { httpGet: { host: 'localhost' } } },
    'probe or lifecycle host (container "a" uses probe or lifecycle host "localhost")',
  ],
  [
    'every place',
    {
      livenessProbe: { httpGet: { host: '6' } },
      readinessProbe: { tcpSocket: { host: '5' } },
      startupProbe: { httpGet: { host: '4' }, tcpSocket: { host: '3' } },
      lifecycle: { postStart: { httpGet: { host: '2' } }, preStop: { tcpSocket: { host: '1' } } },
    },
    'probe or lifecycle host (container "a" uses probe or lifecycle hosts "1", "2", "3", "4", "5", "6")',
  ],
])('%s', (_, container, expected) => {
  const spec = { containers: [{ name: 'a', ...container }] };
  expect(textOf(CHECK, spec, 'baseline:v1.34')).toBe(expected);
  expect(textOf(CHECK, spec, 'baseline:v1.33')).toBe('allowed');
});

test('sorts the names of containers and names equal ones once', () => {
  const probe = { livenessProbe: { httpGet: { host: 'x' } } };
  const spec = {
    containers: [
      { name: 'z', ...probe },
      { name: 'b', ...probe },
      { name: 'z', ...probe },
    ],
  };
  expect(textOf(CHECK, spec, 'baseline:latest')).toBe(
    'probe or lifecycle host (containers "b", "z" use probe or lifecycle host "x")',
  );
});

test('is mended by leaving the host out', () => {
  const spec = {
    initContainers: [{ name: 'a', lifecycle: { preStop: { httpGet: { host: 'x', port: 1 } } } }],
  };
  const path = ['spec', 'initContainers', 0, 'lifecycle', 'preStop', 'httpGet', 'host'];
  expect(violationsBy(CHECK, spec, 'baseline:latest')).toEqual([
    {
      path,
      container: 'a',
      message:
        'Container "a" sends its lifecycle.preStop to host "x"; httpGet.host must be unset, which reaches the pod itself.',
      fix: [{ path, remove: true }],
      caution:
        'The kubelet then asks the address of the pod; the program must listen there, not on localhost only.',
    },
  ]);
});
