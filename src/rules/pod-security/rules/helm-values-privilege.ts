import { isHelmRelease, specOf } from '../../../flux/kinds.ts';
import { type FieldPath, placeOf, toDotted } from '../../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../../model/finding.ts';
import type { Located, LocatedMap } from '../../../model/located.ts';
import type { Resource } from '../../../model/resource.ts';
import { NOTHING, type ObjectRule } from '../../rule.ts';

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
export const helmValuesPrivilege: ObjectRule = {
  id: 'pod-security/helm-values-privilege',
  area: 'pod-security',
  title: 'Helm values that ask for privilege',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'Charts hand their values on to pods: `privileged: true` in the values of a HelmRelease makes privileged pods, and no manifest in the repository shows it.',
    allows: [
      'At any depth of a security context of any name, and beside `image` or `containers`: no `privileged: true`, no `allowPrivilegeEscalation: true`, no added capabilities, no `runAsUser: 0`.',
      'At any depth: no `hostNetwork`, `hostPID` or `hostIPC` that is true, and no hostPath volume.',
    ],
    fix: 'Leave the value out, or give the workload only what it needs.',
    exception:
      'Agents that must reach the node (storage, network, monitoring): ask for a waiver for the HelmRelease.',
    limits:
      'The chart is not rendered: its defaults, and what it makes of other values, are not seen. Each HelmRelease is told as not fully evaluated.',
    bad: EXAMPLE('true'),
    good: EXAMPLE('false'),
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  },
  evaluate({ resource, namespace }) {
    if (!isHelmRelease(resource)) return NOTHING;
    const values = specOf(resource)?.get('values');
    const found = values ? [...privileges(values, ['spec', 'values'], false)] : [];
    const faults = found.map(({ path, what }): Fault => {
      const { apiVersion, kind, plainName: name, root } = resource;
      const field = toDotted(path, root);
      return {
        rule: helmValuesPrivilege.id,
        effect: 'risk',
        subject: {
          ...{ apiVersion, kind, name, field },
          ...(namespace !== undefined && { namespace }),
        },
        message: `HelmRelease ${name} asks for ${what} (in Helm values; chart not rendered).`,
        primary: placeOf(root, path),
        related: [],
      };
    });
    return { faults, unknowns: [notRendered(resource)] };
  },
};

function notRendered(resource: Resource): UnknownFact {
  const spec = specOf(resource);
  const chart = spec?.map('chart')?.map('spec');
  const version = chart?.text('version');
  const source = spec?.map('chartRef') ?? chart?.map('sourceRef');
  const named = chart?.text('chart') ?? source?.text('name') ?? 'unknown';
  const from = source ? ` from ${source.text('kind') ?? ''} ${source.text('name') ?? ''}` : '';
  return {
    rule: helmValuesPrivilege.id,
    reason: `HelmRelease ${resource.name}: its chart ${named}${version === undefined ? '' : ` ${version}`}${from} is not rendered, so its pods are not judged.`,
    place: placeOf(resource.root, ['spec', spec?.map('chartRef') ? 'chartRef' : 'chart']),
    cause: 'environment',
  };
}

interface Privilege {
  readonly path: FieldPath;
  readonly what: string;
}

const HOST_FIELDS = ['hostNetwork', 'hostPID', 'hostIPC'];

function* privileges(node: Located, path: FieldPath, isContext: boolean): Generator<Privilege> {
  if (node.kind === 'scalar') return;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      yield* privileges(item, [...path, index], isContext);
    }
    return;
  }
  if (isContext || isPodShaped(node)) yield* ofContext(node, path);
  for (const { key, value } of node.entries) {
    const here = [...path, key];
    if (HOST_FIELDS.includes(key) && isScalar(value, true)) yield { path: here, what: key };
    if (key === 'hostPath' && value.kind === 'map' && value.entry('path')) {
      yield { path: here, what: 'a hostPath volume' };
    }
    if (key === 'type' && isScalar(value, 'hostPath'))
      yield { path: here, what: 'a hostPath volume' };
    // Charts keep several in one: `securityContext: {pod: {…}, container: {…}}`.
    yield* privileges(value, here, isContext || /securityContext$/i.test(key));
  }
}

/** Whether a map looks like a pod or a container: charts keep a context's fields beside the image. */
function isPodShaped(node: LocatedMap): boolean {
  return ['image', 'containers', 'initContainers'].some((field) => node.entry(field) !== undefined);
}

function* ofContext(context: LocatedMap, path: FieldPath): Generator<Privilege> {
  for (const field of ['privileged', 'allowPrivilegeEscalation']) {
    if (isScalar(context.get(field), true)) yield { path: [...path, field], what: field };
  }
  if (isScalar(context.get('runAsUser'), 0))
    yield { path: [...path, 'runAsUser'], what: 'user 0 (root)' };
  const added = context.map('capabilities')?.list('add')?.items.length ?? 0;
  if (added > 0) yield { path: [...path, 'capabilities', 'add'], what: 'more capabilities' };
}

function isScalar(node: Located | undefined, value: string | number | boolean): boolean {
  return node?.kind === 'scalar' && node.value === value;
}
