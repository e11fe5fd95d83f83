import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { isHelmRelease } from '../../../flux/kinds.ts';
import { objectNamed } from '../../../flux/object-named.ts';
import { PATCH_FIELDS, postRenderersOf } from '../../../flux/post-renderers.ts';
import { type FieldPath, valueAt } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { embedded, textIn } from '../../embedded-values.ts';
import { mapsOf } from '../verifiers/nodes.ts';
import { merged, withAt } from './merged.ts';
import { valuesAt } from './single-value.ts';

/** A HelmRelease with everything that the repository says of its values. */
export interface WholeRelease {
  /** The release, with the values of ConfigMaps and Secrets below its own, and patches read. */
  readonly object: ClusterObject;
  /** Values that are not read, and why: `ConfigMap "web" is …`, inside a sentence. */
  readonly unread: readonly { readonly path: FieldPath; readonly reason: string }[];
}

/** Bounds the work of one release. */
const MOST_SOURCES = 50;

const known = new WeakMap<ClusterObject, { sources: readonly unknown[]; whole: WholeRelease }>();

/** The same object as long as it and what its values come from are the same. */
export function wholeReleaseOf(object: ClusterObject, cluster: Cluster): WholeRelease {
  if (!isHelmRelease(object.resource)) return { object, unread: [] };
  const spec = object.resource.root.map('spec');
  const items = mapsOf(spec?.get('valuesFrom')).slice(0, MOST_SOURCES);
  const hasMore = items.length > 0 || spec?.get('postRenderers') !== undefined;
  if (!hasMore) return { object, unread: [] };
  const sources = items.map((item) => sourceOf(item, object, cluster));
  const last = known.get(object);
  if (last?.sources.every((each, at) => each === sources[at])) return last.whole;
  const whole = workOut(object, items, sources);
  known.set(object, { sources, whole });
  return whole;
}

/** Whether a release takes values from other objects. */
export function takesValues({ resource }: ClusterObject): boolean {
  return isHelmRelease(resource) && resource.root.map('spec')?.get('valuesFrom') !== undefined;
}

function sourceOf(
  item: LocatedMap,
  { namespace }: ClusterObject,
  cluster: Cluster,
): ClusterObject | undefined {
  const kind = item.text('kind') ?? '';
  if (kind !== 'ConfigMap' && kind !== 'Secret') return undefined;
  return objectNamed(cluster, { group: '', kind, namespace, name: item.text('name') ?? '' });
}

function workOut(
  object: ClusterObject,
  items: readonly LocatedMap[],
  sources: readonly (ClusterObject | undefined)[],
): WholeRelease {
  const { root } = object.resource;
  const unread: { path: FieldPath; reason: string }[] = [];
  let values: LocatedMap | undefined;
  for (const [index, item] of items.entries()) {
    const path = ['spec', 'valuesFrom', index];
    const read = valuesIn(item, sources[index]);
    if ('reason' in read) unread.push({ path, reason: read.reason });
    else values = values === undefined ? read.values : merged(values, read.values);
  }
  const own = valueAt(root, ['spec', 'values']);
  if (values !== undefined && own?.kind === 'map') values = merged(values, own);
  const spec = root.map('spec');
  const filled =
    values === undefined || spec === undefined
      ? root
      : root.with('spec', spec.with('values', values));
  const made = withPatches(filled);
  return { object: { ...object, resource: { ...object.resource, root: made } }, unread };
}

function valuesIn(
  item: LocatedMap,
  source: ClusterObject | undefined,
): { readonly values: LocatedMap } | { readonly reason: string } {
  const name = `${item.text('kind') ?? 'object'} "${item.text('name') ?? ''}"`;
  if (source === undefined) return { reason: `${name} is not in the repository` };
  const { root } = source.resource;
  if (root.get('sops') !== undefined) return { reason: `${name} is encrypted` };
  const key = item.text('valuesKey') ?? 'values.yaml';
  const text = textIn(root, key);
  if (text === undefined) return { reason: `${name} has no readable entry "${key}"` };
  const target = item.text('targetPath');
  if (item.get('targetPath') !== undefined && target !== '') {
    const single = valuesAt(target ?? '', text);
    return single === undefined
      ? { reason: `${name} gives a value of its own that is not read (\`targetPath\`)` }
      : { values: single };
  }
  const documents = embedded(text);
  const [values] = documents;
  if (documents.length !== 1 || values?.kind !== 'map') {
    return { reason: `the entry "${key}" of ${name} is no map of values` };
  }
  return { values };
}

/** Patches of post renderers as what they hold, where they are texts. */
function withPatches(root: LocatedMap): LocatedMap {
  let result: LocatedMap = root;
  for (const { kustomize, path } of postRenderersOf(root).slice(0, MOST_SOURCES)) {
    for (const field of PATCH_FIELDS) {
      const list = kustomize.list(field)?.items ?? [];
      for (const [index, item] of list.slice(0, MOST_SOURCES).entries()) {
        const own = [...path, field, index];
        const at = item.kind === 'map' && item.get('patch') ? [...own, 'patch'] : own;
        const text = valueAt(root, at);
        const [patch] = text?.kind === 'scalar' ? embedded(text) : [];
        const made = patch && withAt(result, at, patch);
        if (made?.kind === 'map') result = made;
      }
    }
  }
  return result;
}
