import { placeOf, toDotted } from '../../../model/field-path.ts';
import type { Fault } from '../../../model/finding.ts';
import { toPlain } from '../../../model/located.ts';
import { versionOf } from '../../../model/resource.ts';
import { toTextEdits } from '../../../yaml/edit.ts';
import type { ClusterObject } from '../../../flux/cluster.ts';
import type { ObjectRule, StateContext } from '../../rule.ts';
import { type DecodeError, decodeRefusal, printedError } from '../decoding/decode-error.ts';
import { nameOfObject, subjectOf } from '../faults.ts';
import { workloadOf } from '../judged-workload.ts';
import { readNamespace } from '../namespace.ts';

/**
 * A value of a type that its field does not take: the API server refuses the whole object before
 * any check runs.
 *
 * Applies to the kinds that hold pods, and to namespaces. Allowed: the types of Kubernetes 1.37.
 */
export const undecodableWorkload: ObjectRule = {
  id: 'pod-security/undecodable-workload',
  area: 'pod-security',
  title: 'Workload that the API server cannot read',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'A field that holds a text where a boolean belongs is neither true nor false: the API server refuses the object, Flux stops applying the whole Kustomization, and the cluster keeps what it had before. It is easily written: kustomize turns `privileged: on` into the text "on".',
    allows: [
      'Fields of workloads and namespaces: every value has the type that Kubernetes declares for its field.',
      'Booleans are written `true` and `false`, numbers without quotes, and texts that look like either with quotes.',
    ],
    fix: 'Write the value in the type that the field takes: `true` instead of `"true"` or `on`, `1000` instead of `"1000"`.',
    exception: 'None: the API server never accepts it.',
    bad: { 'apps/pod.yaml': pod('"true"') },
    good: { 'apps/pod.yaml': pod('true') },
    links: ['https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/'],
  },
  evaluate: (object, _cluster, context) => {
    const errors = errorsIn(object, context);
    const printed = printedError(errors);
    const faults = errors.map((error) => toFault(error, printed ?? error, object));
    return { faults, unknowns: [] };
  },
};

function pod(value: string): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: web
      image: registry.example.org/shop/web:1.4.2
      securityContext:
        runAsNonRoot: ${value}
`;
}

function errorsIn(object: ClusterObject, { settings }: StateContext): readonly DecodeError[] {
  const { kind, apiVersion, root } = object.resource;
  if (kind === 'Namespace' && apiVersion === 'v1') return readNamespace(toPlain(root)).errors;
  return workloadOf(object, settings.podSecurity.podTemplates)?.errors ?? [];
}

function toFault(error: DecodeError, printed: DecodeError, object: ClusterObject): Fault {
  const { root, kind, apiVersion } = object.resource;
  const { path, fix, explanation } = error;
  const field = toDotted(path, root);
  return {
    rule: undecodableWorkload.id,
    effect: 'denied',
    subject: subjectOf(object, { path }),
    message: `In ${field} of ${nameOfObject(object)} ${explanation}: the API server refuses the object.`,
    detail: decodeRefusal(kind, versionOf(apiVersion), printed),
    primary: placeOf(root, path),
    related: [],
    ...(fix && {
      remedy: {
        summary: `Write ${fix.map((edit) => JSON.stringify('set' in edit ? edit.set : null)).join(', ')}.`,
        fields: fix,
        edits: toTextEdits(root, fix) ?? [],
      },
    }),
  };
}
