import type { FileContent, FileTree } from '../model/file-tree.ts';
import type { LocatedMap } from '../model/located.ts';
import type { SourceText } from '../model/source.ts';
import { fileSource, parseKustomization } from '../yaml/file-source.ts';
import { joinPath } from './paths.ts';

const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Steps of one walk; a repository that needs more is not walked to its end. */
const MAX_STEPS = 200_000;

/** The kustomization file of a directory, where it has one. */
export function kustomizationFile(tree: FileTree, directory: string): string | undefined {
  const prefix = directory === '' ? '' : `${directory}/`;
  return KUSTOMIZATION_NAMES.map((name) => prefix + name).find(
    (path) => tree.entry(path)?.kind === 'file',
  );
}

export function isKustomizationFile(path: string): boolean {
  return KUSTOMIZATION_NAMES.includes(path.slice(path.lastIndexOf('/') + 1));
}

interface Included {
  readonly isComponent: boolean;
  readonly paths: readonly string[];
}

/** By the content of the kustomization file, as trees of one repository share it, and by directory. */
const included = new WeakMap<FileContent, Map<string, Included>>();

const NONE: Included = { isComponent: false, paths: [] };

/** What a directory's kustomization includes: files, patches too, and directories. */
export function includedBy(tree: FileTree, directory: string): Included {
  const file = kustomizationFile(tree, directory);
  const content = file === undefined ? undefined : tree.read(file);
  if (file === undefined || content?.state !== 'text') return NONE;
  const known = included.get(content) ?? new Map<string, Included>();
  included.set(content, known);
  let answer = known.get(directory);
  if (answer === undefined) {
    answer = readIncluded(fileSource(content.id, file, content.text), directory);
    known.set(directory, answer);
  }
  return answer;
}

function readIncluded(source: SourceText, directory: string): Included {
  const { documents } = parseKustomization(source);
  const [root] = documents;
  if (root?.kind !== 'map') return NONE;
  const names = ['resources', 'bases', 'components'].flatMap((field) => textsOf(root, field));
  const patches = [...textsOf(root, 'patchesStrategicMerge'), ...patchFiles(root)];
  const paths = [...names, ...patches].flatMap((name) => joinPath(directory, name) ?? []);
  return { isComponent: root.text('kind') === 'Component', paths };
}

function patchFiles(root: LocatedMap): string[] {
  return (root.list('patches')?.items ?? []).flatMap((item) =>
    item.kind === 'map' ? (item.text('path') ?? []) : [],
  );
}

/** As kustomize reads a kustomization, the case of a field does not count. */
function textsOf(root: LocatedMap, field: string): string[] {
  const own = root.entries.filter(({ key }) => key.toLowerCase() === field.toLowerCase());
  const items = own.flatMap(({ value }) => (value.kind === 'list' ? value.items : []));
  return items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );
}

/**
 * The files whose objects a build of a directory takes in, by what its kustomizations say; nothing
 * is built. Remote bases and generators are no files of objects.
 */
export function reachOf(tree: FileTree, directory: string): ReadonlySet<string> {
  return walkOf(tree, directory).files;
}

/** What a build of a directory reaches. */
export interface Walk {
  /** Files of objects and of patches. */
  readonly files: ReadonlySet<string>;
  /** Everything that was entered: the same files, and directories. */
  readonly entered: ReadonlySet<string>;
}

/** As {@link reachOf}, with the directories on the way. */
export function walkOf(tree: FileTree, directory: string): Walk {
  const files = new Set<string>();
  const seen = new Set<string>();
  const waiting = [directory];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at) || seen.size + files.size > MAX_STEPS) continue;
    seen.add(at);
    if (tree.entry(at) !== undefined) files.add(at);
    else if (!tree.isDirectory(at)) continue;
    else if (kustomizationFile(tree, at) !== undefined) waiting.push(...includedBy(tree, at).paths);
    else scan(tree, at, files, waiting);
  }
  return { files, entered: seen };
}

/** What Flux's generated kustomization includes. */
function scan(tree: FileTree, directory: string, files: Set<string>, waiting: string[]): void {
  for (const name of tree.children(directory)) {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (tree.isDirectory(path)) waiting.push(path);
    else if (/\.ya?ml$/.test(name)) files.add(path);
  }
}
