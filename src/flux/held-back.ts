import { placeOf } from '../model/field-path.ts';
import { type Entry, type LocatedMap, LocatedScalar, Unknown } from '../model/located.ts';
import { groupOf } from '../model/resource.ts';
import type { Cluster, ClusterObject } from './cluster.ts';
import type { Place } from '../model/source.ts';

/**
 * - `never`: Flux leaves the object as the cluster has it, or has it not
 * - `once`: Flux creates the object where it is not there, and never changes it
 */
export interface HeldBack {
  readonly how: 'never' | 'once';
  /** `kustomize.toolkit.fluxcd.io/ssa: Ignore` */
  readonly mark: string;
  readonly place: Place;
}

const GROUP = 'kustomize.toolkit.fluxcd.io';

const MARKS = [
  { key: `${GROUP}/reconcile`, value: 'disabled', how: 'never' },
  { key: `${GROUP}/ssa`, value: 'ignore', how: 'never' },
  { key: `${GROUP}/ssa`, value: 'ifnotpresent', how: 'once' },
] as const;

const known = new WeakMap<LocatedMap, HeldBack | null>();

/**
 * Whether a label or annotation keeps Flux from applying an object, in whatever case it is written
 * (fluxcd/pkg ssa `shouldSkipApply`, kustomize-controller `apply`). Where it does, the API server
 * is not even asked.
 */
export function heldBack(root: LocatedMap): HeldBack | undefined {
  const done = known.get(root);
  if (done !== undefined) return done ?? undefined;
  const held = read(root);
  known.set(root, held ?? null);
  return held;
}

const ofClusters = new WeakMap<Cluster, readonly HeldObject[]>();

/** An object that Flux does not make what it is written as, and why. */
export interface HeldObject {
  readonly object: ClusterObject;
  readonly held: HeldBack;
}

/** Those of a cluster. What is applied by hand knows no such marks. */
export function heldObjects(cluster: Cluster): readonly HeldObject[] {
  const done = ofClusters.get(cluster);
  if (done !== undefined) return done;
  const found = cluster.objects.flatMap((object): HeldObject[] => {
    const held = object.unit.kustomization && heldBack(object.resource.root);
    return held ? [{ object, held }] : [];
  });
  ofClusters.set(cluster, found);
  return found;
}

function read(root: LocatedMap): HeldBack | undefined {
  const metadata = root.map('metadata');
  for (const { key, value, how } of MARKS) {
    for (const field of ['annotations', 'labels']) {
      const written = metadata?.map(field)?.text(key);
      if (written?.toLowerCase() !== value) continue;
      const place = placeOf(root, ['metadata', field, key]);
      return { how, mark: `${key}: ${written}`, place };
    }
  }
  return undefined;
}

const IDENTITY = new Set(['apiVersion', 'kind', 'metadata']);

/** Whether an object is one of Flux itself, by its apiVersion. */
export function isOfFlux(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return group.endsWith('.fluxcd.io') || group === 'fluxcd.controlplane.io';
}

/**
 * An object as far as it is known what the cluster holds of it: of what Flux leaves alone, only
 * which object it is, and of a Namespace not what its pods are held to. What Flux creates once is
 * taken as it is created, and Flux's own objects as they are written: what they do is told, with
 * the doubt beside it.
 */
export function asApplied(root: LocatedMap): LocatedMap {
  const held = heldBack(root);
  if (held?.how !== 'never' || isOfFlux(root.text('apiVersion') ?? '')) return root;
  const unknown = new Unknown(whyUnknown(held));
  const hide = (entry: Entry): Entry => ({
    ...entry,
    value: new LocatedScalar(unknown, entry.value, entry.value.trace),
  });
  const hidden = root.withEntries(
    root.entries.map((entry) => (IDENTITY.has(entry.key) ? entry : hide(entry))),
  );
  const metadata = root.map('metadata');
  if (metadata === undefined || root.text('kind') !== 'Namespace') return hidden;
  const labels = new LocatedScalar(unknown, metadata.get('labels') ?? metadata);
  return hidden.with('metadata', metadata.with('labels', labels));
}

/** Why what is written is not what the cluster holds: goes on after a colon. */
export function whyUnknown({ how, mark }: HeldBack): string {
  return how === 'never'
    ? `Flux leaves it as the cluster has it, by ${mark}`
    : `Flux creates it where it is not there, and never changes it, by ${mark}`;
}
