import { describe, expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import { CUSTOM_WORKLOADS } from '../../../src/rules/pod-security/custom-workloads.ts';
import {
  evaluatePod,
  forbiddenBy,
  violationsOf,
} from '../../../src/rules/pod-security/evaluate.ts';
import { readWorkload, type Workload } from '../../../src/rules/pod-security/workloads.ts';
import { policy } from './judge.ts';

const X = new Unknown('comes from outside');
const template = {
  metadata: { annotations: { note: 'of the template' } },
  spec: { hostPID: true, containers: [{ name: 'a' }] },
};

function read(apiVersion: string, kind: string, fields: object): Workload {
  const workload = readWorkload({ apiVersion, kind, root: { apiVersion, kind, ...fields } });
  if (!workload) throw new Error(`no workload: ${kind}`);
  return workload;
}

/** Where the pods of a workload are refused at baseline, `?` before what cannot be told. */
function refusedAt({ templates }: Workload): string[] {
  return templates.flatMap(({ pod }) => {
    const evaluation = evaluatePod(pod, policy('baseline:latest'));
    return [
      ...forbiddenBy(evaluation)
        .flatMap(violationsOf)
        .map(({ path }) => path.join('.')),
      ...evaluation.results.flatMap(({ verdict, check }) =>
        verdict === 'inconclusive' ? `?${check.id}` : [],
      ),
    ];
  });
}

describe('the kinds that admission judges', () => {
  test('a Pod, in all modes', () => {
    const workload = read('v1', 'Pod', template);
    expect(workload).toMatchObject({
      type: 'pod',
      modes: ['enforce', 'audit', 'warn'],
      errors: [],
    });
    expect(workload.templates.map(({ path }) => path)).toEqual([[]]);
    expect(refusedAt(workload)).toEqual(['spec.hostPID']);
  });

  test.each([
    ['v1', 'PodTemplate', { template }, 'template.spec.hostPID'],
    ['v1', 'ReplicationController', { spec: { template } }, 'spec.template.spec.hostPID'],
    ['apps/v1', 'ReplicaSet', { spec: { template } }, 'spec.template.spec.hostPID'],
    ['apps/v1', 'Deployment', { spec: { template } }, 'spec.template.spec.hostPID'],
    ['apps/v1beta1', 'Deployment', { spec: { template } }, 'spec.template.spec.hostPID'],
    ['apps/v1', 'StatefulSet', { spec: { template } }, 'spec.template.spec.hostPID'],
    ['apps/v1', 'DaemonSet', { spec: { template } }, 'spec.template.spec.hostPID'],
    ['batch/v1', 'Job', { spec: { template } }, 'spec.template.spec.hostPID'],
    [
      'batch/v1',
      'CronJob',
      { spec: { jobTemplate: { spec: { template } } } },
      'spec.jobTemplate.spec.template.spec.hostPID',
    ],
  ])('%s %s, in audit and warn', (apiVersion, kind, fields, expected) => {
    const workload = read(apiVersion, kind, fields);
    expect(workload).toMatchObject({ type: 'controller', modes: ['audit', 'warn'] });
    expect(refusedAt(workload)).toEqual([expected]);
    expect(workload.templates[0]?.pod.annotations).toEqual({ note: 'of the template' });
  });

  test.each([
    ['v1', 'Deployment'],
    ['apps/v1', 'Pod'],
    ['v1', 'ConfigMap'],
    ['example.org/v1', 'Job'],
    ['v1', 'constructor'],
  ])('%s %s is none of them', (apiVersion, kind) => {
    expect(readWorkload({ apiVersion, kind, root: {} })).toBeUndefined();
  });

  test('a missing template is empty, but none of a ReplicationController', () => {
    expect(read('apps/v1', 'Deployment', {}).templates).toHaveLength(1);
    expect(read('apps/v1', 'Deployment', { spec: null }).templates).toHaveLength(1);
    expect(read('v1', 'ReplicationController', { spec: { template: null } }).templates).toEqual([]);
    expect(read('v1', 'ReplicationController', { spec: {} }).templates).toEqual([]);
  });

  test('a wrong type anywhere in the object refuses it', () => {
    const { errors, templates } = read('apps/v1', 'Deployment', {
      spec: { replicas: '3', template },
    });
    expect(templates).toEqual([]);
    expect(errors).toMatchObject([
      {
        path: ['spec', 'replicas'],
        message:
          'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
        fix: [{ path: ['spec', 'replicas'], set: 3 }],
      },
    ]);
  });

  test('fields that the kind does not have', () => {
    const { unknownFields } = read('apps/v1', 'Deployment', {
      spec: { template: { spec: { foo: 1 } } },
    });
    expect(unknownFields).toEqual([['spec', 'template', 'spec', 'foo']]);
  });

  test.each<[string, object, string[]]>([
    ['beside the template', { spec: { replicas: X, template } }, ['spec.template.spec.hostPID']],
    ['in the template', { spec: { template: { spec: { hostPID: X } } } }, ['?hostNamespaces']],
    ['above the template', { spec: X }, ['?appArmorProfile', '?capabilities_baseline']],
    ['the template', { spec: { template: X } }, ['?appArmorProfile', '?capabilities_baseline']],
  ])('a value that is not known: %s', (_, fields, expected) => {
    expect(refusedAt(read('apps/v1', 'Deployment', fields)).slice(0, 2)).toEqual(expected);
  });

  test('unknown values are told with their place in the object', () => {
    const [found] = read('batch/v1', 'CronJob', {
      spec: { jobTemplate: { spec: { template: { spec: { containers: [{ ports: X }] } } } } },
    }).templates;
    if (!found) throw new Error('no template');
    expect(evaluatePod(found.pod, policy('baseline:latest')).results).toMatchObject([
      {
        unknowns: [
          {
            path: ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'ports'],
          },
        ],
      },
    ]);
  });
});

