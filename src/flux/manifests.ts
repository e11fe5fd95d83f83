import type { FileTree } from '../model/file-tree.ts';
import { type Located, type LocatedMap, Unknown } from '../model/located.ts';
import { type Resource, toResource } from '../model/resource.ts';
import { SourceText, toPlace } from '../model/source.ts';
import { fileSource, parseManifests } from '../yaml/file-source.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { YamlProblem } from '../yaml/problem.ts';
import { itemOf, itemsOf } from './list-items.ts';

/** What a YAML file of the repository turned out to be. */
export interface ManifestFile {
  readonly path: string;
  /** Kubernetes objects, those inside lists unpacked. */
  readonly resources: readonly Resource[];
  /** Why it cannot be read; then there are no resources. */
  readonly problems: readonly YamlProblem[];
  /** Why it is not read as manifests, where it is YAML and has no problem. */
  readonly skipped?: string;
  /** Its content cannot be seen, by us or by what applies it: `skipped` says why. */
  readonly isOpaque?: true;
}

/** How files begin that git-crypt has encrypted. */
const GIT_CRYPT = new TextEncoder().encode('\0GITCRYPT\0');

const parsed = new WeakMap<FileTree, Map<string, ManifestFile>>();
const byContent = new Map<string, WeakRef<ManifestFile>>();

/**
 * A YAML file as manifests. Equal content at an equal path gives the identical answer, so that
 * values which did not change are the same nodes before and after.
 *
 * @returns undefined when the file is absent or not loaded yet
 */
export function readManifests(tree: FileTree, path: string): ManifestFile | undefined {
  const files = parsed.get(tree) ?? new Map<string, ManifestFile>();
  parsed.set(tree, files);
  const known = files.get(path);
  if (known !== undefined) return known;
  const content = tree.read(path);
  if (content.state === 'missing' || content.state === 'not-loaded') return undefined;
  const file = read(tree, path, content);
  files.set(path, file);
  return file;
}

function read(
  tree: FileTree,
  path: string,
  content: Exclude<ReturnType<FileTree['read']>, { state: 'missing' | 'not-loaded' }>,
): ManifestFile {
  const none = { path, resources: [], problems: [] };
  if (isChartTemplate(tree, path)) return { ...none, skipped: 'it is a template of a Helm chart' };
  if (content.state === 'unreadable') {
    return { ...none, skipped: content.reason, isOpaque: true };
  }
  if (content.state === 'binary') {
    return { ...none, skipped: whyBinary(content.bytes), isOpaque: true };
  }
  const key = `${content.id} ${path}`;
  const cached = byContent.get(key)?.deref();
  if (cached !== undefined) return cached;
  const file = parse(fileSource(content.id, path, content.text));
  byContent.set(key, new WeakRef(file));
  collected.register(file, key);
  return file;
}

const collected = new FinalizationRegistry<string>((key) => {
  if (byContent.get(key)?.deref() === undefined) byContent.delete(key);
});

/** Marks of template languages that are not YAML: Jinja, Go templates, Helm. */
const TEMPLATE_MARK = /\{\{|\{%|#\{|\{#|<<[^:]/;

/** A whole mark on its line. Bounded, since the text is anybody's. */
const WHOLE_MARK = /\{\{[^\n}]{0,500}\}\}|\{[%#][^\n}]{0,500}[%#]\}/g;

/**
 * Whether the first problem stands on a line without a mark, and is there also when all marks are
 * plain text: then the file is a manifest with a slip that quotes a template, an alert's text say.
 */
function isWrongWithoutMarks(text: string, [first]: readonly YamlProblem[]): boolean {
  if (first === undefined) return false;
  const { line } = toPlace(first);
  const words = text.split('\n')[line - 1] ?? '';
  if (TEMPLATE_MARK.test(words)) return false;
  const plain = text.replace(WHOLE_MARK, (mark) => 'x'.repeat(mark.length));
  const [same] = parseYaml(new SourceText('', plain), 'kustomize').problems;
  return same?.code === first.code && toPlace(same).line === line;
}

function parse(source: SourceText): ManifestFile {
  const { path, text } = source;
  const { documents, problems } = parseManifests(source);
  if (problems.length > 0) {
    return TEMPLATE_MARK.test(text) && !isWrongWithoutMarks(text, problems)
      ? { path, resources: [], problems: [], skipped: 'it is a template, not YAML' }
      : { path, resources: [], problems };
  }
  return { path, resources: resourcesOf(documents), problems: [] };
}

/** The Kubernetes objects of a file's documents, those inside lists unpacked. */
export function resourcesOf(documents: readonly Located[]): Resource[] {
  return documents.flatMap((document) => (document.kind === 'map' ? unpack(document) : []));
}

/** The object of a map, or those inside it where it is a list of any kind. */
function unpack(root: LocatedMap): Resource[] {
  const resource = toResource(root);
  if (resource === undefined) return [];
  const items = itemsOf(root);
  if (items === undefined || items instanceof Unknown) return [resource];
  return items.flatMap((item) => (item.kind === 'map' ? unpack(itemOf(item, root)) : []));
}

/** `templates/` below a directory with a `Chart.yaml` holds Go templates. */
function isChartTemplate(tree: FileTree, path: string): boolean {
  for (let at = path.indexOf('templates/'); at !== -1; at = path.indexOf('templates/', at + 1)) {
    if (at !== 0 && path[at - 1] !== '/') continue;
    if (tree.entry(`${path.slice(0, at)}Chart.yaml`) !== undefined) return true;
  }
  return false;
}

function whyBinary(bytes: Uint8Array): string {
  const isEncrypted = GIT_CRYPT.every((byte, at) => bytes[at] === byte);
  if (isEncrypted) return 'it is encrypted with git-crypt';
  return bytes.includes(0) ? 'it holds a NUL byte' : 'it is not UTF-8 text';
}
