import { additionsOf } from '../kustomize/additions.ts';
import { type Build, build } from '../kustomize/build.ts';
import { identityOf } from '../kustomize/identity.ts';
import { placeOf } from '../model/field-path.ts';
import type { FileTree } from '../model/file-tree.ts';
import { type Located, type LocatedMap, type LocatedScalar, Unknown } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { artifactOf } from './artifact.ts';
import type { FluxCache } from './cache.ts';
import type { Gap, UnitProblem } from './cluster.ts';
import { finish } from './finish.ts';
import { inputOfForeign, inputOfSpec } from './gap-inputs.ts';
import { specOf } from './kinds.ts';
import { joinPath, securePath } from './paths.ts';
import { isNamespaced } from './scope.ts';
import { substitute } from './substitution/substitute.ts';
import type { Variable } from './substitution/variables.ts';
import { type FindObject, postBuildOf, type PostBuild } from './variables.ts';

/** What applying one unit brings. */
export interface BuiltUnit {
  readonly path: string;
  readonly resources: readonly Resource[];
  readonly problems: readonly UnitProblem[];
  readonly gaps: readonly Gap[];
  /** Patches for objects in parts that are not known. */
  readonly unmatched?: readonly Located[];
  readonly notLoaded: readonly string[];
  /** Files and directories that were read or looked for. */
  readonly inputs: () => ReadonlySet<string>;
}

const NO_PATHS: ReadonlySet<string> = new Set();

export function readNothing(): ReadonlySet<string> {
  return NO_PATHS;
}

export const NOTHING_BUILT: BuiltUnit = {
  ...{ path: '', resources: [], problems: [], gaps: [], notLoaded: [] },
  inputs: readNothing,
};

export interface UnitOptions {
  readonly tree: FileTree;
  readonly cache: FluxCache;
  /** The directory that the artifact is packed from. */
  readonly root: string;
  /** The object of the source, where the cluster has it. */
  readonly source: Resource | undefined;
  readonly isStrict: boolean;
  readonly findObject: FindObject;
}

/** Builds what a Flux Kustomization applies, in the order of kustomize-controller. */
export function buildKustomization(kustomization: Resource, options: UnitOptions): BuiltUnit {
  const spec = specOf(kustomization);
  const pathField = spec?.get('path');
  const place = () => placeOf(kustomization.root, ['spec', 'path']);
  if (pathField?.kind === 'scalar' && typeof pathField.value === 'object' && pathField.value) {
    const reason = `Its path is not known: ${pathField.value.reason}.`;
    return { ...NOTHING_BUILT, gaps: [{ reason, place: place(), cause: 'content' }] };
  }
  const unknown = spec && unknownIn(spec);
  if (unknown !== undefined) {
    const [field, { reason }] = unknown;
    const gap = `Its ${field} are not known: ${reason}.`;
    const input = inputOfSpec(kustomization);
    const at = placeOf(kustomization.root, ['spec', field]);
    return {
      ...{ ...NOTHING_BUILT, path: spec?.text('path') ?? '' },
      gaps: [{ reason: gap, place: at, cause: 'content', input }],
    };
  }
  const path = joinPath(options.root, securePath(spec?.text('path') ?? '')) ?? '';
  const ignore = options.source && specOf(options.source)?.text('ignore');
  const artifact = artifactOf(options.tree, ignore);
  if (artifact.incomplete !== undefined && options.tree.incomplete === undefined) {
    const gap = { reason: artifact.incomplete, place: place(), cause: 'content' } as const;
    return { ...NOTHING_BUILT, path, gaps: [gap] };
  }
  if (!artifact.isDirectory(path)) {
    if (options.tree.incomplete !== undefined) {
      const reason = `The directory ${path} is not in what could be listed of the repository.`;
      return { ...NOTHING_BUILT, path, gaps: [{ reason, place: place(), cause: 'environment' }] };
    }
    const why = options.tree.isDirectory(path) ? ' is left out of the artifact' : ' does not exist';
    const problem: UnitProblem = {
      code: 'missing-path',
      message: `The path ${path} of Kustomization ${kustomization.name}${why}.`,
      ...{ place: place(), field: 'spec.path' },
    };
    return { ...NOTHING_BUILT, path, problems: [problem] };
  }
  return options.cache.units.built(
    kustomization,
    { ...options, artifact, path },
    (findElsewhere) => {
      const additions = spec ? additionsOf(spec) : {};
      const built = build(artifact, path, options.cache.builds, { additions });
      const findObject: FindObject = (kind, namespace, name) =>
        findElsewhere(kind, namespace, name) ?? own(built.resources, kind, namespace, name);
      const unit = complete(artifact, path, built, options.cache, {
        kustomization,
        postBuild: postBuildOf(kustomization, findObject),
        isStrict: options.isStrict,
      });
      const problems = isEmpty(unit) ? [emptyBuild(kustomization, path, place())] : unit.problems;
      const target = spec?.get('targetNamespace');
      const resources =
        target?.kind === 'scalar' && target.value instanceof Unknown
          ? unit.resources.map((resource) => intoUnknown(resource, target))
          : unit.resources;
      return { unit: { ...unit, problems, resources }, isCurrent: built.isCurrent };
    },
  );
}

/** Fields that may change objects in any way, or bring others. */
const CHANGING = ['patches', 'patchesStrategicMerge', 'patchesJson6902', 'components'];