describe('custom resources that make pods', () => {
  test.each([
    ['argoproj.io/v1alpha1', 'Rollout', { spec: { template } }, ['spec.template.spec.hostPID']],
    ['argoproj.io/v1alpha1', 'Rollout', { spec: { workloadRef: { name: 'x' } } }, []],
    ['serving.knative.dev/v1', 'Service', { spec: { template } }, ['spec.template.spec.hostPID']],
    ['serving.knative.dev/v1', 'Revision', template, ['spec.hostPID']],
    [
      'kueue.x-k8s.io/v1beta1',
      'Workload',
      { spec: { podSets: [{ template }, { template: null }, { template }] } },
      ['spec.podSets.0.template.spec.hostPID', 'spec.podSets.2.template.spec.hostPID'],
    ],
    [
      'jobset.x-k8s.io/v1alpha2',
      'JobSet',
      { spec: { replicatedJobs: [{ template: { spec: { template } } }] } },
      ['spec.replicatedJobs.0.template.spec.template.spec.hostPID'],
    ],
    [
      'keda.sh/v1alpha1',
      'ScaledJob',
      { spec: { jobTargetRef: { template } } },
      ['spec.jobTargetRef.template.spec.hostPID'],
    ],
    [
      'kubeflow.org/v1',
      'PyTorchJob',
      { spec: { pytorchReplicaSpecs: { Master: { template }, Worker: { template } } } },
      [
        'spec.pytorchReplicaSpecs.Master.template.spec.hostPID',
        'spec.pytorchReplicaSpecs.Worker.template.spec.hostPID',
      ],
    ],
  ])('%s %s', (apiVersion, kind, fields, expected) => {
    const workload = read(apiVersion, kind, fields);
    expect(workload).toMatchObject({ type: 'custom', modes: [], unknownFields: [] });
    expect(refusedAt(workload)).toEqual(expected);
  });

  test('a template without containers is partial', () => {
    const { templates } = read('argoproj.io/v1alpha1', 'Rollout', {
      spec: { template: { spec: { hostPID: true } } },
    });
    expect(templates).toMatchObject([{ isPartial: true }]);
  });

  test('fields of the pod are judged where they stand, its containers cannot be', () => {
    const workload = read('tekton.dev/v1', 'PipelineRun', {
      spec: {
        taskRunTemplate: {
          podTemplate: { hostNetwork: true, volumes: [{ name: 'v', hostPath: {} }] },
        },
        taskRunSpecs: [{ podTemplate: { securityContext: { runAsUser: 0 } } }],
      },
    });
    expect(workload.templates).toMatchObject([{ isPartial: true }, { isPartial: true }]);
    expect(refusedAt(workload).slice(0, 4)).toEqual([
      'spec.taskRunTemplate.podTemplate.hostNetwork',
      'spec.taskRunTemplate.podTemplate.volumes.0.hostPath',
      '?appArmorProfile',
      '?capabilities_baseline',
    ]);
  });

  test('also where no field of the pod is set', () => {
    const { templates } = read('tekton.dev/v1', 'TaskRun', { spec: {} });
    expect(templates).toMatchObject([{ path: ['spec', 'podTemplate'], isPartial: true }]);
    expect(refusedAt(read('tekton.dev/v1', 'TaskRun', { spec: {} }))[0]).toBe('?appArmorProfile');
  });

  test('metadata and spec side by side', () => {
    const key = 'container.apparmor.security.beta.kubernetes.io/kafka';
    const pod = {
      metadata: { annotations: { [key]: 'unconfined' } },
      securityContext: { seLinuxOptions: { user: 'u' } },
    };
    const workload = read('kafka.strimzi.io/v1beta2', 'Kafka', {
      spec: { kafka: { template: { pod } } },
    });
    expect(refusedAt(workload).slice(0, 2)).toEqual([
      `spec.kafka.template.pod.metadata.annotations.${key}`,
      'spec.kafka.template.pod.securityContext.seLinuxOptions.user',
    ]);
  });

  test('of operators that only their users know, before those that we know', () => {
    const configured = [
      { group: 'example.org', kind: 'Widget', paths: ['spec.pools[*].podTemplate'] },
      { group: 'argoproj.io', kind: 'Rollout', paths: ['spec.other'] },
    ];
    const root = { spec: { pools: [{ podTemplate: template }], other: template } };
    function paths(apiVersion: string, kind: string) {
      const workload = readWorkload({ apiVersion, kind, root }, configured);
      return workload?.templates.map(({ path }) => path.join('.'));
    }
    expect(paths('example.org/v1', 'Widget')).toEqual(['spec.pools.0.podTemplate']);
    expect(paths('argoproj.io/v1', 'Rollout')).toEqual(['spec.other']);
  });

  test.each<[unknown]>([[null], ['x'], [[]], [{ spec: 'x' }], [{ spec: { template: 5 } }], [X]])(
    'any value in place of the object: %o',
    (root) => {
      for (const { group, kind } of CUSTOM_WORKLOADS) {
        expect(() => readWorkload({ apiVersion: `${group}/v1`, kind, root })).not.toThrow();
      }
    },
  );

  test('a wrong type in one template leaves the others', () => {
    const { errors, templates } = read('kueue.x-k8s.io/v1beta1', 'Workload', {
      spec: { podSets: [{ template: { spec: { hostPID: 'true' } } }, { template }] },
    });
    expect(errors.map(({ path }) => path.join('.'))).toEqual([
      'spec.podSets.0.template.spec.hostPID',
    ]);
    expect(templates.map(({ path }) => path.join('.'))).toEqual(['spec.podSets.1.template']);
  });
});
