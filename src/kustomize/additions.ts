import { type Located, LocatedList, LocatedMap, LocatedScalar } from '../model/located.ts';
import { SourceText } from '../model/source.ts';
import { type BuildContext, fail, isDirectory } from './context.ts';
import { replaceField } from './fields.ts';
import { isRemoteRepository, joinPath } from './paths.ts';
import { isMissingOrNull, textOf, type Writer } from './scalar.ts';
import { mapsOf, textsOf } from './kustomization/texts.ts';

/**
 * What Flux writes into the kustomization of a directory before it builds: values of a Flux
 * Kustomization's `spec`, each with its place there. Absent and null ones change nothing.
 */
export interface Additions {
  /** `spec.targetNamespace`. */
  readonly namespace?: Located | undefined;
  readonly namePrefix?: Located | undefined;
  readonly nameSuffix?: Located | undefined;
  readonly patches?: Located | undefined;
  /** `spec.patchesStrategicMerge` and `spec.patchesJson6902` of old objects. */
  readonly patchesStrategicMerge?: Located | undefined;
  readonly patchesJson6902?: Located | undefined;
  readonly images?: Located | undefined;
  readonly components?: Located | undefined;
  readonly ignoreMissingComponents?: boolean | undefined;
  readonly buildMetadata?: Located | undefined;
}

/** What a Flux Kustomization's `spec` adds. */
export function additionsOf(spec: LocatedMap): Additions {
  const ignores = spec.get('ignoreMissingComponents');
  return {
    namespace: spec.get('targetNamespace'),
    namePrefix: spec.get('namePrefix'),
    nameSuffix: spec.get('nameSuffix'),
    patches: spec.get('patches'),
    patchesStrategicMerge: spec.get('patchesStrategicMerge'),
    patchesJson6902: spec.get('patchesJson6902'),
    images: spec.get('images'),
    components: spec.get('components'),
    ignoreMissingComponents: ignores?.kind === 'scalar' && ignores.value === true,
    buildMetadata: spec.get('buildMetadata'),
  };
}

/**
 * A kustomization as Flux rewrites it (fluxcd/pkg `kustomize`, GenerateManifest).
 *
 * @param isGenerated whether the directory has no kustomization file of its own
 */
export function applyAdditions(
  context: BuildContext,
  kustomization: LocatedMap,
  additions: Additions,
  directory: string,
  isGenerated: boolean,
): LocatedMap {
  let root = kustomization;
  if (!isGenerated && textsOf(root, 'resources').length === 0) {
    // Flux asks for origin annotations, so that kustomize does not call the file empty.
    root = replaceField(root, 'buildMetadata', listOf([madeText('originAnnotations', root)], root));
  }
  for (const field of ['namespace', 'namePrefix', 'nameSuffix'] as const) {
    const value = additions[field];
    if (value?.kind === 'scalar' && !isMissingOrNull(value))
      root = replaceField(root, field, value);
  }
  for (const field of ['patches', 'patchesStrategicMerge', 'patchesJson6902'] as const) {
    root = append(root, field, itemsOf(additions[field]));
  }
  root = append(root, 'components', componentsOf(context, additions, directory));
  root = mergeImages(root, itemsOf(additions.images));
  const buildMetadata = itemsOf(additions.buildMetadata);
  return buildMetadata.length > 0
    ? replaceField(root, 'buildMetadata', listOf(buildMetadata, root))
    : root;
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === 'list' ? node.items : [];
}

function listOf(items: readonly Located[], site: Located): LocatedList {
  return new LocatedList(items, items[0] ?? site);
}

function append(root: LocatedMap, field: string, items: readonly Located[]): LocatedMap {
  if (items.length === 0) return root;
  const present = root.list(field);
  return replaceField(root, field, listOf([...(present?.items ?? []), ...items], root));
}

/** Components must be local; missing ones may be ignored. */
function componentsOf(
  context: BuildContext,
  { components, ignoreMissingComponents }: Additions,
  directory: string,
): readonly Located[] {
  return itemsOf(components).filter((component) => {
    const path = textOf(component);
    if (isRemoteRepository(path) || /^(?:https?:|file:\/\/\/|\/)/i.test(path)) {
      const message = `The component ${path} must be a relative path in the same repository.`;
      fail(context, 'outside-repository', message, component);
      return false;
    }
    const target = joinPath(directory, path);
    const exists = target !== undefined && isDirectory(context, target);
    return exists || ignoreMissingComponents !== true;
  });
}

/** Entries for the same image are merged: tag and digest change together. */
function mergeImages(root: LocatedMap, images: readonly Located[]): LocatedMap {
  let merged = root;
  for (const image of images) {
    if (!(image instanceof LocatedMap)) continue;
    const known = mapsOf(merged, 'images');
    const twin = known.findIndex((entry) => entry.text('name') === image.text('name'));
    const all =
      twin === -1 ? [...known, image] : known.with(twin, mergeImage(known[twin] ?? image, image));
    merged = replaceField(merged, 'images', listOf(all, root));
  }
  return merged;
}

function mergeImage(entry: LocatedMap, image: LocatedMap): LocatedMap {
  let merged = entry;
  const newName = image.get('newName');
  if (newName && textOf(newName) !== '') merged = replaceField(merged, 'newName', newName);
  const version = ['newTag', 'digest'].filter((field) => textOf(image.get(field)) !== '');
  if (version.length === 0) return merged;
  merged = merged.without('newTag').without('digest');
  for (const field of version) {
    const value = image.get(field);
    if (value) merged = replaceField(merged, field, value);
  }
  return merged;
}

function madeText(text: string, site: Located): LocatedScalar {
  return new LocatedScalar(text, { source: site.source, start: site.start, end: site.start });
}

/** The kustomization that Flux makes for a directory without one: its resources, or a placeholder. */
export function generatedKustomization(paths: readonly string[], writer: Writer): LocatedMap {
  const text = (value: string): LocatedScalar =>
    new LocatedScalar(value, siteOfPath(value, writer));
  const field = (key: string, value: Located): LocatedMap['entries'][number] => ({
    key,
    keyStart: value.start,
    keyEnd: value.start,
    value,
  });
  const entry =
    paths.length === 0
      ? field('namespace', new LocatedScalar('_placeholder', writer))
      : field('resources', new LocatedList(paths.map(text), writer));
  return new LocatedMap([entry], writer);
}

/** A path that nobody wrote stands at the start of the file or directory that it names. */
function siteOfPath(path: string, { source }: Writer): { source: SourceText; start: 0; end: 0 } {
  return { source: new SourceText(joinPath(source.path, path) ?? path, ''), start: 0, end: 0 };
}
