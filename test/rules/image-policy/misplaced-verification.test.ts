import { describe, expect, it } from 'vitest';

import { reviewed } from './reviewed.ts';

const repository = (url: string, more = '') => `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: apps}
spec: {interval: 1h, url: '${url}'${more}}
`;
const HTTP = repository('https://charts.example.org');
const OCI = repository('oci://ghcr.io/acme/charts', ', type: oci');

const VERIFY = 'verify: {provider: cosign, secretRef: {name: keys}}';

const release = (verify = VERIFY, source = 'kind: HelmRepository, name: charts') =>
  `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: apps}
spec:
  interval: 1h
  chart:
    spec:
      chart: web
      version: 1.2.3
      sourceRef: {${source}}
      ${verify}
`;

const chart = (source = 'kind: HelmRepository, name: charts') =>
  `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: web, namespace: apps}
spec:
  interval: 1h
  chart: web
  version: 1.2.3
  sourceRef: {${source}}
  ${VERIFY}
`;

function told(text: string, before?: string): string[] {
  const base = before === undefined ? {} : { before: { 'apps/a.yaml': before } };
  return reviewed({ 'apps/a.yaml': text }, base)
    .findings.filter(({ change }) => change !== 'fixed')
    .filter(({ rule }) => /(?:misplaced|removed)-verification$/.test(rule))
    .map(({ effect, primary, message, detail }) =>
      [effect, `${primary.line}:`, message, detail ?? ''].join(' ').trim(),
    );
}

describe('the verification of a chart', () => {
  it.each<[string, string, string]>([
    [
      'of a HelmRelease, from an HTTP repository',
      release() + HTTP,
      'denied 11: HelmRelease "web" in namespace "apps" has `verify` for a chart of HTTP HelmRepository "charts", and Flux verifies only charts of OCI repositories: the chart is refused, and what runs now stays. not implemented',
    ],
    ['of a HelmChart, from an HTTP repository', chart() + HTTP, 'denied 9: HelmChart "web"'],
    [
      'by the namespace of its source',
      release(VERIFY, 'kind: HelmRepository, name: charts, namespace: apps') + HTTP,
      'denied 11: ',
    ],
    [
      'from Git',
      release(VERIFY, 'kind: GitRepository, name: charts'),
      'spec.verify is only supported when using HelmRepository source kind',
    ],
    ['from a bucket', chart('kind: Bucket, name: charts'), 'for a chart of Bucket "charts"'],
  ])('%s is refused', (_, text, expected) => {
    expect(told(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['from an OCI repository', release() + OCI],
    ['from a repository that is not here', release()],
    [
      'from one of another namespace',
      release(VERIFY, 'kind: HelmRepository, name: charts, namespace: other') + HTTP,
    ],
    ['from an address that is not known', release() + repository('${URL}')],
    ['that is none', release('verify: {}') + HTTP],
    ['without a provider', release('verify: {secretRef: {name: keys}}') + HTTP],
    ['that is text', release('verify: cosign') + HTTP],
    ['where there is none', release('') + HTTP],
    ['from nowhere', release(VERIFY, '')],
  ])('%s is not refused', (_, text) => {
    expect(told(text)).toEqual([]);
  });

  it('is not unknown where it is refused', () => {
    const { unknowns } = reviewed(
      { 'apps/a.yaml': release() + HTTP },
      { before: { 'apps/a.yaml': release('') + HTTP } },
    );
    expect(unknowns.map(({ rule }) => rule)).toEqual([]);
  });

  it('may be taken off where it was refused, and nowhere else', () => {
    expect(told(release('') + HTTP, release() + HTTP)).toEqual([]);
    expect(told(release('') + OCI, release() + OCI)).toEqual([
      expect.stringContaining('no longer verifies what it fetches'),
    ]);
  });
});
