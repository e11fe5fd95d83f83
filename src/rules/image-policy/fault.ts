import type { ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, history, placeOf, toDotted, valueAt } from '../../model/field-path.ts';
import type { Effect, Fault, FieldEdit, RelatedPlace, Remedy } from '../../model/finding.ts';
import { toTextEdits } from '../../yaml/edit.ts';

/** What is said of a field of an object. */
export interface Said {
  readonly rule: string;
  readonly effect: Effect;
  readonly message: string;
  readonly detail?: string;
  readonly remedy?: Remedy;
  readonly policy?: string;
  readonly container?: string;
  /** Tells faults at the same field apart. */
  readonly aspect?: string;
}

const MOST_ORIGINS = 3;

/** A fault at a field of an object, or where the field is missing. */
export function faultAt(
  { resource, namespace }: ClusterObject,
  path: FieldPath,
  { container, aspect, ...said }: Said,
): Fault {
  const { apiVersion, kind, plainName, root } = resource;
  const field = toDotted(path, root) + (aspect === undefined ? '' : `#${aspect}`);
  return {
    ...said,
    subject: {
      apiVersion,
      kind,
      ...(namespace !== undefined && { namespace }),
      name: plainName,
      ...(container !== undefined && { container }),
      field,
    },
    primary: placeOf(root, path),
    related: originsOf(valueAt(root, path)),
  };
}

function originsOf(node: ReturnType<typeof valueAt>): RelatedPlace[] {
  if (node === undefined) return [];
  return history(node)
    .slice(0, MOST_ORIGINS)
    .map(({ place: { path, line }, replacedBy }) => ({
      path,
      line,
      why: `this value is replaced by the ${replacedBy}`,
    }));
}

/** `ImagePolicy "web" in namespace "flux-system"`, to begin a sentence. Not escaped. */
export function nameOf({ resource, namespace }: ClusterObject): string {
  const name = `${resource.kind} "${resource.plainName}"`;
  return namespace === undefined ? name : `${name} in namespace "${namespace}"`;
}

/** What to do, with the edit that does it where there is one. */
export function remedy(
  summary: string,
  { resource: { root } }: ClusterObject,
  fields: readonly FieldEdit[] = [],
): Remedy {
  const edits = fields.length > 0 ? (toTextEdits(root, fields) ?? []) : [];
  return { summary, fields, edits };
}
