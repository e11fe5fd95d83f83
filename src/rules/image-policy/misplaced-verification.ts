import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { valueAt } from '../../model/field-path.ts';
import type { Fault } from '../../model/finding.ts';
import { groupOf } from '../../model/resource.ts';
import type { ClusterRule } from '../rule.ts';
import { CHART_KINDS, unverifiableOf } from './artifacts/unverifiable.ts';
import { faultAt, nameOf, remedy } from './fault.ts';

/** Kinds of Flux that have no `spec.verify`, with the way that works. */
const WITHOUT: ReadonlyMap<string, string> = new Map([
  [
    'image.toolkit.fluxcd.io ImageRepository',
    'Let an admission policy verify the images: no object of image automation looks at signatures.',
  ],
  [
    'image.toolkit.fluxcd.io ImagePolicy',
    'Let an admission policy verify the images: no object of image automation looks at signatures.',
  ],
  [
    'source.toolkit.fluxcd.io HelmRepository',
    'Verify where the chart is fetched: `spec.verify` of an OCIRepository that the HelmRelease names in `chartRef`.',
  ],
  [
    'source.toolkit.fluxcd.io Bucket',
    'Use an OCIRepository with `spec.verify`, or a GitRepository with signed commits.',
  ],
]);

const repository = (spec: string, kind: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: ${kind}
metadata:
  name: podinfo
  namespace: flux-system
spec:
  interval: 10m
${spec}`;

const VERIFY = '  verify:\n    provider: cosign\n    secretRef:\n      name: cosign-keys\n';

/** `verify` on an object that has no such field, or where Flux verifies nothing. */
export const misplacedVerification: ClusterRule = {
  id: 'image-policy/misplaced-verification',
  area: 'image-policy',
  title: 'Verification on an object that verifies nothing',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'Only some objects of Flux verify signatures. On the others `verify` is refused by the API server, or dropped, and nothing is ever checked.',
    allows: [
      'Looks at ImageRepository, ImagePolicy, HelmRepository and Bucket: none has `spec.verify`.',
      'OCIRepository, GitRepository, HelmChart and `chart.spec` of HelmRelease have it.',
      'Of charts only those of an OCI HelmRepository are verified: Flux refuses `verify` of a chart from an HTTP repository, and the API server that of one from a GitRepository or Bucket.',
    ],
    fix: 'Verify where it works; the finding says where.',
    exception: 'None: the field does not exist.',
    bad: {
      'apps/source.yaml': repository(
        `  url: https://charts.example.org\n${VERIFY}`,
        'HelmRepository',
      ),
    },
    good: {
      'apps/source.yaml': repository(
        `  url: oci://ghcr.io/stefanprodan/charts/podinfo\n  ref:\n    tag: 6.5.4\n${VERIFY}`,
        'OCIRepository',
      ),
    },
    links: ['https://fluxcd.io/flux/components/source/ocirepositories/#verification'],
  },
  evaluate: (cluster) => ({
    faults: objectsOfKind(cluster, ...KINDS, ...CHART_KINDS).flatMap(
      (object) => withoutField(object) ?? refused(object, cluster) ?? [],
    ),
    unknowns: [],
  }),
};

const KINDS = [...WITHOUT.keys()].map((key) => key.slice(key.indexOf(' ') + 1));

function withoutField(object: ClusterObject): Fault | undefined {
  const { apiVersion, kind, root } = object.resource;
  const instead = WITHOUT.get(`${groupOf(apiVersion)} ${kind}`);
  if (instead === undefined || valueAt(root, ['spec', 'verify']) === undefined) return undefined;
  return faultAt(object, ['spec', 'verify'], {
    rule: misplacedVerification.id,
    effect: 'denied',
    message: `${nameOf(object)} has spec.verify, a field that ${kind} does not have: nothing is verified.`,
    remedy: remedy(instead, object),
  });
}

function refused(object: ClusterObject, cluster: Cluster): Fault | undefined {
  const found = unverifiableOf(object, cluster);
  if (found === undefined) return undefined;
  const { verify, source, detail } = found;
  return faultAt(object, verify, {
    rule: misplacedVerification.id,
    effect: 'denied',
    message: `${nameOf(object)} has \`verify\` for a chart of ${source}, and Flux verifies only charts of OCI repositories: the chart is refused, and what runs now stays.`,
    detail,
    remedy: remedy(
      'Fetch the chart by an OCIRepository with `verify`, and name it in `chartRef`; or leave `verify` out.',
      object,
    ),
  });
}
