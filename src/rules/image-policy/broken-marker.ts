import { type Cluster, type ClusterObject, isWhole } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { isWithin } from '../../flux/paths.ts';
import { valueAt } from '../../model/field-path.ts';
import type { Effect, Fault } from '../../model/finding.ts';
import type { Located } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import { toPlace } from '../../model/source.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import type { Repository, RepositoryRule } from '../rule.ts';
import { automationsOf, isDeployedFrom } from './automations.ts';
import { allowanceOf } from './environment.ts';
import { imagePolicy } from './examples.ts';
import { type Marker, markersOf } from './markers.ts';
import { deployment } from './signed-example.ts';

function marked(setter: string): string {
  const image = 'ghcr.io/acme/web:1.4.2';
  return deployment(image).replace(image, `${image} # {"$imagepolicy": "${setter}"}`);
}

/** A marker of image automation that does nothing, writes nothing, or moves too much. */
export const brokenMarker: RepositoryRule = {
  id: 'image-policy/broken-marker',
  area: 'image-policy',
  title: 'Marker that does not do what it says',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'Image automation passes over a marker that it cannot read, without a word: the image stays at its version, and security updates never come. A marker in a base moves every environment that uses the base at once, production too.',
    allows: [
      'Looks at comments at the end of a line: `# {"$imagepolicy": "NAMESPACE:NAME"}`, also with `:tag`, `:name` or `:digest` after the name.',
      'Not allowed: other quotes than double ones, markers inside block scalars (they are text there), a policy that no cluster has, `:digest` of a policy whose `digestReflectionPolicy` is Never or absent.',
      'Not allowed: a marker where no value is (on a line of its own above a key, behind a key whose value is a map), another part than `tag`, `name` and `digest`, a file below no update path of an automation.',
      'Not allowed: a marked value that production and another environment render from the same line.',
    ],
    fix: 'Write the marker with double quotes behind the value itself, and name a policy that exists. For several environments, put an `images` entry with its own marker into each overlay.',
    exception: 'A base that is meant to move all environments at once: waive it, with the reason.',
    limits:
      'Where parts of a cluster cannot be rendered, a policy may be in one of them: then markers without a policy are not told.',
    bad: {
      'apps/policy.yaml': imagePolicy('>=1.2.0 <1.3.0'),
      'apps/web.yaml': marked('flux-system:web'),
    },
    good: {
      'apps/policy.yaml': imagePolicy('>=1.2.0 <1.3.0'),
      'apps/web.yaml': marked('flux-system:podinfo'),
    },
    links: [
      'https://fluxcd.io/flux/guides/image-update/#configure-image-update-for-custom-resources',
    ],
  },
  evaluate(repository, { settings }) {
    const markers = markersOf(repository.tree);
    if (markers.length === 0) return { faults: [], unknowns: [] };
    const policies = policiesOf(repository);
    const shared = sharedLines(repository.clusters, markers, settings);
    const faults = markers.flatMap((marker) => judge(marker, policies, shared, repository));
    return { faults, unknowns: [] };
  },
};

function policiesOf({ clusters }: Repository): Map<string, ClusterObject[]> {
  const policies = new Map<string, ClusterObject[]>();
  for (const object of clusters.flatMap((cluster) => objectsOfKind(cluster, 'ImagePolicy'))) {
    const { apiVersion, name } = object.resource;
    if (groupOf(apiVersion) !== 'image.toolkit.fluxcd.io') continue;
    const key = `${object.namespace ?? ''}:${name}`;
    policies.set(key, [...(policies.get(key) ?? []), object]);
  }
  return policies;
}

