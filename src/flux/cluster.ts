import type { ClusterSettings } from '../model/cluster-settings.ts';
import type { Resource } from '../model/resource.ts';
import type { Place } from '../model/source.ts';

/** Why a part of a cluster could not be worked out; `cause` as in an unknown of a rule. */
export interface Gap {
  readonly reason: string;
  readonly place?: Place;
  readonly cause: 'content' | 'environment';
}

/** Something that is applied as one: a Flux Kustomization, an overlay, a folder of manifests. */
export interface Unit {
  /** For people: `Kustomization flux-system/apps`, `overlay apps/production`, `folder manifests`. */
  readonly title: string;
  /** The directory it is built from. */
  readonly path: string;
  /** Parts that are not known; what is known is in the cluster's objects. */
  readonly gaps: readonly Gap[];
}

/** An object in its cluster. */
export interface ClusterObject {
  readonly resource: Resource;
  /** The namespace it will live in; undefined where it has none. */
  readonly namespace: string | undefined;
  readonly unit: Unit;
}

/** A cluster as the repository at one commit would make it. */
export interface Cluster {
  readonly name: string;
  readonly settings: ClusterSettings;
  readonly units: readonly Unit[];
  readonly objects: readonly ClusterObject[];
  /** Namespace objects by name. */
  readonly namespaces: ReadonlyMap<string, ClusterObject>;
  /** What was assumed, one sentence each. */
  readonly assumptions: readonly string[];
}
