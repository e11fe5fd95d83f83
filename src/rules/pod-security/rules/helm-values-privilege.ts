import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { inputOfSpec, inputOfValue } from '../../../flux/gap-inputs.ts';
import { isHelmRelease, specOf } from '../../../flux/kinds.ts';
import { objectNamed } from '../../../flux/object-named.ts';
import { placeOf } from '../../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../../model/finding.ts';
import type { LocatedMap } from '../../../model/located.ts';
import type { Resource } from '../../../model/resource.ts';
import { type ClusterRule, NOTHING } from '../../rule.ts';
import { askedBy } from '../helm/asked.ts';

const EXAMPLE = (value: string) => ({
  'apps/release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  chart: {spec: {chart: web, version: 1.2.3, sourceRef: {kind: HelmRepository, name: web}}}
  values:
    podAnnotations: {a: b}
    securityContext: {privileged: ${value}}
`,
});

/**
 * Values of a HelmRelease that plainly ask for privilege. The chart is not rendered, so that
 * whether they reach a pod is not known; nor is anything else of the release.
 */
export const helmValuesPrivilege: ClusterRule = {
  id: 'pod-security/helm-values-privilege',
  area: 'pod-security',
  title: 'Helm values that ask for privilege',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'Charts hand their values on to pods: `privileged: true` in the values of a HelmRelease makes privileged pods, and no manifest in the repository shows it.',
    allows: [
      'At any depth of a security context of any name, and beside `image` or `containers`: no `privileged: true`, no `allowPrivilegeEscalation: true`, no added capabilities, no `runAsUser: 0`.',
      'At any depth: no `hostNetwork`, `hostPID` or `hostIPC` that is true, and no hostPath volume.',
      'The same in the ConfigMaps and Secrets of the repository that `valuesFrom` names, and in the patches of `postRenderers`.',
    ],
    fix: 'Leave the value out, or give the workload only what it needs.',
    exception:
      'Agents that must reach the node (storage, network, monitoring): ask for a waiver for the HelmRelease.',
    limits:
      'The chart is not rendered: its defaults, and what it makes of other values, are not seen. Each HelmRelease is told as not fully evaluated, again whenever its values, its chart or its source change.',
    bad: EXAMPLE('true'),
    good: EXAMPLE('false'),
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  },
  evaluate(cluster) {
    const releases = cluster.objects.filter(({ resource }) => isHelmRelease(resource));
    if (releases.length === 0) return NOTHING;
    const find = finder(cluster);
    return {
      faults: releases.flatMap((release) => faultsOf(release, find)),
      unknowns: releases.map((release) => notRendered(release, cluster, find)),
    };
  },
};

type Find = (
  kind: string,
  namespace: string | undefined,
  name: string,
) => ClusterObject | undefined;

/** Finds what releases name: their sources, and objects with values. */
function finder(cluster: Cluster): Find {
  return (kind, namespace, name) => {
    const holdsValues = kind === 'ConfigMap' || kind === 'Secret';
    const group = holdsValues ? '' : 'source.toolkit.fluxcd.io';
    return objectNamed(cluster, { group, kind, namespace, name });
  };
}

function faultsOf(release: ClusterObject, find: Find): Fault[] {
  const { resource, namespace } = release;
  const { apiVersion, kind, plainName: name } = resource;
  return askedBy(release, (kind, name) => find(kind, namespace, name)).map(
    ({ field, what, where, place }): Fault => ({
      rule: helmValuesPrivilege.id,
      effect: 'risk',
      subject: {
        ...{ apiVersion, kind, name, field },
        ...(namespace !== undefined && { namespace }),
      },
      message: `HelmRelease ${name} asks for ${what} (in ${where}; chart not rendered).`,
      primary: place,
      related: [],
    }),
  );
}

function notRendered(release: ClusterObject, cluster: Cluster, find: Find): UnknownFact {
  const { resource, namespace } = release;
  const spec = specOf(resource);
  const chart = spec?.map('chart')?.map('spec');
  const version = chart?.text('version');
  const source = spec?.map('chartRef') ?? chart?.map('sourceRef');
  const named = chart?.text('chart') ?? source?.text('name') ?? 'unknown';
  const from = source ? ` from ${source.text('kind') ?? ''} ${source.text('name') ?? ''}` : '';
  const origin = source && find(...namedBy(source, namespace))?.resource;
  const title = `${named}${version === undefined ? '' : ` ${version}`}${from}`;
  return {
    rule: helmValuesPrivilege.id,
    reason: `HelmRelease ${resource.name}: its chart ${title} is not rendered, so its pods are not judged.`,
    place: placeOf(resource.root, ['spec', spec?.map('chartRef') ? 'chartRef' : 'chart']),
    cause: 'environment',
    shared: {
      reason: `Chart ${artifactOf(origin) ?? title} is not rendered, so the pods of these HelmReleases are not judged`,
      name: resource.plainName,
    },
    input: [
      inputOfSpec(resource),
      inputOfSpec(origin),
      ...valueSourcesOf(release, find),
      cluster.charts?.get(`${namespace ?? ''}/${resource.name}`)?.input ?? '',
    ].join('\n'),
  };
}

/** The chart that an OCIRepository is, however many of them have a name of their own for it. */
function artifactOf(source: Resource | undefined): string | undefined {
  if (source?.kind !== 'OCIRepository') return undefined;
  const spec = specOf(source);
  const ref = spec?.map('ref');
  const version = ref?.text('digest') ?? ref?.text('semver') ?? ref?.text('tag') ?? 'latest';
  const url = spec?.text('url');
  return url === undefined ? undefined : `${url} ${version}`;
}

function namedBy(reference: LocatedMap, namespace: string | undefined): Parameters<Find> {
  const own = reference.text('namespace') ?? namespace;
  return [reference.text('kind') ?? '', own, reference.text('name') ?? ''];
}

/** The data of objects that values come from, as text. */
function valueSourcesOf({ resource, namespace }: ClusterObject, find: Find): string[] {
  return (specOf(resource)?.list('valuesFrom')?.items ?? []).flatMap((item) => {
    const root = item.kind === 'map' && find(...namedBy(item, namespace))?.resource.root;
    const data = root && (root.map('data') ?? root.map('stringData'));
    return data ? [inputOfValue(data)] : [];
  });
}
