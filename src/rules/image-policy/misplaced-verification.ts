import { valueAt } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import type { ObjectRule } from '../rule.ts';
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

/** `verify` on an object that has no such field. */
export const misplacedVerification: ObjectRule = {
  id: 'image-policy/misplaced-verification',
  area: 'image-policy',
  title: 'Verification on an object that verifies nothing',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'Only some objects of Flux verify signatures. On the others `verify` is refused by the API server, or dropped, and nothing is ever checked.',
    allows: [
      'Looks at ImageRepository, ImagePolicy, HelmRepository and Bucket: none has `spec.verify`.',
      'OCIRepository, GitRepository, HelmChart and `chart.spec` of HelmRelease have it.',
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
  evaluate(object) {
    const { apiVersion, kind, root } = object.resource;
    const instead = WITHOUT.get(`${groupOf(apiVersion)} ${kind}`);
    if (instead === undefined || valueAt(root, ['spec', 'verify']) === undefined) {
      return { faults: [], unknowns: [] };
    }
    const fault = faultAt(object, ['spec', 'verify'], {
      rule: misplacedVerification.id,
      effect: 'denied',
      message: `${nameOf(object)} has spec.verify, a field that ${kind} does not have: nothing is verified.`,
      remedy: remedy(instead, object),
    });
    return { faults: [fault], unknowns: [] };
  },
};
