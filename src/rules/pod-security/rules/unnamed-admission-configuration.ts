import type { Fault } from '../../../model/finding.ts';
import type { Repository, RepositoryRule } from '../../rule.ts';
import { admissionExample } from '../admission-example.ts';
import { locateConfiguration } from '../configuration-file.ts';
import { discoveredConfigurations } from '../exempting.ts';
import { writtenClusters } from '../written-settings.ts';
import { placeOf } from '../../../model/field-path.ts';

/** An admission configuration in the repository that the settings name for no cluster. */
export const unnamedAdmissionConfiguration: RepositoryRule = {
  id: 'pod-security/unnamed-admission-configuration',
  area: 'pod-security',
  title: 'Admission configuration that is not used',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'A file like this sets the defaults and exemptions of a whole cluster. Nothing in it says of which, so it is not used here: namespaces without labels are taken as privileged, and exempt ones are judged, which is wrong in one direction or the other.',
    allows: [
      'Files of kind `PodSecurityConfiguration`, or `AdmissionConfiguration` with the plugin `PodSecurity`, that `clusters.NAME.podSecurity.configuration` in `.github/fluxgate.yaml` names.',
      'Each file is told once.',
    ],
    fix: 'Name it for its cluster: `clusters: { production: { podSecurity: { configuration: PATH } } }`.',
    exception: 'A file that no API server reads, such as an example: turn the rule off.',
    bad: admissionExample('defaults:\n  enforce: baseline\n', false),
    good: admissionExample('defaults:\n  enforce: baseline\n  enforce-version: v1.35\n'),
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/',
    ],
  },
  evaluate: (repository) => ({ faults: faultsOf(repository), unknowns: [] }),
};

function faultsOf(repository: Repository): Fault[] {
  const { tree, clusters } = repository;
  const named = new Set([
    ...writtenClusters(tree).flatMap(({ file }) => file?.path ?? []),
    ...clusters.flatMap(({ settings }) => settings.podSecurity.configuration ?? []),
  ]);
  return discoveredConfigurations(repository)
    .filter((path) => !named.has(path))
    .flatMap((path) => {
      const located = locateConfiguration(tree, path);
      if (located === undefined) return [];
      return {
        rule: unnamedAdmissionConfiguration.id,
        effect: 'advice' as const,
        subject: { apiVersion: '', kind: 'File', name: path, field: '' },
        message: `${path} configures Pod Security admission, and no cluster names it: its defaults and exemptions count for nothing here.`,
        primary: placeOf(located.root, [...located.at, 'kind']),
        related: [],
        remedy: {
          summary: `Name it under clusters.NAME.podSecurity.configuration in .github/fluxgate.yaml.`,
          fields: [],
          edits: [],
        },
      };
    });
}
