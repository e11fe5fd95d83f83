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

/** Controllers that create no pods, but what others create pods from. */
const INDIRECT: Readonly<Record<string, string>> = {
  'deployment-controller': 'the ReplicaSets of every Deployment',
  'cronjob-controller': 'the Jobs of every CronJob',
};

/** For whom a user makes objects, in words: of a controller that works for everybody. */
export function madeBy(username: string): string | undefined {
  // All controllers share it where the manager runs without --use-service-account-credentials.
  if (username === 'system:kube-controller-manager') return 'the pods of every workload';
  if (username.startsWith('system:serviceaccount:flux-system:')) return 'whatever Flux applies';
  if (!username.startsWith(PREFIX)) return undefined;
  const controller = username.slice(PREFIX.length);
  const kinds = Object.keys(CONTROLLERS).filter((kind) => CONTROLLERS[kind] === controller);
  return kinds.length > 0 ? `the pods of every ${kinds.join(' and ')}` : INDIRECT[controller];
}
