import type { Conclusion, Review } from '../model/review.ts';
import { toCheckRuns } from './check-run.ts';

const MARKS: Record<Conclusion, string> = { success: '✅', neutral: '⚪', failure: '❌' };

/** The review as one Markdown page: the four check runs under each other. */
export function renderMarkdown(review: Review): string {
  return toCheckRuns(review)
    .map(({ name, conclusion, summary }) => `## ${MARKS[conclusion]} ${name}\n\n${summary}`)
    .join('\n\n');
}
