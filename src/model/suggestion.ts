import type { TextEdit } from './finding.ts';

/** A fix that was applied and reviewed: what it mends is gone, and nothing new came. */
export interface Suggestion {
  /** All of the fix, on lines of one file. */
  readonly edit: TextEdit;
  /** Fingerprints of the findings that it mends. */
  readonly mends: readonly string[];
}
