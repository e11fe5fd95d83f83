import type { Config } from '../config/schema.ts';
import type { Rule } from '../rules/rule.ts';

export interface ActiveRules {
  /** All that are not off. */
  readonly active: readonly Rule[];
  /** Ids of those whose findings are advice. */
  readonly softened: ReadonlySet<string>;
}

/**
 * What the configuration makes of the rules. Rules that are newer than the version it adopts are
 * advice until it adopts theirs, or turns them on by name: an update never turns a branch red.
 */
export function activeRules(
  rules: readonly Rule[],
  { rules: set, adopt }: Pick<Config, 'rules' | 'adopt'>,
): ActiveRules {
  const active = rules.filter(({ id }) => set[id] !== 'off');
  const softened = active
    .filter(({ id, since }) => {
      if (set[id] !== undefined) return set[id] === 'advice';
      return adopt !== undefined && isNewer(since, adopt);
    })
    .map(({ id }) => id);
  return { active, softened: new Set(softened) };
}

/** Versions are `major.minor`. */
function isNewer(version: string, than: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [
    toNumbers(version),
    toNumbers(than),
  ];
  return major !== otherMajor ? major > otherMajor : minor > otherMinor;
}

function toNumbers(version: string): number[] {
  return version.split('.').map(Number);
}
