import type { ClusterSettings } from '../model/cluster-settings.ts';
import type { Located } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import type { Place } from '../model/source.ts';

/** Why a part of a cluster could not be worked out; `cause` as in an unknown of a rule. */
export interface Gap {
  readonly reason: string;
  readonly place?: Place;
  readonly cause: 'content' | 'environment';
  /** What the part depends on, as text: while it stays, the part is as it was. */
  readonly input?: string;
  /** Only because of another gap of the unit. */
  readonly follows?: true;
  /** The only object that is not known, where it is but one. */
  readonly only?: Pick<Resource, 'apiVersion' | 'kind'>;
}

/** What keeps Flux from applying a unit, or makes it apply nothing. */
export type UnitProblemCode =
  'failed-build' | 'missing-path' | 'missing-decryption' | 'empty-build' | 'failed-substitution';

export interface UnitProblem {
  readonly code: UnitProblemCode;
  /** One sentence; quotes the repository, not escaped. */
  readonly message: string;
  readonly place: Place;
  /** The field of the Kustomization, or the object, that is to blame; tells problems apart. */
  readonly field: string;
}

/** Something that is applied as one: a Flux Kustomization, an overlay, a folder of manifests. */
export interface Unit {
  /** For people: `Kustomization flux-system/apps`, `overlay apps/production`, `folder manifests`. */
  readonly title: string;
  /** The directory it is built from. */
  readonly path: string;
  /** Parts that are not known; what is known is in the cluster's objects. */
  readonly gaps: readonly Gap[];
  /** Patches for objects in those parts: objects to merge, JSON patches, or the text of either. */
  readonly unmatched?: readonly Located[];
  /** Why Flux refuses it; then it adds no objects. */
  readonly problems?: readonly UnitProblem[];
  /** The Flux Kustomization, as its parent renders it. */
  readonly kustomization?: Resource;
  /** The titles of the units that apply it, nearest first. */
  readonly parents?: readonly string[];
  /** Flux leaves what it applied before as it is. */
  readonly isSuspended?: true;
}

/** An object in its cluster. */
export interface ClusterObject {
  readonly resource: Resource;
  /** The namespace it will live in; undefined where it has none. */
  readonly namespace: string | undefined;
  readonly unit: Unit;
  /** Of a Namespace: others of the same name, so that it is now this one and now another. */
  readonly rivals?: readonly ClusterObject[];
}

/** A chart that lies in this repository. */
export interface OwnChart {
  /** Its files, as text: while it stays, the chart is as it was. */
  readonly input: string;
  /** The kinds that its templates name; undefined where they may make others. */
  readonly kinds?: readonly string[];
}

/** A cluster as the repository at one commit would make it. */
export interface Cluster {
  readonly name: string;
  /** With the version of Flux that the repository tells, where the configuration tells none. */
  readonly settings: ClusterSettings;
  readonly units: readonly Unit[];
  readonly objects: readonly ClusterObject[];
  /** Namespace objects by name. */
  readonly namespaces: ReadonlyMap<string, ClusterObject>;
  /** What was assumed, one sentence each. */
  readonly assumptions: readonly string[];
  /** Charts that lie in this repository, by the release that is made of one: `shop/web`. */
  readonly charts?: ReadonlyMap<string, OwnChart>;
  /** Whether Flux applies it; else its manifests stand for themselves. */
  readonly isFlux?: true;
}

/**
 * What rules of single objects may look at beside the object: while these stay, what they say of an
 * object that stays holds, whatever else changes in the cluster.
 */
export type Surroundings = Pick<Cluster, 'name' | 'settings' | 'namespaces' | 'isFlux'>;

/** Whether something in a unit is not known, or not applied as it stands. */
export function isWhole({ gaps, problems = [] }: Unit): boolean {
  return gaps.length === 0 && problems.every(({ code }) => code === 'empty-build');
}
