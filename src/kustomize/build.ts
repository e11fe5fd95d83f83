import { type Located, type LocatedMap, LocatedScalar } from '../model/located.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Resource } from '../model/resource.ts';
import { SourceText } from '../model/source.ts';
import { type Accumulated, accumulate, NOTHING } from './accumulate.ts';
import { type Additions, applyAdditions } from './additions.ts';
import type { BuildCache } from './cache.ts';
import {
  type BuildContext,
  fail,
  type Frame,
  isDirectory,
  isFinal,
  isSound,
  newContext,
  remember,
} from './context.ts';
import type { Draft } from './draft.ts';
import { fixNameReferences } from './name-references.ts';
import { generateKustomization, hasKustomization } from './generate.ts';
import { hashNames } from './hash.ts';
import { identityOf } from './identity.ts';
import { checkKustomization, type Kustomization, loadKustomization } from './kustomization/load.ts';
import { textsOf } from './kustomization/texts.ts';
import { dropOrigins, Origin } from './origin.ts';
import type { BuildProblem, IncompletePart } from './problem.ts';
import { keyOfId, wordId } from './resource-id.ts';
import { textOf } from './scalar.ts';
import { useSchema } from './schema/custom.ts';
import { sortDrafts } from './sort.ts';
import { mapEntriesTransformer } from './transformers/map-entries.ts';
import { resolveVariables } from './transformers/variables.ts';

export interface BuildOptions {
  /**
   * Present where Flux builds the directory: it reads the kustomization file leniently, makes one
   * where there is none, and adds these values of the Flux Kustomization's `spec`.
   */
  readonly additions?: Additions | undefined;
}

/** What a directory renders to. The same object again as long as nothing it read has changed. */
export interface Build {
  /** In the order of the output; empty when there is a problem or something is not loaded. */
  readonly resources: readonly Resource[];
  /** Why the build fails; where there is any, Flux applies nothing. */
  readonly problems: readonly BuildProblem[];
  /** Parts that cannot be known: nothing may be called absent because it is not in `resources`. */
  readonly incomplete: readonly IncompletePart[];
  /** Patches for objects that may be in a part that cannot be known: to merge, or JSON patches. */
  readonly unmatched: readonly Located[];
  /** Files whose content has to be loaded; then build again. */
  readonly notLoaded: readonly string[];
  /** Files and directories that were read or looked for. */
  readonly inputs: () => ReadonlySet<string>;
  /** Whether it would come out the same from a tree, as far as that depends on the tree. */
  readonly isCurrent: (tree: FileTree) => boolean;
}

/**
 * Builds a directory as kustomize 5.8.1 does, from memory: no process, no network, no plugins.
 *
 * @param directory relative to the root of the tree, without a slash at its end; `''` is the root
 * @param cache of this repository: what earlier builds of the same content worked out
 */
export function build(
  tree: FileTree,
  directory: string,
  cache: BuildCache,
  options: BuildOptions = {},
): Build {
  const context = newContext(tree, cache);
  const { additions } = options;
  const key = `build ${additions ? identityOfAdditions(additions) : 'plain'} ${directory}`;
  const result = remember(context, key, (): { build: Build } => ({
    build: make(context, directory, additions),
  }));
  return result.build;
}

function make(context: BuildContext, directory: string, additions: Additions | undefined): Build {
  const { frame, cache } = context;
  const kustomization = additions
    ? loadForFlux(context, directory, additions)
    : loadKustomization(context, directory, undefined);
  const drafts = kustomization && isSound(context) ? render(context, kustomization) : [];
  const isWhole = isSound(context);
  let inputs: ReadonlySet<string> | undefined;
  return {
    resources: isWhole ? drafts.map(toResource) : [],
    problems: frame.problems,
    incomplete: [...frame.incomplete],
    unmatched: [...frame.unmatched],
    notLoaded: [...frame.notLoaded],
    inputs: () => (inputs ??= inputsOf(frame)),
    isCurrent: (other) => isFinal(frame) && cache.holds(frame, other),
  };
}

/** The kustomization that Flux writes before it builds (fluxcd/pkg `kustomize`). */
function loadForFlux(
  context: BuildContext,
  directory: string,
  additions: Additions,
): Kustomization | undefined {
  if (!isDirectory(context, directory)) {
    const site = { source: new SourceText(directory, ''), start: 0, end: 0 };
    fail(context, 'missing-file', `There is no directory ${directory}.`, site);
    return undefined;
  }
  if (hasKustomization(context, directory)) {
    return loadKustomization(context, directory, undefined, {
      strictness: 'lenient',
      edit: (root) => applyAdditions(context, root, additions, directory, false),
    });
  }
  const generated = generateKustomization(context, directory);
  const root = applyAdditions(context, generated, additions, directory, true);
  const fileName = 'kustomization.yaml';
  const path = directory === '' ? fileName : `${directory}/${fileName}`;
  return checkKustomization(context, { directory, fileName, path, root });
}

