import type { Fault } from '../../../model/finding.ts';
import type { RepositoryRule } from '../../rule.ts';
import { madeBy } from '../controller-user.ts';
import { type Exempting, exemptionsOf } from '../exempting.ts';
import { EXEMPT_KINDS } from '../written-settings.ts';
import { admissionExample } from '../admission-example.ts';

/**
 * A namespace, user or runtime class that admission lets off, and no word why.
 *
 * Fields: `exemptions` in `.github/fluxgate.yaml` and in admission configurations. Allowed: with a
 * comment on its line or above it.
 */
export const exemptionWithoutReason: RepositoryRule = {
  id: 'pod-security/exemption-without-reason',
  area: 'pod-security',
  title: 'Exemption without a reason',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'What is exempt is not judged at all, nor warned of, nor audited: labels of an exempt namespace are ignored without a word. An exemption outlives the workload it was made for, and whoever finds it later dares not remove it. A sentence beside it says when it may go.',
    allows: [
      'Each item of `exemptions.namespaces`, `usernames` and `runtimeClasses` with a comment on its line or directly above it; a list on one line has one comment for all of its items.',
      'Looked at are `clusters.NAME.podSecurity.exemptions` in `.github/fluxgate.yaml`, the file that `configuration` names there, and other files that are such a configuration.',
      'Comments of the kind `# Array of …`, which the manual of Kubernetes has in its example, say no reason.',
    ],
    fix: 'Write beside it what needs the exemption and for how long. Better: label the namespace `enforce: privileged`, which everybody sees, and take it out of the configuration.',
    exception:
      'None is needed: a comment is enough. Where the file cannot hold one, a waiver for `Namespace//NAME`, `User//NAME` or `RuntimeClass//NAME` holds the reason.',
    limits:
      'A comment says that there is a reason, not that it is a good one: that is for the reader.',
    bad: admissionExample('exemptions:\n  namespaces:\n    - monitoring\n'),
    good: admissionExample(
      'exemptions:\n  namespaces:\n    - monitoring # node-exporter reads /proc of its node\n',
    ),
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-admission/#exemptions'],
  },
  evaluate: (repository) => ({
    faults: exemptionsOf(repository)
      .filter(
        ({ list, name, hasReason }) =>
          !hasReason && !(list === 'usernames' && madeBy(name) !== undefined),
      )
      .map(toFault),
    unknowns: [],
  }),
};

function toFault({ list, name, place, where, subject }: Exempting): Fault {
  const { noun } = EXEMPT_KINDS[list];
  return {
    rule: exemptionWithoutReason.id,
    effect: 'risk',
    subject,
    message: `The ${noun} "${name}" is exempt from Pod Security in ${where}, and no comment says why.`,
    primary: place,
    related: [],
    remedy: {
      summary: `Write the reason in a comment beside "${name}", or take the exemption out.`,
      fields: [],
      edits: [],
    },
  };
}
