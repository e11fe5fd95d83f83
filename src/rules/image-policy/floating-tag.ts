import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import type { Located } from '../../model/located.ts';
import type { Fault } from '../../model/finding.ts';
import { groupOf } from '../../model/resource.ts';
import type { ClusterRule } from '../rule.ts';
import { isChannel } from './channels.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { deployment } from './signed-example.ts';
import { valueImagesOf } from './value-images.ts';
import { wholeReleaseOf } from './values/whole-release.ts';
import { imagesOf } from './workload-images.ts';

/** A tag that names something else tomorrow. */
export const floatingTag: ClusterRule = {
  id: 'image-policy/floating-tag',
  area: 'image-policy',
  title: 'Tag that moves',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'Behind a tag such as `latest` the content changes without a commit: nodes run different versions side by side, a restart is a release, and going back in Git changes nothing.',
    allows: [
      'Looks at the images of workloads as they are rendered, with the `images` of kustomizations, at the references of OCIRepositories, at tags beside a `repository` in the values of HelmReleases, also of ConfigMaps and plain Secrets that `valuesFrom` names, and at the images of their post renderers.',
      'Not allowed: no tag, and tags with names of branches or channels (`latest`, `main`, `edge`, `nightly`, `stable`, …), without a digest.',
    ],
    fix: 'Name a version, best with its digest: `web:1.4.2@sha256:…`.',
    exception:
      'A development cluster that is meant to follow a branch: waive the object, or set the rule to `advice`.',
    limits: 'A publisher can also move a tag that looks like a version; only a digest holds.',
    bad: { 'apps/web.yaml': deployment('ghcr.io/acme/web:latest') },
    good: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2') },
    links: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  evaluate: (cluster) => ({
    faults: cluster.objects.flatMap((object) => faultsOf(object, cluster)),
    unknowns: [],
  }),
};

const NOTHING: readonly Fault[] = [];

/** Of an object that stays nothing is asked again. */
const known = new WeakMap<ClusterObject, readonly Fault[]>();

function faultsOf(written: ClusterObject, cluster: Cluster): readonly Fault[] {
  const { object } = wholeReleaseOf(written, cluster);
  const last = known.get(object);
  if (last !== undefined) return last;
  const faults = [
    ...imagesOf(object).flatMap(({ image, path, container, text }) => {
      if (image === undefined || image.digest !== undefined) return [];
      const what = judge(image.tag);
      return what === undefined
        ? []
        : [toFault(object, path, `runs image ${text}`, what, container)];
    }),
    ...judgeSource(object),
    ...judgeValues(object),
    ...judgeWhole(object),
  ];
  known.set(object, faults.length === 0 ? NOTHING : faults);
  return faults;
}

/** Whole references in values, and what post renderers set in the place of the chart's images. */
function judgeWhole(object: ClusterObject): Fault[] {
  return valueImagesOf(object).flatMap(({ image, path, text, doubt }) => {
    const isRendered = path[1] === 'postRenderers';
    const isWhole = isRendered || /image$/i.test(String(path.at(-1)));
    if (!isWhole || image === undefined || doubt !== undefined) return [];
    const what = image.digest === undefined ? judge(image.tag) : undefined;
    const does = isRendered ? 'sets image' : 'gives its chart image';
    return what === undefined ? [] : [toFault(object, path, `${does} ${text}`, what)];
  });
}

function judge(tag: string | undefined): string | undefined {
  if (tag === undefined) return 'which has no tag and so is "latest"';
  return isChannel(tag) ? `whose tag "${tag}" moves` : undefined;
}

function judgeSource(object: ClusterObject): Fault[] {
  const { apiVersion, kind, root } = object.resource;
  if (kind !== 'OCIRepository' || groupOf(apiVersion) !== 'source.toolkit.fluxcd.io') return [];
  const ref = valueAt(root, ['spec', 'ref']);
  const fields = ref?.kind === 'map' ? ref : undefined;
  if (fields?.text('digest') || fields?.text('semver')) return [];
  const tag = fields?.get('tag');
  if (tag !== undefined && !(tag.kind === 'scalar' && typeof tag.value === 'string')) return [];
  // Flux takes an empty tag for none.
  const what = judge(fields?.text('tag') || undefined);
  return what === undefined
    ? []
    : [toFault(object, ['spec', 'ref', 'tag'], 'applies an artifact', what)];
}

/** Deeper values are no image of a chart. */
const DEEPEST = 20;

function judgeValues(object: ClusterObject): Fault[] {
  const { apiVersion, kind, root } = object.resource;
  if (kind !== 'HelmRelease' || groupOf(apiVersion) !== 'helm.toolkit.fluxcd.io') return [];
  const values = valueAt(root, ['spec', 'values']);
  return values === undefined ? [] : judgeValue(object, values, ['spec', 'values']);
}

function judgeValue(object: ClusterObject, node: Located, path: FieldPath): Fault[] {
  if (node.kind === 'scalar' || path.length > DEEPEST) return [];
  if (node.kind === 'list') {
    return node.items.flatMap((item, index) => judgeValue(object, item, [...path, index]));
  }
  const [repository, tag] = [node.text('repository'), node.text('tag')];
  // An empty tag is the chart's own.
  const isImage = repository !== undefined && tag !== undefined && tag !== '';
  const what = isImage && !node.text('digest') ? judge(tag) : undefined;
  const own = what
    ? [toFault(object, [...path, 'tag'], `gives its chart image ${repository ?? ''}`, what)]
    : [];
  return [
    ...own,
    ...node.entries.flatMap(({ key, value }) => judgeValue(object, value, [...path, key])),
  ];
}

function toFault(
  object: ClusterObject,
  path: FieldPath,
  does: string,
  what: string,
  container?: string,
): Fault {
  return faultAt(object, path, {
    rule: floatingTag.id,
    effect: 'risk',
    message: `${nameOf(object)} ${does}, ${what}: what it means can change without a commit.`,
    ...(container !== undefined && { container }),
    remedy: remedy('Name a version, best with its digest.', object),
  });
}
