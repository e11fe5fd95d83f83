import type { Finding } from '../model/finding.ts';
import type { ChangedFile, Report } from '../model/report.ts';
import type { Review } from '../model/review.ts';
import { mayBeAnchored, toAnchored } from '../report/causes.ts';
import { isInDiff } from '../report/hunks.ts';
import { toReport } from '../report/report.ts';
import type { ReviewedTrees } from './review.ts';
import { reviewBySettings, type SettledOptions } from './settings.ts';
import { findSuggestions } from './suggestions.ts';

/**
 * Whether anything may stand on a line of the diff; where not, nobody needs to ask for it. A file
 * that the merge leaves as it is has no such line.
 */
export function needsDiff(
  { findings, settings }: Review,
  { before, after }: Pick<ReviewedTrees, 'before' | 'after'>,
): boolean {
  const isChanged = ({ primary: { path } }: Finding) =>
    before?.entry(path)?.id !== after.entry(path)?.id || before?.entry(path) === undefined;
  return (
    findings.some((finding) => mayBeAnchored(finding) && isChanged(finding)) ||
    (settings?.change?.problems ?? []).length > 0
  );
}

/** A review as it is published, with the fixes that hold as suggestions. */
export function reportWithSuggestions(
  review: Review,
  trees: ReviewedTrees,
  options: SettledOptions,
  files: readonly ChangedFile[],
  clock: () => number,
): Report {
  const { causes, hunks } = toAnchored(review.findings, files);
  const suggestions = findSuggestions(review, causes, {
    trees,
    reviewAgain: (edited) => reviewBySettings(edited, options),
    isInDiff: (path, line, endLine) => isInDiff(hunks.get(path), line, endLine),
    clock,
  });
  return toReport(review, { files, rules: options.rules, suggestions });
}
