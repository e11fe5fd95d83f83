import type { FileContent, FileTree, TreeEntry } from '../model/file-tree.ts';
import { type IgnorePattern, isIgnored, readIgnorePatterns } from './ignore-patterns.ts';
import { directoryOf } from './paths.ts';

/** What source-controller leaves out of every artifact (pkg `sourceignore`). */
const DEFAULT_EXCLUSIONS =
  /(?:^|\/)(?:\.git|\.github|\.circleci)\/|(?:^|\/)(?:\.git|\.gitignore|\.gitmodules|\.gitattributes|\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml|\.drone\.yml|cloudbuild\.yaml|codeship-[^/]*|\.goreleaser\.yml|\.sops\.yaml|\.flux\.yaml)$|\.(?:jpe?g|gif|png|wmv|flv|tar\.gz|zip)$/;

const artifacts = new WeakMap<FileTree, Map<string, FileTree>>();

/**
 * The files of a repository that Flux packs into an artifact: no symbolic links, none of the
 * default exclusions, none that a `.sourceignore` or the source's own `spec.ignore` leaves out.
 */
export function artifactOf(tree: FileTree, specIgnore = ''): FileTree {
  const known = artifacts.get(tree) ?? new Map<string, FileTree>();
  artifacts.set(tree, known);
  let artifact = known.get(specIgnore);
  if (artifact === undefined) {
    artifact = makeArtifact(tree, specIgnore);
    known.set(specIgnore, artifact);
  }
  return artifact;
}

function makeArtifact(tree: FileTree, specIgnore: string): FileTree {
  const patterns: IgnorePattern[] = [];
  for (const { path } of tree.list()) {
    if (path !== '.sourceignore' && !path.endsWith('/.sourceignore')) continue;
    const content = tree.read(path);
    if (content.state === 'text') {
      patterns.push(...readIgnorePatterns(content.text, directoryOf(path)));
    }
  }
  patterns.push(...readIgnorePatterns(specIgnore, ''));
  const entries = tree.list().filter((entry) => isPacked(entry, patterns));
  return entries.length === tree.list().length ? tree : new Artifact(tree, entries);
}

function isPacked({ path, kind }: TreeEntry, patterns: readonly IgnorePattern[]): boolean {
  if (kind !== 'file') return false;
  const own = patterns.length === 0 ? undefined : isIgnored(path.split('/'), patterns);
  return !(own ?? DEFAULT_EXCLUSIONS.test(path));
}

/** A tree with fewer entries. */
class Artifact implements FileTree {
  readonly commit: string;
  readonly incomplete?: string;
  readonly #tree: FileTree;
  readonly #entries: readonly TreeEntry[];
  readonly #byPath: ReadonlyMap<string, TreeEntry>;
  readonly #directories = new Map<string, string[]>();

  constructor(tree: FileTree, entries: readonly TreeEntry[]) {
    this.commit = tree.commit;
    if (tree.incomplete !== undefined) this.incomplete = tree.incomplete;
    this.#tree = tree;
    this.#entries = entries;
    this.#byPath = new Map(entries.map((entry) => [entry.path, entry]));
    for (const { path } of entries) this.#addTo(path);
    for (const names of this.#directories.values()) names.sort();
  }

  #addTo(path: string): void {
    for (let at = path; at !== '';) {
      const directory = directoryOf(at);
      const name = at.slice(directory === '' ? 0 : directory.length + 1);
      const names = this.#directories.get(directory);
      if (names === undefined) this.#directories.set(directory, [name]);
      else names.push(name);
      if (names !== undefined) return;
      at = directory;
    }
  }

  list(): readonly TreeEntry[] {
    return this.#entries;
  }

  entry(path: string): TreeEntry | undefined {
    return this.#byPath.get(path);
  }

  read(path: string): FileContent {
    return this.#byPath.has(path) ? this.#tree.read(path) : { state: 'missing' };
  }

  isDirectory(path: string): boolean {
    return path === '' || this.#directories.has(path);
  }

  children(directory: string): readonly string[] {
    return this.#directories.get(directory) ?? [];
  }
}
