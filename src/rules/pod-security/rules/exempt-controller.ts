import type { Fault } from '../../../model/finding.ts';
import type { RepositoryRule } from '../../rule.ts';
import { admissionExample } from '../admission-example.ts';
import { madeBy } from '../controller-user.ts';
import { type Exempting, exemptionsOf } from '../exempting.ts';

/**
 * A user that is exempt and makes the pods of others.
 *
 * Fields: `exemptions.usernames`. Refused: the service accounts of the controllers of workloads,
 * the user of the controller manager, and the service accounts of Flux.
 */
export const exemptController: RepositoryRule = {
  id: 'pod-security/exempt-controller',
  area: 'pod-security',
  title: 'Controller exempt from Pod Security',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'Pods of a Deployment are not made by whoever applied it but by a controller, in every namespace. Exempting that controller exempts everybody who may create a Deployment: every label of every namespace still stands there and holds nothing back. It is mostly done by somebody who saw the controller refused in an event and took it for the culprit.',
    allows: [
      '`exemptions.usernames` without `system:serviceaccount:kube-system:` followed by `replicaset-controller`, `statefulset-controller`, `daemon-set-controller`, `job-controller`, `cronjob-controller`, `replication-controller`; without `system:kube-controller-manager`; without service accounts of the namespace `flux-system`, as which Flux applies whatever is in Git.',
    ],
    fix: 'Take the user out. Where a workload needs more than its namespace allows, give it a namespace of its own with a lower level and the reason beside it.',
    exception:
      'Hardly any. While clusters move to the standards, a waiver for `User//NAME` with an end says who decided it.',
    limits:
      'Service accounts of operators make pods, too, and are not known here by name: exempting one exempts everybody who may create its resources.',
    bad: admissionExample(
      'exemptions:\n  usernames:\n    # its pods were refused\n    - system:serviceaccount:kube-system:replicaset-controller\n',
    ),
    good: admissionExample(
      'exemptions:\n  namespaces:\n    # its pods need the node\n    - node-agents\n',
    ),
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-admission/#exemptions'],
  },
  evaluate: (repository) => ({
    faults: exemptionsOf(repository).flatMap((exempting) => toFault(exempting) ?? []),
    unknowns: [],
  }),
};

function toFault({ list, name, place, where, subject }: Exempting): Fault | undefined {
  const made = list === 'usernames' ? madeBy(name) : undefined;
  if (made === undefined) return undefined;
  return {
    rule: exemptController.id,
    effect: 'risk',
    subject,
    message: `The user "${name}" is exempt from Pod Security in ${where}. It makes ${made}, so that no namespace holds those to a level.`,
    primary: place,
    related: [],
    remedy: {
      summary: `Take "${name}" out, and lower the level of the one namespace that needs it.`,
      fields: [],
      edits: [],
    },
  };
}