/** Everything that is done once, for the outermost kustomization (api `krusty.Run`). */
function render(context: BuildContext, kustomization: Kustomization): readonly Draft[] {
  const { root, directory } = kustomization;
  useSchema(context, kustomization, true);
  const metadata = textsOf(root, 'buildMetadata').map(textOf);
  const marksTransformers = metadata.includes('transformerAnnotations');
  const isMarked = marksTransformers || metadata.includes('originAnnotations');
  const origin = isMarked ? new Origin('', marksTransformers) : undefined;
  const gathered = accumulate(context, kustomization, { chain: [directory], origin }, NOTHING);
  if (!isSound(context)) return [];
  const finished = finish(context, gathered);
  if (!isSound(context)) return [];
  const kept = finished.filter((draft) => !isLocal(draft));
  checkIdentities(context, finished, kept);
  if (!isSound(context)) return [];
  const sorted = sortDrafts(context, kept, root.map('sortOptions'));
  const labelled = metadata.includes('managedByLabel')
    ? addManagedBy(context, sorted, root)
    : sorted;
  return labelled.map((draft) => ({ ...draft, root: dropOrigins(draft.root, metadata) }));
}

function finish(
  context: BuildContext,
  { drafts, config, variables }: Accumulated,
): readonly Draft[] {
  const named = fixNameReferences(context, hashNames(context, drafts), config);
  return isSound(context)
    ? resolveVariables(context, named, variables, config.varReference)
    : named;
}

/** What transformers must have left of every object, and no two of them have alike. */
function checkIdentities(
  context: BuildContext,
  finished: readonly Draft[],
  kept: readonly Draft[],
): void {
  for (const { root, id, file } of finished) {
    const isNamed = id.name !== '' || id.kind.endsWith('List');
    if (id.kind !== '' && isNamed) continue;
    const field = id.kind === '' ? root.get('kind') : root.map('metadata')?.get('name');
    const message = `An object of ${file} has lost its ${id.kind === '' ? 'kind' : 'name'} in the end.`;
    fail(context, 'not-a-resource', message, field ?? root);
  }
  const seen = new Map<string, Draft>();
  for (const draft of kept) {
    const twin = seen.get(keyOfId(draft.id));
    seen.set(keyOfId(draft.id), draft);
    if (twin === undefined) continue;
    const from =
      twin.file === draft.file
        ? `both from ${draft.file}`
        : `one from ${twin.file}, one from ${draft.file}`;
    const message = `Two objects are named ${wordId(draft.id)} in the end, ${from}.`;
    const name = draft.root.map('metadata')?.get('name');
    fail(context, 'duplicate-resource', message, name ?? draft.root);
  }
}

/** Whether an object is there for tools only, by an annotation of its own. */
function isLocal({ root }: Draft): boolean {
  const mark = root.map('metadata')?.map('annotations')?.get('config.kubernetes.io/local-config');
  return mark !== undefined && textOf(mark) !== 'false';
}

const METADATA_LABELS = {
  ...{ group: '', version: '', kind: '' },
  path: 'metadata/labels',
  create: true,
};

/** The version of kustomize that this one is held to. */
const KUSTOMIZE_VERSION = 'v5.8.1';

function addManagedBy(
  context: BuildContext,
  drafts: readonly Draft[],
  root: LocatedMap,
): readonly Draft[] {
  const site = root.get('buildMetadata') ?? root;
  const value = new LocatedScalar(`kustomize-${KUSTOMIZE_VERSION}`, site);
  const key = 'app.kubernetes.io/managed-by';
  const pairs = root.withEntries([{ key, keyStart: site.start, keyEnd: site.start, value }]);
  return mapEntriesTransformer(context, pairs, [METADATA_LABELS], 'buildMetadata')(drafts);
}

function toResource({ root, id, notes }: Draft): Resource {
  const plain = notes.needsHash ? notes.previous.at(-1)?.name : undefined;
  return {
    root,
    apiVersion: textOf(root.get('apiVersion')),
    kind: id.kind,
    name: id.name,
    namespace: id.namespace || undefined,
    plainName: plain ?? id.name,
  };
}

function inputsOf(frame: Frame): ReadonlySet<string> {
  const paths = new Set<string>();
  const seen = new Set<Frame>();
  const waiting = [frame];
  for (const next of waiting) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { path } of next.inputs.values()) paths.add(path);
    for (const child of next.children) waiting.push(child);
  }
  return paths;
}

function identityOfAdditions(additions: Additions): string {
  return Object.entries(additions)
    .filter(([, value]: [string, unknown]) => value !== undefined)
    .map(([field, value]: [string, Located | boolean | undefined]) =>
      typeof value === 'object' ? `${field}=${identityOf(value)}` : `${field}=${String(value)}`,
    )
    .join();
}
