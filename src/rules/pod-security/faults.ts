import type { ClusterObject } from '../../flux/cluster.ts';
import {
  type FieldPath,
  find,
  history,
  placeOf,
  placeOfFound,
  toDotted,
} from '../../model/field-path.ts';
import type {
  Fault,
  FieldEdit,
  RelatedPlace,
  Remedy,
  Subject,
  TextEdit,
} from '../../model/finding.ts';
import type { Located, LocatedMap } from '../../model/located.ts';
import { type Place, toPlace } from '../../model/source.ts';
import { toTextEdits } from '../../yaml/edit.ts';
import type { Violation } from './checks/check.ts';
import type { Mode } from './namespace-policy.ts';
import type { NamespaceSituation } from './namespace-situation.ts';
import type { Pod } from './pod.ts';

/** `Deployment "web" in namespace "shop"`, inside a sentence. Not escaped. */
export function nameOfObject({ resource, namespace }: ClusterObject): string {
  const name = `${resource.kind} "${resource.plainName}"`;
  return namespace === undefined ? name : `${name} in namespace "${namespace}"`;
}

export function subjectOf(
  { resource: { apiVersion, kind, plainName, root }, namespace }: ClusterObject,
  { path, container }: { readonly path: FieldPath; readonly container?: string },
): Subject {
  return {
    apiVersion,
    kind,
    ...(namespace !== undefined && { namespace }),
    name: plainName,
    ...(container !== undefined && { container }),
    field: toDotted(path, root),
  };
}

/** Where a violation stands, what stood there before, and how to mend it. */
export function pathToFault(
  { resource: { root } }: ClusterObject,
  pod: Pod,
  violation: Violation,
): Pick<Fault, 'primary' | 'related' | 'remedy'> {
  const found = find(root, violation.path);
  const isWritten = found.depth === violation.path.length;
  return {
    primary: placeOfFound(found),
    related: isWritten ? originsOf(found.node) : [],
    remedy: remedyOf(root, pod, violation),
  };
}

const MOST_ORIGINS = 3;

/** The places that had a hand in a value which does not stand as it was first written. */
function originsOf(node: Located): RelatedPlace[] {
  const defined = (node.trace?.from ?? []).map(toPlace).map(({ path, line }) => ({
    path,
    line,
    why: 'this defines a variable in the value',
  }));
  const replaced = history(node).map(({ place: { path, line }, replacedBy }) => ({
    path,
    line,
    why: `this value is replaced by the ${replacedBy}`,
  }));
  return [...defined, ...(defined.length > 0 ? [] : replaced)].slice(0, MOST_ORIGINS);
}

function remedyOf(root: LocatedMap, pod: Pod, { fix, cannotFix, caution }: Violation): Remedy {
  if (fix === undefined) return { summary: cannotFix ?? '', fields: [], edits: [] };
  const edits = once(() => toTextEdits(root, fix) ?? []);
  return {
    summary: `${fix.map((edit) => instruction(edit, pod, root)).join(' and ')}.`,
    fields: fix,
    // Most findings are never shown: they existed before, or stand in other clusters, too.
    get edits() {
      return edits();
    },
    ...(caution !== undefined && { caution }),
  };
}

/** The remedy with what mends the whole object beside it; neither is worked out before it is read. */
export function withTogether(remedy: Remedy, together: () => readonly TextEdit[]): Remedy {
  const { summary, fields, caution } = remedy;
  return {
    summary,
    fields,
    get edits() {
      return remedy.edits;
    },
    get together() {
      return together();
    },
    ...(caution !== undefined && { caution }),
  };
}

/** Works a value out when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function instruction(edit: FieldEdit, pod: Pod, root: LocatedMap): string {
  const field = toDotted(shortened(edit.path, pod), root);
  const container = containerAt(edit.path, pod);
  const where = container === undefined ? field : `${field} of container "${container}"`;
  return 'set' in edit ? `Set ${where} to ${JSON.stringify(edit.set)}` : `Remove ${where}`;
}

/** From the container or the pod's spec on; whole for what stands elsewhere. */
function shortened(path: FieldPath, pod: Pod): FieldPath {
  const { spec } = pod.places;
  if (!spec.every((step, index) => path[index] === step)) return path;
  const inSpec = path.slice(spec.length);
  return containerAt(path, pod) === undefined ? inSpec : inSpec.slice(2);
}

function containerAt(path: FieldPath, { places, containers }: Pod): string | undefined {
  const [list, index] = path.slice(places.spec.length);
  return containers.find((container) => container.list === list && container.index === index)?.name;
}

/** The label that sets a mode's level; undefined where there is none. */
export function labelPlace(
  { manifest, policy }: NamespaceSituation,
  mode: Mode,
): Place | undefined {
  const { key } = policy[mode].levelFrom;
  return manifest && key !== undefined
    ? placeOf(manifest.resource.root, ['metadata', 'labels', key])
    : undefined;
}

/** The same to show beside a finding; where no label says it, the cluster's default. */
export function relatedLabel(situation: NamespaceSituation, mode: Mode): RelatedPlace[] {
  const { name, policy, defaultPlaces } = situation;
  const { level, levelFrom } = policy[mode];
  const place = labelPlace(situation, mode);
  const verb = { enforce: 'enforces', audit: 'audits by', warn: 'warns by' }[mode];
  if (place !== undefined) {
    const why = `this label says that namespace "${name}" ${verb} the level ${level}`;
    return [{ path: place.path, line: place.line, why }];
  }
  const written = levelFrom.from === 'defaults' ? defaultPlaces[mode] : undefined;
  if (written === undefined) return [];
  const why = `no label says a level, and by default the cluster ${verb} the level ${level}`;
  return [{ path: written.path, line: written.line, why }];
}
