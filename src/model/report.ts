import type { Area } from './finding.ts';
import type { Conclusion } from './review.ts';

/** A review as it is published: texts are final, GitHub's limits are kept. */
export interface Report {
  readonly checks: readonly CheckReport[];
  /** The worst first. */
  readonly comments: readonly InlineComment[];
  /** Fingerprints of all findings that hold and that no waiver covers; a comment about others speaks of what is settled. */
  readonly present: readonly string[];
}

export interface CheckReport {
  readonly area: Area;
  /** Constant. */
  readonly name: string;
  readonly conclusion: Conclusion;
  /** One line of plain text. */
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  /** Whether somebody may want to hear more of what it says. */
  readonly isExplainable: boolean;
  readonly annotations: readonly Annotation[];
}

/** A remark on lines of the head commit. Plain text: GitHub renders no Markdown there. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'failure' | 'warning' | 'notice';
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KB. */
  readonly message: string;
}

/** A comment on lines of the pull request's diff, on the right side. */
export interface InlineComment {
  readonly path: string;
  /** The last line. */
  readonly line: number;
  /** The first line, where there are several. */
  readonly startLine?: number;
  /** Markdown without the marker. */
  readonly body: string;
  /** Fingerprints of what it speaks about: how it is found again. */
  readonly fingerprints: readonly string[];
  /** The checks whose findings it speaks about. */
  readonly areas: readonly Area[];
}

/** A file of the pull request's diff. */
export interface ChangedFile {
  readonly path: string;
  /** Unified hunks as GitHub gives them; absent for big and binary files. */
  readonly patch?: string;
}
