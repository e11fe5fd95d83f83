import { comparePositions } from './bound.ts';
import { breadthOfSet } from './breadth.ts';
import type { Branch, Constraint } from './constraint.ts';
import { NEWER_LIMITS } from './explicit.ts';
import { compareVersions, firstPrerelease, nextPatch } from './order.ts';
import { quoteBriefly } from './quote.ts';
import { overlap } from './span.ts';
import type { ConstraintTrapCode, Trap } from './trap.ts';
import { formatVersion, type Version } from './version.ts';
import { isEmptySet, toBranchSet, toVersionSet, type VersionSet } from './version-set.ts';

/** The traps of a constraint as a whole, then those of its branches. */
export function constraintTraps(constraint: Constraint): Trap[] {
  const whole = [breadthTrap(constraint), lengthTrap(constraint)];
  const branches = constraint.branches.flatMap((branch) => {
    const set = toBranchSet(branch);
    if (isEmptySet(set)) return emptyBranchTraps(branch, constraint);
    return [upperBoundTrap(branch, set), prereleaseTrap(branch, set)];
  });
  return [...whole, ...branches].filter((trap) => trap !== undefined);
}

function breadthTrap(constraint: Constraint): Trap | undefined {
  const { kind, breaking } = breadthOfSet(toVersionSet(constraint));
  const { text } = constraint;
  switch (kind) {
    case 'empty':
      return toTrap('empty', text, 'is valid, but no version satisfies it; correct its bounds');
    case 'everything':
      return toTrap('everything', text, 'has neither a lower nor an upper bound; set both');
    case 'unbounded':
      return toTrap('no-upper-bound', text, 'lets every later version in; add an upper bound');
    case 'patch':
    case 'minor': {
      const rule = 'before 1.0.0 each minor version may break users, before 0.1.0 each patch';
      return breaking
        ? toTrap('breaking-below-one', text, `is wider than it looks: ${rule}`)
        : undefined;
    }
    case 'exact':
    case 'major':
      return undefined;
  }
}

function lengthTrap({ text, branches }: Constraint): Trap | undefined {
  if (text.length <= NEWER_LIMITS.bytes && branches.length <= NEWER_LIMITS.branches) {
    return undefined;
  }
  const { bytes, branches: most } = NEWER_LIMITS;
  const limits = `more than ${bytes} bytes or ${most} alternatives; shorten it`;
  return toTrap(
    'too-long-for-newer-flux',
    text,
    `will be refused by newer Flux, as it has ${limits}`,
  );
}

function emptyBranchTraps(branch: Branch, { branches }: Constraint): Trap[] {
  const text = branch.text.trim();
  const traps: Trap[] = [];
  if (branch.comparators.filter(({ operator }) => operator === '=').length > 1) {
    const advice = 'asks one version to be several at once; write || where "or" is meant';
    traps.push(toTrap('and-not-or', text, advice));
  }
  if (branches.length > 1) {
    traps.push(toTrap('empty-branch', text, 'admits no version, so it adds nothing; drop it'));
  }
  return traps;
}

/** `<2.0.0` where prereleases count: 2.0.0-rc.1 is below 2.0.0. */
function upperBoundTrap(branch: Branch, set: VersionSet): Trap | undefined {
  const { upper } = branch.interval;
  if (!upper || upper.inclusive || upper.version.prerelease !== '') return undefined;
  const before = { from: firstPrerelease(upper.version), to: upper.version };
  if (!set.prereleases.some((cell) => overlap(cell, before))) return undefined;
  const end = formatVersion(upper.version);
  const advice = `lets prereleases of ${end} in, as these come before it; end with <${end}-0`;
  return toTrap('prerelease-of-upper-bound', branch.text.trim(), advice);
}

/** `>=1.2.3-rc.1` lets 9.0.0-alpha in: npm would keep to prereleases of 1.2.3. */
function prereleaseTrap(branch: Branch, set: VersionSet): Trap | undefined {
  const named = branch.comparators.find(isNamedPrerelease)?.version;
  if (!named || !holdsOtherPrereleases(set, named)) return undefined;
  const advice = `names the prerelease ${quoteBriefly(formatVersion(named))} and so lets in those of every other version in its bounds`;
  return toTrap('prereleases-beyond', branch.text.trim(), advice);
}

/** `-0` is what people write who want all prereleases. */
function isNamedPrerelease({ operator, version }: Branch['comparators'][number]): boolean {
  return operator !== '!=' && version.prerelease !== '' && version.prerelease !== '0';
}

function holdsOtherPrereleases({ prereleases }: VersionSet, named: Version): boolean {
  const next = nextPatch(named);
  const start = firstPrerelease(named);
  const end = next && firstPrerelease(next);
  return prereleases.some(
    ({ from, to }) => compareVersions(from, start) < 0 || comparePositions(to, end) > 0,
  );
}

function toTrap(code: ConstraintTrapCode, text: string, explanation: string): Trap {
  return { code, text, message: `${quoteBriefly(text)} ${explanation}.` };
}
