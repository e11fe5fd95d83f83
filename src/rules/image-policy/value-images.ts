import type { ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import { parseImage } from '../../model/image-reference.ts';
import type { Located, LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import type { WorkloadImage } from './workload-images.ts';

/** Deeper values are no image of a chart. */
const DEEPEST = 20;

/** Bounds the work of one release. */
const MOST = 500;

const known = new WeakMap<ClusterObject, readonly WorkloadImage[]>();

/**
 * Images in the values of a HelmRelease: maps of `repository` and `tag` or `digest`, with their
 * `registry`, and whole references under a key that names an image. Which of them its chart uses,
 * and where, only the chart tells.
 */
export function valueImagesOf(object: ClusterObject): readonly WorkloadImage[] {
  const { apiVersion, kind, root } = object.resource;
  if (kind !== 'HelmRelease' || groupOf(apiVersion) !== 'helm.toolkit.fluxcd.io') return [];
  const last = known.get(object);
  if (last !== undefined) return last;
  const path = ['spec', 'values'];
  const values = valueAt(root, path);
  // What the chart makes lives there, whatever namespace its HelmRelease is in.
  const namespace = root.map('spec')?.text('targetNamespace') ?? object.namespace;
  const found: WorkloadImage[] = [];
  if (values !== undefined) collect({ ...object, namespace }, values, path, found);
  known.set(object, found);
  return found;
}

function collect(
  object: ClusterObject,
  node: Located,
  path: FieldPath,
  found: WorkloadImage[],
): void {
  if (path.length > DEEPEST || found.length >= MOST) return;
  if (node.kind === 'scalar') {
    const text = typeof node.value === 'string' ? node.value : '';
    if (isReference(path.at(-1), text)) found.push(toImage(object, path, text));
    return;
  }
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries())
      collect(object, item, [...path, index], found);
    return;
  }
  const image = imageOf(object, node, path);
  if (image !== undefined) found.push(image);
  for (const { key, value } of node.entries) collect(object, value, [...path, key], found);
}

function imageOf(
  object: ClusterObject,
  node: LocatedMap,
  path: FieldPath,
): WorkloadImage | undefined {
  const [registry, repository] = [node.text('registry') ?? '', node.text('repository') ?? ''];
  const [tag, digest] = [node.text('tag') ?? '', node.text('digest') ?? ''];
  const version = `${tag && `:${tag}`}${digest && !tag.includes('@') ? `@${digest}` : ''}`;
  const at = [...path, tag === '' ? 'digest' : 'tag'];
  if (version === '' || `${registry}${repository}${version}`.includes('${')) return undefined;
  if (repository === '') {
    if (!/image$/i.test(String(path.at(-1)))) return undefined;
    return { ...toImage(object, at, tag || digest), image: undefined, doubt: 'the rest of it' };
  }
  const text = `${registry && `${registry}/`}${repository}${version}`;
  // A chart puts its own registry before such a name where it has one.
  const hasHost = registry !== '' || /^(?:[^/]*[.:][^/]*|localhost)\//.test(repository);
  return { ...toImage(object, at, text), ...(!hasHost && { doubt: 'its registry' }) };
}

/** With a host and a tag or digest: everything else may be any text. */
function isReference(key: string | number | undefined, text: string): boolean {
  if (typeof key !== 'string' || !/image$/i.test(key) || text.includes('${')) return false;
  if (!/^(?:[^/]*[.:][^/]*|localhost)\//.test(text)) return false;
  const image = parseImage(text);
  return image?.tag !== undefined || image?.digest !== undefined;
}

function toImage(object: ClusterObject, path: FieldPath, text: string): WorkloadImage {
  return { object, container: '', isValue: true, path, text, image: parseImage(text) };
}
