import type { Conclusion } from './review.ts';
import type { Area } from './finding.ts';
import type { Place } from './source.ts';

/** An agreed exception, as it is written in the configuration or beside the code. */
export interface WrittenWaiver {
  /** May hold globs, as the subject may. */
  readonly rule: string;
  /** `Kind/namespace/name`, or a path, commit or branch. */
  readonly subject: string;
  /** All clusters where absent. */
  readonly clusters?: readonly string[] | undefined;
  readonly owner: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day it counts, UTC. */
  readonly expires: string;
  readonly place: Place;
}

/**
 * - `used`: covers findings of this review
 * - `unused`: in force, and nothing here needs it
 * - `expired`: as if absent
 * - `too-long`: reaches further ahead than a waiver may: as if absent
 * - `after-merge`: this pull request brings it; it counts once merged
 */
export type WaiverState = 'used' | 'unused' | 'expired' | 'too-long' | 'after-merge';

/** What became of a waiver in a review. */
export interface ReviewedWaiver extends WrittenWaiver {
  readonly state: WaiverState;
  /** Whole days that it still counts, the last one included; 0 or less once it has expired. */
  readonly daysLeft: number;
  /** Findings that it covers, or would cover. */
  readonly findings: number;
  /** Written beside the code instead of in the configuration. */
  readonly isInline?: true;
}

/** A setting that is not as it should be, at its line. */
export interface SettingsProblem {
  /** One sentence; may quote the file. */
  readonly message: string;
  readonly place: Place;
}

/** A setting that a pull request changes. Values as JSON, absent where there is none. */
export interface SettingsDifference {
  /** Dotted: `podSecurity.failOn`. */
  readonly setting: string;
  readonly from?: string;
  readonly to?: string;
}

/** What a pull request does to the configuration. The review itself is by the old one. */
export interface SettingsChange {
  readonly differences: readonly SettingsDifference[];
  /** Faults of the new file: with any, the merge leaves the old one in force. */
  readonly problems: readonly SettingsProblem[];
  /** Areas whose verdict the new settings would change. */
  readonly verdicts: readonly {
    readonly area: Area;
    readonly from: Conclusion;
    readonly to: Conclusion;
  }[];
}

/** Where the settings of a review come from, where there is something to tell. */
export interface ReviewedSettings {
  /** Faults of the files that should be in force. */
  readonly problems: readonly SettingsProblem[];
  readonly change?: SettingsChange;
}
