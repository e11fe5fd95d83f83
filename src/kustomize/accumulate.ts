import type { LocatedScalar } from '../model/located.ts';
import { toPlace } from '../model/source.ts';
import { EMPTY_CONFIG, type TransformerConfig } from './config/transformer-config.ts';
import { addConfig, readConfigurations } from './config/configurations.ts';
import { readCrds } from './config/crds.ts';
import {
  type BuildContext,
  charge,
  entryOf,
  fail,
  isDirectory,
  isSound,
  markIncomplete,
  rememberIf,
} from './context.ts';
import type { Draft } from './draft.ts';
import { reportMissingFile, whyUnknown } from './files.ts';
import { runGenerators } from './generators/run.ts';
import { type Kustomization, loadKustomization } from './kustomization/load.ts';
import { mapsOf, textsOf } from './kustomization/texts.ts';
import { markOrigin, type Origin } from './origin.ts';
import { holdsDirectory, isRemoteFile, isRemoteRepository, joinPath } from './paths.ts';
import { loadPlugins, type Plugin, type PluginField } from './plugins.ts';
import { keyOfId, wordId } from './resource-id.ts';
import { loadDrafts } from './resources.ts';
import { textOf } from './scalar.ts';
import type { Schemas } from './schema/schema.ts';
import { useSchema } from './schema/custom.ts';
import { runTransformers } from './transformers/run.ts';
import { collectVariables, mergeVariables, type Variable } from './transformers/variables.ts';

/** What a kustomization has gathered so far. */
export interface Accumulated {
  readonly drafts: readonly Draft[];
  readonly config: TransformerConfig;
  readonly variables: readonly Variable[];
}

export const NOTHING: Accumulated = { drafts: [], config: EMPTY_CONFIG, variables: [] };

/** Where a part of the build stands. */
export interface Position {
  /** Directories from the outermost kustomization to this one: none may be entered again. */
  readonly chain: readonly string[];
  /** The path from the outermost directory, where origins are annotated; else undefined. */
  readonly origin: Origin | undefined;
}

/** Chains of bases longer than this are no work of people. */
const MAX_CHAIN = 200;

/** Directories that are built for one overlay, each once. */
const MAX_DIRECTORIES = 20_000;

/** Objects of one build: an overlay that includes itself twice at every level would have millions. */
export const MAX_RESOURCES = 50_000;

/** Nodes of all objects of one build. */
export const MAX_NODES = 10_000_000;

/**
 * Builds one kustomization without what is done once at the end (hashes, references, variables):
 * resources, generators, components, transformers, in this order (api `KustTarget`).
 *
 * @param start what a component finds; nothing for any other kustomization
 */
export function accumulate(
  context: BuildContext,
  kustomization: Kustomization,
  position: Position,
  start: Accumulated,
): Accumulated {
  const { root, directory } = kustomization;
  let current = accumulateResources(
    context,
    directory,
    textsOf(root, 'resources'),
    position,
    start,
  );
  if (!isSound(context)) return current;
  const added = [
    readConfigurations(context, directory, textsOf(root, 'configurations')),
    readCrds(context, directory, textsOf(root, 'crds')),
  ];
  for (const config of added) {
    current = { ...current, config: addConfig(context, current.config, config, root) };
  }
  if (!isSound(context)) return current;
  const { origin } = position;
  const pluginsOf = (field: PluginField): readonly Plugin[] =>
    loadPlugins(
      context,
      kustomization,
      field,
      (entry) => accumulateResources(context, directory, [entry], position, NOTHING).drafts,
    );
  const generators = pluginsOf('generators');
  current = {
    ...current,
    drafts: runGenerators(context, kustomization, origin, generators, current.drafts),
  };
  if (!isSound(context)) return current;
  for (const entry of textsOf(root, 'components')) {
    if (context.isStopped) break;
    current = accumulateDirectory(context, directory, entry, position, current, true);
  }
  if (!isSound(context)) return current;
  const plugins = {
    transformers: pluginsOf('transformers'),
    validators: pluginsOf('validators'),
  };
  const transformed = runTransformers(
    context,
    kustomization,
    origin,
    plugins,
    current.config,
    current.drafts,
  );
  current = { ...current, drafts: transformed };
  if (!isSound(context)) return current;
  const { drafts, variables } = collectVariables(
    context,
    current.drafts,
    current.variables,
    mapsOf(root, 'vars'),
  );
  checkSize(context, drafts, kustomization);
  return { ...current, drafts, variables };
}

