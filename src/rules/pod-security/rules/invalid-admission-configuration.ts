import type { Fault } from '../../../model/finding.ts';
import type { Repository, RepositoryRule } from '../../rule.ts';
import { readConfigurationFile } from '../configuration-file.ts';

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
      'A `PodSecurityConfiguration`, alone or as plugin `PodSecurity` of an `AdmissionConfiguration`, without unknown fields.',
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
    unknowns: [],
  }),
};

function pathsOf({ tree, files, clusters }: Repository): string[] {
  const named = clusters.flatMap(({ settings }) => settings.podSecurity.configuration ?? []);
  const byKind = files.flatMap(({ path, problems, skipped }) => {
    if (problems.length > 0 || skipped !== undefined) return [];
    const content = tree.read(path);
    return content.state === 'text' && KIND.test(content.text) ? path : [];
  });
  return [...new Set([...named, ...byKind])];
}

const KIND = /^kind: PodSecurityConfiguration\s*$/m;

function faultsOf({ tree }: Repository, path: string): Fault[] {
  return readConfigurationFile(tree, path).errors.map(({ message, place }, index) => ({
    rule: invalidAdmissionConfiguration.id,
    effect: 'denied',
    subject: { apiVersion: '', kind: 'File', name: path, field: index === 0 ? '' : `[${index}]` },
    message: `${path} is no valid configuration of Pod Security admission: ${message}.`,
    primary: place,
    related: [],
  }));
}