/** The first of them that holds a value which is not known, and the value. */
function unknownIn(spec: LocatedMap): [field: string, unknown: Unknown] | undefined {
  for (const field of CHANGING) {
    const node = spec.get(field);
    const unknown = node && firstUnknown(node);
    if (unknown) return [field, unknown];
  }
  return undefined;
}

function firstUnknown(node: Located): Unknown | undefined {
  if (node.kind === 'scalar') return node.value instanceof Unknown ? node.value : undefined;
  const inner = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  for (const value of inner) {
    const unknown = firstUnknown(value);
    if (unknown) return unknown;
  }
  return undefined;
}

/** An object that goes into a namespace whose name is not known. */
function intoUnknown(resource: Resource, namespace: LocatedScalar): Resource {
  const metadata = resource.root.map('metadata');
  if (!isNamespaced(resource.apiVersion, resource.kind) || metadata === undefined) return resource;
  const root = resource.root.with('metadata', metadata.with('namespace', namespace));
  return { ...resource, root, namespace: undefined };
}

/** Builds an overlay that no Kustomization applies, as `kubectl apply -k` would. */
export function buildOverlay(path: string, tree: FileTree, cache: FluxCache): BuiltUnit {
  const postBuild: PostBuild = { variables: { named: new Map() }, isAlways: false };
  const built = build(tree, path, cache.builds);
  const options = { kustomization: undefined, postBuild, isStrict: false };
  return complete(tree, path, built, cache, options);
}

function own(
  resources: readonly Resource[],
  kind: string,
  namespace: string,
  name: string,
): Resource | undefined {
  return resources.find(
    (resource) =>
      resource.kind === kind && resource.name === name && resource.namespace === namespace,
  );
}

function isEmpty({ resources, problems, gaps, notLoaded }: BuiltUnit): boolean {
  return [resources, problems, gaps, notLoaded].every(({ length }) => length === 0);
}

function emptyBuild(
  kustomization: Resource,
  path: string,
  place: UnitProblem['place'],
): UnitProblem {
  return {
    code: 'empty-build',
    message: `Kustomization ${kustomization.name} applies nothing: ${path === '' ? 'the root' : path} holds no objects.`,
    ...{ place, field: 'spec.path' },
  };
}

/** Refusals of Flux that kustomize itself would allow. */
const REFUSED = new Set(['helm', 'plugin']);

/** What Flux does to the objects of a build. */
interface CompleteOptions {
  readonly kustomization: Resource | undefined;
  readonly postBuild: PostBuild;
  /** Whether an undefined variable fails. */
  readonly isStrict: boolean;
}

function complete(
  tree: FileTree,
  path: string,
  built: Build,
  cache: FluxCache,
  options: CompleteOptions,
): BuiltUnit {
  const { inputs } = built;
  const isFlux = options.kustomization !== undefined;
  const refused = built.incomplete.filter(({ cause }) => isFlux && REFUSED.has(cause));
  const problems: UnitProblem[] = [
    ...built.problems.map(({ code, message, place }) => ({ code, reason: message, place })),
    ...refused.map(({ cause, reason, place }) => ({ code: cause, reason, place })),
  ].map(({ code, reason, place }) => ({
    code: 'failed-build',
    message: reason,
    place,
    field: `${place.path} ${code}`,
  }));
  const gaps: Gap[] = built.incomplete
    .filter((part) => !refused.includes(part))
    .map(({ reason, place, follows }) => ({
      ...{ reason, place, cause: 'environment' },
      ...(follows && { follows }),
      input: [
        inputOfForeign(tree, built, place.path),
        inputOfSpec(options.kustomization),
        inputOfVariables(options.postBuild),
      ].join('\n'),
    }));
  if (problems.length > 0 || built.notLoaded.length > 0) {
    return { path, resources: [], problems, gaps, notLoaded: built.notLoaded, inputs };
  }
  const { kustomization, postBuild, isStrict } = options;
  const key = keyOfOptions(options);
  const finished = cache.finished(built, key, () =>
    finish(built.resources, {
      kustomization,
      substitute: (object) =>
        cache.substituted(object, key, () =>
          substitute(object, postBuild.variables, { strict: isStrict, always: postBuild.isAlways }),
        ),
    }),
  );
  const { unmatched } = built;
  return { path, ...finished, gaps: [...gaps, ...finished.gaps], unmatched, notLoaded: [], inputs };
}

/** Equal for options that make the same of a build. */
function keyOfOptions({ kustomization, postBuild, isStrict }: CompleteOptions): string {
  const spec = kustomization && specOf(kustomization);
  const metadata = spec?.map('commonMetadata');
  const { named, others } = postBuild.variables;
  const described = [...named].map(([name, variable]) => [
    name,
    valueOf(variable),
    variable.site.source.path,
    variable.site.start,
  ]);
  return JSON.stringify([
    kustomization !== undefined,
    spec?.map('decryption') !== undefined,
    metadata ? identityOf(metadata) : 0,
    ...[isStrict, postBuild.isAlways, others?.unknown, described],
  ]);
}

function valueOf(variable: Variable): string | [string] {
  return 'value' in variable ? variable.value : [variable.unknown];
}

/** What variables are, wherever they come from. */
export function inputOfVariables({ variables: { named, others } }: PostBuild): string {
  const values = [...named].map(([name, variable]) => [name, valueOf(variable)]);
  return JSON.stringify([values, others?.unknown]);
}