/** Adds the objects of files and directories. */
export function accumulateResources(
  context: BuildContext,
  directory: string,
  entries: readonly LocatedScalar[],
  position: Position,
  start: Accumulated,
): Accumulated {
  let current = start;
  for (const entry of entries) {
    if (context.isStopped) break;
    const path = textOf(entry);
    if (isRemoteFile(path)) {
      markIncomplete(context, 'remote', `${path} is fetched from the network.`, entry);
      continue;
    }
    const target = joinPath(directory, path);
    if (target !== undefined && path !== '' && entryOf(context, target)?.kind === 'file') {
      const drafts = loadDrafts(context, target, entry);
      const marked = markOrigin(context, drafts, position.origin, path);
      current = { ...current, drafts: append(context, current.drafts, marked, entry) };
    } else {
      current = accumulateDirectory(context, directory, entry, position, current, false);
    }
  }
  return current;
}

/** Adds the objects of a directory's kustomization: a base, or a component. */
function accumulateDirectory(
  context: BuildContext,
  from: string,
  entry: LocatedScalar,
  position: Position,
  current: Accumulated,
  isComponent: boolean,
): Accumulated {
  const directory = enter(context, from, entry, position);
  if (directory === undefined) return current;
  const inner: Position = {
    chain: [...position.chain, directory],
    origin: position.origin?.below(textOf(entry)),
  };
  if (isComponent) {
    if (!countDirectory(context, entry)) return current;
    const kustomization = load(context, directory, entry, true);
    return kustomization ? accumulate(context, kustomization, inner, current) : current;
  }
  const base = accumulateBase(context, directory, entry, inner);
  return mergeAccumulated(context, current, base, entry);
}

/** The directory that an entry names, unless it cannot be entered, which is reported. */
function enter(
  context: BuildContext,
  from: string,
  entry: LocatedScalar,
  { chain }: Position,
): string | undefined {
  const path = textOf(entry);
  if (path === '') {
    fail(context, 'missing-file', 'An empty path names neither a file nor a directory.', entry);
    return undefined;
  }
  if (isRemoteRepository(path)) {
    markIncomplete(context, 'remote', `${path} is cloned from the network.`, entry);
    return undefined;
  }
  const directory = joinPath(from, path);
  if (directory === undefined) {
    const message = `${path} is outside of the repository, where Flux does not look.`;
    fail(context, 'outside-repository', message, entry);
    return undefined;
  }
  if (!isDirectory(context, directory) || whyUnknown(context, `${directory}/x`) !== undefined) {
    if (!isDirectory(context, directory)) {
      reportMissingFile(context, directory, entry);
      return undefined;
    }
  }
  const visited = chain.find((earlier) => holdsDirectory(directory, earlier));
  if (visited !== undefined) {
    const message = `${path} leads back to ${directory || '.'}, from where ${visited || '.'} is being built: this would never end.`;
    fail(context, 'cycle', message, entry);
    return undefined;
  }
  if (chain.length >= MAX_CHAIN) {
    const message = `This is the ${MAX_CHAIN}th base of a base: no build goes deeper.`;
    fail(context, 'limit', message, entry);
    return undefined;
  }
  return directory;
}

/** What a base has gathered, and what it did to the rest of the build. */
interface Base {
  readonly gathered: Accumulated;
  readonly schemas: Schemas;
  /** Directories that were entered below it. */
  readonly visited: readonly string[];
  /** The entry that named it, where a problem is told there: another one is told its own. */
  readonly blamed: LocatedScalar | undefined;
}

/** The result of a base: the same for every overlay that includes it. */
function accumulateBase(
  context: BuildContext,
  directory: string,
  entry: LocatedScalar,
  position: Position,
): Accumulated {
  const origin = position.origin?.key ?? '-';
  const key = ['base', directory, context.schemas.id, origin].join('\0');
  const isAllowed = ({ blamed, visited }: Base): boolean =>
    (blamed === undefined || blamed === entry) &&
    !visited.some((below) =>
      position.chain.slice(0, -1).some((earlier) => holdsDirectory(below, earlier)),
    );
  const base = rememberIf(context, key, isAllowed, (): Base => {
    const outer = context.visited;
    context.visited = new Set([directory]);
    const gathered = makeBase(context, directory, entry, position);
    const visited = [...context.visited];
    context.visited = outer;
    const isBlamed = context.frame.problems.some(({ place }) => place.path === toPlace(entry).path);
    return { gathered, schemas: context.schemas, visited, blamed: isBlamed ? entry : undefined };
  });
  for (const below of base.visited) context.visited.add(below);
  context.schemas = base.schemas;
  return base.gathered;
}

