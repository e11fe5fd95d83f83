import type { ClusterObject } from '../../flux/cluster.ts';

/** The service accounts of the controllers that create the pods of built-in workloads. */
const CONTROLLERS: Readonly<Record<string, string>> = {
  ReplicationController: 'replication-controller',
  ReplicaSet: 'replicaset-controller',
  Deployment: 'replicaset-controller',
  StatefulSet: 'statefulset-controller',
  DaemonSet: 'daemon-set-controller',
  Job: 'job-controller',
  CronJob: 'job-controller',
};

const PREFIX = 'system:serviceaccount:kube-system:';

/**
 * As whom the pods of an object are created, which is never who creates the object; undefined for
 * kinds whose pods no built-in controller makes.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
 */
export function controllerUser({ resource: { kind } }: ClusterObject): string | undefined {
  const controller = CONTROLLERS[kind];
  return controller === undefined ? undefined : PREFIX + controller;
}

/** Whether a user is a controller that creates pods for everybody. */
export function isPodController(username: string): boolean {
  return Object.values(CONTROLLERS).some((controller) => username === PREFIX + controller);
}
