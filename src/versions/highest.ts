import type { Constraint } from './constraint.ts';
import { compareVersions } from './order.ts';
import { parseTag, type Version } from './version.ts';
import { setHolds, toVersionSet } from './version-set.ts';

export interface TaggedVersion {
  /** As in the list. */
  readonly tag: string;
  readonly version: Version;
}

/**
 * The tag that a semver ImagePolicy elects: the highest version that matches, of equal ones
 * (`1.2.3` and `v1.2.3`) the first in the list. Tags that are no versions are passed over.
 * Undefined when none matches, which stalls the policy. Tags come from a registry and are untrusted;
 * the cost is their number times the logarithm of the constraint's length.
 */
export function highestTag(
  constraint: Constraint,
  tags: readonly string[],
): TaggedVersion | undefined {
  const set = toVersionSet(constraint);
  let highest: TaggedVersion | undefined;
  for (const tag of tags) {
    const parsed = parseTag(tag);
    if (!parsed.ok) continue;
    const { version } = parsed;
    if (highest && compareVersions(version, highest.version) <= 0) continue;
    if (setHolds(set, version)) highest = { tag, version };
  }
  return highest;
}

/**
 * All tags that a constraint lets in, highest first; equal versions in the order of the list. Flux
 * elects the first of these for charts and artifacts.
 */
export function rankedTags(constraint: Constraint, tags: readonly string[]): TaggedVersion[] {
  const set = toVersionSet(constraint);
  const matching = tags.flatMap((tag): TaggedVersion[] => {
    const parsed = parseTag(tag);
    return parsed.ok && setHolds(set, parsed.version) ? [{ tag, version: parsed.version }] : [];
  });
  return matching.sort((a, b) => compareVersions(b.version, a.version));
}
