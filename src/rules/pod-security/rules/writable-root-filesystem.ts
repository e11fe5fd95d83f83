import type { ClusterObject, Surroundings } from '../../../flux/cluster.ts';
import { placeOf } from '../../../model/field-path.ts';
import type { Fault } from '../../../model/finding.ts';
import type { ObjectRule } from '../../rule.ts';
import { deploymentOf } from '../../example-deployment.ts';
import { nameOfObject, subjectOf } from '../faults.ts';
import { labelExample } from '../label-example.ts';
import { situationOf } from '../namespace-situation.ts';
import {
  containerNames,
  hasReadOnlyRoot,
  type WrittenPod,
  writtenPods,
} from '../root-filesystem.ts';

const RESTRICTED = labelExample({ enforce: 'restricted', 'enforce-version': 'v1.35' });

/**
 * A hardened pod with a root file system that its containers may write to.
 *
 * Field: `securityContext.readOnlyRootFilesystem` of every container. No part of the standard.
 */
export const writableRootFilesystem: ObjectRule = {
  id: 'pod-security/writable-root-filesystem',
  area: 'pod-security',
  title: 'Writable root file system',
  since: '0.1',
  lapsesWith: ['pod-security/loosened-level', 'pod-security/loosened-default'],
  on: 'object',
  docs: {
    protects:
      'Whoever takes over a program that may write to its own image places tools there, changes the program, and waits for the next request. With a read-only root file system only what is mounted can be written. It is advice and no part of the Pod Security Standards: admission never looks at the field, at any level.',
    allows: [
      'Field: `securityContext.readOnlyRootFilesystem` of init containers and containers; absent is `false`. Pods on Windows do not have it.',
      'Told once a pod, and only in namespaces that enforce restricted: elsewhere there are more urgent things.',
    ],
    fix: 'Find out where the program writes (`/tmp`, caches, logs, pid files), mount an `emptyDir` volume there, then set `readOnlyRootFilesystem: true`.',
    exception:
      'Programs that write beside their code and cannot be told otherwise. Turn the rule off where it is not wanted: `rules: { pod-security/writable-root-filesystem: off }`.',
    bad: { ...RESTRICTED, 'apps/web.yaml': deploymentOf(hardened('')) },
    good: {
      ...RESTRICTED,
      'apps/web.yaml': deploymentOf(
        hardened(`      readOnlyRootFilesystem: true
    volumeMounts:
      - { name: tmp, mountPath: /tmp }
volumes:
  - name: tmp
    emptyDir: {}
`),
      ),
    },
    links: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  },
  evaluate: (object, cluster, { settings }) => ({
    faults: writtenPods(object, settings).flatMap((pod) => toFault(object, cluster, pod) ?? []),
    unknowns: [],
  }),
};

function hardened(more: string): string {
  return `securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop: [ALL]
${more}`;
}

function toFault(
  object: ClusterObject,
  cluster: Surroundings,
  { pod, containers }: WrittenPod,
): Fault | undefined {
  const writable = containers.filter((container) => hasReadOnlyRoot(container) === false);
  const [first] = writable;
  if (first === undefined || !isHardened(object, cluster)) return undefined;
  const { root } = object.resource;
  const path = [...first.path, 'securityContext', 'readOnlyRootFilesystem'];
  return {
    rule: writableRootFilesystem.id,
    effect: 'advice',
    // One of the whole pod: which container is first may change.
    subject: subjectOf(object, { path: pod.places.spec }),
    message: `The root file system of ${containerNames(writable)} in ${nameOfObject(object)} can be written to. This is advice: readOnlyRootFilesystem is no part of the Pod Security Standards.`,
    primary: placeOf(root, path),
    related: [],
    remedy: {
      summary:
        'Mount an emptyDir volume wherever the program writes, then set readOnlyRootFilesystem to true.',
      fields: [],
      edits: [],
      caution:
        'A program that writes to /tmp, to a cache or to a log file in its image fails when the root file system is read-only: mount a scratch volume there first.',
    },
  };
}

/**
 * By the namespace and not by the pod: the last fix of a pod that was not hardened must not bring
 * new advice with it.
 */
function isHardened({ namespace }: ClusterObject, cluster: Surroundings): boolean {
  if (namespace === undefined) return false;
  return situationOf(cluster, namespace).policy.enforce.level === 'restricted';
}
