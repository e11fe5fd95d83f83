import type { Conclusion, Review } from '../model/review.ts';
import { toCheckRuns } from './check-run.ts';
import { renderNotes } from './notes.ts';
import type { RuleTexts } from './rule-text.ts';

const MARKS: Record<Conclusion, string> = { success: '✅', neutral: '⚪', failure: '❌' };

/** The review as one Markdown page: the four check runs under each other, and once what is to note. */
export function renderMarkdown({ notes, ...review }: Review, rules: RuleTexts): string {
  return [
    ...toCheckRuns({ ...review, notes: [] }, rules).map(
      ({ name, conclusion, summary }) => `## ${MARKS[conclusion]} ${name}\n\n${summary}`,
    ),
    ...renderNotes(notes),
  ].join('\n\n');
}
