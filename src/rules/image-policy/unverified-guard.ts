import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectNamed } from '../../flux/object-named.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import type { LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import { matchesWildcard } from '../../model/wildcard.ts';
import type { ClusterRule } from '../rule.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { adminReleasesOf } from './guards/cluster-admin.ts';

/** Charts that gate admission or hold cluster-admin, by their name. */
const GUARDS = [
  'kyverno',
  'kyverno-policies',
  'policy-controller',
  'gatekeeper',
  'cert-manager',
  'external-secrets',
  'sealed-secrets',
  'istiod',
  'istio-operator',
  'linkerd-control-plane',
  'linkerd2',
  'consul',
  'cilium',
  'flux2',
  'flux-operator',
  'flux-instance',
];

const chart = (verify: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: kyverno
  namespace: flux-system
spec:
  interval: 1h
  url: oci://ghcr.io/kyverno/charts/kyverno
  ref:
    tag: 3.5.1
${verify}`;

/** A chart that guards the cluster, taken from its registry unverified. */
export const unverifiedGuard: ClusterRule = {
  id: 'image-policy/unverified-guard',
  area: 'image-policy',
  title: 'Guard of the cluster that is not verified itself',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'What gates admission or holds cluster-admin decides over everything else. Whoever can push such a chart, or stands between its registry and the cluster, owns the cluster, and no admission policy stands above it.',
    allows: [
      `Looks at the sources of these charts: ${GUARDS.map((name) => `\`${name}\``).join(', ')}; and of those that \`imagePolicy.guards\` names, where \`*\` stands for anything.`,
      'Also of charts that a ClusterRoleBinding of the cluster gives `cluster-admin`, or a role that allows everything: to the service account that the HelmRelease names, in `serviceAccountName` or in its values, or that bears the name of the release.',
      'Allowed: `spec.verify` of the OCIRepository, or `chart.spec.verify` of the HelmRelease with an OCI HelmRepository.',
      'It is advice: many publishers sign, and not all do.',
    ],
    fix: 'Fetch the chart by an OCIRepository with `verify`, which can name the identity that signs it, and let the HelmRelease name it in `chartRef`.',
    exception: 'A publisher that does not sign: turn the rule off, or waive the source.',
    bad: { 'apps/source.yaml': chart('') },
    good: {
      'apps/source.yaml': chart(
        '  verify:\n    provider: cosign\n    matchOIDCIdentity:\n      - issuer: ^https://token\\.actions\\.githubusercontent\\.com$\n        subject: ^https://github\\.com/kyverno/kyverno/\\.github/workflows/release\\.yaml@refs/tags/v.*$\n',
      ),
    },
    links: ['https://fluxcd.io/flux/components/source/ocirepositories/#verification'],
  },
  evaluate(cluster, context) {
    const { guards } = context.settings.imagePolicy;
    const isGuard = (name: string) =>
      GUARDS.includes(name) || guards.some((pattern) => matchesWildcard(pattern, name));
    const fetches = objectsOfKind(cluster, 'OCIRepository', 'HelmRelease').flatMap(
      (object) => fetchOf(object, cluster) ?? [],
    );
    const admins = adminsOf(cluster);
    const faults = fetches.flatMap(({ object, name, path, verify, how }) => {
      if (isSet(object, verify)) return [];
      const binding = admins.get(object);
      const why = isGuard(name)
        ? 'which guards the cluster'
        : binding && `which ${nameOf(binding)} gives all rights over the cluster`;
      if (why === undefined) return [];
      return faultAt(object, path, {
        rule: unverifiedGuard.id,
        effect: 'advice',
        message: `${nameOf(object)} takes chart "${name}", ${why}, without verifying it: whoever can push it owns the cluster.`,
        remedy: remedy(how, object),
      });
    });
    return { faults, unknowns: [] };
  },
};

const OCI = 'Add `verify` with the identity or key of the publisher.';
const HTTP =
  'An HTTP repository cannot be verified: fetch the chart by an OCIRepository with `verify`, and name it in `chartRef`.';

/** Where a chart is fetched, and where that could be verified. */
interface Fetch {
  readonly object: ClusterObject;
  readonly name: string;
  readonly path: FieldPath;
  readonly verify: FieldPath;
  /** How to verify it. */
  readonly how: string;
}

function fetchOf(object: ClusterObject, cluster: Cluster): Fetch | undefined {
  const { apiVersion, kind, root } = object.resource;
  switch (`${groupOf(apiVersion)} ${kind}`) {
    case 'source.toolkit.fluxcd.io OCIRepository': {
      const name = lastSegment(root.map('spec')?.text('url'));
      return { object, name, path: ['spec', 'url'], verify: ['spec', 'verify'], how: OCI };
    }
    case 'helm.toolkit.fluxcd.io HelmRelease': {
      const path = ['spec', 'chart', 'spec'];
      const spec = valueAt(root, path);
      const source = spec?.kind === 'map' ? spec.map('sourceRef') : undefined;
      // A chart in a git repository is verified with its commits.
      if (spec?.kind !== 'map' || source?.text('kind') !== 'HelmRepository') return undefined;
      const name = lastSegment(spec.text('chart'));
      const how = isOci(source, object.namespace, cluster) ? OCI : HTTP;
      return { object, name, path: [...path, 'chart'], verify: [...path, 'verify'], how };
    }
    default:
      return undefined;
  }
}

/** Where charts with all rights over the cluster are fetched, with the binding that gives them. */
function adminsOf(cluster: Cluster): Map<ClusterObject, ClusterObject> {
  return new Map(
    adminReleasesOf(cluster).flatMap(({ release, binding }) => {
      const reference = release.resource.root.map('spec')?.map('chartRef');
      if (reference === undefined) return [[release, binding] as const];
      const namespace = reference.text('namespace') ?? release.namespace;
      const [kind, name] = [reference.text('kind') ?? '', reference.text('name') ?? ''];
      const source = objectNamed(cluster, { group: SOURCES, kind, namespace, name });
      return source === undefined ? [] : [[source, binding] as const];
    }),
  );
}

function isSet({ resource: { root } }: ClusterObject, path: FieldPath): boolean {
  const node = valueAt(root, path);
  return node?.kind === 'map' && node.entries.length > 0;
}

function isOci(reference: LocatedMap, own: string | undefined, cluster: Cluster): boolean {
  const namespace = reference.text('namespace') ?? own;
  const name = reference.text('name') ?? '';
  const source = objectNamed(cluster, { group: SOURCES, kind: 'HelmRepository', namespace, name });
  const url = source?.resource.root.map('spec')?.text('url') ?? '';
  return url.startsWith('oci://');
}

const SOURCES = 'source.toolkit.fluxcd.io';

function lastSegment(text = ''): string {
  return text.slice(text.lastIndexOf('/') + 1);
}
