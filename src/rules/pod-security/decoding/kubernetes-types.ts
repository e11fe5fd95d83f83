/**
 * The field types of pods, of the objects that hold pod templates, and of the configuration of
 * admission, as Kubernetes 1.37 declares them (k8s.io/api v0.37.2): one type a line, a field is its JSON name and its Go type.
 *
 * - `...X` takes in the fields of X; the API server names X in its messages.
 * - `X: =Y` has the very fields of Y.
 * - A capitalised type that has no line here is a string under another name.
 * - `status` is not looked into: the API server overwrites it.
 */
export const KUBERNETES_TYPES = `
AWSElasticBlockStoreVolumeSource: volumeID string, fsType string, partition int32, readOnly bool
AdmissionConfiguration: ...TypeMeta, plugins []AdmissionPluginConfiguration
AdmissionPluginConfiguration: name string, path string, configuration any
Affinity: nodeAffinity NodeAffinity, podAffinity PodAffinity, podAntiAffinity PodAntiAffinity
AppArmorProfile: type AppArmorProfileType, localhostProfile string
AzureDiskVolumeSource: diskName string, diskURI string, cachingMode AzureDataDiskCachingMode,
  fsType string, readOnly bool, kind AzureDataDiskKind
AzureFileVolumeSource: secretName string, shareName string, readOnly bool
CSIVolumeSource: driver string, readOnly bool, fsType string, volumeAttributes map[string]string,
  nodePublishSecretRef LocalObjectReference
Capabilities: add []Capability, drop []Capability
CephFSVolumeSource: monitors []string, path string, user string, secretFile string, secretRef
  LocalObjectReference, readOnly bool
CinderVolumeSource: volumeID string, fsType string, readOnly bool, secretRef LocalObjectReference
ClusterTrustBundleProjection: name string, signerName string, labelSelector LabelSelector,
  optional bool, path string, user int64
ConfigMapEnvSource: ...LocalObjectReference, optional bool
ConfigMapKeySelector: ...LocalObjectReference, key string, optional bool
ConfigMapProjection: ...LocalObjectReference, items []KeyToPath, optional bool
ConfigMapVolumeSource: ...LocalObjectReference, items []KeyToPath, defaultMode int32, optional
  bool, defaultUser int64
Container: name string, image string, command []string, args []string, workingDir string, ports
  []ContainerPort, envFrom []EnvFromSource, env []EnvVar, resources ResourceRequirements,
  resizePolicy []ContainerResizePolicy, restartPolicy ContainerRestartPolicy, restartPolicyRules
  []ContainerRestartRule, volumeMounts []VolumeMount, volumeDevices []VolumeDevice, livenessProbe
  Probe, readinessProbe Probe, startupProbe Probe, lifecycle Lifecycle, terminationMessagePath
  string, terminationMessagePolicy TerminationMessagePolicy, imagePullPolicy PullPolicy,
  securityContext SecurityContext, stdin bool, stdinOnce bool, tty bool
ContainerPort: name string, hostPort int32, containerPort int32, protocol Protocol, hostIP string
ContainerResizePolicy: resourceName ResourceName, restartPolicy ResourceResizeRestartPolicy
ContainerRestartRule: action ContainerRestartRuleAction, exitCodes ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes: operator ContainerRestartRuleOnExitCodesOperator, values []int32
CronJob: ...TypeMeta, metadata ObjectMeta, spec CronJobSpec, status any
CronJobSpec: schedule string, timeZone string, startingDeadlineSeconds int64, concurrencyPolicy
  ConcurrencyPolicy, suspend bool, jobTemplate JobTemplateSpec, successfulJobsHistoryLimit int32,
  failedJobsHistoryLimit int32
DaemonSet: ...TypeMeta, metadata ObjectMeta, spec DaemonSetSpec, status any
DaemonSetSpec: selector LabelSelector, template PodTemplateSpec, updateStrategy
  DaemonSetUpdateStrategy, minReadySeconds int32, revisionHistoryLimit int32
DaemonSetUpdateStrategy: type DaemonSetUpdateStrategyType, rollingUpdate RollingUpdateDaemonSet
Deployment: ...TypeMeta, metadata ObjectMeta, spec DeploymentSpec, status any
DeploymentSpec: replicas int32, selector LabelSelector, template PodTemplateSpec, strategy
  DeploymentStrategy, minReadySeconds int32, revisionHistoryLimit int32, paused bool,
  progressDeadlineSeconds int32
DeploymentStrategy: type DeploymentStrategyType, rollingUpdate RollingUpdateDeployment
DownwardAPIProjection: items []DownwardAPIVolumeFile
DownwardAPIVolumeFile: path string, fieldRef ObjectFieldSelector, resourceFieldRef
  ResourceFieldSelector, mode int32, user int64
DownwardAPIVolumeSource: items []DownwardAPIVolumeFile, defaultMode int32, defaultUser int64
EmptyDirVolumeSource: medium StorageMedium, sizeLimit Quantity, mode int32
EnvFromSource: prefix string, configMapRef ConfigMapEnvSource, secretRef SecretEnvSource
EnvVar: name string, value string, valueFrom EnvVarSource
EnvVarSource: fieldRef ObjectFieldSelector, resourceFieldRef ResourceFieldSelector,
  configMapKeyRef ConfigMapKeySelector, secretKeyRef SecretKeySelector, fileKeyRef FileKeySelector
EphemeralContainer: ...EphemeralContainerCommon, targetContainerName string
EphemeralContainerCommon: =Container
EphemeralVolumeSource: volumeClaimTemplate PersistentVolumeClaimTemplate
EvictionResponder: name string, priority int32
ExecAction: command []string
FCVolumeSource: targetWWNs []string, lun int32, fsType string, readOnly bool, wwids []string
FileKeySelector: volumeName string, path string, key string, optional bool
FlexVolumeSource: driver string, fsType string, secretRef LocalObjectReference, readOnly bool,
  options map[string]string
FlockerVolumeSource: datasetName string, datasetUUID string
GCEPersistentDiskVolumeSource: pdName string, fsType string, partition int32, readOnly bool
GRPCAction: port int32, service string, mode GRPCProbeMode
GitRepoVolumeSource: repository string, revision string, directory string
GlusterfsVolumeSource: endpoints string, path string, readOnly bool
HTTPGetAction: path string, port IntOrString, host string, scheme URIScheme, httpHeaders
  []HTTPHeader, protocol HTTPProtocol
HTTPHeader: name string, value string
HostAlias: ip string, hostnames []string
HostPathVolumeSource: path string, type HostPathType
ISCSIVolumeSource: targetPortal string, iqn string, lun int32, iscsiInterface string, fsType
  string, readOnly bool, portals []string, chapAuthDiscovery bool, chapAuthSession bool, secretRef
  LocalObjectReference, initiatorName string
ImageVolumeSource: reference string, pullPolicy PullPolicy
Job: ...TypeMeta, metadata ObjectMeta, spec JobSpec, status any
JobSchedulingConfiguration: schedulingPolicy v1alpha3.WorkloadPodGroupSchedulingPolicy,
  schedulingConstraints v1alpha3.WorkloadPodGroupSchedulingConstraints, disruptionMode
  v1alpha3.WorkloadPodGroupDisruptionMode, resourceClaims []v1alpha3.WorkloadPodGroupResourceClaim
JobSpec: parallelism int32, completions int32, activeDeadlineSeconds int64, podFailurePolicy
  PodFailurePolicy, successPolicy SuccessPolicy, backoffLimit int32, backoffLimitPerIndex int32,
  maxFailedIndexes int32, selector LabelSelector, manualSelector bool, template PodTemplateSpec,
  ttlSecondsAfterFinished int32, completionMode CompletionMode, suspend bool, podReplacementPolicy
  PodReplacementPolicy, managedBy string, scheduling JobSchedulingConfiguration
JobTemplateSpec: metadata ObjectMeta, spec JobSpec
KeyToPath: key string, path string, mode int32, user int64
LabelSelector: matchLabels map[string]string, matchExpressions []LabelSelectorRequirement
LabelSelectorRequirement: key string, operator LabelSelectorOperator, values []string
Lifecycle: postStart LifecycleHandler, preStop LifecycleHandler, stopSignal Signal
LifecycleHandler: exec ExecAction, httpGet HTTPGetAction, tcpSocket TCPSocketAction, sleep
  SleepAction
LocalObjectReference: name string
ManagedFieldsEntry: manager string, operation ManagedFieldsOperationType, apiVersion string, time
  Time, fieldsType string, fieldsV1 any, subresource string
NFSVolumeSource: server string, path string, readOnly bool
Namespace: ...TypeMeta, metadata ObjectMeta, spec NamespaceSpec, status any
NamespaceSpec: finalizers []FinalizerName
NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution NodeSelector,
  preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm
NodeSelector: nodeSelectorTerms []NodeSelectorTerm
NodeSelectorRequirement: key string, operator NodeSelectorOperator, values []string
NodeSelectorTerm: matchExpressions []NodeSelectorRequirement, matchFields
  []NodeSelectorRequirement
ObjectFieldSelector: apiVersion string, fieldPath string
ObjectMeta: name string, generateName string, namespace string, selfLink string, uid types.UID,
  resourceVersion string, generation int64, creationTimestamp Time, deletionTimestamp Time,
  deletionGracePeriodSeconds int64, labels map[string]string, annotations map[string]string,
  ownerReferences []OwnerReference, finalizers []string, managedFields []ManagedFieldsEntry
OwnerReference: apiVersion string, kind string, name string, uid types.UID, controller bool,
  blockOwnerDeletion bool
PersistentVolumeClaim: ...TypeMeta, metadata ObjectMeta, spec
  PersistentVolumeClaimSpec, status any
PersistentVolumeClaimSpec: accessModes []PersistentVolumeAccessMode, selector LabelSelector,
  resources VolumeResourceRequirements, volumeName string, storageClassName string, volumeMode
  PersistentVolumeMode, dataSource TypedLocalObjectReference, dataSourceRef TypedObjectReference,
  volumeAttributesClassName string
PersistentVolumeClaimTemplate: metadata ObjectMeta, spec PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource: claimName string, readOnly bool
PhotonPersistentDiskVolumeSource: pdID string, fsType string
Pod: ...TypeMeta, metadata ObjectMeta, spec PodSpec, status any
PodAffinity: requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm,
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodAffinityTerm: labelSelector LabelSelector, namespaces []string, topologyKey string,
  namespaceSelector LabelSelector, matchLabelKeys []string, mismatchLabelKeys []string
PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm,
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodCertificateProjection: signerName string, keyType string, maxExpirationSeconds int32,
  credentialBundlePath string, keyPath string, certificateChainPath string, userAnnotations
  map[string]string, user int64
PodDNSConfig: nameservers []string, searches []string, options []PodDNSConfigOption
PodDNSConfigOption: name string, value string
PodFailurePolicy: rules []PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement: containerName string, operator
  PodFailurePolicyOnExitCodesOperator, values []int32
PodFailurePolicyOnPodConditionsPattern: type PodConditionType, status any
PodFailurePolicyRule: action PodFailurePolicyAction, onExitCodes
  PodFailurePolicyOnExitCodesRequirement, onPodConditions []PodFailurePolicyOnPodConditionsPattern
PodOS: name OSName
PodReadinessGate: conditionType PodConditionType
PodResourceClaim: name string, resourceClaimName string, resourceClaimTemplateName string
PodSchedulingGate: name string
PodSchedulingGroup: podGroupName string
PodSecurityContext: seLinuxOptions SELinuxOptions, windowsOptions WindowsSecurityContextOptions,
  runAsUser int64, runAsGroup int64, runAsNonRoot bool, supplementalGroups []int64,
  supplementalGroupsPolicy SupplementalGroupsPolicy, fsGroup int64, sysctls []Sysctl,
  fsGroupChangePolicy PodFSGroupChangePolicy, seccompProfile SeccompProfile, appArmorProfile
  AppArmorProfile, seLinuxChangePolicy PodSELinuxChangePolicy
PodSpec: volumes []Volume, initContainers []Container, containers []Container, ephemeralContainers
  []EphemeralContainer, restartPolicy RestartPolicy, terminationGracePeriodSeconds int64,
  activeDeadlineSeconds int64, dnsPolicy DNSPolicy, nodeSelector map[string]string,
  serviceAccountName string, serviceAccount string, automountServiceAccountToken bool, nodeName
  string, hostNetwork bool, hostPID bool, hostIPC bool, shareProcessNamespace bool,
  securityContext PodSecurityContext, imagePullSecrets []LocalObjectReference, hostname string,
  subdomain string, affinity Affinity, schedulerName string, tolerations []Toleration, hostAliases
  []HostAlias, priorityClassName string, priority int32, dnsConfig PodDNSConfig, readinessGates
  []PodReadinessGate, runtimeClassName string, enableServiceLinks bool, preemptionPolicy
  PreemptionPolicy, overhead ResourceList, topologySpreadConstraints []TopologySpreadConstraint,
  setHostnameAsFQDN bool, os PodOS, hostUsers bool, schedulingGates []PodSchedulingGate,
  resourceClaims []PodResourceClaim, resources ResourceRequirements, hostnameOverride string,
  schedulingGroup PodSchedulingGroup, evictionResponders []EvictionResponder
PodSecurityConfiguration: ...TypeMeta, defaults PodSecurityDefaults,
  exemptions PodSecurityExemptions
PodSecurityDefaults: enforce string, enforce-version string, audit string, audit-version string,
  warn string, warn-version string
PodSecurityExemptions: usernames []string, namespaces []string, runtimeClasses []string
PodTemplate: ...TypeMeta, metadata ObjectMeta, template PodTemplateSpec
PodTemplateSpec: metadata ObjectMeta, spec PodSpec
PortworxVolumeSource: volumeID string, fsType string, readOnly bool
PreferredSchedulingTerm: weight int32, preference NodeSelectorTerm
Probe: ...ProbeHandler, initialDelaySeconds int32, timeoutSeconds int32, periodSeconds int32,
  successThreshold int32, failureThreshold int32, terminationGracePeriodSeconds int64
ProbeHandler: exec ExecAction, httpGet HTTPGetAction, tcpSocket TCPSocketAction, grpc GRPCAction
ProjectedVolumeSource: sources []VolumeProjection, defaultMode int32, defaultUser int64
QuobyteVolumeSource: registry string, volume string, readOnly bool, user string, group string,
  tenant string
RBDVolumeSource: monitors []string, image string, fsType string, pool string, user string, keyring
  string, secretRef LocalObjectReference, readOnly bool
ReplicaSet: ...TypeMeta, metadata ObjectMeta, spec ReplicaSetSpec, status any
ReplicaSetSpec: replicas int32, minReadySeconds int32, selector LabelSelector, template
  PodTemplateSpec
ReplicationController: ...TypeMeta, metadata ObjectMeta, spec
  ReplicationControllerSpec, status any
ReplicationControllerSpec: replicas int32, minReadySeconds int32, selector map[string]string,
  template PodTemplateSpec
ResourceClaim: name string, request string
ResourceFieldSelector: containerName string, resource string, divisor Quantity
ResourceRequirements: limits ResourceList, requests ResourceList, claims []ResourceClaim
RollingUpdateDaemonSet: maxUnavailable IntOrString, maxSurge IntOrString
RollingUpdateDeployment: maxUnavailable IntOrString, maxSurge IntOrString
RollingUpdateStatefulSetStrategy: partition int32, maxUnavailable IntOrString
SELinuxOptions: user string, role string, type string, level string
ScaleIOVolumeSource: gateway string, system string, secretRef LocalObjectReference, sslEnabled
  bool, protectionDomain string, storagePool string, storageMode string, volumeName string, fsType
  string, readOnly bool
SeccompProfile: type SeccompProfileType, localhostProfile string
SecretEnvSource: ...LocalObjectReference, optional bool
SecretKeySelector: ...LocalObjectReference, key string, optional bool
SecretProjection: ...LocalObjectReference, items []KeyToPath, optional bool
SecretVolumeSource: secretName string, items []KeyToPath, defaultMode int32, optional bool,
  defaultUser int64
SecurityContext: capabilities Capabilities, privileged bool, seLinuxOptions SELinuxOptions,
  windowsOptions WindowsSecurityContextOptions, runAsUser int64, runAsGroup int64, runAsNonRoot
  bool, readOnlyRootFilesystem bool, allowPrivilegeEscalation bool, procMount ProcMountType,
  seccompProfile SeccompProfile, appArmorProfile AppArmorProfile
ServiceAccountTokenProjection: audience string, expirationSeconds int64, path string, user int64
SleepAction: seconds int64
StatefulSet: ...TypeMeta, metadata ObjectMeta, spec StatefulSetSpec, status any
StatefulSetOrdinals: start int32
StatefulSetPersistentVolumeClaimRetentionPolicy: whenDeleted
  PersistentVolumeClaimRetentionPolicyType, whenScaled PersistentVolumeClaimRetentionPolicyType
StatefulSetSpec: replicas int32, selector LabelSelector, template PodTemplateSpec,
  volumeClaimTemplates []PersistentVolumeClaim, serviceName string, podManagementPolicy
  PodManagementPolicyType, updateStrategy StatefulSetUpdateStrategy, revisionHistoryLimit int32,
  minReadySeconds int32, persistentVolumeClaimRetentionPolicy
  StatefulSetPersistentVolumeClaimRetentionPolicy, ordinals StatefulSetOrdinals
StatefulSetUpdateStrategy: type StatefulSetUpdateStrategyType, rollingUpdate
  RollingUpdateStatefulSetStrategy
StorageOSVolumeSource: volumeName string, volumeNamespace string, fsType string, readOnly bool,
  secretRef LocalObjectReference
SuccessPolicy: rules []SuccessPolicyRule
SuccessPolicyRule: succeededIndexes string, succeededCount int32
Sysctl: name string, value string
TCPSocketAction: port IntOrString, host string
Toleration: key string, operator TolerationOperator, value string, effect TaintEffect,
  tolerationSeconds int64
TopologySpreadConstraint: maxSkew int32, topologyKey string, whenUnsatisfiable
  UnsatisfiableConstraintAction, labelSelector LabelSelector, minDomains int32, nodeAffinityPolicy
  NodeInclusionPolicy, nodeTaintsPolicy NodeInclusionPolicy, matchLabelKeys []string
TypeMeta: kind string, apiVersion string
TypedLocalObjectReference: apiGroup string, kind string, name string
TypedObjectReference: apiGroup string, kind string, name string, namespace string
Volume: name string, ...VolumeSource
VolumeDevice: name string, devicePath string
VolumeMount: name string, readOnly bool, recursiveReadOnly RecursiveReadOnlyMode, mountPath
  string, subPath string, mountPropagation MountPropagationMode, subPathExpr string,
  bindMountOptions []string
VolumeProjection: secret SecretProjection, downwardAPI DownwardAPIProjection, configMap
  ConfigMapProjection, serviceAccountToken ServiceAccountTokenProjection, clusterTrustBundle
  ClusterTrustBundleProjection, podCertificate PodCertificateProjection
VolumeResourceRequirements: limits ResourceList, requests ResourceList
VolumeSource: hostPath HostPathVolumeSource, emptyDir EmptyDirVolumeSource, gcePersistentDisk
  GCEPersistentDiskVolumeSource, awsElasticBlockStore AWSElasticBlockStoreVolumeSource, gitRepo
  GitRepoVolumeSource, secret SecretVolumeSource, nfs NFSVolumeSource, iscsi ISCSIVolumeSource,
  glusterfs GlusterfsVolumeSource, persistentVolumeClaim PersistentVolumeClaimVolumeSource, rbd
  RBDVolumeSource, flexVolume FlexVolumeSource, cinder CinderVolumeSource, cephfs
  CephFSVolumeSource, flocker FlockerVolumeSource, downwardAPI DownwardAPIVolumeSource, fc
  FCVolumeSource, azureFile AzureFileVolumeSource, configMap ConfigMapVolumeSource, vsphereVolume
  VsphereVirtualDiskVolumeSource, quobyte QuobyteVolumeSource, azureDisk AzureDiskVolumeSource,
  photonPersistentDisk PhotonPersistentDiskVolumeSource, projected ProjectedVolumeSource,
  portworxVolume PortworxVolumeSource, scaleIO ScaleIOVolumeSource, storageos
  StorageOSVolumeSource, csi CSIVolumeSource, ephemeral EphemeralVolumeSource, image
  ImageVolumeSource
VsphereVirtualDiskVolumeSource: volumePath string, fsType string, storagePolicyName string,
  storagePolicyID string
WeightedPodAffinityTerm: weight int32, podAffinityTerm PodAffinityTerm
WindowsSecurityContextOptions: gmsaCredentialSpecName string, gmsaCredentialSpec string,
  runAsUserName string, hostProcess bool
v1alpha3.TopologyConstraint: key string
v1alpha3.WorkloadPodGroupAllDisruptionMode:
v1alpha3.WorkloadPodGroupBasicSchedulingPolicy:
v1alpha3.WorkloadPodGroupDisruptionMode: single v1alpha3.WorkloadPodGroupSingleDisruptionMode, all
  v1alpha3.WorkloadPodGroupAllDisruptionMode
v1alpha3.WorkloadPodGroupGangSchedulingPolicy: minCount int32
v1alpha3.WorkloadPodGroupResourceClaim: name string, resourceClaimName string,
  resourceClaimTemplateName string
v1alpha3.WorkloadPodGroupSchedulingConstraints: topology []v1alpha3.TopologyConstraint
v1alpha3.WorkloadPodGroupSchedulingPolicy: basic v1alpha3.WorkloadPodGroupBasicSchedulingPolicy,
  gang v1alpha3.WorkloadPodGroupGangSchedulingPolicy
v1alpha3.WorkloadPodGroupSingleDisruptionMode:`;
