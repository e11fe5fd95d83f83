import type { Pod } from '../pod.ts';

/**
 * Whether the pod runs in a user namespace of its own, where root is nobody on the node. Some
 * checks let go of such pods from v1.35.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted-pod-user-namespaces
 */
export function inUserNamespace({ spec }: Pod): boolean {
  return spec.hostUsers === false;
}

/**
 * Whether the pod says that it runs on Windows, where some restricted fields do not exist. Such
 * pods are let go from v1.25. Exact: `Windows` is another, invalid name.
 */
export function onWindows({ spec }: Pod): boolean {
  return spec.os?.name === 'windows';
}
