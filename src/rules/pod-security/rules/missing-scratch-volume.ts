import type { ClusterObject } from '../../../flux/cluster.ts';
import { placeOf } from '../../../model/field-path.ts';
import type { Fault } from '../../../model/finding.ts';
import { deploymentOf } from '../../example-deployment.ts';
import type { ObjectRule } from '../../rule.ts';
import { nameOfObject, subjectOf } from '../faults.ts';
import {
  containerNames,
  hasReadOnlyRoot,
  hasWritableMount,
  type WrittenPod,
  writtenPods,
} from '../root-filesystem.ts';

/**
 * A container that may not write to its root file system, nor to anything else.
 *
 * Fields: `securityContext.readOnlyRootFilesystem` and `volumeMounts` of every container.
 */
export const missingScratchVolume: ObjectRule = {
  id: 'pod-security/missing-scratch-volume',
  area: 'pod-security',
  title: 'Read-only root file system without a volume to write to',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'Admission lets the pod in, and then it may crash: most programs write something, a file in /tmp, a cache, a log, a pid file. Mostly it shows only under load or after hours. `readOnlyRootFilesystem` is good advice and no part of the Pod Security Standards.',
    allows: [
      '`securityContext.readOnlyRootFilesystem: true` with at least one mount in the same container that can be written to: not `readOnly: true`, and no configMap, secret, projected, downwardAPI or image volume.',
      'Told once a pod.',
    ],
    fix: 'Mount an `emptyDir` volume at `/tmp` and wherever else the program writes; give it a `sizeLimit`, and `medium: Memory` where the files are small.',
    exception:
      'A program that is known to write nothing. Turn the rule off or waive it for the workload.',
    bad: { 'apps/web.yaml': deploymentOf(readOnly('')) },
    good: {
      'apps/web.yaml': deploymentOf(
        readOnly(`    volumeMounts:
      - { name: tmp, mountPath: /tmp }
volumes:
  - name: tmp
    emptyDir: {}
`),
      ),
    },
    links: ['https://kubernetes.io/docs/concepts/storage/volumes/#emptydir'],
  },
  evaluate: (object, _, { settings }) => ({
    faults: writtenPods(object, settings).flatMap((pod) => toFault(object, pod) ?? []),
    unknowns: [],
  }),
};

function readOnly(more: string): string {
  return `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      readOnlyRootFilesystem: true
${more}`;
}

function toFault(object: ClusterObject, { pod, spec, containers }: WrittenPod): Fault | undefined {
  const without = containers.filter(
    (container) => hasReadOnlyRoot(container) === true && !hasWritableMount(container, spec),
  );
  const [first] = without;
  if (first === undefined) return undefined;
  const path = [...first.path, 'securityContext', 'readOnlyRootFilesystem'];
  return {
    rule: missingScratchVolume.id,
    effect: 'advice',
    subject: subjectOf(object, { path: pod.places.spec }),
    message: `The root file system of ${containerNames(without)} in ${nameOfObject(object)} is read-only, and no volume is mounted that can be written to: admission lets it in, but it may crash when it writes to /tmp, a cache or a log.`,
    primary: placeOf(object.resource.root, path),
    related: [],
    remedy: {
      summary: 'Mount an emptyDir volume at /tmp and wherever else the program writes.',
      fields: [],
      edits: [],
    },
  };
}
