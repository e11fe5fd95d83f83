import type { Additions } from '../../src/kustomize/additions.ts';
import { build } from '../../src/kustomize/build.ts';
import { BuildCache } from '../../src/kustomize/cache.ts';
import { renderYaml } from '../../src/kustomize/print/render.ts';
import type { FileTree } from '../../src/model/file-tree.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { LoadedTree } from '../../src/snapshot/tree.ts';

/** What a build says, as texts. */
export interface BuildTexts {
  readonly yaml: string;
  /** `path:line code: message`. */
  readonly problems: readonly string[];
  /** `path:line cause: reason`. */
  readonly incomplete: readonly string[];
}

/** Builds a directory of a repository made of these files. */
export function buildFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  directory = '',
  additions?: Additions,
): BuildTexts {
  return buildTree(memoryTree(files), directory, additions);
}

/** What stands in a repository's root with symbolic links of these paths. */
export function buildWithLinks(
  files: Readonly<Record<string, string>>,
  links: readonly string[],
): BuildTexts {
  const tree = memoryTree(files);
  const all = [
    ...tree.list(),
    ...links.map((path) => ({ path, id: path, kind: 'symlink' as const })),
  ];
  const blobs = new Map(tree.list().map(({ path, id }) => [id, Buffer.from(files[path] ?? '')]));
  return buildTree(new LoadedTree('links', all, blobs), '');
}

function buildTree(tree: FileTree, directory: string, additions?: Additions): BuildTexts {
  const built = build(tree, directory, new BuildCache(), { additions });
  return {
    yaml: renderYaml(built.resources),
    problems: built.problems.map(
      ({ code, message, place }) => `${place.path}:${place.line} ${code}: ${message}`,
    ),
    incomplete: built.incomplete.map(
      ({ cause, reason, place }) => `${place.path}:${place.line} ${cause}: ${reason}`,
    ),
  };
}

/** A ConfigMap with a name, and perhaps more of its fields. */
export function configMap(name: string, rest = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`;
}

export const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.27
`;
