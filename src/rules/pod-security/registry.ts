import type { Check, Revision } from './checks/check.ts';
import { checks } from './checks/index.ts';
import type { Level } from './level.ts';
import type { PolicyVersion } from './version.ts';

/** A check in the revision that a policy version asks for. */
export interface SelectedCheck {
  readonly check: Check;
  readonly revision: Revision;
}

/** The newest minor version that changes anything; `latest` and later versions mean this one. */
export const NEWEST_MINOR = Math.max(
  ...checks.flatMap(({ revisions }) => revisions.map(({ since }) => since)),
);

/** By level, then by minor version: selected once, since every pod of a review asks. */
const selected: Record<Level, readonly (readonly SelectedCheck[])[]> = {
  privileged: everyMinor(() => []),
  baseline: everyMinor((minor) => select(minor, 'baseline')),
  restricted: everyMinor((minor) => [
    ...withoutOverridden(select(minor, 'baseline'), select(minor, 'restricted')),
    ...select(minor, 'restricted'),
  ]),
};

function everyMinor(
  selection: (minor: number) => readonly SelectedCheck[],
): readonly (readonly SelectedCheck[])[] {
  return Array.from({ length: NEWEST_MINOR + 1 }, (_, minor) => selection(minor));
}

function select(minor: number, level: Level): SelectedCheck[] {
  return checks
    .filter((check) => check.level === level)
    .flatMap((check) => {
      const revision = check.revisions.findLast(({ since }) => since <= minor);
      return revision ? [{ check, revision }] : [];
    });
}

function withoutOverridden(
  baseline: readonly SelectedCheck[],
  restricted: readonly SelectedCheck[],
): SelectedCheck[] {
  const overridden = new Set(restricted.flatMap(({ revision }) => revision.overrides ?? []));
  return baseline.filter(({ check }) => !overridden.has(check.id));
}

/** The checks that a level brings in at a version, in the order of their texts. */
export function checksFor(level: Level, version: PolicyVersion): readonly SelectedCheck[] {
  return selected[level][Math.min(version.minor, NEWEST_MINOR)] ?? [];
}

/**
 * The version that a server of an older minor release judges by. The text stays as written, as it
 * does there.
 *
 * @param server the server's minor version; undefined for the newest
 */
export function clampVersion(version: PolicyVersion, server: number | undefined): PolicyVersion {
  return server === undefined || version.minor <= server
    ? version
    : { text: version.text, minor: server };
}
