import type { ClusterObject } from '../../flux/cluster.ts';
import type { Mode } from './namespace-policy.ts';
import type { Workload } from './workloads.ts';

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
function controllerUser({ resource: { kind } }: ClusterObject): string | undefined {
  const controller = CONTROLLERS[kind];
  return controller === undefined ? undefined : PREFIX + controller;
}

/**
 * As whom Flux applies an object: the service account that the Kustomization names, else that of
 * the controller where it stands in its usual namespace; undefined where nobody knows, as with the
 * user of a kubeconfig.
 */
function applyingUser({ unit: { kustomization } }: ClusterObject): string | undefined {
  if (kustomization === undefined) return undefined;
  const spec = kustomization.root.map('spec');
  if (spec?.get('kubeConfig') !== undefined) return undefined;
  const account = spec?.text('serviceAccountName');
  return account === undefined || account === ''
    ? 'system:serviceaccount:flux-system:kustomize-controller'
    : `system:serviceaccount:${kustomization.namespace ?? ''}:${account}`;
}

/**
 * Who asks admission: the maker of the pods where it enforces, else who applies the object.
 * Undefined where nobody knows, as of an operator that makes the pods of a custom resource.
 */
export function requesterOf(
  object: ClusterObject,
  { type }: Workload,
  mode: Mode,
): string | undefined {
  if (type === 'custom') return undefined;
  const isMade = mode === 'enforce' && type === 'controller';
  return isMade ? controllerUser(object) : applyingUser(object);
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
