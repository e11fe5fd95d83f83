/**
 * The fields that kustomize 5.8.1 touches by default: facts taken from sigs.k8s.io/kustomize/api
 * (Copyright The Kubernetes Authors, Apache-2.0). Made by scripts/kustomize-field-specs.ts; the
 * format is told in transformer-config.ts.
 */
export const DEFAULT_FIELD_SPECS = String.raw`
namePrefix metadata/name - - -
nameSuffix metadata/name - - -
commonLabels spec/selector - v1 Service create
commonLabels spec/selector - v1 ReplicationController create
commonLabels spec/selector/matchLabels - - Deployment create
commonLabels spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels apps - Deployment
commonLabels spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels apps - Deployment
commonLabels spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels apps - Deployment
commonLabels spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels apps - Deployment
commonLabels spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels apps - Deployment
commonLabels spec/selector/matchLabels - - ReplicaSet create
commonLabels spec/selector/matchLabels - - DaemonSet create
commonLabels spec/selector/matchLabels apps - StatefulSet create
commonLabels spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels apps - StatefulSet
commonLabels spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels apps - StatefulSet
commonLabels spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels apps - StatefulSet
commonLabels spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels apps - StatefulSet
commonLabels spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels apps - StatefulSet
commonLabels spec/selector/matchLabels batch - Job
commonLabels spec/jobTemplate/spec/selector/matchLabels batch - CronJob
commonLabels spec/selector/matchLabels policy - PodDisruptionBudget
commonLabels spec/podSelector/matchLabels networking.k8s.io - NetworkPolicy
commonLabels spec/ingress/from/podSelector/matchLabels networking.k8s.io - NetworkPolicy
commonLabels spec/egress/to/podSelector/matchLabels networking.k8s.io - NetworkPolicy
commonLabels metadata/labels - - - create
commonLabels spec/template/metadata/labels - v1 ReplicationController create
commonLabels spec/template/metadata/labels - - Deployment create
commonLabels spec/template/metadata/labels - - ReplicaSet create
commonLabels spec/template/metadata/labels - - DaemonSet create
commonLabels spec/template/metadata/labels apps - StatefulSet create
commonLabels spec/volumeClaimTemplates[]/metadata/labels apps - StatefulSet create
commonLabels spec/template/metadata/labels batch - Job create
commonLabels spec/jobTemplate/metadata/labels batch - CronJob create
commonLabels spec/jobTemplate/spec/template/metadata/labels batch - CronJob create
templateLabels metadata/labels - - - create
templateLabels spec/template/metadata/labels - v1 ReplicationController create
templateLabels spec/template/metadata/labels - - Deployment create
templateLabels spec/template/metadata/labels - - ReplicaSet create
templateLabels spec/template/metadata/labels - - DaemonSet create
templateLabels spec/template/metadata/labels apps - StatefulSet create
templateLabels spec/volumeClaimTemplates[]/metadata/labels apps - StatefulSet create
templateLabels spec/template/metadata/labels batch - Job create
templateLabels spec/jobTemplate/metadata/labels batch - CronJob create
templateLabels spec/jobTemplate/spec/template/metadata/labels batch - CronJob create
commonAnnotations metadata/annotations - - - create
commonAnnotations spec/template/metadata/annotations - v1 ReplicationController create
commonAnnotations spec/template/metadata/annotations - - Deployment create
commonAnnotations spec/template/metadata/annotations - - ReplicaSet create
commonAnnotations spec/template/metadata/annotations - - DaemonSet create
commonAnnotations spec/template/metadata/annotations - - StatefulSet create
commonAnnotations spec/template/metadata/annotations batch - Job create
commonAnnotations spec/jobTemplate/metadata/annotations batch - CronJob create
commonAnnotations spec/jobTemplate/spec/template/metadata/annotations batch - CronJob create
namespace metadata/name - - Namespace create
namespace spec/service/namespace apiregistration.k8s.io - APIService create
namespace spec/conversion/webhook/clientConfig/service/namespace apiextensions.k8s.io - CustomResourceDefinition
varReference spec/jobTemplate/spec/template/spec/containers/args - - CronJob
varReference spec/jobTemplate/spec/template/spec/containers/command - - CronJob
varReference spec/jobTemplate/spec/template/spec/containers/env/value - - CronJob
varReference spec/jobTemplate/spec/template/spec/containers/volumeMounts/mountPath - - CronJob
varReference spec/jobTemplate/spec/template/spec/initContainers/args - - CronJob
varReference spec/jobTemplate/spec/template/spec/initContainers/command - - CronJob
varReference spec/jobTemplate/spec/template/spec/initContainers/env/value - - CronJob
varReference spec/jobTemplate/spec/template/spec/initContainers/volumeMounts/mountPath - - CronJob
varReference spec/jobTemplate/spec/template/volumes/nfs/server - - CronJob
varReference spec/template/spec/containers/args - - DaemonSet
varReference spec/template/spec/containers/command - - DaemonSet
varReference spec/template/spec/containers/env/value - - DaemonSet
varReference spec/template/spec/containers/volumeMounts/mountPath - - DaemonSet
varReference spec/template/spec/initContainers/args - - DaemonSet
varReference spec/template/spec/initContainers/command - - DaemonSet
varReference spec/template/spec/initContainers/env/value - - DaemonSet
varReference spec/template/spec/initContainers/volumeMounts/mountPath - - DaemonSet
varReference spec/template/spec/volumes/nfs/server - - DaemonSet
varReference spec/template/spec/containers/args - - Deployment
varReference spec/template/spec/containers/command - - Deployment
varReference spec/template/spec/containers/env/value - - Deployment
varReference spec/template/spec/containers/volumeMounts/mountPath - - Deployment
varReference spec/template/spec/initContainers/args - - Deployment
varReference spec/template/spec/initContainers/command - - Deployment
varReference spec/template/spec/initContainers/env/value - - Deployment
varReference spec/template/spec/initContainers/volumeMounts/mountPath - - Deployment
varReference spec/template/spec/volumes/nfs/server - - Deployment
varReference spec/template/metadata/annotations - - Deployment
varReference spec/rules/host - - Ingress
varReference spec/tls/hosts - - Ingress
varReference spec/tls/secretName - - Ingress
varReference spec/template/spec/containers/args - - Job
varReference spec/template/spec/containers/command - - Job
varReference spec/template/spec/containers/env/value - - Job
varReference spec/template/spec/containers/volumeMounts/mountPath - - Job
varReference spec/template/spec/initContainers/args - - Job
varReference spec/template/spec/initContainers/command - - Job
varReference spec/template/spec/initContainers/env/value - - Job
varReference spec/template/spec/initContainers/volumeMounts/mountPath - - Job
varReference spec/template/spec/volumes/nfs/server - - Job
varReference spec/containers/args - - Pod
varReference spec/containers/command - - Pod
varReference spec/containers/env/value - - Pod
varReference spec/containers/volumeMounts/mountPath - - Pod
varReference spec/initContainers/args - - Pod
varReference spec/initContainers/command - - Pod
varReference spec/initContainers/env/value - - Pod
varReference spec/initContainers/volumeMounts/mountPath - - Pod
varReference spec/volumes/nfs/server - - Pod
varReference spec/template/spec/containers/args - - ReplicaSet
varReference spec/template/spec/containers/command - - ReplicaSet
varReference spec/template/spec/containers/env/value - - ReplicaSet
varReference spec/template/spec/containers/volumeMounts/mountPath - - ReplicaSet
varReference spec/template/spec/initContainers/args - - ReplicaSet
varReference spec/template/spec/initContainers/command - - ReplicaSet
varReference spec/template/spec/initContainers/env/value - - ReplicaSet
varReference spec/template/spec/initContainers/volumeMounts/mountPath - - ReplicaSet
varReference spec/template/spec/volumes/nfs/server - - ReplicaSet
varReference spec/ports/port - - Service
varReference spec/ports/targetPort - - Service
varReference spec/template/spec/containers/args - - StatefulSet
varReference spec/template/spec/containers/command - - StatefulSet
varReference spec/template/spec/containers/env/value - - StatefulSet
varReference spec/template/spec/containers/volumeMounts/mountPath - - StatefulSet
varReference spec/template/spec/initContainers/args - - StatefulSet
varReference spec/template/spec/initContainers/command - - StatefulSet
varReference spec/template/spec/initContainers/env/value - - StatefulSet
varReference spec/template/spec/initContainers/volumeMounts/mountPath - - StatefulSet
varReference spec/volumeClaimTemplates/spec/nfs/server - - StatefulSet
varReference spec/nfs/server - - PersistentVolume
varReference metadata/labels - - -
varReference metadata/annotations - - -
nameReference - - Deployment spec/scaleTargetRef/name - - HorizontalPodAutoscaler
nameReference - - ReplicationController spec/scaleTargetRef/name - - HorizontalPodAutoscaler
nameReference - - ReplicaSet spec/scaleTargetRef/name - - HorizontalPodAutoscaler
nameReference - - StatefulSet spec/scaleTargetRef/name - - HorizontalPodAutoscaler
nameReference - v1 ConfigMap spec/volumes/configMap/name - v1 Pod
nameReference - v1 ConfigMap spec/containers/env/valueFrom/configMapKeyRef/name - v1 Pod
nameReference - v1 ConfigMap spec/initContainers/env/valueFrom/configMapKeyRef/name - v1 Pod
nameReference - v1 ConfigMap spec/containers/envFrom/configMapRef/name - v1 Pod
nameReference - v1 ConfigMap spec/initContainers/envFrom/configMapRef/name - v1 Pod
nameReference - v1 ConfigMap spec/volumes/projected/sources/configMap/name - v1 Pod
nameReference - v1 ConfigMap template/spec/volumes/configMap/name - - PodTemplate
nameReference - v1 ConfigMap template/spec/containers/env/valueFrom/configMapKeyRef/name - - PodTemplate
nameReference - v1 ConfigMap template/spec/initContainers/env/valueFrom/configMapKeyRef/name - - PodTemplate
nameReference - v1 ConfigMap template/spec/containers/envFrom/configMapRef/name - - PodTemplate
nameReference - v1 ConfigMap template/spec/initContainers/envFrom/configMapRef/name - - PodTemplate
nameReference - v1 ConfigMap template/spec/volumes/projected/sources/configMap/name - - PodTemplate
nameReference - v1 ConfigMap spec/template/spec/volumes/configMap/name - - Deployment
nameReference - v1 ConfigMap spec/template/spec/containers/env/valueFrom/configMapKeyRef/name - - Deployment
nameReference - v1 ConfigMap spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name - - Deployment
nameReference - v1 ConfigMap spec/template/spec/containers/envFrom/configMapRef/name - - Deployment
nameReference - v1 ConfigMap spec/template/spec/initContainers/envFrom/configMapRef/name - - Deployment
nameReference - v1 ConfigMap spec/template/spec/volumes/projected/sources/configMap/name - - Deployment
nameReference - v1 ConfigMap spec/template/spec/volumes/configMap/name - - ReplicaSet
nameReference - v1 ConfigMap spec/template/spec/containers/env/valueFrom/configMapKeyRef/name - - ReplicaSet
nameReference - v1 ConfigMap spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name - - ReplicaSet
nameReference - v1 ConfigMap spec/template/spec/containers/envFrom/configMapRef/name - - ReplicaSet
nameReference - v1 ConfigMap spec/template/spec/initContainers/envFrom/configMapRef/name - - ReplicaSet
nameReference - v1 ConfigMap spec/template/spec/volumes/projected/sources/configMap/name - - ReplicaSet
nameReference - v1 ConfigMap spec/template/spec/volumes/configMap/name - - DaemonSet
nameReference - v1 ConfigMap spec/template/spec/containers/env/valueFrom/configMapKeyRef/name - - DaemonSet
nameReference - v1 ConfigMap spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name - - DaemonSet
nameReference - v1 ConfigMap spec/template/spec/containers/envFrom/configMapRef/name - - DaemonSet
nameReference - v1 ConfigMap spec/template/spec/initContainers/envFrom/configMapRef/name - - DaemonSet
nameReference - v1 ConfigMap spec/template/spec/volumes/projected/sources/configMap/name - - DaemonSet
nameReference - v1 ConfigMap spec/template/spec/volumes/configMap/name - - StatefulSet
nameReference - v1 ConfigMap spec/template/spec/containers/env/valueFrom/configMapKeyRef/name - - StatefulSet
nameReference - v1 ConfigMap spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name - - StatefulSet
nameReference - v1 ConfigMap spec/template/spec/containers/envFrom/configMapRef/name - - StatefulSet
nameReference - v1 ConfigMap spec/template/spec/initContainers/envFrom/configMapRef/name - - StatefulSet
nameReference - v1 ConfigMap spec/template/spec/volumes/projected/sources/configMap/name - - StatefulSet
nameReference - v1 ConfigMap spec/template/spec/volumes/configMap/name - - Job
nameReference - v1 ConfigMap spec/template/spec/containers/env/valueFrom/configMapKeyRef/name - - Job
nameReference - v1 ConfigMap spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name - - Job
nameReference - v1 ConfigMap spec/template/spec/containers/envFrom/configMapRef/name - - Job
nameReference - v1 ConfigMap spec/template/spec/initContainers/envFrom/configMapRef/name - - Job
nameReference - v1 ConfigMap spec/template/spec/volumes/projected/sources/configMap/name - - Job
nameReference - v1 ConfigMap spec/jobTemplate/spec/template/spec/volumes/configMap/name - - CronJob
nameReference - v1 ConfigMap spec/jobTemplate/spec/template/spec/volumes/projected/sources/configMap/name - - CronJob
nameReference - v1 ConfigMap spec/jobTemplate/spec/template/spec/containers/env/valueFrom/configMapKeyRef/name - - CronJob
nameReference - v1 ConfigMap spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name - - CronJob
nameReference - v1 ConfigMap spec/jobTemplate/spec/template/spec/containers/envFrom/configMapRef/name - - CronJob
nameReference - v1 ConfigMap spec/jobTemplate/spec/template/spec/initContainers/envFrom/configMapRef/name - - CronJob
nameReference - v1 ConfigMap spec/configSource/configMap - - Node
nameReference - v1 ConfigMap rules/resourceNames - - Role
nameReference - v1 ConfigMap rules/resourceNames - - ClusterRole
nameReference - v1 ConfigMap metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap - - Ingress
nameReference - v1 Secret spec/volumes/secret/secretName - v1 Pod
nameReference - v1 Secret spec/containers/env/valueFrom/secretKeyRef/name - v1 Pod
nameReference - v1 Secret spec/initContainers/env/valueFrom/secretKeyRef/name - v1 Pod
nameReference - v1 Secret spec/containers/envFrom/secretRef/name - v1 Pod
nameReference - v1 Secret spec/initContainers/envFrom/secretRef/name - v1 Pod
nameReference - v1 Secret spec/imagePullSecrets/name - v1 Pod
nameReference - v1 Secret spec/volumes/projected/sources/secret/name - v1 Pod
nameReference - v1 Secret template/spec/volumes/secret/secretName - - PodTemplate
nameReference - v1 Secret template/spec/containers/env/valueFrom/secretKeyRef/name - - PodTemplate
nameReference - v1 Secret template/spec/initContainers/env/valueFrom/secretKeyRef/name - - PodTemplate
nameReference - v1 Secret template/spec/containers/envFrom/secretRef/name - - PodTemplate
nameReference - v1 Secret template/spec/initContainers/envFrom/secretRef/name - - PodTemplate
nameReference - v1 Secret template/spec/imagePullSecrets/name - - PodTemplate
nameReference - v1 Secret template/spec/volumes/projected/sources/secret/name - - PodTemplate
nameReference - v1 Secret spec/template/spec/volumes/secret/secretName - - Deployment
nameReference - v1 Secret spec/template/spec/containers/env/valueFrom/secretKeyRef/name - - Deployment
nameReference - v1 Secret spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name - - Deployment
nameReference - v1 Secret spec/template/spec/containers/envFrom/secretRef/name - - Deployment
nameReference - v1 Secret spec/template/spec/initContainers/envFrom/secretRef/name - - Deployment
nameReference - v1 Secret spec/template/spec/imagePullSecrets/name - - Deployment
nameReference - v1 Secret spec/template/spec/volumes/projected/sources/secret/name - - Deployment
nameReference - v1 Secret spec/template/spec/volumes/secret/secretName - - ReplicaSet
nameReference - v1 Secret spec/template/spec/containers/env/valueFrom/secretKeyRef/name - - ReplicaSet
nameReference - v1 Secret spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name - - ReplicaSet
nameReference - v1 Secret spec/template/spec/containers/envFrom/secretRef/name - - ReplicaSet
nameReference - v1 Secret spec/template/spec/initContainers/envFrom/secretRef/name - - ReplicaSet
nameReference - v1 Secret spec/template/spec/imagePullSecrets/name - - ReplicaSet
nameReference - v1 Secret spec/template/spec/volumes/projected/sources/secret/name - - ReplicaSet
nameReference - v1 Secret spec/template/spec/volumes/secret/secretName - - DaemonSet
nameReference - v1 Secret spec/template/spec/containers/env/valueFrom/secretKeyRef/name - - DaemonSet
nameReference - v1 Secret spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name - - DaemonSet
nameReference - v1 Secret spec/template/spec/containers/envFrom/secretRef/name - - DaemonSet
nameReference - v1 Secret spec/template/spec/initContainers/envFrom/secretRef/name - - DaemonSet
nameReference - v1 Secret spec/template/spec/imagePullSecrets/name - - DaemonSet
nameReference - v1 Secret spec/template/spec/volumes/projected/sources/secret/name - - DaemonSet
nameReference - v1 Secret spec/template/spec/volumes/secret/secretName - - StatefulSet
nameReference - v1 Secret spec/template/spec/containers/env/valueFrom/secretKeyRef/name - - StatefulSet
nameReference - v1 Secret spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name - - StatefulSet
nameReference - v1 Secret spec/template/spec/containers/envFrom/secretRef/name - - StatefulSet
nameReference - v1 Secret spec/template/spec/initContainers/envFrom/secretRef/name - - StatefulSet
nameReference - v1 Secret spec/template/spec/imagePullSecrets/name - - StatefulSet
nameReference - v1 Secret spec/template/spec/volumes/projected/sources/secret/name - - StatefulSet
nameReference - v1 Secret spec/template/spec/volumes/secret/secretName - - Job
nameReference - v1 Secret spec/template/spec/containers/env/valueFrom/secretKeyRef/name - - Job
nameReference - v1 Secret spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name - - Job
nameReference - v1 Secret spec/template/spec/containers/envFrom/secretRef/name - - Job
nameReference - v1 Secret spec/template/spec/initContainers/envFrom/secretRef/name - - Job
nameReference - v1 Secret spec/template/spec/imagePullSecrets/name - - Job
nameReference - v1 Secret spec/template/spec/volumes/projected/sources/secret/name - - Job
nameReference - v1 Secret spec/jobTemplate/spec/template/spec/volumes/secret/secretName - - CronJob
nameReference - v1 Secret spec/jobTemplate/spec/template/spec/volumes/projected/sources/secret/name - - CronJob
nameReference - v1 Secret spec/jobTemplate/spec/template/spec/containers/env/valueFrom/secretKeyRef/name - - CronJob
nameReference - v1 Secret spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name - - CronJob
nameReference - v1 Secret spec/jobTemplate/spec/template/spec/containers/envFrom/secretRef/name - - CronJob
nameReference - v1 Secret spec/jobTemplate/spec/template/spec/initContainers/envFrom/secretRef/name - - CronJob
nameReference - v1 Secret spec/jobTemplate/spec/template/spec/imagePullSecrets/name - - CronJob
nameReference - v1 Secret spec/tls/secretName - - Ingress
nameReference - v1 Secret metadata/annotations/ingress.kubernetes.io\/auth-secret - - Ingress
nameReference - v1 Secret metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret - - Ingress
nameReference - v1 Secret metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret - - Ingress
nameReference - v1 Secret spec/tls/secretName - - Ingress
nameReference - v1 Secret imagePullSecrets/name - - ServiceAccount
nameReference - v1 Secret parameters/secretName - - StorageClass
nameReference - v1 Secret parameters/adminSecretName - - StorageClass
nameReference - v1 Secret parameters/userSecretName - - StorageClass
nameReference - v1 Secret parameters/secretRef - - StorageClass
nameReference - v1 Secret rules/resourceNames - - Role
nameReference - v1 Secret rules/resourceNames - - ClusterRole
nameReference - v1 Secret spec/template/spec/containers/env/valueFrom/secretKeyRef/name serving.knative.dev v1 Service
nameReference - v1 Secret spec/azureFile/secretName - - PersistentVolume
nameReference - v1 Service spec/serviceName apps - StatefulSet
nameReference - v1 Service spec/rules/http/paths/backend/serviceName - - Ingress
nameReference - v1 Service spec/backend/serviceName - - Ingress
nameReference - v1 Service spec/rules/http/paths/backend/service/name - - Ingress
nameReference - v1 Service spec/defaultBackend/service/name - - Ingress
nameReference - v1 Service spec/service/name apiregistration.k8s.io - APIService
nameReference - v1 Service webhooks/clientConfig/service admissionregistration.k8s.io - ValidatingWebhookConfiguration
nameReference - v1 Service webhooks/clientConfig/service admissionregistration.k8s.io - MutatingWebhookConfiguration
nameReference rbac.authorization.k8s.io - Role roleRef/name rbac.authorization.k8s.io - RoleBinding
nameReference rbac.authorization.k8s.io - ClusterRole roleRef/name rbac.authorization.k8s.io - RoleBinding
nameReference rbac.authorization.k8s.io - ClusterRole roleRef/name rbac.authorization.k8s.io - ClusterRoleBinding
nameReference - v1 ServiceAccount subjects rbac.authorization.k8s.io - RoleBinding
nameReference - v1 ServiceAccount subjects rbac.authorization.k8s.io - ClusterRoleBinding
nameReference - v1 ServiceAccount spec/serviceAccountName - - Pod
nameReference - v1 ServiceAccount spec/template/spec/serviceAccountName - - StatefulSet
nameReference - v1 ServiceAccount spec/template/spec/serviceAccountName - - Deployment
nameReference - v1 ServiceAccount spec/template/spec/serviceAccountName - - ReplicationController
nameReference - v1 ServiceAccount spec/jobTemplate/spec/template/spec/serviceAccountName - - CronJob
nameReference - v1 ServiceAccount spec/template/spec/serviceAccountName - - Job
nameReference - v1 ServiceAccount spec/template/spec/serviceAccountName - - DaemonSet
nameReference - v1 PersistentVolumeClaim spec/volumes/persistentVolumeClaim/claimName - - Pod
nameReference - v1 PersistentVolumeClaim spec/template/spec/volumes/persistentVolumeClaim/claimName - - StatefulSet
nameReference - v1 PersistentVolumeClaim spec/template/spec/volumes/persistentVolumeClaim/claimName - - Deployment
nameReference - v1 PersistentVolumeClaim spec/template/spec/volumes/persistentVolumeClaim/claimName - - ReplicationController
nameReference - v1 PersistentVolumeClaim spec/jobTemplate/spec/template/spec/volumes/persistentVolumeClaim/claimName - - CronJob
nameReference - v1 PersistentVolumeClaim spec/template/spec/volumes/persistentVolumeClaim/claimName - - Job
nameReference - v1 PersistentVolumeClaim spec/template/spec/volumes/persistentVolumeClaim/claimName - - DaemonSet
nameReference - v1 PersistentVolume spec/volumeName - - PersistentVolumeClaim
nameReference - v1 PersistentVolume rules/resourceNames - - ClusterRole
nameReference storage.k8s.io v1 StorageClass spec/storageClassName - - PersistentVolume
nameReference storage.k8s.io v1 StorageClass spec/storageClassName - - PersistentVolumeClaim
nameReference storage.k8s.io v1 StorageClass spec/volumeClaimTemplates/spec/storageClassName - - StatefulSet
nameReference scheduling.k8s.io v1 PriorityClass spec/priorityClassName - - Pod
nameReference scheduling.k8s.io v1 PriorityClass spec/template/spec/priorityClassName - - StatefulSet
nameReference scheduling.k8s.io v1 PriorityClass spec/template/spec/priorityClassName - - Deployment
nameReference scheduling.k8s.io v1 PriorityClass spec/template/spec/priorityClassName - - ReplicationController
nameReference scheduling.k8s.io v1 PriorityClass spec/jobTemplate/spec/template/spec/priorityClassName - - CronJob
nameReference scheduling.k8s.io v1 PriorityClass spec/template/spec/priorityClassName - - Job
nameReference scheduling.k8s.io v1 PriorityClass spec/template/spec/priorityClassName - - DaemonSet
nameReference networking.k8s.io/v1 v1 IngressClass spec/ingressClassName - - Ingress
nameReference admissionregistration.k8s.io - ValidatingAdmissionPolicy spec/policyName admissionregistration.k8s.io - ValidatingAdmissionPolicyBinding
images spec/containers[]/image - - - create
images spec/initContainers[]/image - - - create
images spec/volumes[]/image/reference - - - create
images spec/template/spec/containers[]/image - - - create
images spec/template/spec/initContainers[]/image - - - create
images spec/template/spec/volumes[]/image/reference - - - create
replicas spec/replicas - - Deployment create
replicas spec/replicas - - ReplicationController create
replicas spec/replicas - - ReplicaSet create
replicas spec/replicas - - StatefulSet create
`;
