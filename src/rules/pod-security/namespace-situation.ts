import type { ClusterObject, Surroundings } from '../../flux/cluster.ts';
import { isUnknownNamespace } from '../../flux/loose.ts';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { toPlain, Unknown } from '../../model/located.ts';
import type { Resource } from '../../model/resource.ts';
import type { Place } from '../../model/source.ts';
import type { Exemptions } from './exemptions.ts';
import { isLevel, isStricter } from './level.ts';
import { readNamespace } from './namespace.ts';
import {
  type Mode,
  type ModePolicies,
  MODES,
  type NamespacePolicy,
  resolveNamespacePolicy,
  unknownLabels,
} from './namespace-policy.ts';
import type { Policy } from './policy.ts';
import { LATEST, parseVersion } from './version.ts';

/** What pods of a namespace of a cluster are held to, and whence. */
export interface NamespaceSituation {
  readonly name: string;
  /** The Namespace as the repository has it; undefined where something else creates it. */
  readonly manifest: ClusterObject | undefined;
  readonly policy: NamespacePolicy;
  readonly exemptions: Exemptions;
  /** Where the defaults of the cluster are written. */
  readonly defaultPlaces: Readonly<Partial<Record<Mode, Place>>>;
  /** Minor version of the cluster's API server; undefined for the newest. */
  readonly server: number | undefined;
}

const known = new WeakMap<
  Surroundings['namespaces'],
  WeakMap<ClusterSettings, Map<string, NamespaceSituation>>
>();

/** The situation of a namespace; the identical one for equal namespaces and settings. */
export function situationOf(cluster: Surroundings, namespace: string): NamespaceSituation {
  const { namespaces, settings } = cluster;
  const bySettings =
    known.get(namespaces) ?? new WeakMap<ClusterSettings, Map<string, NamespaceSituation>>();
  known.set(namespaces, bySettings);
  const ofCluster = bySettings.get(settings) ?? new Map<string, NamespaceSituation>();
  bySettings.set(settings, ofCluster);
  const situation = ofCluster.get(namespace) ?? resolve(cluster, namespace);
  ofCluster.set(namespace, situation);
  return situation;
}

/**
 * Of several Namespaces of one name the one that enforces least: each of the Kustomizations that
 * apply them takes the labels of the others away again, so that it holds at times.
 */
function resolve(cluster: Surroundings, name: string): NamespaceSituation {
  const manifest = cluster.namespaces.get(name);
  return [manifest, ...(manifest?.rivals ?? [])]
    .map((one) => situationBy(cluster, name, one))
    .reduce((loosest, one) => {
      const isLooser = isStricter(loosest.policy.enforce.level, one.policy.enforce.level);
      return isLooser ? one : loosest;
    });
}

function situationBy(
  { settings }: Surroundings,
  name: string,
  manifest: ClusterObject | undefined,
): NamespaceSituation {
  const written = manifest
    ? labelsOf(manifest)
    : isUnknownNamespace(name)
      ? new Unknown('which namespace it is depends on what is not in the repository')
      : undefined;
  const { unknown } = settings.podSecurity;
  const labels =
    unknown === undefined || written instanceof Unknown
      ? written
      : { ...unknownLabels(new Unknown(unknown)), ...written };
  return {
    name,
    manifest,
    policy: resolveNamespacePolicy(labels, defaultsOf(settings)),
    exemptions: { ...settings.podSecurity.exemptions, ...(unknown !== undefined && { unknown }) },
    defaultPlaces: settings.podSecurity.places ?? {},
    server: serverOf(settings),
  };
}

function labelsOf({ resource }: ClusterObject): ReturnType<typeof readNamespace>['labels'] {
  const { errors, labels } = readNamespace(toPlain(resource.root));
  // The API server refuses the object: the namespace keeps the labels it has.
  return errors.length === 0 ? labels : new Unknown('the Namespace cannot be read');
}

/** The minor version of the API server that a cluster's settings name. */
export function serverOf({ kubernetes }: ClusterSettings): number | undefined {
  const version = kubernetes === undefined ? undefined : parseVersion(kubernetes);
  return version === undefined || version.minor === Infinity ? undefined : version.minor;
}

/** What holds where a namespace has no labels. */
export function defaultsOf({ podSecurity: { defaults } }: ClusterSettings): ModePolicies {
  function policyOf(mode: Mode): Policy {
    const level = defaults[mode] ?? 'privileged';
    const version = parseVersion(defaults[`${mode}-version`] ?? LATEST.text);
    // The configuration's schema lets nothing else through; fail closed where it ever does.
    return { level: isLevel(level) ? level : 'restricted', version: version ?? LATEST };
  }
  const [enforce, audit, warn] = MODES.map(policyOf);
  return { enforce, audit, warn } as ModePolicies;
}

/** Whether an object is a Namespace of Kubernetes. */
export function isNamespace({ apiVersion, kind }: Resource): boolean {
  return kind === 'Namespace' && apiVersion === 'v1';
}
