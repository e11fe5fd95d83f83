/**
 * Merge keys of Kubernetes 1.21.2's types, and its cluster-scoped kinds: facts taken from the
 * OpenAPI document in sigs.k8s.io/kustomize/kyaml (Copyright The Kubernetes Authors, Apache-2.0).
 * Made by scripts/kustomize-schema.ts; the format is told in table-format.ts.
 */
export const KUBERNETES_TABLE = `
cluster admissionregistration.k8s.io/v1 MutatingWebhookConfiguration
cluster admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration
cluster admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration
cluster admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration
cluster apiextensions.k8s.io/v1 CustomResourceDefinition
cluster apiextensions.k8s.io/v1beta1 CustomResourceDefinition
cluster apiregistration.k8s.io/v1 APIService
cluster apiregistration.k8s.io/v1beta1 APIService
cluster certificates.k8s.io/v1 CertificateSigningRequest
cluster certificates.k8s.io/v1beta1 CertificateSigningRequest
cluster flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema
cluster flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration
cluster networking.k8s.io/v1 IngressClass
cluster networking.k8s.io/v1beta1 IngressClass
cluster node.k8s.io/v1 RuntimeClass
cluster node.k8s.io/v1beta1 RuntimeClass
cluster policy/v1beta1 PodSecurityPolicy
cluster rbac.authorization.k8s.io/v1 ClusterRole
cluster rbac.authorization.k8s.io/v1 ClusterRoleBinding
cluster rbac.authorization.k8s.io/v1beta1 ClusterRole
cluster rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding
cluster scheduling.k8s.io/v1 PriorityClass
cluster scheduling.k8s.io/v1beta1 PriorityClass
cluster storage.k8s.io/v1 CSIDriver
cluster storage.k8s.io/v1 CSINode
cluster storage.k8s.io/v1 StorageClass
cluster storage.k8s.io/v1 VolumeAttachment
cluster storage.k8s.io/v1beta1 CSIDriver
cluster storage.k8s.io/v1beta1 CSINode
cluster storage.k8s.io/v1beta1 StorageClass
cluster storage.k8s.io/v1beta1 VolumeAttachment
cluster v1 ComponentStatus
cluster v1 Namespace
cluster v1 Node
cluster v1 NodeProxyOptions
cluster v1 PersistentVolume
kind admission.k8s.io/v1 DeleteOptions -
kind admission.k8s.io/v1 WatchEvent -
kind admission.k8s.io/v1beta1 DeleteOptions -
kind admission.k8s.io/v1beta1 WatchEvent -
kind admissionregistration.k8s.io/v1 DeleteOptions -
kind admissionregistration.k8s.io/v1 MutatingWebhookConfiguration io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration
kind admissionregistration.k8s.io/v1 MutatingWebhookConfigurationList -
kind admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration
kind admissionregistration.k8s.io/v1 ValidatingWebhookConfigurationList -
kind admissionregistration.k8s.io/v1 WatchEvent -
kind admissionregistration.k8s.io/v1beta1 DeleteOptions -
kind admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration io.k8s.api.admissionregistration.v1beta1.MutatingWebhookConfiguration
kind admissionregistration.k8s.io/v1beta1 MutatingWebhookConfigurationList -
kind admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration io.k8s.api.admissionregistration.v1beta1.ValidatingWebhookConfiguration
kind admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfigurationList -
kind admissionregistration.k8s.io/v1beta1 WatchEvent -
kind apiextensions.k8s.io/v1 CustomResourceDefinition io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition
kind apiextensions.k8s.io/v1 CustomResourceDefinitionList -
kind apiextensions.k8s.io/v1 DeleteOptions -
kind apiextensions.k8s.io/v1 WatchEvent -
kind apiextensions.k8s.io/v1beta1 CustomResourceDefinition io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition
kind apiextensions.k8s.io/v1beta1 CustomResourceDefinitionList -
kind apiextensions.k8s.io/v1beta1 DeleteOptions -
kind apiextensions.k8s.io/v1beta1 WatchEvent -
kind apiregistration.k8s.io/v1 APIService io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService
kind apiregistration.k8s.io/v1 APIServiceList -
kind apiregistration.k8s.io/v1 DeleteOptions -
kind apiregistration.k8s.io/v1 WatchEvent -
kind apiregistration.k8s.io/v1beta1 APIService io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIService
kind apiregistration.k8s.io/v1beta1 APIServiceList -
kind apiregistration.k8s.io/v1beta1 DeleteOptions -
kind apiregistration.k8s.io/v1beta1 WatchEvent -
kind apps/v1 ControllerRevision io.k8s.api.apps.v1.ControllerRevision
kind apps/v1 ControllerRevisionList -
kind apps/v1 DaemonSet io.k8s.api.apps.v1.DaemonSet
kind apps/v1 DaemonSetList -
kind apps/v1 DeleteOptions -
kind apps/v1 Deployment io.k8s.api.apps.v1.Deployment
kind apps/v1 DeploymentList -
kind apps/v1 ReplicaSet io.k8s.api.apps.v1.ReplicaSet
kind apps/v1 ReplicaSetList -
kind apps/v1 StatefulSet io.k8s.api.apps.v1.StatefulSet
kind apps/v1 StatefulSetList -
kind apps/v1 WatchEvent -
kind apps/v1beta1 DeleteOptions -
kind apps/v1beta1 WatchEvent -
kind apps/v1beta2 DeleteOptions -
kind apps/v1beta2 WatchEvent -
kind authentication.k8s.io/v1 DeleteOptions -
kind authentication.k8s.io/v1 TokenRequest io.k8s.api.authentication.v1.TokenRequest
kind authentication.k8s.io/v1 TokenReview io.k8s.api.authentication.v1.TokenReview
kind authentication.k8s.io/v1 WatchEvent -
kind authentication.k8s.io/v1beta1 DeleteOptions -
kind authentication.k8s.io/v1beta1 TokenReview io.k8s.api.authentication.v1beta1.TokenReview
kind authentication.k8s.io/v1beta1 WatchEvent -
kind authorization.k8s.io/v1 DeleteOptions -
kind authorization.k8s.io/v1 LocalSubjectAccessReview io.k8s.api.authorization.v1.LocalSubjectAccessReview
kind authorization.k8s.io/v1 SelfSubjectAccessReview io.k8s.api.authorization.v1.SelfSubjectAccessReview
kind authorization.k8s.io/v1 SelfSubjectRulesReview io.k8s.api.authorization.v1.SelfSubjectRulesReview
kind authorization.k8s.io/v1 SubjectAccessReview io.k8s.api.authorization.v1.SubjectAccessReview
kind authorization.k8s.io/v1 WatchEvent -
kind authorization.k8s.io/v1beta1 DeleteOptions -
kind authorization.k8s.io/v1beta1 LocalSubjectAccessReview io.k8s.api.authorization.v1beta1.LocalSubjectAccessReview
kind authorization.k8s.io/v1beta1 SelfSubjectAccessReview io.k8s.api.authorization.v1beta1.SelfSubjectAccessReview
kind authorization.k8s.io/v1beta1 SelfSubjectRulesReview io.k8s.api.authorization.v1beta1.SelfSubjectRulesReview
kind authorization.k8s.io/v1beta1 SubjectAccessReview io.k8s.api.authorization.v1beta1.SubjectAccessReview
kind authorization.k8s.io/v1beta1 WatchEvent -
kind autoscaling/v1 DeleteOptions -
kind autoscaling/v1 HorizontalPodAutoscaler io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler
kind autoscaling/v1 HorizontalPodAutoscalerList -
kind autoscaling/v1 Scale io.k8s.api.autoscaling.v1.Scale
kind autoscaling/v1 WatchEvent -
kind autoscaling/v2beta1 DeleteOptions -
kind autoscaling/v2beta1 HorizontalPodAutoscaler io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscaler
kind autoscaling/v2beta1 HorizontalPodAutoscalerList -
kind autoscaling/v2beta1 WatchEvent -
kind autoscaling/v2beta2 DeleteOptions -
kind autoscaling/v2beta2 HorizontalPodAutoscaler io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscaler
kind autoscaling/v2beta2 HorizontalPodAutoscalerList -
kind autoscaling/v2beta2 WatchEvent -
kind batch/v1 CronJob io.k8s.api.batch.v1.CronJob
kind batch/v1 CronJobList -
kind batch/v1 DeleteOptions -
kind batch/v1 Job io.k8s.api.batch.v1.Job
kind batch/v1 JobList -
kind batch/v1 WatchEvent -
kind batch/v1beta1 CronJob io.k8s.api.batch.v1beta1.CronJob
kind batch/v1beta1 CronJobList -
kind batch/v1beta1 DeleteOptions -
kind batch/v1beta1 WatchEvent -
kind certificates.k8s.io/v1 CertificateSigningRequest io.k8s.api.certificates.v1.CertificateSigningRequest
kind certificates.k8s.io/v1 CertificateSigningRequestList -
kind certificates.k8s.io/v1 DeleteOptions -
kind certificates.k8s.io/v1 WatchEvent -
kind certificates.k8s.io/v1beta1 CertificateSigningRequest io.k8s.api.certificates.v1beta1.CertificateSigningRequest
kind certificates.k8s.io/v1beta1 CertificateSigningRequestList -
kind certificates.k8s.io/v1beta1 DeleteOptions -
kind certificates.k8s.io/v1beta1 WatchEvent -
kind coordination.k8s.io/v1 DeleteOptions -
kind coordination.k8s.io/v1 Lease io.k8s.api.coordination.v1.Lease
kind coordination.k8s.io/v1 LeaseList -
kind coordination.k8s.io/v1 WatchEvent -
kind coordination.k8s.io/v1beta1 DeleteOptions -
kind coordination.k8s.io/v1beta1 Lease io.k8s.api.coordination.v1beta1.Lease
kind coordination.k8s.io/v1beta1 LeaseList -
kind coordination.k8s.io/v1beta1 WatchEvent -
kind discovery.k8s.io/v1 DeleteOptions -
kind discovery.k8s.io/v1 EndpointSlice io.k8s.api.discovery.v1.EndpointSlice
kind discovery.k8s.io/v1 EndpointSliceList -
kind discovery.k8s.io/v1 WatchEvent -
kind discovery.k8s.io/v1beta1 DeleteOptions -
kind discovery.k8s.io/v1beta1 EndpointSlice io.k8s.api.discovery.v1beta1.EndpointSlice
kind discovery.k8s.io/v1beta1 EndpointSliceList -
kind discovery.k8s.io/v1beta1 WatchEvent -
kind events.k8s.io/v1 DeleteOptions -
kind events.k8s.io/v1 Event io.k8s.api.events.v1.Event
kind events.k8s.io/v1 EventList -
kind events.k8s.io/v1 WatchEvent -
kind events.k8s.io/v1beta1 DeleteOptions -
kind events.k8s.io/v1beta1 Event io.k8s.api.events.v1beta1.Event
kind events.k8s.io/v1beta1 EventList -
kind events.k8s.io/v1beta1 WatchEvent -
kind extensions/v1beta1 DeleteOptions -
kind extensions/v1beta1 Ingress io.k8s.api.extensions.v1beta1.Ingress
kind extensions/v1beta1 IngressList -
kind extensions/v1beta1 WatchEvent -
kind flowcontrol.apiserver.k8s.io/v1alpha1 DeleteOptions -
kind flowcontrol.apiserver.k8s.io/v1alpha1 WatchEvent -
kind flowcontrol.apiserver.k8s.io/v1beta1 DeleteOptions -
kind flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema io.k8s.api.flowcontrol.v1beta1.FlowSchema
kind flowcontrol.apiserver.k8s.io/v1beta1 FlowSchemaList -
kind flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfiguration
kind flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfigurationList -
kind flowcontrol.apiserver.k8s.io/v1beta1 WatchEvent -
kind imagepolicy.k8s.io/v1alpha1 DeleteOptions -
kind imagepolicy.k8s.io/v1alpha1 WatchEvent -
kind internal.apiserver.k8s.io/v1alpha1 DeleteOptions -
kind internal.apiserver.k8s.io/v1alpha1 WatchEvent -
kind kustomize.config.k8s.io/v1beta1 ConfigMapArgs -
kind kustomize.config.k8s.io/v1beta1 GeneratorArgs -
kind kustomize.config.k8s.io/v1beta1 Kustomization io.k8s.api.apps.v1.Kustomization
kind kustomize.config.k8s.io/v1beta1 KvPairSources -
kind kustomize.config.k8s.io/v1beta1 SecretArgs -
kind networking.k8s.io/v1 DeleteOptions -
kind networking.k8s.io/v1 Ingress io.k8s.api.networking.v1.Ingress
kind networking.k8s.io/v1 IngressClass io.k8s.api.networking.v1.IngressClass
kind networking.k8s.io/v1 IngressClassList -
kind networking.k8s.io/v1 IngressList -
kind networking.k8s.io/v1 NetworkPolicy io.k8s.api.networking.v1.NetworkPolicy
kind networking.k8s.io/v1 NetworkPolicyList -
kind networking.k8s.io/v1 WatchEvent -
kind networking.k8s.io/v1beta1 DeleteOptions -
kind networking.k8s.io/v1beta1 Ingress io.k8s.api.networking.v1beta1.Ingress
kind networking.k8s.io/v1beta1 IngressClass io.k8s.api.networking.v1beta1.IngressClass
kind networking.k8s.io/v1beta1 IngressClassList -
kind networking.k8s.io/v1beta1 IngressList -
kind networking.k8s.io/v1beta1 WatchEvent -
kind node.k8s.io/v1 DeleteOptions -
kind node.k8s.io/v1 RuntimeClass io.k8s.api.node.v1.RuntimeClass
kind node.k8s.io/v1 RuntimeClassList -
kind node.k8s.io/v1 WatchEvent -
kind node.k8s.io/v1alpha1 DeleteOptions -
kind node.k8s.io/v1alpha1 WatchEvent -
kind node.k8s.io/v1beta1 DeleteOptions -
kind node.k8s.io/v1beta1 RuntimeClass io.k8s.api.node.v1beta1.RuntimeClass
kind node.k8s.io/v1beta1 RuntimeClassList -
kind node.k8s.io/v1beta1 WatchEvent -
kind policy/v1 DeleteOptions -
kind policy/v1 PodDisruptionBudget io.k8s.api.policy.v1.PodDisruptionBudget
kind policy/v1 PodDisruptionBudgetList -
kind policy/v1 WatchEvent -
kind policy/v1beta1 DeleteOptions -
kind policy/v1beta1 Eviction io.k8s.api.policy.v1beta1.Eviction
kind policy/v1beta1 PodDisruptionBudget io.k8s.api.policy.v1beta1.PodDisruptionBudget
kind policy/v1beta1 PodDisruptionBudgetList -
kind policy/v1beta1 PodSecurityPolicy io.k8s.api.policy.v1beta1.PodSecurityPolicy
kind policy/v1beta1 PodSecurityPolicyList -
kind policy/v1beta1 WatchEvent -
kind rbac.authorization.k8s.io/v1 ClusterRole io.k8s.api.rbac.v1.ClusterRole
kind rbac.authorization.k8s.io/v1 ClusterRoleBinding io.k8s.api.rbac.v1.ClusterRoleBinding
kind rbac.authorization.k8s.io/v1 ClusterRoleBindingList -
kind rbac.authorization.k8s.io/v1 ClusterRoleList -
kind rbac.authorization.k8s.io/v1 DeleteOptions -
kind rbac.authorization.k8s.io/v1 Role io.k8s.api.rbac.v1.Role
kind rbac.authorization.k8s.io/v1 RoleBinding io.k8s.api.rbac.v1.RoleBinding
kind rbac.authorization.k8s.io/v1 RoleBindingList -
kind rbac.authorization.k8s.io/v1 RoleList -
kind rbac.authorization.k8s.io/v1 WatchEvent -
kind rbac.authorization.k8s.io/v1alpha1 DeleteOptions -
kind rbac.authorization.k8s.io/v1alpha1 WatchEvent -
kind rbac.authorization.k8s.io/v1beta1 ClusterRole io.k8s.api.rbac.v1beta1.ClusterRole
kind rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding io.k8s.api.rbac.v1beta1.ClusterRoleBinding
kind rbac.authorization.k8s.io/v1beta1 ClusterRoleBindingList -
kind rbac.authorization.k8s.io/v1beta1 ClusterRoleList -
kind rbac.authorization.k8s.io/v1beta1 DeleteOptions -
kind rbac.authorization.k8s.io/v1beta1 Role io.k8s.api.rbac.v1beta1.Role
kind rbac.authorization.k8s.io/v1beta1 RoleBinding io.k8s.api.rbac.v1beta1.RoleBinding
kind rbac.authorization.k8s.io/v1beta1 RoleBindingList -
kind rbac.authorization.k8s.io/v1beta1 RoleList -
kind rbac.authorization.k8s.io/v1beta1 WatchEvent -
kind scheduling.k8s.io/v1 DeleteOptions -
kind scheduling.k8s.io/v1 PriorityClass io.k8s.api.scheduling.v1.PriorityClass
kind scheduling.k8s.io/v1 PriorityClassList -
kind scheduling.k8s.io/v1 WatchEvent -
kind scheduling.k8s.io/v1alpha1 DeleteOptions -
kind scheduling.k8s.io/v1alpha1 WatchEvent -
kind scheduling.k8s.io/v1beta1 DeleteOptions -
kind scheduling.k8s.io/v1beta1 PriorityClass io.k8s.api.scheduling.v1beta1.PriorityClass
kind scheduling.k8s.io/v1beta1 PriorityClassList -
kind scheduling.k8s.io/v1beta1 WatchEvent -
kind storage.k8s.io/v1 CSIDriver io.k8s.api.storage.v1.CSIDriver
kind storage.k8s.io/v1 CSIDriverList -
kind storage.k8s.io/v1 CSINode io.k8s.api.storage.v1.CSINode
kind storage.k8s.io/v1 CSINodeList -
kind storage.k8s.io/v1 DeleteOptions -
kind storage.k8s.io/v1 StorageClass io.k8s.api.storage.v1.StorageClass
kind storage.k8s.io/v1 StorageClassList -
kind storage.k8s.io/v1 VolumeAttachment io.k8s.api.storage.v1.VolumeAttachment
kind storage.k8s.io/v1 VolumeAttachmentList -
kind storage.k8s.io/v1 WatchEvent -
kind storage.k8s.io/v1alpha1 DeleteOptions -
kind storage.k8s.io/v1alpha1 WatchEvent -
kind storage.k8s.io/v1beta1 CSIDriver io.k8s.api.storage.v1beta1.CSIDriver
kind storage.k8s.io/v1beta1 CSIDriverList -
kind storage.k8s.io/v1beta1 CSINode io.k8s.api.storage.v1beta1.CSINode
kind storage.k8s.io/v1beta1 CSINodeList -
kind storage.k8s.io/v1beta1 CSIStorageCapacity io.k8s.api.storage.v1beta1.CSIStorageCapacity
kind storage.k8s.io/v1beta1 CSIStorageCapacityList -
kind storage.k8s.io/v1beta1 DeleteOptions -
kind storage.k8s.io/v1beta1 StorageClass io.k8s.api.storage.v1beta1.StorageClass
kind storage.k8s.io/v1beta1 StorageClassList -
kind storage.k8s.io/v1beta1 VolumeAttachment io.k8s.api.storage.v1beta1.VolumeAttachment
kind storage.k8s.io/v1beta1 VolumeAttachmentList -
kind storage.k8s.io/v1beta1 WatchEvent -
kind v1 APIGroup -
kind v1 APIGroupList -
kind v1 APIResourceList -
kind v1 APIVersions -
kind v1 Binding io.k8s.api.core.v1.Binding
kind v1 ComponentStatus io.k8s.api.core.v1.ComponentStatus
kind v1 ComponentStatusList -
kind v1 ConfigMap io.k8s.api.core.v1.ConfigMap
kind v1 ConfigMapList -
kind v1 DeleteOptions -
kind v1 Endpoints io.k8s.api.core.v1.Endpoints
kind v1 EndpointsList -
kind v1 Event io.k8s.api.core.v1.Event
kind v1 EventList -
kind v1 LimitRange io.k8s.api.core.v1.LimitRange
kind v1 LimitRangeList -
kind v1 Namespace io.k8s.api.core.v1.Namespace
kind v1 NamespaceList -
kind v1 Node io.k8s.api.core.v1.Node
kind v1 NodeList -
kind v1 PersistentVolume io.k8s.api.core.v1.PersistentVolume
kind v1 PersistentVolumeClaim io.k8s.api.core.v1.PersistentVolumeClaim
kind v1 PersistentVolumeClaimList -
kind v1 PersistentVolumeList -
kind v1 Pod io.k8s.api.core.v1.Pod
kind v1 PodList -
kind v1 PodTemplate io.k8s.api.core.v1.PodTemplate
kind v1 PodTemplateList -
kind v1 ReplicationController io.k8s.api.core.v1.ReplicationController
kind v1 ReplicationControllerList -
kind v1 ResourceQuota io.k8s.api.core.v1.ResourceQuota
kind v1 ResourceQuotaList -
kind v1 Secret io.k8s.api.core.v1.Secret
kind v1 SecretList -
kind v1 Service io.k8s.api.core.v1.Service
kind v1 ServiceAccount io.k8s.api.core.v1.ServiceAccount
kind v1 ServiceAccountList -
kind v1 ServiceList -
kind v1 Status -
kind v1 WatchEvent -
namespaced apps/v1 ControllerRevision
namespaced apps/v1 DaemonSet
namespaced apps/v1 Deployment
namespaced apps/v1 ReplicaSet
namespaced apps/v1 StatefulSet
namespaced autoscaling/v1 HorizontalPodAutoscaler
namespaced autoscaling/v1 Scale
namespaced autoscaling/v2beta1 HorizontalPodAutoscaler
namespaced autoscaling/v2beta2 HorizontalPodAutoscaler
namespaced batch/v1 CronJob
namespaced batch/v1 Job
namespaced batch/v1beta1 CronJob
namespaced coordination.k8s.io/v1 Lease
namespaced coordination.k8s.io/v1beta1 Lease
namespaced discovery.k8s.io/v1 EndpointSlice
namespaced discovery.k8s.io/v1beta1 EndpointSlice
namespaced events.k8s.io/v1 Event
namespaced events.k8s.io/v1beta1 Event
namespaced extensions/v1beta1 Ingress
namespaced networking.k8s.io/v1 Ingress
namespaced networking.k8s.io/v1 NetworkPolicy
namespaced networking.k8s.io/v1beta1 Ingress
namespaced policy/v1 PodDisruptionBudget
namespaced policy/v1beta1 PodDisruptionBudget
namespaced rbac.authorization.k8s.io/v1 Role
namespaced rbac.authorization.k8s.io/v1 RoleBinding
namespaced rbac.authorization.k8s.io/v1beta1 Role
namespaced rbac.authorization.k8s.io/v1beta1 RoleBinding
namespaced storage.k8s.io/v1beta1 CSIStorageCapacity
namespaced v1 ConfigMap
namespaced v1 Endpoints
namespaced v1 Event
namespaced v1 LimitRange
namespaced v1 PersistentVolumeClaim
namespaced v1 Pod
namespaced v1 PodAttachOptions
namespaced v1 PodExecOptions
namespaced v1 PodPortForwardOptions
namespaced v1 PodProxyOptions
namespaced v1 PodTemplate
namespaced v1 ReplicationController
namespaced v1 ResourceQuota
namespaced v1 Secret
namespaced v1 Service
namespaced v1 ServiceAccount
namespaced v1 ServiceProxyOptions
type io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta webhooks*name apiVersion
type io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta webhooks*name
type io.k8s.api.admissionregistration.v1beta1.MutatingWebhookConfiguration apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta webhooks*name
type io.k8s.api.admissionregistration.v1beta1.ValidatingWebhookConfiguration apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta webhooks*name
type io.k8s.api.apps.v1.ControllerRevision kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta revision apiVersion data
type io.k8s.api.apps.v1.DaemonSet kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.apps.v1.DaemonSetSpec status>io.k8s.api.apps.v1.DaemonSetStatus apiVersion
type io.k8s.api.apps.v1.DaemonSetSpec minReadySeconds revisionHistoryLimit selector template>io.k8s.api.core.v1.PodTemplateSpec updateStrategy
type io.k8s.api.apps.v1.DaemonSetStatus numberReady numberUnavailable conditions*type currentNumberScheduled numberAvailable numberMisscheduled collisionCount desiredNumberScheduled observedGeneration updatedNumberScheduled
type io.k8s.api.apps.v1.Deployment status>io.k8s.api.apps.v1.DeploymentStatus apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.apps.v1.DeploymentSpec
type io.k8s.api.apps.v1.DeploymentSpec minReadySeconds paused progressDeadlineSeconds replicas revisionHistoryLimit selector strategy template>io.k8s.api.core.v1.PodTemplateSpec
type io.k8s.api.apps.v1.DeploymentStatus readyReplicas replicas unavailableReplicas updatedReplicas availableReplicas collisionCount conditions*type observedGeneration
type io.k8s.api.apps.v1.Kustomization configMapGenerator*name secretGenerator*name
type io.k8s.api.apps.v1.ReplicaSet spec>io.k8s.api.apps.v1.ReplicaSetSpec status>io.k8s.api.apps.v1.ReplicaSetStatus apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.apps.v1.ReplicaSetSpec minReadySeconds replicas selector template>io.k8s.api.core.v1.PodTemplateSpec
type io.k8s.api.apps.v1.ReplicaSetStatus replicas availableReplicas conditions*type fullyLabeledReplicas observedGeneration readyReplicas
type io.k8s.api.apps.v1.StatefulSet metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.apps.v1.StatefulSetSpec status>io.k8s.api.apps.v1.StatefulSetStatus apiVersion kind
type io.k8s.api.apps.v1.StatefulSetSpec replicas revisionHistoryLimit selector serviceName template>io.k8s.api.core.v1.PodTemplateSpec updateStrategy volumeClaimTemplates podManagementPolicy
type io.k8s.api.apps.v1.StatefulSetStatus conditions*type currentRevision updatedReplicas replicas updateRevision collisionCount currentReplicas observedGeneration readyReplicas
type io.k8s.api.authentication.v1.TokenRequest kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion
type io.k8s.api.authentication.v1.TokenReview metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion kind
type io.k8s.api.authentication.v1beta1.TokenReview apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.authorization.v1.LocalSubjectAccessReview status apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.authorization.v1.SelfSubjectAccessReview apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.authorization.v1.SelfSubjectRulesReview metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion kind
type io.k8s.api.authorization.v1.SubjectAccessReview status apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.authorization.v1beta1.LocalSubjectAccessReview spec status apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.authorization.v1beta1.SelfSubjectAccessReview apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.authorization.v1beta1.SelfSubjectRulesReview apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.authorization.v1beta1.SubjectAccessReview apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.autoscaling.v1.Scale kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion
type io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscaler spec status apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscaler apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.batch.v1.CronJob kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.batch.v1.CronJobSpec status apiVersion
type io.k8s.api.batch.v1.CronJobSpec startingDeadlineSeconds successfulJobsHistoryLimit suspend concurrencyPolicy failedJobsHistoryLimit jobTemplate>io.k8s.api.batch.v1.JobTemplateSpec schedule
type io.k8s.api.batch.v1.Job metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.batch.v1.JobSpec status>io.k8s.api.batch.v1.JobStatus apiVersion kind
type io.k8s.api.batch.v1.JobSpec template>io.k8s.api.core.v1.PodTemplateSpec ttlSecondsAfterFinished completionMode completions manualSelector parallelism selector suspend activeDeadlineSeconds backoffLimit
type io.k8s.api.batch.v1.JobStatus conditions*type failed startTime succeeded active completedIndexes completionTime
type io.k8s.api.batch.v1.JobTemplateSpec metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.batch.v1.JobSpec
type io.k8s.api.batch.v1beta1.CronJob kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.batch.v1beta1.CronJobSpec status apiVersion
type io.k8s.api.batch.v1beta1.CronJobSpec successfulJobsHistoryLimit suspend concurrencyPolicy failedJobsHistoryLimit jobTemplate>io.k8s.api.batch.v1beta1.JobTemplateSpec schedule startingDeadlineSeconds
type io.k8s.api.batch.v1beta1.JobTemplateSpec metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.batch.v1.JobSpec
type io.k8s.api.certificates.v1.CertificateSigningRequest metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion kind
type io.k8s.api.certificates.v1beta1.CertificateSigningRequest apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.coordination.v1.Lease apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.coordination.v1beta1.Lease kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec apiVersion
type io.k8s.api.core.v1.Binding apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta target
type io.k8s.api.core.v1.ComponentStatus apiVersion conditions*type kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.core.v1.ConfigMap binaryData data immutable kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta apiVersion
type io.k8s.api.core.v1.Container livenessProbe readinessProbe resources securityContext startupProbe terminationMessagePath volumeMounts*mountPath envFrom stdin tty volumeDevices*devicePath workingDir image env*name lifecycle name command imagePullPolicy ports*containerPort,protocol stdinOnce terminationMessagePolicy args
type io.k8s.api.core.v1.Endpoints apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta subsets
type io.k8s.api.core.v1.EphemeralContainer envFrom imagePullPolicy name securityContext targetContainerName volumeDevices*devicePath args command workingDir resources startupProbe volumeMounts*mountPath env*name readinessProbe stdin stdinOnce terminationMessagePolicy tty lifecycle livenessProbe terminationMessagePath image ports
type io.k8s.api.core.v1.EphemeralVolumeSource volumeClaimTemplate>io.k8s.api.core.v1.PersistentVolumeClaimTemplate
type io.k8s.api.core.v1.Event count message metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta source apiVersion lastTimestamp related reportingComponent reportingInstance series action type reason firstTimestamp involvedObject kind eventTime
type io.k8s.api.core.v1.LimitRange apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.core.v1.Namespace status>io.k8s.api.core.v1.NamespaceStatus apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.core.v1.NamespaceStatus conditions*type phase
type io.k8s.api.core.v1.Node apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.core.v1.NodeSpec status>io.k8s.api.core.v1.NodeStatus
type io.k8s.api.core.v1.NodeSpec unschedulable configSource externalID podCIDR podCIDRs* providerID taints
type io.k8s.api.core.v1.NodeStatus images nodeInfo volumesInUse conditions*type daemonEndpoints capacity config phase volumesAttached addresses*type allocatable
type io.k8s.api.core.v1.PersistentVolume apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.core.v1.PersistentVolumeClaim apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status>io.k8s.api.core.v1.PersistentVolumeClaimStatus
type io.k8s.api.core.v1.PersistentVolumeClaimStatus accessModes capacity conditions*type phase
type io.k8s.api.core.v1.PersistentVolumeClaimTemplate metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.core.v1.Pod apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.core.v1.PodSpec status>io.k8s.api.core.v1.PodStatus
type io.k8s.api.core.v1.PodSpec ephemeralContainers*name>io.k8s.api.core.v1.EphemeralContainer hostname initContainers*name>io.k8s.api.core.v1.Container setHostnameAsFQDN dnsPolicy enableServiceLinks serviceAccount terminationGracePeriodSeconds priorityClassName runtimeClassName affinity hostNetwork hostPID priority tolerations hostAliases*ip hostIPC imagePullSecrets*name nodeSelector preemptionPolicy shareProcessNamespace topologySpreadConstraints*topologyKey,whenUnsatisfiable automountServiceAccountToken dnsConfig subdomain restartPolicy schedulerName readinessGates serviceAccountName nodeName overhead securityContext volumes*name>io.k8s.api.core.v1.Volume activeDeadlineSeconds containers*name>io.k8s.api.core.v1.Container
type io.k8s.api.core.v1.PodStatus hostIP startTime podIP conditions*type containerStatuses ephemeralContainerStatuses initContainerStatuses message nominatedNodeName phase podIPs*ip qosClass reason
type io.k8s.api.core.v1.PodTemplate kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta template>io.k8s.api.core.v1.PodTemplateSpec apiVersion
type io.k8s.api.core.v1.PodTemplateSpec spec>io.k8s.api.core.v1.PodSpec metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.core.v1.ReplicationController apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.core.v1.ReplicationControllerSpec status>io.k8s.api.core.v1.ReplicationControllerStatus
type io.k8s.api.core.v1.ReplicationControllerSpec minReadySeconds replicas selector template>io.k8s.api.core.v1.PodTemplateSpec
type io.k8s.api.core.v1.ReplicationControllerStatus availableReplicas conditions*type fullyLabeledReplicas observedGeneration readyReplicas replicas
type io.k8s.api.core.v1.ResourceQuota apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.core.v1.Secret kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta stringData type apiVersion data immutable
type io.k8s.api.core.v1.Service status>io.k8s.api.core.v1.ServiceStatus apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.core.v1.ServiceSpec
type io.k8s.api.core.v1.ServiceAccount apiVersion automountServiceAccountToken imagePullSecrets kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta secrets*name
type io.k8s.api.core.v1.ServiceSpec loadBalancerClass loadBalancerIP loadBalancerSourceRanges selector sessionAffinity topologyKeys externalTrafficPolicy clusterIPs healthCheckNodePort internalTrafficPolicy ipFamilyPolicy publishNotReadyAddresses allocateLoadBalancerNodePorts sessionAffinityConfig ipFamilies externalIPs externalName ports*port,protocol type clusterIP
type io.k8s.api.core.v1.ServiceStatus conditions*type loadBalancer
type io.k8s.api.core.v1.Volume quobyte azureFile cinder configMap nfs photonPersistentDisk ephemeral>io.k8s.api.core.v1.EphemeralVolumeSource glusterfs rbd azureDisk downwardAPI gitRepo scaleIO hostPath name persistentVolumeClaim gcePersistentDisk iscsi secret flexVolume awsElasticBlockStore csi projected vsphereVolume storageos cephfs emptyDir fc flocker portworxVolume
type io.k8s.api.discovery.v1.EndpointSlice addressType apiVersion endpoints kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta ports
type io.k8s.api.discovery.v1beta1.EndpointSlice addressType apiVersion endpoints kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta ports
type io.k8s.api.events.v1.Event reportingInstance action kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta related reportingController deprecatedCount deprecatedSource reason series apiVersion eventTime note regarding type deprecatedFirstTimestamp deprecatedLastTimestamp
type io.k8s.api.events.v1beta1.Event reason related reportingController action deprecatedCount deprecatedLastTimestamp metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta deprecatedFirstTimestamp eventTime kind apiVersion deprecatedSource regarding series note reportingInstance type
type io.k8s.api.extensions.v1beta1.Ingress apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.flowcontrol.v1beta1.FlowSchema apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfiguration apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.networking.v1.Ingress apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.networking.v1.IngressClass apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.networking.v1.NetworkPolicy metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec apiVersion kind
type io.k8s.api.networking.v1beta1.Ingress apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.api.networking.v1beta1.IngressClass apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.node.v1.RuntimeClass apiVersion handler kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta overhead scheduling
type io.k8s.api.node.v1beta1.RuntimeClass apiVersion handler kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta overhead scheduling
type io.k8s.api.policy.v1.PodDisruptionBudget metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status>io.k8s.api.policy.v1.PodDisruptionBudgetStatus apiVersion kind
type io.k8s.api.policy.v1.PodDisruptionBudgetStatus observedGeneration conditions*type currentHealthy desiredHealthy disruptedPods disruptionsAllowed expectedPods
type io.k8s.api.policy.v1beta1.Eviction apiVersion deleteOptions kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.policy.v1beta1.PodDisruptionBudget apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status>io.k8s.api.policy.v1beta1.PodDisruptionBudgetStatus
type io.k8s.api.policy.v1beta1.PodDisruptionBudgetStatus conditions*type currentHealthy desiredHealthy disruptedPods disruptionsAllowed expectedPods observedGeneration
type io.k8s.api.policy.v1beta1.PodSecurityPolicy spec apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.rbac.v1.ClusterRole aggregationRule apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta rules
type io.k8s.api.rbac.v1.ClusterRoleBinding apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta roleRef subjects
type io.k8s.api.rbac.v1.Role apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta rules
type io.k8s.api.rbac.v1.RoleBinding roleRef subjects apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.rbac.v1beta1.ClusterRole aggregationRule apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta rules
type io.k8s.api.rbac.v1beta1.ClusterRoleBinding apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta roleRef subjects
type io.k8s.api.rbac.v1beta1.Role apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta rules
type io.k8s.api.rbac.v1beta1.RoleBinding subjects apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta roleRef
type io.k8s.api.scheduling.v1.PriorityClass kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta preemptionPolicy value apiVersion description globalDefault
type io.k8s.api.scheduling.v1beta1.PriorityClass globalDefault kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta preemptionPolicy value apiVersion description
type io.k8s.api.storage.v1.CSIDriver apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.storage.v1.CSINode apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.storage.v1.CSINodeSpec
type io.k8s.api.storage.v1.CSINodeSpec drivers*name
type io.k8s.api.storage.v1.StorageClass allowVolumeExpansion apiVersion mountOptions volumeBindingMode allowedTopologies kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta parameters provisioner reclaimPolicy
type io.k8s.api.storage.v1.VolumeAttachment metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion kind
type io.k8s.api.storage.v1beta1.CSIDriver apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec
type io.k8s.api.storage.v1beta1.CSINode metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec>io.k8s.api.storage.v1beta1.CSINodeSpec apiVersion kind
type io.k8s.api.storage.v1beta1.CSINodeSpec drivers*name
type io.k8s.api.storage.v1beta1.CSIStorageCapacity nodeTopology storageClassName apiVersion capacity kind maximumVolumeSize metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
type io.k8s.api.storage.v1beta1.StorageClass allowVolumeExpansion allowedTopologies apiVersion kind mountOptions metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta parameters provisioner reclaimPolicy volumeBindingMode
type io.k8s.api.storage.v1beta1.VolumeAttachment apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status
type io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion
type io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status apiVersion kind
type io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta namespace uid annotations clusterName creationTimestamp finalizers* generateName labels selfLink deletionGracePeriodSeconds deletionTimestamp generation ownerReferences*uid managedFields name resourceVersion
type io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status>io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus apiVersion kind
type io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus conditions*type
type io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIService apiVersion kind metadata>io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta spec status>io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceStatus
type io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceStatus conditions*type
`;