function judge(
  marker: Marker,
  policies: ReadonlyMap<string, readonly ClusterObject[]>,
  shared: ReadonlyMap<string, readonly string[]>,
  { clusters }: Repository,
): Fault[] {
  const { text, setter, isText, isMisplaced, place } = marker;
  if (isMisplaced) {
    const summary = 'Put the marker behind the value itself, on the same line.';
    const message = `The marker ${text} stands where no value is: image automation looks behind values, and above single values of a list.`;
    return [toFault(marker, 'risk', message, summary)];
  }
  if (isText) {
    const summary = 'Move the image out of the block scalar, or let a generator make the text.';
    const message = `The marker ${text} is inside a block scalar, where it is text: image automation does not see it.`;
    return [toFault(marker, 'risk', message, summary)];
  }
  if (setter === undefined) {
    const summary = 'Write it as JSON with double quotes: `# {"$imagepolicy": "NAMESPACE:NAME"}`.';
    const message = `The marker ${text} is not JSON with double quotes: image automation does not see it.`;
    return [toFault(marker, 'risk', message, summary)];
  }
  const [namespace = '', name = '', part] = setter.split(':');
  if (part !== undefined && !['tag', 'name', 'digest'].includes(part)) {
    const summary = 'Use `:tag`, `:name` or `:digest`, or nothing for the whole image.';
    const message = `The marker ${text} asks for "${part}", which image automation does not know: nothing updates this value.`;
    return [toFault(marker, 'risk', message, summary)];
  }
  const known = policies.get(`${namespace}:${name}`);
  if (known === undefined) {
    if (!clusters.every(({ units }) => units.every(isWhole))) return [];
    const message = `The marker ${text} names ImagePolicy "${name}" in namespace "${namespace}", which no cluster has: nothing updates this value.`;
    // Without any policy here, they may all stand in another repository.
    const effect = policies.size === 0 ? 'advice' : 'risk';
    return [toFault(marker, effect, message, 'Name a policy that exists, or add it.')];
  }
  const faults: Fault[] = [];
  if (isOutOfReach(place.path, namespace, clusters)) {
    const message = `The marker ${text} is in a file that no ImageUpdateAutomation of namespace "${namespace}" looks at: it is not below any update path.`;
    const summary =
      'Widen `spec.update.path` of the automation to this directory, or add an automation.';
    faults.push(toFault(marker, 'risk', message, summary, 'reach'));
  }
  if (part === 'digest' && known.some(hasNoDigest)) {
    const message = `The marker ${text} writes an empty digest: digestReflectionPolicy of ImagePolicy "${name}" is Never.`;
    const summary = 'Set `digestReflectionPolicy: IfNotPresent` or `Always` on the policy.';
    faults.push(toFault(marker, 'risk', message, summary));
  }
  const environments = shared.get(`${place.path}:${place.line}`);
  if (environments !== undefined) {
    const message = `The marker ${text} moves ${environments.join(' and ')} at once: all of them render this line.`;
    const summary = 'Put an `images` entry with a marker of its own into each overlay.';
    faults.push(toFault(marker, 'risk', message, summary, 'shared'));
  }
  return faults;
}

/** Told only of automations that write to this repository. */
function isOutOfReach(path: string, namespace: string, clusters: readonly Cluster[]): boolean {
  const near = clusters
    .flatMap(automationsOf)
    .filter(({ object }) => object.namespace === namespace);
  const isHere = near.every(
    ({ source, cluster }) => source !== undefined && isDeployedFrom(cluster, source),
  );
  return near.length > 0 && isHere && near.every((automation) => !isWithin(path, automation.path));
}

function hasNoDigest({ resource: { root } }: ClusterObject): boolean {
  const node = valueAt(root, ['spec', 'digestReflectionPolicy']);
  return node === undefined || (node.kind === 'scalar' && node.value === 'Never');
}

/** Marked lines that production and another environment render, with the environments. */
function sharedLines(
  clusters: readonly Cluster[],
  markers: readonly Marker[],
  settings: RuleSettings,
) {
  const found = new Map<string, Set<string>>();
  for (const cluster of clusters) {
    const { environment } = allowanceOf(cluster, settings);
    if (environment === undefined) continue;
    for (const line of renderedLines(cluster, markers)) {
      found.set(line, (found.get(line) ?? new Set()).add(environment));
    }
  }
  const shared = [...found].filter(([, names]) => names.size > 1 && names.has('production'));
  return new Map(shared.map(([key, names]) => [key, [...names].sort()]));
}

const rendered = new WeakMap<Cluster, WeakMap<readonly Marker[], ReadonlySet<string>>>();

/** The marked lines, `path:line`, that an object of a cluster takes a value from; worked out once. */
function renderedLines(cluster: Cluster, markers: readonly Marker[]): ReadonlySet<string> {
  const ofCluster = rendered.get(cluster) ?? new WeakMap<readonly Marker[], ReadonlySet<string>>();
  rendered.set(cluster, ofCluster);
  const known = ofCluster.get(markers);
  if (known !== undefined) return known;
  const files = new Set(markers.map(({ place }) => place.path));
  const lines = new Set(markers.map(({ place }) => `${place.path}:${place.line}`));
  const found = new Set<string>();
  for (const { resource } of cluster.objects) {
    for (const node of scalarsOf(resource.root)) {
      if (!files.has(node.source.path)) continue;
      const { path, line } = toPlace(node);
      const key = `${path}:${line}`;
      if (lines.has(key)) found.add(key);
    }
  }
  ofCluster.set(markers, found);
  return found;
}

function* scalarsOf(node: Located): Generator<Located> {
  if (node.kind === 'scalar') yield node;
  else if (node.kind === 'list') for (const item of node.items) yield* scalarsOf(item);
  else for (const { value } of node.entries) yield* scalarsOf(value);
}

function toFault(
  { place, text, ordinal }: Marker,
  effect: Effect,
  message: string,
  summary: string,
  aspect = 'marker',
): Fault {
  return {
    rule: brokenMarker.id,
    effect,
    subject: {
      apiVersion: '',
      kind: 'File',
      name: place.path,
      field: `${text}#${aspect}-${ordinal}`,
    },
    message,
    primary: place,
    related: [],
    remedy: { summary, fields: [], edits: [] },
  };
}
