import type { Review } from '../model/review.ts';
import { toCheckRuns } from './check-run.ts';

/** The review as data: what `--format json` prints, as `docs/review.schema.json` describes it. */
export function toJson(review: Review): object {
  const { version, before, after, notes, clusters, findings, unknowns } = review;
  const checks = toCheckRuns(review).map(({ name, conclusion, title, summary }) => ({
    name,
    conclusion,
    title,
    summary,
  }));
  return { version, before: before ?? null, after, notes, clusters, checks, findings, unknowns };
}
