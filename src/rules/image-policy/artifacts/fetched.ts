import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { objectNamed } from '../../../flux/object-named.ts';
import { objectsOfKind } from '../../../flux/objects-of-kind.ts';
import { type FieldPath, valueAt } from '../../../model/field-path.ts';
import { Unknown } from '../../../model/located.ts';
import { groupOf } from '../../../model/resource.ts';
import { quoteBriefly } from '../../../versions/quote.ts';
import { parseTag } from '../../../versions/version.ts';

/** What a source fetches from a registry. */
export type Fetched =
  | { readonly state: 'fixed'; readonly reference: string }
  | {
      readonly state: 'range';
      readonly repository: string;
      readonly range: string;
      /** `semverFilter`: Go's RE2, not anchored. */
      readonly filter?: string;
      /** Helm writes `+` of a version as `_` of the tag. */
      readonly isChart: boolean;
    }
  | { readonly state: 'unknown'; readonly reason: string };

/** A source that can verify what it fetches, by group and kind. */
export interface VerifyingKind {
  /** What tells which artifact it fetches. */
  readonly whole: FieldPath;
  readonly verify: FieldPath;
  /** Where its version stands. */
  readonly version: FieldPath;
  /** Whether it can name identities; without them the signature of anybody counts. */
  readonly hasIdentities: boolean;
  readonly fetched: (object: ClusterObject, cluster: Cluster) => Fetched | undefined;
}

const KINDS: ReadonlyMap<string, VerifyingKind> = new Map([
  [
    'source.toolkit.fluxcd.io OCIRepository',
    {
      ...{
        verify: ['spec', 'verify'],
        version: ['spec', 'ref'],
        hasIdentities: true,
        whole: ['spec'],
      },
      fetched: artifactOf,
    },
  ],
  [
    'source.toolkit.fluxcd.io HelmChart',
    {
      ...{
        verify: ['spec', 'verify'],
        version: ['spec', 'version'],
        hasIdentities: true,
        whole: ['spec'],
      },
      fetched: (object: ClusterObject, cluster: Cluster) => chartOf(object, ['spec'], cluster),
    },
  ],
  [
    'helm.toolkit.fluxcd.io HelmRelease',
    {
      whole: ['spec', 'chart'],
      verify: ['spec', 'chart', 'spec', 'verify'],
      version: ['spec', 'chart', 'spec', 'version'],
      // The field is not in its schema.
      hasIdentities: false,
      fetched: (object: ClusterObject, cluster: Cluster) =>
        chartOf(object, ['spec', 'chart', 'spec'], cluster),
    },
  ],
]);

export function verifyingKindOf({ resource }: ClusterObject): VerifyingKind | undefined {
  return KINDS.get(`${groupOf(resource.apiVersion)} ${resource.kind}`);
}

/** Objects of a cluster that can verify what they fetch. */
export function verifyingSourcesOf(cluster: Cluster): ClusterObject[] {
  const kinds = [...KINDS.keys()].map((key) => key.slice(key.indexOf(' ') + 1));
  return objectsOfKind(cluster, ...kinds).filter((object) => verifyingKindOf(object) !== undefined);
}

/** A field's text; `''` where it is absent. */
type Field = { readonly text: string } | { readonly reason: string };

function read({ resource: { root } }: ClusterObject, path: FieldPath): Field {
  const node = valueAt(root, path);
  const value = node?.kind === 'scalar' ? node.value : undefined;
  const field = `spec.${path.slice(1).join('.')}`;
  if (value instanceof Unknown) return { reason: `its ${field} is not known: ${value.reason}` };
  if (value !== undefined && value !== null && typeof value !== 'string') {
    return { reason: `its ${field} is no text` };
  }
  const text = value ?? '';
  return text.includes('${') ? { reason: `its ${field} holds a variable` } : { text };
}

/** Precedence as Flux has it: digest, range, tag; `latest` where nothing is named. */
function artifactOf(object: ClusterObject): Fetched | undefined {
  const [url, digest, semver, filter, tag] = [
    ['url'],
    ['ref', 'digest'],
    ['ref', 'semver'],
    ['ref', 'semverFilter'],
    ['ref', 'tag'],
  ].map((path) => read(object, ['spec', ...path]));
  const texts = textsOf([url, digest, semver, filter, tag]);
  if ('reason' in texts) return { state: 'unknown', reason: texts.reason };
  const [address = '', hash = '', range = '', pattern = '', label = ''] = texts.texts;
  if (!address.startsWith('oci://')) return undefined;
  const repository = address.slice('oci://'.length);
  if (hash !== '') return { state: 'fixed', reference: `${repository}@${hash}` };
  if (range !== '') {
    const filtered = pattern === '' ? {} : { filter: pattern };
    return { state: 'range', repository, range, isChart: false, ...filtered };
  }
  return { state: 'fixed', reference: `${repository}:${label === '' ? 'latest' : label}` };
}

function textsOf(
  fields: readonly (Field | undefined)[],
): { readonly texts: readonly string[] } | { readonly reason: string } {
  const open = fields.find((field) => field !== undefined && 'reason' in field);
  if (open !== undefined && 'reason' in open) return open;
  return { texts: fields.map((field) => (field && 'text' in field ? field.text : '')) };
}

/** A chart of a HelmRepository; undefined where it comes from elsewhere and nothing is verified. */
function chartOf(object: ClusterObject, at: FieldPath, cluster: Cluster): Fetched | undefined {
  if (valueAt(object.resource.root, at)?.kind !== 'map') return undefined;
  const texts = textsOf(
    [
      ['chart'],
      ['version'],
      ['sourceRef', 'kind'],
      ['sourceRef', 'name'],
      ['sourceRef', 'namespace'],
    ].map((path) => read(object, [...at, ...path])),
  );
  if ('reason' in texts) return { state: 'unknown', reason: texts.reason };
  const [chart = '', version = '', kind = '', name = '', namespace = ''] = texts.texts;
  if (kind !== 'HelmRepository' || chart === '') return undefined;
  const where = namespace === '' ? object.namespace : namespace;
  const source = objectNamed(cluster, {
    group: 'source.toolkit.fluxcd.io',
    kind: 'HelmRepository',
    namespace: where,
    name,
  });
  if (source === undefined) {
    const reason = `HelmRepository "${name}" in namespace "${where ?? ''}" is not in the repository`;
    return { state: 'unknown', reason };
  }
  const url = read(source, ['spec', 'url']);
  if ('reason' in url) return { state: 'unknown', reason: `of its HelmRepository, ${url.reason}` };
  // The rule on misplaced verification says that Flux refuses it.
  if (/^https?:\/\//.test(url.text)) return undefined;
  if (!url.text.startsWith('oci://')) {
    const reason = `HelmRepository "${name}" has an address that is none: ${quoteBriefly(url.text)}`;
    return { state: 'unknown', reason };
  }
  const repository = `${url.text.slice('oci://'.length).replace(/\/+$/, '')}/${chart}`;
  // Flux takes what is a version as the tag, without a look at the list.
  if (parseTag(version).ok) return { state: 'fixed', reference: toTagged(repository, version) };
  return { state: 'range', repository, range: version === '' ? '*' : version, isChart: true };
}

/** Helm writes `+` of a version as `_` of the tag. */
export function toTagged(repository: string, version: string): string {
  return `${repository}:${version.replaceAll('+', '_')}`;
}
