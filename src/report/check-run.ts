import type { Area } from '../model/finding.ts';
import type { Conclusion, Review } from '../model/review.ts';
import { titleOf } from './headline.ts';
import { renderPage } from './page.ts';
import type { RuleTexts } from './rule-text.ts';
import { areaOf, checkName, count } from './words.ts';

/** One check run, as it is published. */
export interface CheckRun {
  readonly area: Area;
  readonly name: string;
  readonly conclusion: Conclusion;
  /** Plain text on one line. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  /** It does not pass, or it passes with findings: then there is more to tell. */
  readonly isExplainable: boolean;
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
      title: `${titleOf(verdict, introduced)}${area === 'gitops' ? wordFaults(review.settings) : ''}`,
      summary: renderPage(review, verdict, rules),
      isExplainable: conclusion !== 'success' || introduced.length > 0,
    };
  });
}

/** That a configuration has faults changes no verdict, but has to be seen. */
function wordFaults(settings: Review['settings']): string {
  const { problems = [], change } = settings ?? {};
  const coming = change?.problems.length ?? 0;
  if (coming > 0) return `; the new configuration has ${count(coming, 'fault')}`;
  return problems.length === 0 ? '' : `; the configuration has ${count(problems.length, 'fault')}`;
}
