/**
 * The outer grammar of a constraint, read as the library's regular expressions read it, but in one
 * pass: the text comes from a pull request. White space is what Go's `\s` holds, not JavaScript's.
 */

/** One comparator as it stands in the text; the parts as written, `undefined` when missing. */
export interface WrittenComparator {
  readonly text: string;
  /** As written: `''`, `=>`, `~>` and so on. */
  readonly operator: string;
  readonly major: string;
  readonly minor: string | undefined;
  readonly patch: string | undefined;
  readonly prerelease: string | undefined;
}

const OPERATOR = /=>|=<|>=|<=|!=|~>|[=<>~^]/y;

// A part may be digits, wildcards or even `|` (a slip of the library's character class); whether
// it is a number is asked later. Neighbouring classes share no character: matching is linear.
const VERSION =
  /v?([0-9|xX*]+)(?:\.([0-9|xX*]+))?(?:\.([0-9|xX*]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/y;

/** Where a malformed branch cannot be read on, and what ought to stand there. */
export interface ScanStop {
  /** Offset into the branch, its length when the end comes too early. */
  readonly at: number;
  /** `comparator`: an operator or a version; `version`: one after an operator. */
  readonly expected: 'comparator' | 'version' | 'separator';
}

/** The comparators of one OR-branch, separated by white space or one comma. */
export function scanBranch(branch: string): WrittenComparator[] | ScanStop {
  const found: WrittenComparator[] = [];
  let at = skipSpace(branch, 0);
  for (;;) {
    const comparator = scanComparator(branch, at);
    if ('expected' in comparator) return comparator;
    found.push(comparator);
    const end = at + comparator.text.length;
    at = skipSpace(branch, end);
    if (at === branch.length) return found;
    if (branch[at] === ',') at = skipSpace(branch, at + 1);
    else if (at === end) return { at, expected: 'separator' };
  }
}

function scanComparator(text: string, start: number): WrittenComparator | ScanStop {
  const operator = matchAt(OPERATOR, text, start)?.[0] ?? '';
  const at = skipSpace(text, start + operator.length);
  const version = matchAt(VERSION, text, at);
  if (!version) return { at, expected: operator === '' ? 'comparator' : 'version' };
  const [whole, major = '', minor, patch, prerelease] = version;
  return {
    text: text.slice(start, at + whole.length),
    operator,
    major,
    minor,
    patch,
    prerelease,
  };
}

/** Where the version that starts at `start` ends, at its longest; undefined when none does. */
export function versionEnd(text: string, start: number): number | undefined {
  const version = matchAt(VERSION, text, start);
  return version && start + version[0].length;
}

export function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text[at])) at += 1;
  return at;
}

export function isSpace(character: string | undefined): boolean {
  return character !== undefined && ' \t\n\f\r'.includes(character);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
