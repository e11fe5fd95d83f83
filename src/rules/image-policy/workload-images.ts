import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectsOfNewUnits } from '../../flux/new-objects.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import { type ImageReference, parseImage } from '../../model/image-reference.ts';
import { groupOf } from '../../model/resource.ts';
import { nameOf } from './fault.ts';
import { valueImagesOf } from './value-images.ts';
import { takesValues, wholeReleaseOf } from './values/whole-release.ts';

/** An image that a workload runs. */
export interface WorkloadImage {
  readonly object: ClusterObject;
  /** Empty for a value of a chart. */
  readonly container: string;
  readonly path: FieldPath;
  /** As written. */
  readonly text: string;
  /** Absent for what no container runtime reads. */
  readonly image: ImageReference | undefined;
  /** It stands in the values of a HelmRelease. */
  readonly isValue?: true;
  /** What only the chart tells of it: `its registry`, inside a sentence. */
  readonly doubt?: string;
}

const TEMPLATE = ['spec', 'template', 'spec'];

/** Where the pod's spec stands, by group and kind. */
const POD_SPECS: ReadonlyMap<string, FieldPath> = new Map([
  [' Pod', ['spec']],
  [' PodTemplate', ['template', 'spec']],
  [' ReplicationController', TEMPLATE],
  ['apps Deployment', TEMPLATE],
  ['apps StatefulSet', TEMPLATE],
  ['apps DaemonSet', TEMPLATE],
  ['apps ReplicaSet', TEMPLATE],
  ['batch Job', TEMPLATE],
  ['batch CronJob', ['spec', 'jobTemplate', ...TEMPLATE]],
]);

/** The images of an object; those that hold variables or are not known are left out. */
export function imagesOf(object: ClusterObject): readonly WorkloadImage[] {
  const { apiVersion, kind } = object.resource;
  if (!KINDS.has(kind)) return [];
  const spec = POD_SPECS.get(`${groupOf(apiVersion)} ${kind}`);
  if (spec === undefined) return [];
  const known = images.get(object) ?? readImages(object, spec);
  images.set(object, known);
  return known;
}

const KINDS = new Set([...POD_SPECS.keys()].map((key) => key.slice(key.indexOf(' ') + 1)));

const images = new WeakMap<ClusterObject, readonly WorkloadImage[]>();

function readImages(object: ClusterObject, spec: FieldPath): WorkloadImage[] {
  const { root } = object.resource;
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => {
    const containers = valueAt(root, [...spec, list]);
    if (containers?.kind !== 'list') return [];
    return containers.items.flatMap((item, index): WorkloadImage[] => {
      if (item.kind !== 'map') return [];
      const text = item.text('image');
      if (text === undefined || text === '' || text.includes('${')) return [];
      const path = [...spec, list, index, 'image'];
      return [{ object, container: item.text('name') ?? '', path, text, image: parseImage(text) }];
    });
  });
}

/** Images of a cluster that it did not run in the same container before. */
export function newImages(after: Cluster, before: Cluster | undefined): WorkloadImage[] {
  if (after === before) return [];
  const fresh = objectsOfNewUnits(after, before);
  const isFresh = new Set(fresh);
  // What a release takes its values from may be another, though the release is not.
  const taking = after.objects.filter((object) => takesValues(object) && !isFresh.has(object));
  const images = [...fresh, ...taking].flatMap((object) => allImagesOf(object, after));
  if (images.length === 0) return images;
  const texts = new Set(images.map(({ text }) => text));
  const known = new Set<string>();
  for (const object of before?.objects ?? []) {
    for (const image of allImagesOf(object, before ?? after)) {
      if (texts.has(image.text)) known.add(keyOf(image));
    }
  }
  return images.filter((image) => !known.has(keyOf(image)));
}

function allImagesOf(object: ClusterObject, cluster: Cluster): readonly WorkloadImage[] {
  return object.resource.kind === 'HelmRelease'
    ? valueImagesOf(wholeReleaseOf(object, cluster).object)
    : imagesOf(object);
}

/** `Deployment "web" in namespace "web" runs`, to begin a sentence. Not escaped. */
export function userOf({ object, isValue }: WorkloadImage): string {
  return `${nameOf(object)} ${isValue ? 'gives its chart' : 'runs'}`;
}

/** The container, where there is one to name. */
export function containerOf({ container }: WorkloadImage): { readonly container?: string } {
  return container === '' ? {} : { container };
}

function keyOf({ object: { resource, namespace }, container, text }: WorkloadImage): string {
  const { apiVersion, kind, plainName } = resource;
  return JSON.stringify([groupOf(apiVersion), kind, namespace, plainName, container, text]);
}
