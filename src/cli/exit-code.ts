import { type Effect, EFFECTS } from '../model/finding.ts';
import type { Review } from '../model/review.ts';

/**
 * 1 when a check run would fail; with `--fail-on`, when something that the change introduced (or,
 * in a scan, anything) has that effect or a stronger one. `unknown` counts everything, gaps too.
 */
export function exitCodeOf(review: Review, failOn: Effect | 'unknown' | undefined): 0 | 1 {
  if (failOn === undefined) {
    return review.verdicts.some(({ conclusion }) => conclusion === 'failure') ? 1 : 0;
  }
  const isScan = review.before === undefined;
  const counts = (change: string) => change === 'introduced' || (isScan && change === 'existing');
  if (failOn === 'unknown' && review.unknowns.some(({ change }) => counts(change))) return 1;
  const threshold = failOn === 'unknown' ? EFFECTS.length : EFFECTS.indexOf(failOn);
  return review.findings.some(
    ({ change, effect, waiver }) =>
      counts(change) && !waiver && EFFECTS.indexOf(effect) <= threshold,
  )
    ? 1
    : 0;
}
