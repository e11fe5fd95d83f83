import type { FileContent, FileTree } from '../model/file-tree.ts';
import type { Located, LocatedMap } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { SourceText } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { factsOf, type FileReader } from './file-facts.ts';
import { instanceSpecOf } from './flux-instance.ts';
import { isFluxInstance, isHelmRelease, isKustomization, specOf } from './kinds.ts';
import type { ManifestFile } from './manifests.ts';
import { directoryOf, joinPath, securePath } from './paths.ts';
import { isKustomizationFile, kustomizationFile, walkOf } from './reach.ts';

const CONTROLLER = 'kustomize-controller';
const FLAG = '--feature-gates';

export interface GateOptions {
  readonly files: readonly ManifestFile[];
  /** Where a cluster starts; undefined where all of the repository is about one controller. */
  readonly from: readonly string[] | undefined;
}

/**
 * What the files say of a feature gate of kustomize-controller: in the arguments of its Deployment
 * or in the values of its chart, or in patches of it, in place or in files, by a kustomization, a
 * Flux Kustomization or a FluxInstance. A patch counts above the Deployment, and the last word
 * above others; undefined where nothing is said and the default holds.
 */
export function featureGateOf(
  tree: FileTree,
  gate: string,
  { files, from }: GateOptions,
): boolean | undefined {
  if (!isMentioned(tree, gate)) return undefined;
  const own = from && ownFilesOf(tree, files, from);
  let written: boolean | undefined;
  let patched: boolean | undefined;
  for (const { path, resources } of files) {
    if (own && !own.has(path)) continue;
    for (const resource of resources) {
      if (resource.kind === 'Deployment' && resource.name === CONTROLLER) {
        written = gateIn(resource.root, gate) ?? written;
      }
      const values = isHelmRelease(resource) ? specOf(resource)?.map('values') : undefined;
      const chart = values?.map('kustomizeController');
      if (chart) written = gateIn(chart, gate) ?? written;
      for (const patch of patchesIn(resource)) patched = gateIn(patch, gate) ?? patched;
    }
  }
  // Their kind may be left out, so that they are no objects.
  for (const { path } of tree.list()) {
    if (!isKustomizationFile(path) || (own && !own.has(path))) continue;
    const root = rootOf(tree, path);
    if (root?.kind !== 'map') continue;
    for (const patch of patchesOf(root, tree)) patched = gateIn(patch, gate) ?? patched;
  }
  return patched ?? written;
}

/** Kustomizations by content, which the sides of a change share, and by path. */
const roots = new WeakMap<FileContent, Map<string, Located | undefined>>();

function rootOf(tree: FileTree, path: string): Located | undefined {
  const content = tree.read(path);
  if (content.state !== 'text') return undefined;
  const known = roots.get(content) ?? new Map<string, Located | undefined>();
  roots.set(content, known);
  if (!known.has(path)) {
    const source = new SourceText(path, content.text);
    known.set(path, parseYaml(source, 'kustomization').documents[0]);
  }
  return known.get(path);
}

/** A file that mentions a gate, or that is not loaded, so that it may. */
interface Mention {
  readonly path: string;
  readonly isSeen: boolean;
}

const readers = new Map<string, FileReader<Mention>>();

function isMentioned(tree: FileTree, gate: string): boolean {
  const reader = readers.get(gate) ?? ((at, path) => mentionAt(at, path, gate));
  readers.set(gate, reader);
  return factsOf(tree, reader).some(
    ({ path, isSeen }) => isSeen || mentionAt(tree, path, gate).some((now) => now.isSeen),
  );
}

function mentionAt(tree: FileTree, path: string, gate: string): Mention[] {
  const content = tree.read(path);
  if (content.state === 'not-loaded') return [{ path, isSeen: false }];
  return content.state === 'text' && content.text.includes(gate) ? [{ path, isSeen: true }] : [];
}

