import type { ReviewUnknown } from '../model/review.ts';

/** A line about what is not known: one gap, or several of one reason. */
export interface GatheredGap extends Omit<ReviewUnknown, 'shared'> {
  /** How many gaps it tells. */
  readonly times: number;
}

/**
 * Says in one line what is not known for one reason: a new version of a chart that thirty releases
 * take is one piece of news. None is left out: names that have no room are counted.
 *
 * @param mostNames how many names a line lists
 */
export function gatherGaps(gaps: readonly ReviewUnknown[], mostNames: number): GatheredGap[] {
  const groups = new Map<string, ReviewUnknown[]>();
  for (const [index, gap] of gaps.entries()) {
    const { rule, change, area, cause, clusters, shared } = gap;
    const key = JSON.stringify(
      shared ? [rule, change, area, cause, clusters, shared.reason] : index,
    );
    const group = groups.get(key);
    if (group) group.push(gap);
    else groups.set(key, [gap]);
  }
  return [...groups.values()].flatMap((group) => toGap(group, mostNames) ?? []);
}

function toGap(group: readonly ReviewUnknown[], mostNames: number): GatheredGap | undefined {
  const [first] = group;
  if (!first) return undefined;
  const { shared, ...told } = first;
  const times = group.length;
  if (!shared || times === 1) return { ...told, times };
  const names = group.slice(0, mostNames).map((gap) => gap.shared?.name ?? '');
  const more = times - names.length;
  const list = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return { ...told, times, reason: `${shared.reason} (${times}): ${list}.` };
}

/** ` and 31 more` behind the place of a line that tells of several. */
export function otherPlaces({ times }: GatheredGap): string {
  return times === 1 ? '' : ` and ${times - 1} more`;
}
