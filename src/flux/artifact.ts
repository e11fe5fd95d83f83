import type { FileContent, FileTree, TreeEntry } from '../model/file-tree.ts';
import { changesOf, follow } from '../model/tree-changes.ts';
import { type IgnorePattern, isIgnored, readIgnorePatterns } from './ignore-patterns.ts';
import { directoryOf } from './paths.ts';

/**
 * What source-controller leaves out of every artifact (pkg `sourceignore`): directories, names of
 * files and directories, and what lies in directories of such a name.
 */
const DEFAULT_EXCLUSIONS =
  /(?:^|\/)(?:(?:\.git|\.github|\.circleci)\/|(?:\.gitignore|\.gitmodules|\.gitattributes|\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml|\.drone\.yml|cloudbuild\.yaml|codeship-(?:services|steps)\.yml|\.goreleaser\.yml|\.sops\.yaml|\.flux\.yaml|[^/]*\.(?:jpe?g|gif|png|wmv|flv|tar\.gz|zip))(?:$|\/))/;

/** More patterns are not looked at: each costs a comparison for every file of the repository. */
const MOST_PATTERNS = 1000;

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
  return inherited(tree, specIgnore) ?? packed(tree, specIgnore);
}

/** Of a tree in which nothing changed that decides what is packed: the same paths. */
function inherited(tree: FileTree, specIgnore: string): FileTree | undefined {
  const changes = changesOf(tree);
  if (!changes?.isSameShape || changes.paths.some(isIgnoreFile)) return undefined;
  const before = artifacts.get(changes.from)?.get(specIgnore);
  if (before === changes.from) return tree;
  if (!(before instanceof Artifact)) return undefined;
  const artifact = before.of(tree);
  follow(artifact, before);
  return artifact;
}

/** Whether a file says what is left out of artifacts. */
export function isIgnoreFile(path: string): boolean {
  return path === '.sourceignore' || path.endsWith('/.sourceignore');
}

function packed(tree: FileTree, specIgnore: string): FileTree {
  const patterns: IgnorePattern[] = [];
  for (const { path } of tree.list()) {
    if (!isIgnoreFile(path)) continue;
    const content = tree.read(path);
    if (content.state === 'text') {
      patterns.push(...readIgnorePatterns(content.text, directoryOf(path)));
    }
  }
  // A directory's patterns stand above those of the directories around it.
  patterns.sort((a, b) => a.domain.length - b.domain.length);
  patterns.push(...readIgnorePatterns(specIgnore, ''));
  const isCut = patterns.length > MOST_PATTERNS;
  const counting = isCut ? patterns.slice(-MOST_PATTERNS) : patterns;
  const paths = tree.list().flatMap((entry) => (isPacked(entry, counting) ? entry.path : []));
  if (isCut) return new Artifact(tree, indexOf(paths), TOO_MANY_PATTERNS);
  return paths.length === tree.list().length ? tree : new Artifact(tree, indexOf(paths));
}

const TOO_MANY_PATTERNS = `What its source leaves out is not known: there are more than ${MOST_PATTERNS} patterns in .sourceignore files and spec.ignore.`;

function isPacked({ path, kind }: TreeEntry, patterns: readonly IgnorePattern[]): boolean {
  if (kind !== 'file') return false;
  const own = patterns.length === 0 ? undefined : isIgnored(path.split('/'), patterns);
  return !(own ?? DEFAULT_EXCLUSIONS.test(path));
}

/** Which paths an artifact has. */
interface PackedPaths {
  readonly files: ReadonlySet<string>;
  readonly directories: ReadonlyMap<string, readonly string[]>;
}

function indexOf(paths: readonly string[]): PackedPaths {
  const directories = new Map<string, string[]>();
  for (const path of paths) addTo(directories, path);
  for (const names of directories.values()) names.sort();
  return { files: new Set(paths), directories };
}

function addTo(directories: Map<string, string[]>, path: string): void {
  for (let at = path; at !== '';) {
    const directory = directoryOf(at);
    const name = at.slice(directory === '' ? 0 : directory.length + 1);
    const names = directories.get(directory);
    if (names === undefined) directories.set(directory, [name]);
    else names.push(name);
    if (names !== undefined) return;
    at = directory;
  }
}

/** A tree with fewer entries. */
class Artifact implements FileTree {
  readonly commit: string;
  readonly incomplete?: string;
  readonly #tree: FileTree;
  readonly #paths: PackedPaths;
  #entries: readonly TreeEntry[] | undefined;

  constructor(tree: FileTree, paths: PackedPaths, incomplete = tree.incomplete) {
    this.commit = tree.commit;
    if (incomplete !== undefined) this.incomplete = incomplete;
    this.#tree = tree;
    this.#paths = paths;
  }

  /** The artifact of another tree from which the same paths are packed. */
  of(tree: FileTree): Artifact {
    return new Artifact(tree, this.#paths, this.incomplete);
  }

  list(): readonly TreeEntry[] {
    this.#entries ??= this.#tree.list().filter(({ path }) => this.#paths.files.has(path));
    return this.#entries;
  }

  entry(path: string): TreeEntry | undefined {
    return this.#paths.files.has(path) ? this.#tree.entry(path) : undefined;
  }

  read(path: string): FileContent {
    return this.#paths.files.has(path) ? this.#tree.read(path) : { state: 'missing' };
  }

  isDirectory(path: string): boolean {
    return path === '' || this.#paths.directories.has(path);
  }

  children(directory: string): readonly string[] {
    return this.#paths.directories.get(directory) ?? [];
  }
}
