import type { Place } from './source.ts';

/** What a plan is asked about; everything where nothing is said. Attacker-controlled. */
export interface PlanRequest {
  readonly namespace?: string;
  /** A level of the Pod Security Standards. */
  readonly level?: 'privileged' | 'baseline' | 'restricted';
  readonly cluster?: string;
}

/** A workload that a level would refuse pods of. */
export interface PlannedRefusal {
  /** `Deployment web`. */
  readonly name: string;
  /** What admission would say. */
  readonly detail: string;
  readonly place: Place;
}

/** A namespace at one of the stricter levels. */
export interface PlannedLevel {
  readonly level: 'baseline' | 'restricted';
  readonly verdict: 'passes' | 'refuses' | 'unknown';
  /** Workloads by the control that they violate: rule ids. */
  readonly controls: readonly { readonly rule: string; readonly workloads: number }[];
  readonly refusals: readonly PlannedRefusal[];
  /** Why it is not known of some workloads. */
  readonly unknowns: readonly string[];
}

/** A namespace of a cluster, and what a stricter level would refuse in it. */
export interface PlannedNamespace {
  readonly cluster: string;
  readonly namespace: string;
  /** Absent where the repository does not hold the Namespace. */
  readonly place?: Place;
  /** The level enforced now, `baseline:v1.35`. */
  readonly policy: string;
  readonly enforced: 'privileged' | 'baseline' | 'restricted';
  /** Version of the policy, as a label says it. */
  readonly version: string;
  /** Whether a label of the Namespace says so; else the cluster's defaults do. */
  readonly isLabelled: boolean;
  readonly isExempt: boolean;
  readonly workloads: number;
  /** The strictest level that refuses nothing. */
  readonly highest: 'privileged' | 'baseline' | 'restricted';
  readonly levels: readonly PlannedLevel[];
}

export interface Plan {
  readonly namespaces: readonly PlannedNamespace[];
  /** Names of the clusters, to choose from. */
  readonly clusters: readonly string[];
}
