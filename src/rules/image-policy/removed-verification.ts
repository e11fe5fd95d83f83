import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import { toPlace } from '../../model/source.ts';
import type { ClusterChangeRule } from '../rule.ts';
import { unverifiableOf } from './artifacts/unverifiable.ts';
import { ociRepository } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';

/** Where sources are told to verify what they fetch. Signatures of commits are another area's. */
const FIELDS: ReadonlyMap<string, FieldPath> = new Map([
  ['source.toolkit.fluxcd.io OCIRepository', ['spec', 'verify']],
  ['source.toolkit.fluxcd.io HelmChart', ['spec', 'verify']],
  ['helm.toolkit.fluxcd.io HelmRelease', ['spec', 'chart', 'spec', 'verify']],
]);

const KINDS = [...FIELDS.keys()].map((key) => key.slice(key.indexOf(' ') + 1));

const VERIFIED = `  ref:
    tag: 6.5.4
`;

/** A source that stays and no longer verifies what it fetches. */
export const removedVerification: ClusterChangeRule = {
  id: 'image-policy/removed-verification',
  area: 'image-policy',
  title: 'Verification taken off a source',
  since: '0.1',
  fails: true,
  loosens: true,
  on: 'cluster-change',
  docs: {
    protects:
      'A source without `verify` takes whatever its registry serves: whoever can push the tag, or stands between the registry and the cluster, decides what is applied.',
    allows: [
      'Looks at `spec.verify` of OCIRepository and HelmChart, and at `spec.chart.spec.verify` of HelmRelease.',
      'Allowed: another provider, key or identity. A source that goes away altogether is no finding.',
    ],
    fix: 'Keep `verify`. Where verification fails, mend its key or identity instead.',
    exception:
      'A publisher that no longer signs: waive each source, so that the day on which it is looked at again is known.',
    given: {
      before: {
        'apps/source.yaml': ociRepository(
          `${VERIFIED}  verify:\n    provider: cosign\n    matchOIDCIdentity:\n      - issuer: ^https://token\\.actions\\.githubusercontent\\.com$\n        subject: ^https://github\\.com/stefanprodan/podinfo/.*$\n`,
        ),
      },
    },
    bad: { 'apps/source.yaml': ociRepository(VERIFIED) },
    good: {
      'apps/source.yaml': ociRepository(
        `${VERIFIED}  verify:\n    provider: cosign\n    secretRef:\n      name: cosign-keys\n`,
      ),
    },
    links: ['https://fluxcd.io/flux/components/source/ocirepositories/#verification'],
  },
  evaluate({ before, after }) {
    if (before === undefined) return { faults: [], unknowns: [] };
    const now = sourcesOf(after);
    const faults = [...sourcesOf(before)].flatMap(([key, was]) => {
      const is = now.get(key);
      const verify = valueAt(was.object.resource.root, was.path);
      const isGone = is !== undefined && !hasValue(valueAt(is.object.resource.root, is.path));
      if (is === undefined || verify === undefined || !hasValue(verify) || !isGone) return [];
      // Flux refused it: nothing was verified.
      if (unverifiableOf(was.object, before) !== undefined) return [];
      const fault = faultAt(is.object, is.path, {
        rule: removedVerification.id,
        effect: 'risk',
        message: `${nameOf(is.object)} no longer verifies what it fetches: whoever can push to its registry decides what the cluster applies.`,
        remedy: remedy('Keep `verify` as it is on the base branch.', is.object),
      });
      const { path, line } = toPlace(verify);
      const why = 'the base branch verifies here';
      return [{ ...fault, related: [...fault.related, { path, line, why }] }];
    });
    return { faults, unknowns: [] };
  },
};

function hasValue(node: ReturnType<typeof valueAt>): boolean {
  return node?.kind === 'map' && node.entries.length > 0;
}

interface Source {
  readonly object: ClusterObject;
  readonly path: FieldPath;
}

function sourcesOf(cluster: Cluster): Map<string, Source> {
  const sources = new Map<string, Source>();
  for (const object of objectsOfKind(cluster, ...KINDS)) {
    const { apiVersion, kind, plainName } = object.resource;
    const path = FIELDS.get(`${groupOf(apiVersion)} ${kind}`);
    if (path) sources.set(JSON.stringify([kind, object.namespace, plainName]), { object, path });
  }
  return sources;
}
