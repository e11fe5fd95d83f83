import type { ReviewUnknown } from '../model/review.ts';

/** A line about what is not known: one gap, or several of one reason. */
export interface GatheredGap extends Omit<ReviewUnknown, 'shared'> {
  /** How many places it tells of. */
  readonly times: number;
  /** How many rules beside its own do not know the same thing of the same place. */
  readonly otherRules: number;
}

/**
 * Says in one line what is not known for one reason: a new version of a chart that thirty releases
 * take is one piece of news. None is left out: names that have no room are counted.
 *
 * @param mostNames how many names a line lists
 */
export function gatherGaps(gaps: readonly ReviewUnknown[], mostNames: number): GatheredGap[] {
  const groups = new Map<string, ReviewUnknown[]>();
  for (const gap of gaps) {
    const { rule, change, area, cause, clusters, shared, reason, place } = gap;
    const what = shared ? [rule, shared.reason] : [reason, place?.path, place?.line];
    const key = JSON.stringify([shared !== undefined, change, area, cause, clusters, what]);
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
  const otherRules = new Set(group.map(({ rule }) => rule)).size - 1;
  const times = shared ? group.length : 1;
  if (!shared || times === 1) return { ...told, times, otherRules };
  const names = group.slice(0, mostNames).map((gap) => gap.shared?.name ?? '');
  const more = times - names.length;
  const list = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return { ...told, times, otherRules, reason: `${shared.reason} (${times}): ${list}.` };
}

/** ` and 31 more` behind the place of a line that tells of several. */
export function otherPlaces({ times }: GatheredGap): string {
  return times === 1 ? '' : ` and ${times - 1} more`;
}

/** ` and 13 more rules` behind the rule of a line that tells of several. */
export function otherRules({ otherRules: count }: GatheredGap): string {
  return count === 0 ? '' : ` and ${count} more ${count === 1 ? 'rule' : 'rules'}`;
}
