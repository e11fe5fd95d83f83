import { intersect, type Interval, intervalHolds } from './bound.ts';
import {
  type Comparator,
  excludes,
  type Exclusion,
  type Operator,
  toRegion,
} from './comparator.ts';
import { rewriteHyphenRanges } from './hyphen-ranges.ts';
import { quote } from './quote.ts';
import { scanBranch, type ScanStop, type WrittenComparator } from './scan.ts';
import { parseLooseVersion, type Version } from './version.ts';

/** A parsed constraint: what a version must satisfy, one branch being enough. */
export interface Constraint {
  /** As written. */
  readonly text: string;
  /** At least one. */
  readonly branches: readonly Branch[];
}

/** Comparators that must all hold. */
export interface Branch extends Condition {
  /** As the library sees it: hyphen ranges already rewritten. */
  readonly text: string;
  /** At least one. */
  readonly comparators: readonly Comparator[];
}

/** What comparators come to together. */
export interface Condition {
  /**
   * Whether prereleases count: as soon as one comparator of the branch names a prerelease, those of
   * every version within the bounds do. Else none does.
   */
  readonly prereleases: boolean;
  /** What all comparators but `!=` leave. */
  readonly interval: Interval;
  /** What the `!=` take away. */
  readonly exclusions: readonly Exclusion[];
}

/** Why a constraint is refused. `message` is as the library words it; for `too-long` our own. */
export type ConstraintError =
  | {
      /** Not of the constraint language's shape. */
      readonly code: 'improper';
      readonly message: string;
      /** The branch that was refused, hyphen ranges rewritten, and where reading it ended. */
      readonly refused: string;
      readonly stop: ScanStop;
    }
  | {
      /** Of its shape, but with a part that is no number below 2^64, or a malformed prerelease. */
      readonly code: 'unparsable';
      readonly message: string;
      /** The comparator that was refused. */
      readonly refused: string;
    }
  | {
      /** Longer than we read: no verdict is given, which must never count as a pass. */
      readonly code: 'too-long';
      readonly message: string;
      readonly refused: string;
    };

export type ParsedConstraint =
  | { readonly ok: true; readonly constraint: Constraint }
  | { readonly ok: false; readonly error: ConstraintError };

/** In UTF-16 units. Real ranges stay below 100; reading is linear, but never endless. */
export const LONGEST_CONSTRAINT = 10_000;

/**
 * Parses a constraint of Masterminds/semver v3 (`NewConstraint`, commit 71f2b39f5a1f), which Flux
 * and Helm use. The text is attacker-controlled. Never throws.
 */
export function parseConstraint(text: string): ParsedConstraint {
  if (text.length > LONGEST_CONSTRAINT) {
    const message = `A version range of ${text.length} characters is not read; ${LONGEST_CONSTRAINT} are allowed.`;
    return { ok: false, error: { code: 'too-long', message, refused: text } };
  }
  const branches: Branch[] = [];
  for (const segment of rewriteHyphenRanges(text).split('||')) {
    const branch = parseBranch(segment);
    if ('code' in branch) return { ok: false, error: branch };
    branches.push(branch);
  }
  return { ok: true, constraint: { text, branches } };
}

/** Whether a version satisfies a constraint: `Constraints.Check`. Build metadata is ignored. */
export function matches(constraint: Constraint, version: Version): boolean {
  return constraint.branches.some((branch) => conditionHolds(branch, version));
}

/** Whether a version satisfies one branch. */
export function conditionHolds(condition: Condition, version: Version): boolean {
  if (version.prerelease !== '' && !condition.prereleases) return false;
  if (!intervalHolds(condition.interval, version)) return false;
  return !condition.exclusions.some((exclusion) => excludes(exclusion, version));
}

function parseBranch(text: string): Branch | ConstraintError {
  const written = scanBranch(text);
  if ('expected' in written) {
    const message = `improper constraint: ${quote(text)}`;
    return { code: 'improper', message, refused: text, stop: written };
  }
  const comparators: Comparator[] = [];
  for (const each of written) {
    const comparator = toComparator(each);
    if (!comparator) {
      return { code: 'unparsable', message: 'constraint parser error', refused: each.text };
    }
    comparators.push(comparator);
  }
  const prereleases = comparators.some(({ version }) => version.prerelease !== '');
  let interval: Interval = {};
  const exclusions: Exclusion[] = [];
  for (const comparator of comparators) {
    const region = toRegion(comparator, prereleases);
    if (region.kind === 'within') interval = intersect(interval, region.interval);
    else exclusions.push(region);
  }
  return { text, comparators, prereleases, interval, exclusions };
}

function toComparator(written: WrittenComparator): Comparator | undefined {
  const { text, prerelease } = written;
  const operator = OPERATORS[written.operator];
  const open = firstOpenPart(written);
  const parsed = parseLooseVersion(
    `${knownParts(written, open).join('.')}${prerelease === undefined ? '' : `-${prerelease}`}`,
  );
  return operator && parsed.ok ? { text, operator, version: parsed.version, open } : undefined;
}

const OPERATORS: Partial<Record<string, Operator>> = {
  '': '=',
  '=': '=',
  '!=': '!=',
  '>': '>',
  '<': '<',
  '>=': '>=',
  '=>': '>=',
  '<=': '<=',
  '=<': '<=',
  '~': '~',
  '~>': '~',
  '^': '^',
};

function firstOpenPart({ major, minor, patch }: WrittenComparator): Comparator['open'] {
  if (isWildcard(major)) return 'major';
  if (minor === undefined || isWildcard(minor)) return 'minor';
  return patch === undefined || isWildcard(patch) ? 'patch' : 'none';
}

/** The parts before the open one; what stands after it is not even looked at (`1.x.99999…`). */
function knownParts(written: WrittenComparator, open: Comparator['open']): string[] {
  const { major, minor = '', patch = '' } = written;
  switch (open) {
    case 'major':
      return ['0', '0', '0'];
    case 'minor':
      return [major, '0', '0'];
    case 'patch':
      return [major, minor, '0'];
    case 'none':
      return [major, minor, patch];
  }
}

function isWildcard(part: string): boolean {
  return part === 'x' || part === 'X' || part === '*';
}
