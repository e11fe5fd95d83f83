import type { ClusterObject } from '../../flux/cluster.ts';
import { isHelmRelease } from '../../flux/kinds.ts';
import { PATCH_FIELDS, postRenderersOf } from '../../flux/post-renderers.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import { parseImage } from '../../model/image-reference.ts';
import type { Located, LocatedMap } from '../../model/located.ts';
import { mapsOf } from './verifiers/nodes.ts';
import type { WorkloadImage } from './workload-images.ts';

/** Deeper values are no image of a chart. */
const DEEPEST = 20;

/** Bounds the work of one release. */
const MOST = 500;

const known = new WeakMap<ClusterObject, readonly WorkloadImage[]>();

/** Begins with a registry's host. */
const HOSTED = /^(?:[^/]*[.:][^/]*|localhost)\//;

/** What is collected, and what is known of the release. */
interface Collection {
  readonly object: ClusterObject;
  readonly found: WorkloadImage[];
  /** A registry that charts put before their images, or in the place of what is written. */
  readonly everywhere: string | undefined;
}

/**
 * Images in the values of a HelmRelease: maps of `repository` and `tag` or `digest`, with their
 * `registry`, and whole references under a key that names an image. Which of them its chart uses,
 * and where, only the chart tells. Also the images that its post renderers set.
 */
export function valueImagesOf(object: ClusterObject): readonly WorkloadImage[] {
  const { resource } = object;
  if (!isHelmRelease(resource)) return [];
  const last = known.get(object);
  if (last !== undefined) return last;
  const path = ['spec', 'values'];
  const values = valueAt(resource.root, path);
  // What the chart makes lives there, whatever namespace its HelmRelease is in.
  const namespace = resource.root.map('spec')?.text('targetNamespace') ?? object.namespace;
  const made = { ...object, namespace };
  const found: WorkloadImage[] = [];
  if (values !== undefined) {
    collect({ object: made, found, everywhere: registryOfAll(values) }, values, path);
  }
  collectRendered(made, found);
  known.set(object, found);
  return found;
}

/** `global.imageRegistry` and what charts call it elsewhere. */
function registryOfAll(values: Located): string | undefined {
  const paths = [
    ['global', 'imageRegistry'],
    ['global', 'image', 'registry'],
    ['global', 'registry'],
  ];
  for (const path of paths) {
    const node = valueAt(values, path);
    if (node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') {
      return node.value;
    }
  }
  return undefined;
}

function collect(to: Collection, node: Located, path: FieldPath): void {
  const { object, found } = to;
  if (path.length > DEEPEST || found.length >= MOST) return;
  if (node.kind === 'scalar') {
    const text = typeof node.value === 'string' ? node.value : '';
    if (isReference(path.at(-1), text)) found.push(toImage(object, path, text));
    return;
  }
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) collect(to, item, [...path, index]);
    return;
  }
  const image = imageOf(to, node, path);
  if (image !== undefined) found.push(image);
  for (const { key, value } of node.entries) collect(to, value, [...path, key]);
}

function imageOf(
  { object, everywhere }: Collection,
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
  const doubt = doubtOf(registry, repository, everywhere);
  return { ...toImage(object, at, text), ...(doubt !== undefined && { doubt }) };
}

/** What only the chart tells of where an image comes from. */
function doubtOf(
  registry: string,
  repository: string,
  everywhere: string | undefined,
): string | undefined {
  const hasHost = registry !== '' || HOSTED.test(repository);
  if (everywhere !== undefined && everywhere !== registry) {
    return hasHost
      ? `whether registry ${everywhere}, which its values set for all images, takes the place of its own`
      : `whether it comes from registry ${everywhere}, which its values set for all images`;
  }
  // A chart puts its own registry before such a name where it has one.
  return hasHost ? undefined : 'its registry';
}

/** With a host and a tag or digest: everything else may be any text. */
function isReference(key: string | number | undefined, text: string): boolean {
  if (typeof key !== 'string' || !/image$/i.test(key) || text.includes('${')) return false;
  if (!HOSTED.test(text)) return false;
  const image = parseImage(text);
  return image?.tag !== undefined || image?.digest !== undefined;
}

/** Images that post renderers set, by an entry of `images` or in a patch. */
function collectRendered(object: ClusterObject, found: WorkloadImage[]): void {
  for (const { kustomize, path } of postRenderersOf(object.resource.root)) {
    for (const [index, entry] of mapsOf(kustomize.get('images')).entries()) {
      const image = renderedImage(object, entry, [...path, 'images', index]);
      if (image !== undefined) found.push(image);
    }
    for (const field of PATCH_FIELDS) {
      const patches = kustomize.get(field);
      const to = { object, found, everywhere: undefined };
      if (patches !== undefined) collectPatched(to, patches, [...path, field]);
    }
  }
}

/** As kustomize writes it: what the chart has of the image is replaced. */
function renderedImage(
  object: ClusterObject,
  entry: LocatedMap,
  path: FieldPath,
): WorkloadImage | undefined {
  const [name, newName] = [entry.text('name') ?? '', entry.text('newName') ?? ''];
  const [tag, digest] = [entry.text('newTag') ?? '', entry.text('digest') ?? ''];
  const repository = newName === '' ? name : newName;
  const version = `${tag && `:${tag}`}${digest && `@${digest}`}`;
  if (repository === '' || `${repository}${version}`.includes('${')) return undefined;
  const field = tag !== '' ? 'newTag' : digest !== '' ? 'digest' : 'newName';
  const image = toImage(object, [...path, field], `${repository}${version}`);
  if (version !== '') return image;
  // Only another name: which version of it runs is the chart's.
  return newName === '' ? undefined : { ...image, doubt: 'its version' };
}

/** `image` of containers in a patch, and what an operation sets there. */
function collectPatched(to: Collection, node: Located, path: FieldPath): void {
  const { object, found } = to;
  if (path.length > DEEPEST || found.length >= MOST || node.kind === 'scalar') return;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) collectPatched(to, item, [...path, index]);
    return;
  }
  const isOperation = node.text('op') !== undefined && (node.text('path') ?? '').endsWith('/image');
  const key = isOperation ? 'value' : 'image';
  const text = node.text(key) ?? '';
  if (text !== '' && !text.includes('${') && parseImage(text) !== undefined) {
    found.push(toImage(object, [...path, key], text));
  }
  for (const entry of node.entries) collectPatched(to, entry.value, [...path, entry.key]);
}

function toImage(object: ClusterObject, path: FieldPath, text: string): WorkloadImage {
  return { object, container: '', isValue: true, path, text, image: parseImage(text) };
}
