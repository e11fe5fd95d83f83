import type { Environment } from './cluster-settings.ts';
import type { Area, Change, Finding, UnknownFact } from './finding.ts';
import type { Section } from './section.ts';
import type { UnreadEntry } from './unread.ts';
import type { ReviewedSettings, ReviewedWaiver } from './waiver.ts';

export type Conclusion = 'success' | 'neutral' | 'failure';

/** A gap of the review, with the clusters it concerns. */
export interface ReviewUnknown extends UnknownFact {
  readonly area: Area;
  readonly change: Exclude<Change, 'lapsed' | 'fixed'>;
  readonly clusters: readonly string[];
}

/** What one area says. Worded later; this is the judgement. */
export interface Verdict {
  readonly area: Area;
  readonly conclusion: Conclusion;
  /** Why it is what it is, as data for the words. */
  readonly because:
    | 'clean'
    | 'nothing-applies'
    | 'not-judged'
    | 'findings'
    | 'below-fail-on'
    | 'unknown'
    | 'advisory';
}

export interface ReviewedCluster {
  readonly name: string;
  readonly environment?: Environment;
  readonly assumptions: readonly string[];
}

/** A cluster where a change makes units apply something else. */
export interface ReachedCluster {
  readonly name: string;
  /** Titles of the units, not escaped. */
  readonly units: readonly string[];
}

/** One commit of the comparison. */
export interface ReviewedCommit {
  readonly commit: string;
}

/** The whole answer about one change. */
export interface Review {
  readonly version: 1;
  readonly before?: ReviewedCommit;
  readonly after: ReviewedCommit;
  /** How the two were chosen, where it is not as expected. */
  readonly notes: readonly string[];
  readonly clusters: readonly ReviewedCluster[];
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly Finding[];
  readonly unknowns: readonly ReviewUnknown[];
  /** What the areas say beside their findings. */
  readonly sections?: readonly Section[];
  /** Exceptions, in force or not, in the order they are written. */
  readonly waivers?: readonly ReviewedWaiver[];
  readonly settings?: ReviewedSettings;
  /** What stands where manifests would and was not read; absent where there is none. */
  readonly unread?: readonly UnreadEntry[];
  /** What the change reaches; absent in a scan. */
  readonly reach?: readonly ReachedCluster[];
}