function makeBase(
  context: BuildContext,
  directory: string,
  entry: LocatedScalar,
  position: Position,
): Accumulated {
  if (!countDirectory(context, entry)) return NOTHING;
  const kustomization = load(context, directory, entry, false);
  return kustomization ? accumulate(context, kustomization, position, NOTHING) : NOTHING;
}

function countDirectory(context: BuildContext, entry: LocatedScalar): boolean {
  context.directories += 1;
  if (context.isStopped) return false;
  if (context.directories <= MAX_DIRECTORIES) return true;
  fail(context, 'limit', `This build has more than ${MAX_DIRECTORIES} directories.`, entry);
  return false;
}

function load(
  context: BuildContext,
  directory: string,
  entry: LocatedScalar,
  asComponent: boolean,
): Kustomization | undefined {
  const kustomization = loadKustomization(context, directory, entry);
  if (kustomization === undefined) return undefined;
  if (kustomization.isComponent === asComponent) {
    useSchema(context, kustomization, false);
    return kustomization;
  }
  const message = asComponent
    ? `${directory} is no component: a component has the kind Component, in ${kustomization.path}.`
    : `${directory} is a component: list it under components, not here.`;
  fail(context, asComponent ? 'not-a-component' : 'component-as-resource', message, entry);
  return undefined;
}

function mergeAccumulated(
  context: BuildContext,
  current: Accumulated,
  base: Accumulated,
  entry: LocatedScalar,
): Accumulated {
  return {
    drafts: append(context, current.drafts, base.drafts, entry),
    config: addConfig(context, current.config, base.config, entry),
    variables: mergeVariables(context, current.variables, base.variables),
  };
}

/** The objects with others behind them; no two may have the same id. */
export function append(
  context: BuildContext,
  drafts: readonly Draft[],
  added: readonly Draft[],
  entry: LocatedScalar,
): readonly Draft[] {
  if (added.length === 0) return drafts;
  const known = takeIndex(drafts);
  if (!charge(context, added.length, entry)) return drafts;
  for (const draft of added) {
    const key = keyOfId(draft.id);
    const twin = known.get(key);
    if (twin) reportTwin(context, draft, twin, entry);
    known.set(key, draft);
  }
  if (drafts.length + added.length > MAX_RESOURCES) {
    fail(context, 'limit', `This build has more than ${MAX_RESOURCES} objects.`, entry);
    return drafts;
  }
  const all = drafts.length === 0 ? added : [...drafts, ...added];
  indexes.set(all, known);
  return all;
}

/** Objects by id, of the lists that were made last: a long list is not read again for each entry. */
const indexes = new WeakMap<readonly Draft[], Map<string, Draft>>();

/** The index of a list, to be added to: it is the next list's from then on. */
function takeIndex(drafts: readonly Draft[]): Map<string, Draft> {
  const index = indexes.get(drafts);
  indexes.delete(drafts);
  return index ?? new Map(drafts.map((draft) => [keyOfId(draft.id), draft]));
}

function reportTwin(context: BuildContext, draft: Draft, twin: Draft, entry: LocatedScalar): void {
  const { site } = draft;
  const isOneObject = site.source === twin.site.source && site.start === twin.site.start;
  const other = twin.file === draft.file && !isOneObject ? 'in this file' : `in ${twin.file}`;
  const message = `${wordId(draft.id)} is already defined ${other}; ${textOf(entry)} adds it again.`;
  const shown = !isOneObject && isSameFile(draft, entry) ? site : entry;
  fail(context, 'duplicate-resource', message, shown);
}

/** Whether an entry names the very file of an object: then the object shows the fault best. */
function isSameFile(draft: Draft, entry: LocatedScalar): boolean {
  return draft.file.endsWith(textOf(entry).replace(/^\.\//, ''));
}

function checkSize(context: BuildContext, drafts: readonly Draft[], { root }: Kustomization): void {
  let size = 0;
  for (const draft of drafts) size += draft.size;
  if (size > MAX_NODES) {
    fail(context, 'limit', `The objects of this build have more than ${MAX_NODES} values.`, root);
  }
}
