import type { Cluster } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import type { ClusterObject } from '../../flux/cluster.ts';
import { type Constraint, parseConstraint } from '../../versions/constraint.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import { isChannel } from './channels.ts';
import { semverKeyOf } from './range-sites.ts';

/** A source that names the one thing it takes: a tag, a digest or a commit. */
export interface ExactReference {
  readonly object: ClusterObject;
  readonly path: FieldPath;
  /** `tag "1.2.3"`, inside a sentence. */
  readonly words: string;
  /** The same as a constraint, where it is a version. */
  readonly constraint?: Constraint;
}

/** By kind, in the order in which Flux looks at them; what stands before or between them moves. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['OCIRepository', ['digest', 'semver', 'tag']],
  ['GitRepository', ['commit', 'name', 'semver', 'tag']],
]);

/** The sources of a cluster that take one thing, by what a range in its place is known by. */
export function exactReferencesByKey(cluster: Cluster): Map<string, ExactReference> {
  const found = objectsOfKind(cluster, ...FIELDS.keys()).flatMap((each) => exactOf(each) ?? []);
  return new Map(found.map((each) => [semverKeyOf(each.object), each]));
}

function exactOf(object: ClusterObject): ExactReference | undefined {
  const { apiVersion, kind, root } = object.resource;
  const ref = root.map('spec')?.map('ref');
  if (ref === undefined || groupOf(apiVersion) !== 'source.toolkit.fluxcd.io') return undefined;
  const field = FIELDS.get(kind)?.find((each) => Boolean(ref.text(each)));
  const text = field === undefined ? undefined : ref.text(field);
  if (field === undefined || text === undefined || text.includes('${')) return undefined;
  const path = ['spec', 'ref', field];
  const words = `${field} ${quoteBriefly(text)}`;
  switch (field) {
    case 'digest':
    case 'commit':
      return { object, path, words };
    case 'tag': {
      if (isChannel(text)) return undefined;
      const parsed = parseConstraint(`=${text}`);
      return { object, path, words, ...(parsed.ok && { constraint: parsed.constraint }) };
    }
    default:
      return undefined;
  }
}
