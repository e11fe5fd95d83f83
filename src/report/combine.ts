import type { CheckReport } from '../model/report.ts';
import type { Conclusion } from '../model/review.ts';
import { MAX_SUMMARY } from './limits.ts';

/** What one pull request's review says on a commit that it shares with others. */
export interface PullRequestChecks {
  readonly number: number;
  readonly checks: readonly CheckReport[];
}

const WORST_FIRST: readonly Conclusion[] = ['failure', 'neutral', 'success'];

/**
 * Check runs belong to a commit: pull requests with the same head get one set, with the worst
 * verdict of each area, naming each pull request.
 */
export function combineChecks(reviews: readonly PullRequestChecks[]): readonly CheckReport[] {
  const [first, ...others] = reviews;
  if (first === undefined) return [];
  if (others.length === 0) return first.checks;
  return first.checks.map((check) => {
    const same = reviews.flatMap(({ number, checks }) =>
      checks.filter(({ area }) => area === check.area).map((one) => ({ number, ...one })),
    );
    const worst = [...same].sort(
      (a, b) => WORST_FIRST.indexOf(a.conclusion) - WORST_FIRST.indexOf(b.conclusion),
    )[0];
    const share = Math.floor(MAX_SUMMARY / same.length) - 100;
    return {
      ...check,
      conclusion: worst?.conclusion ?? check.conclusion,
      title: `#${worst?.number ?? first.number}: ${worst?.title ?? check.title}`,
      summary: same
        .map(({ number, summary }) => `## Pull request #${number}\n\n${shorten(summary, share)}`)
        .join('\n\n'),
      isExplainable: same.some(({ isExplainable }) => isExplainable),
      annotations: uniqueAnnotations(same),
    };
  });
}

/** A page that does not fit keeps its first sentence, its counts and its table. */
function shorten(page: string, length: number): string {
  if (page.length <= length) return page;
  const [head = ''] = page.split(/\n\n(?=#)/, 1);
  const rest = 'The rest has no room beside the other pull requests: `fluxgate review` prints it.';
  return head.length + rest.length + 2 <= length ? `${head}\n\n${rest}` : rest;
}

function uniqueAnnotations(checks: readonly CheckReport[]): CheckReport['annotations'] {
  const unique = new Map<string, CheckReport['annotations'][number]>();
  for (const { annotations } of checks) {
    for (const annotation of annotations) unique.set(JSON.stringify(annotation), annotation);
  }
  return [...unique.values()];
}
