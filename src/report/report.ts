import type { Effect, Finding } from '../model/finding.ts';
import type { Annotation, ChangedFile, InlineComment, Report } from '../model/report.ts';
import type { Review } from '../model/review.ts';
import { toCheckRuns } from './check-run.ts';
import { toCommentBody } from './comment.ts';
import { toVisible } from './escape.ts';
import { type Hunk, indexHunks, isInDiff } from './hunks.ts';
import type { RuleTexts } from './rule-text.ts';
import { areaOf, nameSubject } from './words.ts';

/** More comments than anybody reads. */
const MAX_COMMENTS = 15;

/** What asks somebody to act gets a comment; the rest is an annotation beside the code. */
const COMMENTED: readonly Effect[] = ['denied', 'risk', 'warned'];

/**
 * A review as it is published on a pull request. What the change introduced stands on its line
 * where that line is in the diff, as a comment or an annotation, never both; everything stands
 * in the summaries.
 */
export function toReport(review: Review, files: readonly ChangedFile[], rules: RuleTexts): Report {
  const hunks = indexHunks(files);
  const anchored = review.findings.filter((finding) => isAnchored(finding, hunks));
  const groups = groupByPlace(anchored.filter(({ effect }) => COMMENTED.includes(effect)));
  const comments = groups.slice(0, MAX_COMMENTS);
  const commented = new Set(comments.flat());
  const annotated = anchored.filter((finding) => !commented.has(finding));
  return {
    checks: toCheckRuns(review, rules).map((run) => ({
      ...run,
      annotations: [
        ...annotated.filter(({ rule }) => areaOf(rule) === run.area).map(toAnnotation),
        ...(run.area === 'gitops' ? annotateSettings(review, hunks) : []),
      ],
    })),
    comments: comments.flatMap(toComment),
  };
}

function isAnchored(
  { change, onBase, primary, waiver }: Finding,
  hunks: ReadonlyMap<string, readonly Hunk[]>,
) {
  return (
    change === 'introduced' &&
    !onBase &&
    !waiver &&
    isInDiff(hunks.get(primary.path), primary.line, primary.endLine)
  );
}

/** Findings with one cause stand on one line: they share a comment. Keeps the order of weight. */
function groupByPlace(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.primary.line} ${finding.primary.endLine} ${finding.primary.path}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function toComment(findings: readonly Finding[]): InlineComment[] {
  const [first] = findings;
  if (first === undefined) return [];
  const { path, line, endLine } = first.primary;
  return [
    {
      path,
      line: endLine,
      ...(endLine > line && { startLine: line }),
      body: toCommentBody(findings),
      fingerprints: findings.map(({ fingerprint }) => fingerprint).sort(),
    },
  ];
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
