import { comparatorTraps } from './comparator-traps.ts';
import type { ParsedConstraint } from './constraint.ts';
import { constraintTraps } from './constraint-traps.ts';
import { refusalOf } from './refusals.ts';
import type { Trap } from './trap.ts';

/**
 * The traps in a constraint, named: where it does something else than it seems to say, or why it is
 * refused. The first of each kind; those of single comparators come first, in their order.
 */
export function findTraps(parsed: ParsedConstraint): Trap[] {
  if (!parsed.ok) return [refusalOf(parsed.error)];
  const { constraint } = parsed;
  const traps = new Map<string, Trap>();
  for (const trap of [...comparatorTraps(constraint), ...constraintTraps(constraint)]) {
    if (!traps.has(trap.code)) traps.set(trap.code, trap);
  }
  return [...traps.values()];
}
