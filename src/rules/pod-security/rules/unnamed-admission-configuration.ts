import type { Fault } from '../../../model/finding.ts';
import type { Place } from '../../../model/source.ts';
import type { Repository, RepositoryRule } from '../../rule.ts';
import { admissionExample } from '../admission-example.ts';
import { locateConfiguration } from '../configuration-file.ts';
import { type EmbeddedConfiguration, embeddedConfigurations } from '../embedded-configuration.ts';
import { unnamedConfigurations } from '../exempting.ts';
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
      'Each file is told once. So is one that holds such a configuration inside of something else, as the machine configuration of Talos, resources of Cluster API and templates of Rancher do: it is not read from there. Where there is neither, the flag of an API server that names a configuration is told.',
    ],
    fix: 'Name it for its cluster: `clusters: { production: { podSecurity: { configuration: PATH } } }`. What stands inside of something else: write the same `defaults` and `exemptions` there instead.',
    exception: 'A file that no API server reads, such as an example: turn the rule off.',
    bad: admissionExample('defaults:\n  enforce: baseline\n', false),
    good: admissionExample('defaults:\n  enforce: baseline\n  enforce-version: v1.35\n'),
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/',
    ],
  },
  evaluate: (repository) => ({
    faults: [...unnamedFiles(repository), ...embeddedConfigurations(repository).map(toFault)],
    unknowns: [],
  }),
};

function unnamedFiles(repository: Repository): Fault[] {
  const { tree } = repository;
  return unnamedConfigurations(repository).flatMap((path) => {
    const located = locateConfiguration(tree, path);
    if (located === undefined) return [];
    return faultAt(
      placeOf(located.root, [...located.at, 'kind']),
      `${path} configures Pod Security admission, and no cluster names it: its defaults and exemptions count for nothing here.`,
      'Name it under clusters.NAME.podSecurity.configuration in .github/fluxgate.yaml.',
    );
  });
}

function toFault({ place, what }: EmbeddedConfiguration): Fault {
  return faultAt(
    place,
    `The admission of a cluster seems to be configured in ${place.path}: ${what} stands there. It is not read from there, so that its defaults and exemptions count for nothing here.`,
    'Write the same defaults and exemptions under clusters.NAME.podSecurity in .github/fluxgate.yaml.',
  );
}

function faultAt(primary: Place, message: string, summary: string): Fault {
  return {
    rule: unnamedAdmissionConfiguration.id,
    effect: 'advice',
    subject: { apiVersion: '', kind: 'File', name: primary.path, field: '' },
    message,
    primary,
    related: [],
    remedy: { summary, fields: [], edits: [] },
  };
}
