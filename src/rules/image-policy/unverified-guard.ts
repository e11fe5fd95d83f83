import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import { matchesWildcard } from '../../model/wildcard.ts';
import type { ClusterRule, RuleContext } from '../rule.ts';
import { faultAt, nameOf, remedy } from './fault.ts';

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
    const faults = cluster.objects.flatMap((object) => {
      const found = guardOf(object, cluster, context);
      if (found === undefined) return [];
      const { name, path, how } = found;
      return faultAt(object, path, {
        rule: unverifiedGuard.id,
        effect: 'advice',
        message: `${nameOf(object)} takes chart "${name}", which guards the cluster, without verifying it: whoever can push it owns the cluster.`,
        remedy: remedy(how, object),
      });
    });
    return { faults, unknowns: [] };
  },
};

const OCI = 'Add `verify` with the identity or key of the publisher.';
const HTTP =
  'An HTTP repository cannot be verified: fetch the chart by an OCIRepository with `verify`, and name it in `chartRef`.';

function guardOf(
  object: ClusterObject,
  cluster: Cluster,
  { settings }: Pick<RuleContext, 'settings'>,
): { readonly name: string; readonly path: FieldPath; readonly how: string } | undefined {
  const { apiVersion, kind, root } = object.resource;
  const isGuard = (name: string) =>
    GUARDS.includes(name) ||
    settings.imagePolicy.guards.some((pattern) => matchesWildcard(pattern, name));
  switch (`${groupOf(apiVersion)} ${kind}`) {
    case 'source.toolkit.fluxcd.io OCIRepository': {
      const name = lastSegment(root.map('spec')?.text('url'));
      if (!isGuard(name) || isSet(object, ['spec', 'verify'])) return undefined;
      return { name, path: ['spec', 'url'], how: OCI };
    }
    case 'helm.toolkit.fluxcd.io HelmRelease': {
      const spec = root.map('spec')?.map('chart')?.map('spec');
      const name = lastSegment(spec?.text('chart'));
      const source = spec?.map('sourceRef');
      const path = ['spec', 'chart', 'spec'];
      // A chart in a git repository is verified with its commits.
      if (source?.text('kind') !== 'HelmRepository') return undefined;
      if (!isGuard(name) || isSet(object, [...path, 'verify'])) return undefined;
      return {
        name,
        path: [...path, 'chart'],
        how: isOci(source.text('name'), cluster) ? OCI : HTTP,
      };
    }
    default:
      return undefined;
  }
}

function isSet({ resource: { root } }: ClusterObject, path: FieldPath): boolean {
  const node = valueAt(root, path);
  return node?.kind === 'map' && node.entries.length > 0;
}

function isOci(name: string | undefined, cluster: Cluster): boolean {
  return cluster.objects.some(
    ({ resource }) =>
      resource.kind === 'HelmRepository' &&
      resource.name === name &&
      (resource.root.map('spec')?.text('url') ?? '').startsWith('oci://'),
  );
}

function lastSegment(text = ''): string {
  return text.slice(text.lastIndexOf('/') + 1);
}
