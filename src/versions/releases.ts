import type { Interval } from './bound.ts';
import type { Constraint } from './constraint.ts';
import type { Piece } from './piece.ts';
import type { Version } from './version.ts';

/** A piece without the prereleases that it lets in; its bounds become releases. */
export function withoutPrereleases(piece: Piece): Piece {
  if (!piece.prereleases) return piece;
  const exclusions = piece.exclusions.filter((each) =>
    each.kind === 'version' ? isRelease(each.version) : each.line.prerelease === '',
  );
  return { interval: amongReleases(piece.interval), prereleases: false, exclusions };
}

/** `>=1.2.0-0`, `>=1.2.0-rc.1` and `>1.2.0-rc.1` all begin at 1.2.0, as bounds above end before it. */
function amongReleases({ lower, upper }: Interval): Interval {
  return {
    ...(lower && {
      lower: isRelease(lower.version)
        ? lower
        : { version: toRelease(lower.version), inclusive: true },
    }),
    ...(upper && {
      upper: isRelease(upper.version)
        ? upper
        : { version: toRelease(upper.version), inclusive: false },
    }),
  };
}

function isRelease({ prerelease }: Version): boolean {
  return prerelease === '';
}

function toRelease(version: Version): Version {
  return { ...version, prerelease: '' };
}

/**
 * Whether the author names a prerelease, such as `>=1.2.0-rc.1`, and so means it. `-0` names none:
 * it is written for "all prereleases".
 */
export function namesPrerelease({ branches }: Constraint): boolean {
  return branches.some(({ comparators }) =>
    comparators.some(({ version: { prerelease } }) => prerelease !== '' && prerelease !== '0'),
  );
}
