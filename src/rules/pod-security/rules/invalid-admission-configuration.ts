import type { Fault, UnknownFact } from '../../../model/finding.ts';
import type { Repository, RepositoryRule } from '../../rule.ts';
import { readConfigurationFile } from '../configuration-file.ts';
import { unnamedConfigurations } from '../exempting.ts';
import { writtenClusters } from '../written-settings.ts';

const EXAMPLE = `apiVersion: pod-security.admission.config.k8s.io/v1
kind: PodSecurityConfiguration
defaults:
  enforce: `;

/** A file that the configuration names for a cluster, or that is one by its kind, and is invalid. */
export const invalidAdmissionConfiguration: RepositoryRule = {
  id: 'pod-security/invalid-admission-configuration',
  area: 'pod-security',
  title: 'Invalid configuration of Pod Security admission',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'An API server reads this file when it starts, strictly: with an unknown field, level or version, or a name twice, it does not start. Until the next restart nobody notices.',
    allows: [
      'A `PodSecurityConfiguration`, alone or as plugin `PodSecurity` of an `AdmissionConfiguration`, without unknown fields. Only the first document of a file counts: an API server reads no further.',
      'The file that `clusters.NAME.podSecurity.configuration` in `.github/fluxgate.yaml` names must be there. While it cannot be used, the defaults of the cluster are unknown.',
    ],
    fix: 'Mend the field that is named, or the path in the configuration.',
    exception: 'None: the API server does not start with it.',
    bad: { 'cluster/pod-security.yaml': `${EXAMPLE}strict\n` },
    good: { 'cluster/pod-security.yaml': `${EXAMPLE}baseline\n` },
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/',
    ],
  },
  evaluate: (repository) => ({
    faults: pathsOf(repository).flatMap((path) => faultsOf(repository, path)),
    unknowns: pathsOf(repository).flatMap((path) => unknownsOf(repository, path)),
  }),
};

function pathsOf(repository: Repository): string[] {
  const { clusters } = repository;
  const named = clusters.flatMap(({ settings }) => settings.podSecurity.configuration ?? []);
  return [...new Set([...named, ...unnamedConfigurations(repository)])];
}

function unknownsOf({ tree }: Repository, path: string): UnknownFact[] {
  return readConfigurationFile(tree, path)
    .errors.filter(({ isElsewhere }) => isElsewhere)
    .map(({ message, place }) => ({
      rule: invalidAdmissionConfiguration.id,
      reason: `The defaults and exemptions that ${path} sets are not known: ${message}.`,
      place,
      cause: 'content',
    }));
}

function faultsOf({ tree }: Repository, path: string): Fault[] {
  const naming = writtenClusters(tree).find(({ file }) => file?.path === path)?.file?.place;
  const errors = readConfigurationFile(tree, path).errors.filter(({ isElsewhere }) => !isElsewhere);
  return errors.map(({ message, place, isAbsent }, index) => ({
    rule: invalidAdmissionConfiguration.id,
    effect: 'denied',
    subject: { apiVersion: '', kind: 'File', name: path, field: index === 0 ? '' : `[${index}]` },
    message: `${path} is no valid configuration of Pod Security admission: ${message}.`,
    // A file that is not there has no line: what names it has.
    primary: (isAbsent ? naming : undefined) ?? place,
    related: [],
  }));
}
