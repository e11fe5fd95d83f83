import type { Cluster, Gap } from '../flux/cluster.ts';
import type { UnknownFact } from '../model/finding.ts';

/**
 * Every gap of the units of a cluster, as an unknown of a rule: for the rule that builds. What
 * follows from another gap is told by that one.
 */
export function unitUnknowns({ units }: Cluster, rule: string): UnknownFact[] {
  return units.flatMap(({ title, gaps }) =>
    gaps.filter(isFirst).map(({ reason, place, cause, input }): UnknownFact => {
      const told = reason.startsWith(title) ? reason : `${title}: ${reason}`;
      return { rule, reason: told, cause, ...(place && { place }), ...(input && { input }) };
    }),
  );
}

/**
 * One unknown for a unit that has gaps, with its first reason: for rules to which it only matters
 * that the unit was not seen whole.
 *
 * @param what the rule cannot judge for it: `Workloads`
 */
export function partlyJudged({ units }: Cluster, rule: string, what: string): UnknownFact[] {
  return units.flatMap(({ title, gaps: all }): UnknownFact[] => {
    const gaps = all.filter(isFirst);
    const [first] = gaps;
    if (first === undefined) return [];
    const more = gaps.length === 1 ? '' : ` (and ${gaps.length - 1} more)`;
    const why = withoutName(first.reason, title);
    const reason = `${what} of ${title} are not all judged: ${why}${more}`;
    const isContent = gaps.some(({ cause }) => cause === 'content');
    const cause = isContent ? 'content' : 'environment';
    const input = gaps.map((gap) => gap.input ?? '').join('\n');
    return [{ rule, reason, cause, input, ...(first.place && { place: first.place }) }];
  });
}

/** A reason that says again which unit it is about, without that: the sentence before says it. */
function withoutName(reason: string, title: string): string {
  const opening = `${title} is not known: `;
  return reason.startsWith(opening) ? reason.slice(opening.length) : reason;
}

function isFirst({ follows }: Gap): boolean {
  return follows !== true;
}
