import { isSpace, skipSpace, versionEnd } from './scan.ts';

/**
 * Replaces hyphen ranges (`1.2 - 2.0`) by `>= 1.2, <= 2.0 `, before anything else is looked at.
 *
 * The library searches the whole text, so a version may begin inside a word (`V1.2 - 2.0` becomes
 * `V>= 1.2, <= 2.0 `), and it puts each replacement where the range's text occurs first, even if
 * that is not where it was found. Both decide which texts are refused and with what message.
 * Searching from the start each time costs the square of the text's length; the caller caps that.
 */
export function rewriteHyphenRanges(text: string): string {
  let rewritten = text;
  for (const { start, end, from, to } of findHyphenRanges(text)) {
    const found = text.slice(start, end);
    const at = rewritten.indexOf(found);
    const after = rewritten.slice(at + found.length);
    rewritten = `${rewritten.slice(0, at)}>= ${from}, <= ${to} ${after}`;
  }
  return rewritten;
}

interface HyphenRange {
  /** White space around belongs to the range. */
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

function findHyphenRanges(text: string): HyphenRange[] {
  const found: HyphenRange[] = [];
  let searched = 0;
  let dash = text.indexOf('-');
  while (dash !== -1) {
    const range = hyphenRangeAt(text, dash, searched);
    if (range) {
      found.push(range);
      searched = range.end;
    }
    dash = text.indexOf('-', Math.max(dash + 1, searched));
  }
  return found;
}

/** The range around a dash that stands free; nothing before `floor` belongs to it. */
function hyphenRangeAt(text: string, dash: number, floor: number): HyphenRange | undefined {
  if (dash <= floor || !isSpace(text[dash - 1]) || !isSpace(text[dash + 1])) return undefined;
  const firstEnd = skipBack(text, dash, floor, isSpace);
  const wordStart = skipBack(text, firstEnd, floor, (character) => !isSpace(character));
  const firstStart = longestVersionBefore(text, firstEnd, wordStart);
  const secondStart = skipSpace(text, dash + 1);
  const secondEnd = versionEnd(text, secondStart);
  if (firstStart === undefined || secondEnd === undefined) return undefined;
  const start = firstStart === wordStart ? skipBack(text, wordStart, floor, isSpace) : firstStart;
  return {
    start,
    end: skipSpace(text, secondEnd),
    from: text.slice(firstStart, firstEnd),
    to: text.slice(secondStart, secondEnd),
  };
}

function skipBack(
  text: string,
  from: number,
  floor: number,
  skips: (character: string) => boolean,
): number {
  let at = from;
  while (at > floor && skips(text.charAt(at - 1))) at -= 1;
  return at;
}

type State =
  | 'start'
  | 'prefix'
  | 'major'
  | 'major-dot'
  | 'minor'
  | 'minor-dot'
  | 'patch'
  | 'dash'
  | 'prerelease'
  | 'prerelease-dot'
  | 'plus'
  | 'build'
  | 'build-dot';

const COMPLETE: readonly State[] = ['major', 'minor', 'patch', 'prerelease', 'build'];

/**
 * Where the longest version that ends exactly at `end` begins, not before `floor`. All beginnings
 * are followed at once, the earliest for each state, so a long word costs one pass and not one
 * for each of its characters.
 */
function longestVersionBefore(text: string, end: number, floor: number): number | undefined {
  let earliest = new Map<State, number>();
  for (let at = floor; at < end; at += 1) {
    const following = new Map<State, number>();
    for (const [state, beginning] of [...earliest, ['start', at] as const]) {
      const next = step(state, text.charAt(at));
      if (next && beginning < (following.get(next) ?? Infinity)) following.set(next, beginning);
    }
    earliest = following;
  }
  const beginnings = COMPLETE.flatMap((state) => earliest.get(state) ?? []);
  return beginnings.length === 0 ? undefined : Math.min(...beginnings);
}

function step(state: State, character: string): State | undefined {
  const part = /[0-9|xX*]/.test(character);
  const word = /[0-9A-Za-z-]/.test(character);
  switch (state) {
    case 'start':
      return character === 'v' ? 'prefix' : part ? 'major' : undefined;
    case 'prefix':
      return part ? 'major' : undefined;
    case 'major':
      return part ? 'major' : afterPart(character, 'major-dot');
    case 'major-dot':
      return part ? 'minor' : undefined;
    case 'minor':
      return part ? 'minor' : afterPart(character, 'minor-dot');
    case 'minor-dot':
      return part ? 'patch' : undefined;
    case 'patch':
      return part ? 'patch' : afterPart(character, undefined);
    case 'dash':
    case 'prerelease-dot':
      return word ? 'prerelease' : undefined;
    case 'prerelease':
      if (character === '+') return 'plus';
      return word ? 'prerelease' : character === '.' ? 'prerelease-dot' : undefined;
    case 'plus':
    case 'build-dot':
      return word ? 'build' : undefined;
    case 'build':
      return word ? 'build' : character === '.' ? 'build-dot' : undefined;
  }
}

function afterPart(character: string, dot: State | undefined): State | undefined {
  switch (character) {
    case '.':
      return dot;
    case '-':
      return 'dash';
    case '+':
      return 'plus';
    default:
      return undefined;
  }
}
