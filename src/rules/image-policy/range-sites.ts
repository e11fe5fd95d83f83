import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { type FieldPath, placeOf, valueAt } from '../../model/field-path.ts';
import type { UnknownFact } from '../../model/finding.ts';
import { type Located, Unknown } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import {
  type Constraint,
  parseConstraint,
  type ParsedConstraint,
} from '../../versions/constraint.ts';

/** A place where Flux reads a version range. */
export interface RangeSite {
  readonly object: ClusterObject;
  readonly path: FieldPath;
  /** As written; `*` where it is left out and Flux takes that. */
  readonly text: string;
  readonly isWritten: boolean;
  readonly parsed: ParsedConstraint;
  /** What moves: `image`, `chart`, inside a sentence. */
  readonly moves: string;
}

interface RangeField {
  readonly path: FieldPath;
  readonly moves: string;
  /** What Flux takes where the field is absent. */
  readonly fallback?: '*';
}

type Field = (object: ClusterObject) => RangeField | undefined;

const CHART_VERSION: Field = ({ resource: { root } }) => {
  const path = ['spec', 'chart', 'spec'];
  const source = valueAt(root, [...path, 'sourceRef', 'kind']);
  if (valueAt(root, path) === undefined || !isRepository(source)) return undefined;
  return { path: [...path, 'version'], moves: 'chart', fallback: '*' };
};

const HELM_CHART_VERSION: Field = ({ resource: { root } }) =>
  isRepository(valueAt(root, ['spec', 'sourceRef', 'kind']))
    ? { path: ['spec', 'version'], moves: 'chart', fallback: '*' }
    : undefined;

/** Charts from Git and buckets have the version that lies there. */
function isRepository(kind: ReturnType<typeof valueAt>): boolean {
  return !(kind?.kind === 'scalar' && (kind.value === 'GitRepository' || kind.value === 'Bucket'));
}

/** Before `semver`, Flux looks at fields that are more exact. */
function refSemver(moves: string, stronger: readonly string[]): Field {
  return ({ resource: { root } }) => {
    const ref = valueAt(root, ['spec', 'ref']);
    if (ref?.kind !== 'map' || stronger.some((key) => Boolean(ref.text(key)))) return undefined;
    return { path: ['spec', 'ref', 'semver'], moves };
  };
}

/** By group and kind, whatever the version. */
const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  [
    'image.toolkit.fluxcd.io ImagePolicy',
    () => ({ path: ['spec', 'policy', 'semver', 'range'], moves: 'image' }),
  ],
  ['source.toolkit.fluxcd.io OCIRepository', refSemver('artifact', ['digest'])],
  ['source.toolkit.fluxcd.io GitRepository', refSemver('tag', ['commit', 'name'])],
  ['source.toolkit.fluxcd.io HelmChart', HELM_CHART_VERSION],
  ['helm.toolkit.fluxcd.io HelmRelease', CHART_VERSION],
  [
    'fluxcd.controlplane.io FluxInstance',
    () => ({ path: ['spec', 'distribution', 'version'], moves: 'version of Flux' }),
  ],
]);

const KINDS = [...FIELDS.keys()].map((key) => key.slice(key.indexOf(' ') + 1));

/** A range that is no text, which the API server refuses together with its object. */
export interface MistypedRange {
  readonly path: FieldPath;
  /** `the number 15.5`, `a map`: inside a sentence. */
  readonly what: string;
}

export interface RangeSites {
  readonly sites: readonly RangeSite[];
  readonly mistyped?: MistypedRange;
  readonly unknowns: readonly Omit<UnknownFact, 'rule'>[];
}

const NO_SITES: RangeSites = { sites: [], unknowns: [] };

/** The ranges that stand in an object. */
export function rangeSitesOf(object: ClusterObject): RangeSites {
  const { apiVersion, kind, root } = object.resource;
  const field = FIELDS.get(`${groupOf(apiVersion)} ${kind}`)?.(object);
  if (field === undefined) return NO_SITES;
  const { path, moves, fallback } = field;
  const node = valueAt(root, path);
  const value = node?.kind === 'scalar' ? node.value : undefined;
  if (value instanceof Unknown || (typeof value === 'string' && value.includes('${'))) {
    const why = value instanceof Unknown ? value.reason : 'it holds a variable';
    const place = placeOf(root, path);
    const reason = `The version range of ${kind} "${object.resource.plainName}" is not known: ${why}.`;
    return { sites: [], unknowns: [{ reason, place, cause: 'content' }] };
  }
  // An empty chart version is an absent one; other empty ranges are refused.
  const isAbsent = node === undefined || value === null || (value === '' && fallback !== undefined);
  const text = isAbsent ? fallback : typeof value === 'string' ? value : undefined;
  if (text === undefined) {
    const isWrong = node !== undefined && value !== null;
    return isWrong ? { ...NO_SITES, mistyped: { path, what: whatIs(node) } } : NO_SITES;
  }
  const parsed = parseConstraint(text);
  return { sites: [{ object, path, text, isWritten: !isAbsent, parsed, moves }], unknowns: [] };
}

function whatIs(node: Located): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  const { value } = node;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  return 'a truth value';
}

/** A site whose range is valid. */
export interface ValidSite extends RangeSite {
  readonly constraint: Constraint;
}

/** The sites of an object whose range Flux can read. */
export function validSitesOf(object: ClusterObject): ValidSite[] {
  return rangeSitesOf(object).sites.flatMap((site) =>
    site.parsed.ok ? [{ ...site, constraint: site.parsed.constraint }] : [],
  );
}

/** All valid ranges of a cluster by what they are known by. */
export function sitesByKey(cluster: Cluster): Map<string, ValidSite> {
  const sites = objectsOfKind(cluster, ...KINDS).flatMap(validSitesOf);
  return new Map(sites.map((site) => [keyOf(site), site]));
}

/** What a range under `spec.ref.semver` of an object would be known by. */
export function semverKeyOf(object: ClusterObject): string {
  return keyOf({ object, path: ['spec', 'ref', 'semver'] });
}

function keyOf({
  object: { resource, namespace },
  path,
}: Pick<ValidSite, 'object' | 'path'>): string {
  const { apiVersion, kind, plainName } = resource;
  return JSON.stringify([groupOf(apiVersion), kind, namespace, plainName, path]);
}
