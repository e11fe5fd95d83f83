import type { Comparator } from './comparator.ts';
import type { Branch, Constraint } from './constraint.ts';
import { nextMajor, nextMinor, nextPatch } from './order.ts';
import { quoteBriefly } from './quote.ts';
import type { ComparatorTrapCode, Trap } from './trap.ts';
import { formatVersion, toVersion, type Version } from './version.ts';

/** One trap that a comparator can hold: when it is there, and what it means instead. */
interface Detector {
  readonly code: ComparatorTrapCode;
  readonly applies: (comparator: Comparator, branch: Branch) => boolean;
  /** What follows the quoted comparator. */
  readonly explain: (comparator: Comparator) => string;
}

/** The traps of a constraint's comparators, in their order, each kind once. */
export function comparatorTraps({ branches }: Constraint): Trap[] {
  const traps: Trap[] = [];
  let remaining = [...DETECTORS];
  for (const branch of branches) {
    for (const comparator of branch.comparators) {
      const found = remaining.filter((detector) => detector.applies(comparator, branch));
      if (found.length === 0) continue;
      traps.push(...found.map((detector) => toTrap(detector, comparator)));
      remaining = remaining.filter((detector) => !found.includes(detector));
    }
  }
  return traps;
}

function toTrap({ code, explain }: Detector, comparator: Comparator): Trap {
  const { text } = comparator;
  return { code, text, message: `${quoteBriefly(text)} ${explain(comparator)}.` };
}

const DETECTORS: readonly Detector[] = [
  {
    code: 'zero-tilde',
    applies: ({ operator, open, version }) =>
      operator === '~' && open === 'none' && isZero(version),
    explain: () =>
      'has no upper bound: after ~, 0.0.0 lets every version in; write >=0.0.0 <0.1.0 for the 0.0 line',
  },
  {
    code: 'caret-wildcard',
    applies: ({ operator, open }) => operator === '^' && open === 'major',
    explain: () => 'admits 0.0.0 alone, not every version; write * or >=0.0.0 for that',
  },
  {
    code: 'at-most-wildcard',
    applies: ({ operator, open }) => operator === '<=' && open === 'major',
    explain: () => 'ends at 0.1.0 and does not admit every version; write * for that',
  },
  {
    code: 'below-wildcard',
    applies: ({ operator, open }) => operator === '<' && open === 'major',
    explain: () => 'means below 0.0.0, where there is no release; write a version after <',
  },
  {
    code: 'above-wildcard',
    applies: ({ operator, open }) => operator === '>' && open === 'major',
    explain: () => 'keeps out 0.0.0 alone; write a version after > to set a lower bound',
  },
  {
    code: 'not-wildcard',
    applies: ({ operator, open }) => operator === '!=' && open === 'major',
    explain: () => 'keeps out 0.0.0 alone, not every version; write the version to keep out',
  },
  {
    code: 'unspaced-hyphen',
    applies: looksLikeHyphenRange,
    explain: ({ version }) =>
      `is no range between two versions: without spaces around the hyphen, ${quoteBriefly(version.prerelease)} is a prerelease; write "A - B" or >=A <=B`,
  },
  {
    code: 'ignored-parts',
    applies: ({ text }) => /[xX*]\.(?:[xX*]\.)?[0-9|]/.test(numbersOf(text)),
    explain: () => 'has a number after a wildcard, which is ignored; leave it out',
  },
  {
    code: 'above-partial',
    applies: ({ operator, open }) => operator === '>' && isLine(open),
    explain: (comparator) =>
      `starts only at ${afterLine(comparator)}, above the whole line it names; write >= to start with that line`,
  },
  {
    code: 'at-most-partial',
    applies: ({ operator, open }) => operator === '<=' && isLine(open),
    explain: (comparator) =>
      `admits the whole line it names, up to but not including ${afterLine(comparator)}; write < to end before that line`,
  },
  {
    code: 'partial-range',
    applies: ({ operator, open, version, text }) =>
      operator === '=' &&
      isLine(open) &&
      version.prerelease === '' &&
      !/[xX*]/.test(numbersOf(text)),
    explain: (comparator) =>
      `is not one version but a range that ends before ${afterLine(comparator)}; write all three numbers to pin one`,
  },
  {
    code: 'caret-below-one',
    applies: ({ operator, open, version }) =>
      operator === '^' && version.major === 0n && !isZero(version) && open !== 'major',
    explain: ({ open, version }) => {
      const minor = version.minor > 0n || open === 'patch';
      const next = minor ? nextMinor(version) : nextPatch(version);
      return `ends before ${show(next)}: below 1.0.0 the caret keeps the ${minor ? 'minor' : 'patch'} number, too`;
    },
  },
  {
    code: 'leading-zeros',
    applies: ({ text }) => /(?:^|[^0-9])0[0-9]/.test(numbersOf(text)),
    explain: ({ version }) =>
      `is read as ${quoteBriefly(formatVersion(version))}: leading zeros count for nothing; leave them out`,
  },
  {
    code: 'build-ignored',
    applies: ({ text }) => text.includes('+'),
    explain: () => 'names build metadata, which is ignored: every build of that version counts',
  },
  {
    code: 'exclusion-keeps-prereleases',
    applies: ({ operator, open, version }, { prereleases }) =>
      operator === '!=' && open === 'patch' && version.prerelease === '' && prereleases,
    explain: () =>
      'keeps out the releases of that line alone: prereleases are let in here, those of that line, too',
  },
];

/** `1.2-2.0` and the like; a lone number after three parts may be a packager's revision. */
function looksLikeHyphenRange({ operator, open, version }: Comparator): boolean {
  if (operator !== '=' || version.prerelease === '0') return false;
  return /^[0-9]+(?:\.[0-9]+)+$/.test(version.prerelease)
    ? true
    : open !== 'none' && /^[0-9]+$/.test(version.prerelease);
}

/** The operator and the numbers, without prerelease and build metadata. */
function numbersOf(text: string): string {
  return text.split(/[-+]/, 1)[0] ?? '';
}

function isLine(open: Comparator['open']): boolean {
  return open === 'minor' || open === 'patch';
}

function isZero({ major, minor, patch }: Version): boolean {
  return major === 0n && minor === 0n && patch === 0n;
}

function afterLine({ open, version }: Comparator): string {
  return show(open === 'minor' ? nextMajor(version) : nextMinor(version));
}

function show(version: Version | undefined): string {
  return version
    ? formatVersion(toVersion(version.major, version.minor, version.patch))
    : 'the last version';
}
