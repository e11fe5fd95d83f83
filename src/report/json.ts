import type { Review, ReviewUnknown } from '../model/review.ts';
import { toCheckRuns } from './check-run.ts';
import type { RuleTexts } from './rule-text.ts';

/** The review as data: what `--format json` prints, as `docs/review.schema.json` describes it. */
export function toJson(review: Review, rules: RuleTexts): object {
  const { version, before, after, notes, clusters, findings, unknowns, unread, reach } = review;
  const checks = toCheckRuns(review, rules).map(({ name, conclusion, title, summary }) => ({
    name,
    conclusion,
    title,
    summary,
  }));
  return {
    ...{ version, before: before ?? null, after, notes, clusters, checks, findings },
    unknowns: unknowns.map(withoutShared),
    ...(unread && { unread }),
    ...(reach && { reach }),
  };
}

/** Data has one entry for each gap: how several are told in one line is for people. */
function withoutShared(unknown: ReviewUnknown): ReviewUnknown {
  const told = { ...unknown };
  delete told.shared;
  return told;
}
