import { type Fault } from '../../model/finding.ts';
import { toPlace } from '../../model/source.ts';
import { type YamlProblem } from '../../yaml/problem.ts';
import { type RepositoryRule } from '../rule.ts';

/**
 * A file that is not the YAML that Kubernetes tools read: everything that applies it fails.
 *
 * Applies to every YAML file that is not a template. Allowed: what go-yaml v3 reads, with unique
 * keys and within our limits of size and depth.
 */
export const invalidManifest: RepositoryRule = {
  id: 'gitops/invalid-manifest',
  area: 'gitops',
  title: 'File that cannot be read',
  since: '0.1',
  on: 'repository',
  evaluate: ({ files }) => ({
    faults: files.flatMap(({ path, problems }) =>
      problems.map((problem) => toFault(path, problem)),
    ),
    unknowns: [],
  }),
};

function toFault(path: string, problem: YamlProblem): Fault {
  return {
    rule: invalidManifest.id,
    effect: 'denied',
    subject: { apiVersion: '', kind: 'File', name: path, field: problem.code },
    message: problem.message,
    primary: toPlace(problem),
    related: [],
  };
}
