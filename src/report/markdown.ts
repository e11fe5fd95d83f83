import type { Conclusion, Review } from '../model/review.ts';
import { toCheckRuns } from './check-run.ts';
import type { RuleTexts } from './rule-text.ts';

const MARKS: Record<Conclusion, string> = { success: '✅', neutral: '⚪', failure: '❌' };

/** The review as one Markdown page: the four check runs under each other. */
export function renderMarkdown(review: Review, rules: RuleTexts): string {
  return toCheckRuns(review, rules)
    .map(({ name, conclusion, summary }) => `## ${MARKS[conclusion]} ${name}\n\n${summary}`)
    .join('\n\n');
}
