import type { ManifestFile } from '../../flux/manifests.ts';
import type { FileTree } from '../../model/file-tree.ts';
import { manifestsAt } from '../../flux/loose.ts';
import { factsOf } from '../../flux/file-facts.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import { toPlace } from '../../model/source.ts';
import type { YamlProblem } from '../../yaml/problem.ts';
import type { RepositoryRule } from '../rule.ts';

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
  docs: {
    protects:
      'A file that is not valid YAML fails everything that applies it: Flux stops reconciling the whole Kustomization, and the cluster silently keeps what it had before.',
    allows: [
      'Any YAML that the Go readers of Flux and Kubernetes accept, with each key once in its map.',
      'Text: a file with a NUL byte, in another encoding than UTF-8 or encrypted as a whole is reported as unknown.',
      'Templates of Helm charts (`templates/` below a `Chart.yaml`) and files in another template language are not read.',
    ],
    fix: 'Mend the line that is named. Indent with blanks, never with tabs, and write each key once.',
    exception:
      'None: nothing can apply a file that cannot be read. A file that is no manifest belongs outside the folders that Flux applies, or into `.sourceignore`.',
    bad: { 'apps/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n\tname: web\n' },
    good: { 'apps/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n' },
    links: ['https://fluxcd.io/flux/components/kustomize/kustomizations/'],
  },
  evaluate({ tree }) {
    const files = factsOf(tree, unreadAt);
    const faults = files.flatMap(({ path, problems }) =>
      problems.map((problem) => toFault(path, problem)),
    );
    return { faults, unknowns: files.flatMap(toUnknown) };
  },
};

function unreadAt(tree: FileTree, path: string): ManifestFile[] {
  return manifestsAt(tree, path).filter(
    ({ problems, isOpaque }) => problems.length > 0 || isOpaque,
  );
}

/** What hides in a file that nobody can read is not known, and not waved through. */
function toUnknown({ path, isOpaque, skipped }: ManifestFile): UnknownFact[] {
  if (!isOpaque) return [];
  const reason = `${path} is not reviewed: ${skipped ?? 'it cannot be read'}.`;
  return [
    {
      rule: invalidManifest.id,
      reason,
      place: { path, line: 1, endLine: 1 },
      cause: 'content',
    },
  ];
}

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
