import { groupOf } from '../model/resource.ts';

/**
 * Built-in kinds without a namespace, by group, and those of the controllers that Flux
 * repositories usually install. Unknown kinds are taken as namespaced, as most are.
 */
const CLUSTER_SCOPED: Record<string, readonly string[]> = {
  '': ['Namespace', 'Node', 'PersistentVolume', 'ComponentStatus'],
  'admissionregistration.k8s.io': [
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'cert-manager.io': ['ClusterIssuer'],
  'external-secrets.io': ['ClusterSecretStore', 'ClusterExternalSecret'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'kyverno.io': ['ClusterPolicy', 'ClusterCleanupPolicy'],
  'policies.kyverno.io': [
    'ImageValidatingPolicy',
    'ValidatingPolicy',
    'MutatingPolicy',
    'GeneratingPolicy',
    'DeletingPolicy',
  ],
  'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  policy: ['PodSecurityPolicy'],
  'policy.sigstore.dev': ['ClusterImagePolicy', 'TrustRoot'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': [
    'CSIDriver',
    'CSINode',
    'StorageClass',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
};

/** Whether objects of a kind live in a namespace. */
export function isNamespaced(apiVersion: string, kind: string): boolean {
  return !CLUSTER_SCOPED[groupOf(apiVersion)]?.includes(kind);
}

/** Kinds of the core group that live in a namespace. */
const CORE = new Set([
  'ConfigMap',
  'Endpoints',
  'Event',
  'LimitRange',
  'PersistentVolumeClaim',
  'Pod',
  'PodTemplate',
  'ReplicationController',
  'ResourceQuota',
  'Secret',
  'Service',
  'ServiceAccount',
]);

const NAMESPACED_GROUP =
  /^(?:apps|batch|autoscaling|extensions|policy|(?:networking|rbac\.authorization|coordination|discovery)\.k8s\.io|[a-z]+\.toolkit\.fluxcd\.io)$/;

/** Whether a kind is known to live in a namespace, and not only taken to. */
export function isSurelyNamespaced(apiVersion: string, kind: string): boolean {
  const group = groupOf(apiVersion);
  if (group === '') return CORE.has(kind);
  return NAMESPACED_GROUP.test(group) && isNamespaced(apiVersion, kind);
}
