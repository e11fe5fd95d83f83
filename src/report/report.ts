import { type Effect, type Finding, isGone } from '../model/finding.ts';
import type { Annotation, ChangedFile, InlineComment, Report } from '../model/report.ts';
import type { Review } from '../model/review.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { type Cause, toAnchored } from './causes.ts';
import { toCheckRuns } from './check-run.ts';
import { toCommentBody } from './comment.ts';
import { toVisible } from './escape.ts';
import { type Hunk, isInDiff } from './hunks.ts';
import type { RuleTexts } from './rule-text.ts';
import { areaOf, nameSubject } from './words.ts';

/** What a report is made from beside the review. */
export interface ReportOptions {
  /** The pull request's diff. */
  readonly files: readonly ChangedFile[];
  readonly rules: RuleTexts;
  /** Fixes that hold, by fingerprint of their cause's first finding. */
  readonly suggestions?: ReadonlyMap<string, Suggestion>;
}

/** Where there is something to ask about; no longer than `ROOM_FOR_ASKING`. */
const ASK =
  '<sub>Write `/pss-explain` in a comment to learn more of the worst finding; `/fluxgate help` lists what else can be asked.</sub>';

/**
 * A review as it is published on a pull request. What the change introduced stands on its line
 * where that line is in the diff, as a comment or an annotation, never both; everything stands
 * in the summaries.
 */
export function toReport(review: Review, { files, rules, suggestions }: ReportOptions): Report {
  const { causes, annotated, hunks } = toAnchored(review.findings, files);
  return {
    checks: toCheckRuns(review, rules).map((run) => ({
      ...run,
      summary: run.isExplainable ? `${run.summary}\n\n${ASK}` : run.summary,
      annotations: [
        ...annotated.filter(({ rule }) => areaOf(rule) === run.area).map(toAnnotation),
        ...(run.area === 'gitops' ? annotateSettings(review, hunks) : []),
      ],
    })),
    comments: causes.map((cause) => toComment(cause, suggestions?.get(cause[0].fingerprint))),
    present: review.findings
      .filter(({ change, waiver }) => !isGone(change) && !waiver)
      .map(({ fingerprint }) => fingerprint),
  };
}

function toComment(cause: Cause, suggestion: Suggestion | undefined): InlineComment {
  const { path, line, endLine } = suggestion?.edit ?? cause[0].primary;
  return {
    path,
    line: endLine,
    ...(endLine > line && { startLine: line }),
    body: toCommentBody(cause, suggestion),
    fingerprints: cause.map(({ fingerprint }) => fingerprint).sort(),
    areas: [...new Set(cause.flatMap(({ rule }) => areaOf(rule) ?? []))],
  };
}

/** Faults of a configuration that the pull request changes; others stand in the summary alone. */
function annotateSettings(
  { settings }: Review,
  hunks: ReadonlyMap<string, readonly Hunk[]>,
): Annotation[] {
  return (settings?.change?.problems ?? [])
    .filter(({ place }) => isInDiff(hunks.get(place.path), place.line, place.endLine))
    .map(({ message, place }) => ({
      path: place.path,
      startLine: place.line,
      endLine: place.endLine,
      level: 'failure',
      title: 'This configuration will not count',
      message: toVisible(message, 4000),
    }));
}

const LEVELS: Record<Effect, Annotation['level']> = {
  denied: 'failure',
  risk: 'failure',
  warned: 'warning',
  audited: 'notice',
  advice: 'notice',
};

/** GitHub's limit for the title of an annotation. */
const MAX_TITLE = 255;

function toAnnotation(finding: Finding): Annotation {
  const { primary, effect, subject, message, rule, clusters } = finding;
  const where = clusters.length > 0 ? ` (${clusters.map(({ name }) => name).join(', ')})` : '';
  return {
    path: primary.path,
    startLine: primary.line,
    endLine: primary.endLine,
    level: LEVELS[effect],
    title: toVisible(`${effect}: ${nameSubject(subject)}${where}`, MAX_TITLE),
    message: `${toVisible(message, 4000)}\n${rule}`,
  };
}
