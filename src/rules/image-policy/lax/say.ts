import type { FieldPath } from '../../../model/field-path.ts';
import type { Effect } from '../../../model/finding.ts';

/**
 * Tells a weakness of a policy: what it does, after the policy's name, and what to do.
 *
 * @param aspect tells it apart from another weakness of the same field
 */
export type Say = (
  path: FieldPath,
  effect: Effect,
  what: string,
  fix: string,
  aspect?: string,
) => void;
