/**
 * Custom resources whose controllers create pods, and where they hold the pod templates. Admission
 * does not look at the resource, but refuses the pods.
 */

/** Where the templates of a kind stand. */
export interface CustomWorkload {
  readonly group: string;
  readonly kind: string;
  /** Dotted; `[*]` stands for every item of a list, or every value of a map. */
  readonly paths: readonly string[];
  /** The templates hold only fields of the pod; the controller makes the containers. */
  readonly isPartial?: true;
}

export const CUSTOM_WORKLOADS: readonly CustomWorkload[] = [
  // https://argo-rollouts.readthedocs.io/en/stable/features/specification/
  { group: 'argoproj.io', kind: 'Rollout', paths: ['spec.template'] },
  { group: 'argoproj.io', kind: 'Experiment', paths: ['spec.templates[*].template'] },
  // https://knative.dev/docs/serving/reference/serving-api/
  { group: 'serving.knative.dev', kind: 'Service', paths: ['spec.template'] },
  { group: 'serving.knative.dev', kind: 'Configuration', paths: ['spec.template'] },
  { group: 'serving.knative.dev', kind: 'Revision', paths: [''] },
  // https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta1/
  { group: 'kueue.x-k8s.io', kind: 'Workload', paths: ['spec.podSets[*].template'] },
  // https://jobset.sigs.k8s.io/docs/reference/jobset.v1alpha2/
  {
    group: 'jobset.x-k8s.io',
    kind: 'JobSet',
    paths: ['spec.replicatedJobs[*].template.spec.template'],
  },
  // https://lws.sigs.k8s.io/docs/reference/leaderworkerset.v1/
  {
    group: 'leaderworkerset.x-k8s.io',
    kind: 'LeaderWorkerSet',
    paths: ['spec.leaderWorkerTemplate.leaderTemplate', 'spec.leaderWorkerTemplate.workerTemplate'],
  },
  // https://keda.sh/docs/latest/reference/scaledjob-spec/
  { group: 'keda.sh', kind: 'ScaledJob', paths: ['spec.jobTargetRef.template'] },
  // https://docs.ray.io/en/latest/cluster/kubernetes/user-guides/config.html
  { group: 'ray.io', kind: 'RayCluster', paths: rayTemplates('spec') },
  {
    group: 'ray.io',
    kind: 'RayJob',
    paths: [...rayTemplates('spec.rayClusterSpec'), 'spec.submitterPodTemplate'],
  },
  { group: 'ray.io', kind: 'RayService', paths: rayTemplates('spec.rayClusterConfig') },
  // https://www.kubeflow.org/docs/components/trainer/legacy-v1/
  { group: 'kubeflow.org', kind: 'JAXJob', paths: ['spec.jaxReplicaSpecs[*].template'] },
  { group: 'kubeflow.org', kind: 'MPIJob', paths: ['spec.mpiReplicaSpecs[*].template'] },
  { group: 'kubeflow.org', kind: 'PaddleJob', paths: ['spec.paddleReplicaSpecs[*].template'] },
  { group: 'kubeflow.org', kind: 'PyTorchJob', paths: ['spec.pytorchReplicaSpecs[*].template'] },
  { group: 'kubeflow.org', kind: 'TFJob', paths: ['spec.tfReplicaSpecs[*].template'] },
  { group: 'kubeflow.org', kind: 'XGBoostJob', paths: ['spec.xgbReplicaSpecs[*].template'] },
  // https://tekton.dev/docs/pipelines/podtemplates/
  { group: 'tekton.dev', kind: 'TaskRun', paths: ['spec.podTemplate'], isPartial: true },
  {
    group: 'tekton.dev',
    kind: 'PipelineRun',
    paths: [
      'spec.taskRunTemplate.podTemplate',
      'spec.taskRunSpecs[*].podTemplate',
      // The same two in v1beta1.
      'spec.podTemplate',
      'spec.taskRunSpecs[*].taskPodTemplate',
    ],
    isPartial: true,
  },
  // https://strimzi.io/docs/operators/latest/configuring#type-PodTemplate-reference
  {
    group: 'kafka.strimzi.io',
    kind: 'Kafka',
    paths: [
      'spec.kafka.template.pod',
      'spec.zookeeper.template.pod',
      'spec.entityOperator.template.pod',
      'spec.cruiseControl.template.pod',
      'spec.kafkaExporter.template.pod',
    ],
    isPartial: true,
  },
  strimzi('KafkaNodePool', 'spec.template.pod'),
  strimzi('KafkaConnect', 'spec.template.pod', 'spec.template.buildPod'),
  strimzi('KafkaMirrorMaker', 'spec.template.pod'),
  strimzi('KafkaMirrorMaker2', 'spec.template.pod'),
  strimzi('KafkaBridge', 'spec.template.pod'),
];

function rayTemplates(cluster: string): string[] {
  return [`${cluster}.headGroupSpec.template`, `${cluster}.workerGroupSpecs[*].template`];
}

function strimzi(kind: string, ...paths: string[]): CustomWorkload {
  return { group: 'kafka.strimzi.io', kind, paths, isPartial: true };
}
