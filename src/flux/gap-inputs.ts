import type { Build } from '../kustomize/build.ts';
import { identityOf } from '../kustomize/identity.ts';
import type { FileTree } from '../model/file-tree.ts';
import { type Located, type LocatedMap, toPlain } from '../model/located.ts';
import { plainJson } from '../model/plain-json.ts';
import type { Resource } from '../model/resource.ts';
import { SourceText } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { specOf } from './kinds.ts';
import { directoryOf, joinPath } from './paths.ts';
import { includedBy, isKustomizationFile } from './reach.ts';

/*
 * What a part that is not known depends on. While this stays, the part is what it was; when it
 * changes, the part may be another one, so that a review has to say again that it is not known.
 */

/** Fields of a Flux object that change when and with which rights it is fetched and applied, not what. */
const MANNER = new Set([
  ...['interval', 'retryInterval', 'timeout', 'dependsOn', 'wait', 'suspend', 'force', 'prune'],
  ...['healthChecks', 'healthCheckExprs', 'deletionPolicy', 'maxHistory', 'driftDetection'],
  ...['test', 'rollback', 'uninstall', 'serviceAccountName'],
  ...['verify', 'secretRef', 'certSecretRef', 'proxySecretRef'],
]);

const specs = new WeakMap<LocatedMap, string>();

/** The values of an object's spec that count, as text. */
export function inputOfSpec(resource: Resource | undefined): string {
  const spec = resource && specOf(resource);
  if (spec === undefined) return '';
  let input = specs.get(spec);
  if (input === undefined) {
    const counted = spec.entries.filter(({ key }) => !MANNER.has(key));
    input = plainJson(counted.map(({ key, value }) => [key, toPlain(value)]));
    specs.set(spec, input);
  }
  return input;
}

/** A value as text, to tell whether it is still the same. */
export function inputOfValue(node: Located): string {
  return plainJson(toPlain(node));
}

/** Objects that are what they were, by the very values. */
export function inputOfObjects(resources: readonly Resource[]): string {
  return resources.map(({ root }) => identityOf(root)).join(' ');
}

/** Fields of a kustomization that add objects of their own, and do nothing to those of others. */
const ADDING = new Set([
  ...['apiVersion', 'kind', 'metadata', 'resources', 'bases', 'components'],
  ...['configMapGenerator', 'secretGenerator', 'generatorOptions', 'generators', 'helmCharts'],
  ...['helmGlobals', 'helmChartInflationGenerator', 'crds', 'openapi', 'buildMetadata'],
]);

const inputs = new WeakMap<Build, Map<string, string>>();

/**
 * What a build does to objects that a kustomization takes from elsewhere: the changes that it and
 * those on the way to it make, with the files of their patches.
 *
 * @param file the kustomization that names what is not here
 */
export function inputOfForeign(tree: FileTree, build: Build, file: string): string {
  const known = inputs.get(build) ?? new Map<string, string>();
  inputs.set(build, known);
  let input = known.get(file);
  if (input === undefined) {
    input = plainJson(
      [...changersOf(tree, build, file)].sort().map((path) => changesIn(tree, path)),
    );
    known.set(file, input);
  }
  return input;
}

/** Kustomizations of a build that a file's objects pass through, and the components of these. */
function changersOf(tree: FileTree, build: Build, file: string): Set<string> {
  const above = new Map<string, string[]>();
  const files = [...build.inputs()].filter(isKustomizationFile);
  for (const path of files) {
    for (const target of includedBy(tree, directoryOf(path)).paths) {
      above.set(target, [...(above.get(target) ?? []), path]);
    }
  }
  const found = new Set<string>();
  const waiting = [file];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    waiting.push(...(above.get(directoryOf(at)) ?? []));
    const included = includedBy(tree, directoryOf(at)).paths;
    const isComponent = (path: string) =>
      included.includes(directoryOf(path)) && includedBy(tree, directoryOf(path)).isComponent;
    waiting.push(...files.filter(isComponent));
  }
  return found;
}

function changesIn(tree: FileTree, path: string): unknown {
  const content = tree.read(path);
  if (content.state !== 'text') return path;
  const [root] = parseYaml(new SourceText(path, content.text), 'kustomization').documents;
  if (root?.kind !== 'map') return path;
  const changing = root.entries.filter(({ key }) => !ADDING.has(key));
  const files = changing
    .flatMap(({ value }) => [...textsIn(value)])
    .flatMap((text) => {
      const target = text.includes('\n') ? undefined : joinPath(directoryOf(path), text);
      const id = target === undefined ? undefined : tree.entry(target)?.id;
      return id === undefined ? [] : [id];
    });
  return [path, changing.map(({ key, value }) => [key, toPlain(value)]), files];
}

function* textsIn(node: Located): Generator<string> {
  if (node.kind === 'scalar') {
    if (typeof node.value === 'string') yield node.value;
    return;
  }
  const inner = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  for (const value of inner) yield* textsIn(value);
}
