import type { FileTree } from '../../../model/file-tree.ts';
import { parseImage } from '../../../model/image-reference.ts';
import { fileChangesOf } from './file-changes.ts';
import { nameOfImage } from './jump.ts';

/** An image repository, and the line that names it. */
export interface NamedRepository {
  /** `ghcr.io/acme/web`; as written where it is no image that a runtime reads. */
  readonly name: string;
  readonly path: string;
  readonly line: number;
  /** The repository that stood on this line before. */
  readonly instead?: string;
}

/** Lines that name an image. No backtracking over the whole line: texts are anybody's. */
const NAMED =
  /^[ \t]*(?:- {1,8})?["']?(image|repository|newName|url)["']?:[ \t]{1,8}["']?(?:oci:\/\/)?([^\s"'#]{1,300})/;

/** Manifests of bigger size are generated: CRDs, dashboards. */
const LARGEST = 3_000_000;

const GUARD = /^apiVersion: *["']?(?:kyverno\.io|policies\.kyverno\.io|policy\.sigstore\.dev)\//m;

const knownOf = new WeakMap<FileTree, ReadonlySet<string>>();

/** All image repositories that a tree names, anywhere. */
export function repositoriesOf(tree: FileTree): ReadonlySet<string> {
  const found = knownOf.get(tree) ?? collect(tree);
  knownOf.set(tree, found);
  return found;
}

function collect(tree: FileTree): Set<string> {
  const names = new Set<string>();
  for (const { path } of tree.list()) {
    if (!/\.ya?ml$/.test(path)) continue;
    const content = tree.read(path);
    if (content.state !== 'text' || content.text.length > LARGEST) continue;
    const lines = content.text.split('\n');
    for (const index of lines.keys()) {
      const name = repositoryAt(lines, index);
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/** The repository that a line names, its `registry` beside it included. */
export function repositoryAt(lines: readonly string[], index: number): string | undefined {
  const line = lines[index] ?? '';
  // Cheap first: nearly all lines are others.
  if (!/image|repository|newName|oci:\/\//.test(line)) return undefined;
  const [, key, value] = NAMED.exec(line) ?? [];
  if (key === undefined || value === undefined || value.includes('${')) return undefined;
  if (/^(?:https?|git|ssh|file):|^git@|[{}<>]/.test(value)) return undefined;
  if (key === 'url' && !line.includes('oci://')) return undefined;
  if (key === 'repository') {
    const registry = [lines[index - 1], lines[index + 1]]
      .map((text) => /^[ \t]*registry:[ \t]+["']?([\w.:-]{1,200})/.exec(text ?? '')?.[1])
      .find((found) => found !== undefined);
    if (registry !== undefined) return toName(`${registry}/${value}`);
    if (!value.includes('/')) return undefined;
  }
  return toName(value);
}

function toName(text: string): string {
  const image = parseImage(text);
  return image === undefined ? text : nameOfImage(image);
}

/** Repositories that a change names and the base branch does not, each at its first line. */
export function newRepositories(before: FileTree, after: FileTree): NamedRepository[] {
  const found = new Map<string, NamedRepository>();
  for (const { path, state, lines } of fileChangesOf(before, after)) {
    if (!/\.ya?ml$/.test(path) || (state !== 'changed' && state !== 'added')) continue;
    const content = after.read(path);
    if (content.state !== 'text' || content.text.length > LARGEST) continue;
    // Policies name images to guard them, and run none.
    if (GUARD.test(content.text)) continue;
    const text = content.text.split('\n');
    const indexes =
      state === 'added' ? [...text.keys()] : lines.flatMap(({ is }) => (is ? [is.line - 1] : []));
    const old = before.read(path);
    const was = old.state === 'text' ? old.text.split('\n') : [];
    const earlier = new Map(lines.map(({ was, is }) => [is?.line, was?.line]));
    for (const index of indexes) {
      const name = repositoryAt(text, index);
      if (name === undefined || repositoriesOf(before).has(name)) continue;
      const line = earlier.get(index + 1);
      const instead = line === undefined ? undefined : repositoryAt(was, line - 1);
      const known = found.get(name);
      if (known?.instead !== undefined || (known !== undefined && instead === undefined)) continue;
      found.set(name, { name, path, line: index + 1, ...(instead !== undefined && { instead }) });
    }
  }
  return [...found.values()];
}
