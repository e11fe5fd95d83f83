import type { Cluster, ClusterObject, Surroundings } from '../flux/cluster.ts';
import type { ManifestFile } from '../flux/manifests.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { EvidenceRequest, Facts } from '../model/evidence.ts';
import type { Area, Fault, UnknownFact } from '../model/finding.ts';
import type { RuleSettings } from '../model/rule-settings.ts';

/** What a rule means, for people: `fluxgate explain` and the pages in `docs/rules/` are this text. */
export interface RuleDocs {
  /** What it protects against: one honest paragraph. */
  readonly protects: string;
  /** What it looks at and what is allowed, by version where that matters. One line each. */
  readonly allows: readonly string[];
  /** How to mend it. */
  readonly fix: string;
  /** When an exception is legitimate, and how to ask for one. */
  readonly exception: string;
  /** What it does not cover, and what would; where people often expect more. */
  readonly limits?: string;
  /** Files of a small repository that the rule finds fault with. Run as a test. */
  readonly bad: Readonly<Record<string, string>>;
  /** The same, mended. Run as a test. */
  readonly good: Readonly<Record<string, string>>;
  /** What both examples come on top of: the files before, and facts from outside. */
  readonly given?: {
    readonly before?: Readonly<Record<string, string>>;
    readonly facts?: Facts;
    /** Facts of the good example, where they and not the files make the difference. */
    readonly goodFacts?: Facts;
  };
  readonly links: readonly string[];
}

/** What is known of every rule, for reports, configuration and documentation. */
export interface RuleMeta {
  /** `area/noun-phrase`, the same in code, configuration, waivers, comments and documentation. */
  readonly id: string;
  readonly area: Area;
  /** A noun phrase for headings. */
  readonly title: string;
  /** The version of this program that brought it: newer rules start as advice. */
  readonly since: string;
  /** Fails the check whatever the area's `failOn` says. */
  readonly fails?: true;
  /** What it finds, stronger than advice, takes away what others are measured by. */
  readonly loosens?: true;
  /**
   * Rules whose findings explain that one of this rule is gone without being mended; `anything`
   * where it also goes once things get worse. What is gone like that is told, and not as fixed.
   */
  readonly lapsesWith?: readonly string[] | 'anything';
  readonly docs: RuleDocs;
}

/** What a rule found, and what it could not tell. Unknown is never a pass. */
export interface Outcome {
  readonly faults: readonly Fault[];
  readonly unknowns: readonly UnknownFact[];
}

export const NOTHING: Outcome = { faults: [], unknowns: [] };

/** A repository at one commit, as far as rules look at it. */
export interface Repository {
  readonly tree: FileTree;
  readonly files: readonly ManifestFile[];
  readonly clusters: readonly Cluster[];
}

/** A change of a repository; without a before everything exists. */
export interface RepositoryChange {
  readonly before?: Repository;
  readonly after: Repository;
}

/** A change of one cluster. */
export interface ClusterChange {
  /** Absent in a scan, and where the change brings the cluster. */
  readonly before?: Cluster;
  readonly after: Cluster;
}

/** What rules are told beside their subject. */
export interface RuleContext {
  readonly facts: Facts;
  /** The configuration of the base branch. */
  readonly settings: RuleSettings;
  /** When the review takes place, milliseconds since 1970: keys and waivers expire. */
  readonly now: number;
}

/**
 * What rules of one state are told: nothing that another review would be told otherwise, so that
 * what they say of a cluster holds as long as the cluster and the settings do.
 */
export type StateContext = Pick<RuleContext, 'settings'>;

interface NeedingRule extends RuleMeta {
  /** Facts from outside that the rule wants for this change. */
  needs?(change: RepositoryChange, context: RuleContext): readonly EvidenceRequest[];
}

/** Judges one object in its cluster. Pure and synchronous. */
export interface ObjectRule extends NeedingRule {
  readonly on: 'object';
  evaluate(object: ClusterObject, cluster: Surroundings, context: StateContext): Outcome;
}

/** Judges one object by facts from outside too: asked again in every review. */
export interface ObjectFactsRule extends NeedingRule {
  readonly on: 'object-and-facts';
  /** It is not asked about objects of other kinds. */
  readonly kinds: readonly string[];
  evaluate(object: ClusterObject, cluster: Cluster, context: RuleContext): Outcome;
}

/** Judges a whole cluster. */
export interface ClusterRule extends NeedingRule {
  readonly on: 'cluster';
  evaluate(cluster: Cluster, context: StateContext): Outcome;
}

/** Judges the repository beside its clusters. */
export interface RepositoryRule extends NeedingRule {
  readonly on: 'repository';
  evaluate(repository: Repository, context: RuleContext): Outcome;
}

/** Judges what a change does to a cluster. What it finds is always introduced; silent in scans. */
export interface ClusterChangeRule extends NeedingRule {
  readonly on: 'cluster-change';
  evaluate(change: ClusterChange, context: RuleContext): Outcome;
}

/** Judges what a change does to the repository. What it finds is always introduced. */
export interface RepositoryChangeRule extends NeedingRule {
  readonly on: 'repository-change';
  evaluate(change: RepositoryChange, context: RuleContext): Outcome;
}

export type Rule =
  | ObjectRule
  | ObjectFactsRule
  | ClusterRule
  | RepositoryRule
  | ClusterChangeRule
  | RepositoryChangeRule;
