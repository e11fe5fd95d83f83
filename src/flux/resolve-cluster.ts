import type { ClusterSettings } from '../model/cluster-settings.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Located, LocatedMap } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { placeOf } from '../model/field-path.ts';
import {
  type BuiltUnit,
  buildKustomization,
  buildOverlay,
  inputOfVariables,
  NOTHING_BUILT,
  readNothing,
} from './build-unit.ts';
import type { FluxCache } from './cache.ts';
import type { Cluster, ClusterObject, Unit } from './cluster.ts';
import type { EntryPoint } from './entry-points.ts';
import { isArtifactGenerator, packingOf } from './external-artifact.ts';
import { inputOfObjects, inputOfSpec, inputOfValue } from './gap-inputs.ts';
import { FLUX_NAMESPACE, isKustomization, isSource, isTrue, keyOf, specOf } from './kinds.ts';
import { isNamespaceObject, toObject } from './loose.ts';
import { ownCharts } from './own-charts.ts';
import { ownSources, sourcesByKey } from './own-sources.ts';
import { kustomizationFile } from './reach.ts';
import {
  keyOfSource,
  normalUrl,
  type Origin,
  originOf,
  type OwnSources,
  sourceRefOf,
  type SourceReference,
} from './sources.ts';
import { postBuildOf, substituteFromOf } from './variables.ts';

export interface ClusterInput {
  readonly tree: FileTree;
  readonly cache: FluxCache;
  readonly entry: EntryPoint;
  readonly settings: ClusterSettings;
  /** Objects of a folder that lie beside the cluster's Kustomizations, by folder. */
  readonly loose: ReadonlyMap<string, readonly Resource[]>;
  /** Sources as they are written in the files: some are there before Flux is. */
  readonly sources: readonly Resource[];
  /** Objects by which the Flux Operator syncs from somewhere. */
  readonly syncs: readonly Resource[];
  readonly isStrict: boolean;
  readonly assumptions: readonly string[];
}

export interface ResolvedCluster {
  readonly cluster: Cluster;
  readonly notLoaded: readonly string[];
  /** Files and directories that were read or looked for, of each unit. */
  readonly read: readonly BuiltUnit['inputs'][];
  /** Directories and files of charts in this repository. */
  readonly charts: readonly string[];
}

/** More Kustomizations than any cluster has. */
const MAX_UNITS = 20_000;

/** Kustomizations that apply each other in a row; more is one that makes itself anew for ever. */
const MAX_NESTING = 50;

/** Times that a Kustomization which applies itself is built again with what it made of itself. */
const MAX_ROUNDS = 3;

/** Works out everything that Flux applies from an entry point on. */
export function resolveCluster(input: ClusterInput): ResolvedCluster {
  return input.cache.clusters.resolved(input, () => new Resolution(input).run());
}

interface Waiting {
  readonly kustomization: Resource;
  readonly parents: readonly string[];
  /** Whether it stands for itself in the files, not rendered by another. */
  readonly isWritten: boolean;
}

interface Done extends Waiting {
  readonly built: BuiltUnit;
  readonly rounds: number;
}

class Resolution {
  readonly #input: ClusterInput;
  readonly #own: OwnSources;
  readonly #done = new Map<string, Done>();
  readonly #folders = new Map<string, BuiltUnit & { readonly title: string }>();
  readonly #objects = new Map<string, Resource>();
  readonly #sources: Map<string, Resource>;
  readonly #assumptions: Set<string>;
  readonly #generators: Resource[] = [];
  readonly #read: BuiltUnit['inputs'][] = [];
  #waiting: Waiting[] = [];

  constructor(input: ClusterInput) {
    this.#input = input;
    this.#sources = sourcesByKey(input.sources);
    this.#own = ownSources(input.entry, this.#sources, input.syncs);
    this.#assumptions = new Set(input.assumptions);
  }

