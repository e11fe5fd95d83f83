import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { objectNamed } from '../../../flux/object-named.ts';
import { parseImage } from '../../../model/image-reference.ts';
import { parseConstraint, matches } from '../../../versions/constraint.ts';
import { quoteBriefly } from '../../../versions/quote.ts';
import { parseTag } from '../../../versions/version.ts';
import type { Repository } from '../../rule.ts';
import { IMAGES, scannedImageOf } from '../automations.ts';
import { extractOf, tagFilterOf } from '../tag-filter.ts';
import { nameOfImage } from './jump.ts';
import type { VersionChange } from './version-changes.ts';

/** An ImagePolicy of the base branch, in the cluster where it stands. */
export interface GoverningPolicy {
  readonly policy: ClusterObject;
  /** The image that its ImageRepository looks at, where that is known. */
  readonly image: string | undefined;
}

/** The policies that a setter names, one for each cluster that has it. */
export function policiesNamed({ clusters }: Repository, setter: string): GoverningPolicy[] {
  const [namespace, name = ''] = setter.split(':');
  return clusters.flatMap((cluster) => {
    const policy = objectNamed(cluster, { group: IMAGES, kind: 'ImagePolicy', namespace, name });
    return policy === undefined ? [] : [{ policy, image: imageOf(policy, cluster) }];
  });
}

function imageOf(policy: ClusterObject, cluster: Cluster): string | undefined {
  const text = scannedImageOf(policy, cluster);
  const image = text === undefined ? undefined : parseImage(text);
  return image && nameOfImage(image);
}

/** Why a policy does not choose what an update writes, to end a sentence; undefined when it may. */
export function refusalOf(
  { from, to, kind }: VersionChange,
  { policy, image }: GoverningPolicy,
): string | undefined {
  const { name, tag } = partsOf(kind, to);
  if (name !== undefined && image !== undefined && name !== image) {
    return `looks at image ${image} and not at ${name}`;
  }
  if (tag === undefined || tag === partsOf(kind, from).tag) return undefined;
  const spec = policy.resource.root.map('spec');
  const filter = tagFilterOf(spec);
  const value = filter === undefined ? tag : extractOf(filter, tag);
  if (value === null) return undefined;
  if (value === undefined) {
    return `takes only tags that match ${quoteBriefly(filter?.pattern ?? '')}`;
  }
  const rules = spec?.map('policy');
  const range = rules?.map('semver')?.text('range');
  if (range !== undefined) return refusalOfRange(range, value);
  if (rules?.map('alphabetical') === undefined && rules?.map('numerical') !== undefined) {
    return isNumber(value) ? undefined : `orders tags as numbers, and "${value}" is none`;
  }
  return undefined;
}

function refusalOfRange(range: string, value: string): string | undefined {
  const parsed = parseConstraint(range);
  if (!parsed.ok) return undefined;
  const version = parseTag(value);
  if (!version.ok) return `takes versions, and "${value}" is none`;
  return matches(parsed.constraint, version.version)
    ? undefined
    : `has the range ${quoteBriefly(range)}`;
}

function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text);
}

function partsOf(kind: VersionChange['kind'], text: string): { name?: string; tag?: string } {
  if (kind === 'tag' || kind === 'version') return { tag: text.split('@', 1)[0] ?? '' };
  if (kind !== 'image' && kind !== 'name') return {};
  const image = parseImage(text);
  if (image === undefined) return {};
  return { name: nameOfImage(image), ...(image.tag !== undefined && { tag: image.tag }) };
}
