import type { Area } from '../model/finding.ts';
import type { Conclusion, Review } from '../model/review.ts';
import { titleOf } from './headline.ts';
import { renderPage } from './page.ts';
import type { RuleTexts } from './rule-text.ts';
import { areaOf, checkName } from './words.ts';

/** One check run, as it is published. */
export interface CheckRun {
  readonly area: Area;
  readonly name: string;
  readonly conclusion: Conclusion;
  /** Plain text on one line. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
}

/**
 * The four check runs of a review.
 *
 * @param rules what the pages say of the rules themselves
 */
export function toCheckRuns(review: Review, rules: RuleTexts): CheckRun[] {
  return review.verdicts.map((verdict) => {
    const { area, conclusion } = verdict;
    const introduced = review.findings.filter(
      ({ rule, change, waiver }) => areaOf(rule) === area && change === 'introduced' && !waiver,
    );
    return {
      area,
      name: checkName(area),
      conclusion,
      title: titleOf(verdict, introduced),
      summary: renderPage(review, verdict, rules),
    };
  });
}