  run(): ResolvedCluster {
    const { entry } = this.#input;
    for (const folder of entry.folders) this.#addFolder(folder);
    for (const kustomization of entry.kustomizations) {
      this.#waiting.push({ kustomization, parents: [], isWritten: true });
    }
    this.#drain();
    const units = [
      ...[...this.#done.values()].map(({ built }) => built),
      ...this.#folders.values(),
    ];
    const notLoaded = units.flatMap((built) => built.notLoaded);
    return { ...this.#toCluster(), notLoaded, read: this.#read };
  }

  /** Builds what waits; what needs variables that nothing has applied so far goes last. */
  #drain(): void {
    let deferred: Waiting[] = [];
    while (this.#waiting.length > 0 || deferred.length > 0) {
      const isStuck = this.#waiting.length === 0;
      const round = isStuck ? deferred : this.#waiting;
      if (isStuck) deferred = [];
      this.#waiting = [];
      for (const item of round) {
        if (this.#done.size >= MAX_UNITS) {
          this.#assumptions.add(`Only the first ${MAX_UNITS} Kustomizations were built.`);
          return;
        }
        if (!isStuck && this.#lacksVariables(item.kustomization)) deferred.push(item);
        else this.#process(item);
      }
    }
  }

  #lacksVariables(kustomization: Resource): boolean {
    const [namespace = ''] = keyOf(kustomization).split('/');
    return substituteFromOf(kustomization).some(
      ({ kind, name }) => !this.#objects.has(`${kind} ${namespace}/${name}`),
    );
  }

  #process(item: Waiting): void {
    const key = keyOf(item.kustomization);
    const known = this.#done.get(key);
    if (known === undefined) {
      this.#build(key, item, 1);
    } else if (!isSameSpec(known.kustomization, item.kustomization)) {
      const isSelf = item.parents[0] === titleOf(item.kustomization);
      if ((isSelf || known.isWritten) && known.rounds < MAX_ROUNDS) {
        this.#build(key, item, known.rounds + 1);
      } else {
        const [by = 'a file', other = 'a file'] = [known.parents[0], item.parents[0]];
        this.#assumptions.add(
          `Kustomization ${key} is applied in two forms, by ${by} and by ${other}: the first is shown.`,
        );
      }
    } else if (known.isWritten && !item.isWritten) {
      // What applies it is known now; the objects stay as they are.
      const parents = item.parents.filter((parent) => parent !== titleOf(item.kustomization));
      this.#done.set(key, { ...known, ...item, parents });
    }
  }

  #build(key: string, item: Waiting, rounds: number): void {
    const { kustomization } = item;
    const title = titleOf(kustomization);
    const parents = item.parents.filter((parent) => parent !== title);
    const built =
      parents.length < MAX_NESTING ? this.#built(kustomization) : nestedTooDeep(kustomization);
    this.#done.set(key, { ...item, parents, built, rounds });
    if (built.inputs !== readNothing) this.#read.push(built.inputs);
    this.#take(built.resources, [title, ...parents]);
  }

  #built(kustomization: Resource): BuiltUnit {
    const { tree, cache, isStrict } = this.#input;
    const own = this.#own;
    const spec = specOf(kustomization);
    const reference = sourceRefOf(kustomization);
    const source = reference && this.#sources.get(keyOfSource(reference));
    const findObject = (kind: string, namespace: string, name: string) =>
      this.#objects.get(`${kind} ${namespace}/${name}`);
    const elsewhere = (reason: string, more = ''): BuiltUnit => {
      const variables = inputOfVariables(postBuildOf(kustomization, findObject));
      const place = placeOf(kustomization.root, ['spec', 'sourceRef']);
      const input = [inputOfSpec(kustomization), inputOfSpec(source), variables, more].join('\n');
      return {
        ...{ ...NOTHING_BUILT, path: spec?.text('path') ?? '' },
        gaps: [{ reason, place, cause: 'environment', input }],
      };
    };
    const file = kustomization.root.source.path;
    const packed = this.#originOfArtifact(reference);
    const taken = packed?.isOwn ? packed : originOf(tree, kustomization, source, own, file);
    const origin = taken.isOwn ? taken : (packed ?? taken);
    if (!origin.isOwn) {
      const unmatched = patchesOf(spec);
      const reason = `${titleOf(kustomization)} is not known: ${origin.reason}.`;
      return { ...elsewhere(reason), ...(unmatched.length > 0 && { unmatched }) };
    }
    if (origin.assumption) this.#assumptions.add(origin.assumption);
    const { root } = origin;
    const built = buildKustomization(kustomization, {
      ...{ tree, cache, root, source, isStrict, findObject },
    });
    if (spec?.map('kubeConfig') === undefined) return built;
    const reason = `${titleOf(kustomization)} applies to another cluster, by its kubeConfig.`;
    const { notLoaded, inputs } = built;
    return { ...elsewhere(reason, inputOfObjects(built.resources)), notLoaded, inputs };
  }

  #isOwn(namespace: string, name: string): boolean {
    const { keys, urls } = this.#own;
    const key = keyOfSource({ kind: 'GitRepository', namespace, name });
    const source = this.#sources.get(key);
    const url = source && specOf(source)?.text('url');
    return keys.has(key) || url === undefined || urls.has(normalUrl(url));
  }

  #originOfArtifact(reference: SourceReference | undefined): Origin | undefined {
    if (reference?.kind !== 'ExternalArtifact') return undefined;
    const { keys } = this.#own;
    const packing = packingOf(
      reference,
      this.#generators,
      (key) => keys.has(key) || key.endsWith(` ${FLUX_NAMESPACE}/${FLUX_NAMESPACE}`),
    );
    if (packing === undefined) return undefined;
    if ('reason' in packing) return { isOwn: false, reason: packing.reason };
    const { root, generator } = packing;
    // A source may be packed from a directory itself: what the paths tell is then the better guess.
    if (root === '' || !this.#input.tree.isDirectory(root)) return undefined;
    const where = root === '' ? 'this repository' : `the directory ${root} of this repository`;
    const assumption = `ExternalArtifact ${reference.namespace}/${reference.name} is taken as ${where}, from which ArtifactGenerator ${generator} packs it.`;
    return { isOwn: true, root, assumption };
  }

  #addFolder(folder: string): void {
    const { tree, cache } = this.#input;
    const hasOverlay = kustomizationFile(tree, folder) !== undefined;
    const shown = folder === '' ? 'the top folder' : `folder ${folder}`;
    const overlay = hasOverlay ? buildOverlay(folder, tree, cache) : undefined;
    const isOverlay = overlay?.problems.length === 0;
    const title = isOverlay ? `overlay ${folder === '' ? '.' : folder}` : shown;
    if (overlay) this.#read.push(overlay.inputs);
    const built = isOverlay
      ? overlay
      : {
          ...{ ...NOTHING_BUILT, path: folder, resources: this.#input.loose.get(folder) ?? [] },
        };
    this.#folders.set(folder, { ...built, title });
    this.#take(built.resources, [title]);
  }

  /** Notes what was applied, and lets the Kustomizations among it wait for their turn. */
  #take(resources: readonly Resource[], parents: readonly string[]): void {
    for (const resource of resources) {
      if (resource.kind === 'ConfigMap' || resource.kind === 'Secret') {
        this.#objects.set(
          `${resource.kind} ${resource.namespace ?? 'default'}/${resource.name}`,
          resource,
        );
      } else if (isSource(resource)) {
        const namespace = resource.namespace ?? 'default';
        this.#sources.set(keyOfSource({ ...resource, namespace }), resource);
      } else if (isArtifactGenerator(resource)) {
        this.#generators.push(resource);
      } else if (isKustomization(resource) && resource.name !== '') {
        this.#waiting.push({ kustomization: resource, parents, isWritten: false });
      }
    }
  }

  #toCluster(): Pick<ResolvedCluster, 'cluster' | 'charts'> {
    const { settings, cache, tree } = this.#input;
    const units: Unit[] = [];
    const objects: ClusterObject[] = [];
    function add(made: Unit, resources: readonly Resource[]): void {
      const next = {
        ...{ unit: made, resources },
        objects: resources.map((resource) => toObject(resource, made)),
      };
      const { unit, objects: own } = cache.versions.unit(settings.path, next);
      units.push(unit);
      for (const object of own) objects.push(object);
    }
    for (const {
      title,
      path,
      resources,
      problems,
      gaps,
      unmatched = [],
    } of this.#folders.values()) {
      const patches = unmatched.length > 0 && { unmatched };
      add({ title, path, gaps, problems, ...patches }, resources);
    }
    for (const { kustomization, parents, built } of this.#done.values()) {
      const { path, gaps, unmatched = [], problems, resources } = built;
      const isSuspended = isTrue(specOf(kustomization), 'suspend');
      const title = titleOf(kustomization);
      const unit: Unit = {
        ...{ title, path, gaps, problems, kustomization, parents },
        ...(unmatched.length > 0 && { unmatched }),
        ...(isSuspended && { isSuspended }),
      };
      if (isSuspended) {
        this.#assumptions.add(
          `${title} is suspended: what it applied stays, and changes reach the cluster when it is resumed.`,
        );
      }
      add(unit, resources);
    }
    const namespaces = new Map<string, ClusterObject>();
    for (const object of objects) {
      if (!isNamespaceObject(object.resource)) continue;
      const { name } = object.resource;
      const { rivals = [], ...known } = namespaces.get(name) ?? {};
      const others = 'resource' in known ? [...rivals, known] : [];
      namespaces.set(name, others.length > 0 ? { ...object, rivals: others } : object);
    }
    const assumptions = [...this.#assumptions];
    const { name } = settings;
    const { charts, paths } = ownCharts(tree, objects, (namespace, source) =>
      this.#isOwn(namespace, source),
    );
    const cluster = cache.versions.cluster({
      ...{ name, settings, units, objects, namespaces, assumptions, isFlux: true },
      ...(charts.size > 0 && { charts }),
    });
    return { cluster, charts: paths };
  }
}

/** The texts of `spec.patches`. */
function patchesOf(spec: LocatedMap | undefined): Located[] {
  return (spec?.list('patches')?.items ?? []).flatMap((item) =>
    item.kind === 'map' ? (item.get('patch') ?? []) : [],
  );
}

function nestedTooDeep(kustomization: Resource): BuiltUnit {
  const reason = `${titleOf(kustomization).slice(0, 200)} is nested more than ${MAX_NESTING} Kustomizations deep, and not built.`;
  const place = placeOf(kustomization.root, ['metadata', 'name']);
  const gaps = [{ reason, place, cause: 'content' as const }];
  return { ...NOTHING_BUILT, gaps };
}

/** `Kustomization flux-system/apps`. */
export function titleOf(kustomization: Resource): string {
  return `Kustomization ${keyOf(kustomization)}`;
}

function isSameSpec(a: Resource, b: Resource): boolean {
  const [one, other] = [specOf(a), specOf(b)];
  if (one === other) return true;
  return one !== undefined && other !== undefined && inputOfValue(one) === inputOfValue(other);
}