/** What belongs to a cluster: its own folders, and what its Kustomizations reach outside of them. */
function ownFilesOf(
  tree: FileTree,
  files: readonly ManifestFile[],
  from: readonly string[],
): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const own = new Set<string>();
  const walked = new Set<string>();
  const waiting = [...from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (walked.has(at)) continue;
    walked.add(at);
    const { files: reached, entered } = walkOf(tree, at);
    for (const path of entered) {
      own.add(path);
      const file = kustomizationFile(tree, path);
      if (file !== undefined) own.add(file);
    }
    for (const path of reached) {
      for (const resource of byPath.get(path)?.resources ?? []) {
        const next = isKustomization(resource) ? specOf(resource)?.text('path') : undefined;
        if (next !== undefined) waiting.push(securePath(next));
      }
    }
  }
  return own;
}

/** Where kustomizations hold patches; Flux Kustomizations and a FluxInstance know the first only. */
const PATCH_FIELDS = ['patches', 'patchesJson6902', 'patchesStrategicMerge'];

/** Patches of the controller's Deployment that an object holds. */
function patchesIn(resource: Resource): Located[] {
  if (isKustomization(resource)) return patchesOf(specOf(resource));
  const isInstance = isFluxInstance(resource) || isHelmRelease(resource);
  return isInstance ? patchesOf(instanceSpecOf(resource)?.map('kustomize')) : [];
}

/** @param tree where patches may stand in files */
function patchesOf(holder: LocatedMap | undefined, tree?: FileTree): Located[] {
  const items = PATCH_FIELDS.flatMap((field) => holder?.list(field)?.items ?? []);
  return items.flatMap((item) => {
    const target = item.kind === 'map' ? item.map('target') : undefined;
    const node = item.kind === 'map' ? item.get('patch') : item;
    const text = node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
    const file = item.kind === 'map' ? item.text('path') : text;
    const source =
      (tree && file !== undefined ? fileSource(tree, item.source.path, file) : undefined) ??
      (node && text !== undefined ? new SourceText(node.source.path, text, () => node) : undefined);
    if (!source?.text.includes(FLAG)) return [];
    return parseYaml(source, 'kustomize').documents.filter((patch) =>
      isOfController(target, patch),
    );
  });
}

/** A file that a kustomization names, where it is one. */
function fileSource(tree: FileTree, kustomization: string, name: string): SourceText | undefined {
  if (name.includes('\n')) return undefined;
  const path = joinPath(directoryOf(kustomization), name);
  const content = path === undefined ? undefined : tree.read(path);
  if (path === undefined || content?.state !== 'text') return undefined;
  return new SourceText(path, content.text);
}

/** Targets are patterns: one that names the controller among others is meant too. */
function isOfController(target: LocatedMap | undefined, patch: Located): boolean {
  if (target === undefined) {
    return patch.kind === 'map' && patch.map('metadata')?.text('name') === CONTROLLER;
  }
  if ((target.text('kind') ?? 'Deployment') !== 'Deployment') return false;
  const name = target.text('name');
  return name === undefined || name === '.*' || name.includes(CONTROLLER);
}

/** The gate's value in the arguments anywhere below a node. */
function gateIn(node: Located, gate: string): boolean | undefined {
  if (node.kind === 'scalar') return undefined;
  const children = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  let said: boolean | undefined;
  for (const [at, child] of children.entries()) {
    const text = textOf(child);
    // A flag and its value may be two arguments.
    const pairs = text === FLAG ? textOf(children[at + 1]) : valueOf(text);
    said = (pairs === undefined ? gateIn(child, gate) : inPairs(pairs, gate)) ?? said;
  }
  return said;
}

function textOf(node: Located | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function valueOf(argument: string | undefined): string | undefined {
  return argument?.startsWith(`${FLAG}=`) ? argument.slice(FLAG.length + 1) : undefined;
}

function inPairs(pairs: string, gate: string): boolean | undefined {
  const value = pairs
    .split(',')
    .findLast((pair) => pair.trim().startsWith(`${gate}=`))
    ?.split('=')[1];
  return value === undefined ? undefined : /^(?:1|t|true)$/i.test(value.trim());
}
