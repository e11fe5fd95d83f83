import { type Constraint, parseConstraint } from '../../src/versions/constraint.ts';
import { parseLooseVersion, type Version } from '../../src/versions/version.ts';

/** A constraint that is known to be valid. */
export function constraint(text: string): Constraint {
  const parsed = parseConstraint(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return parsed.constraint;
}

/** A version that is known to be valid. */
export function version(text: string): Version {
  const parsed = parseLooseVersion(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return parsed.version;
}
