/** Longer patterns are none that a person wrote. */
const LONGEST = 1000;

/** What a pattern of images may match. */
export interface Reach {
  readonly tags: boolean;
  readonly digests: boolean;
}

interface Step {
  readonly takes: RegExp;
  readonly to: number;
}

const HOST = /[A-Za-z0-9-]/;
const PATH = /[a-z0-9._-]/;
const HEX = /[0-9a-f]/;
/** Digits of the shortest digest in use, SHA-256. */
const DIGITS = 64;

/** States in which an image may end. */
const TAG = 7;
const DIGEST = 10 + DIGITS;

/**
 * How Kyverno writes an image that it compares: `registry/path:tag` or `registry/path@digest`,
 * where the registry has a dot, a colon, or is localhost. Lets in a little more than there is.
 */
const STEPS: readonly (readonly Step[])[] = makeSteps();

function makeSteps(): Step[][] {
  const steps: Step[][] = [
    [one(HOST, 1)], // the registry begins
    [one(HOST, 1), one(/\./, 2), one(/:/, 3)], // a registry without a dot as yet
    [one(/[A-Za-z0-9.-]/, 2), one(/:/, 3), one(/\//, 5)],
    [one(/\d/, 4)],
    [one(/\d/, 4), one(/\//, 5)],
    [one(PATH, 6)],
    [one(PATH, 6), one(/\//, 5), one(/:/, 8), one(/@/, 9)],
    [one(/[\w.-]/, TAG)],
    [one(/\w/, TAG)],
    [one(/[a-z0-9+._-]/, 9), one(/:/, 10)],
  ];
  for (let at = 10; at < DIGEST; at += 1) steps.push([one(HEX, at + 1)]);
  steps.push([one(HEX, DIGEST)]);
  const word = Array.from('localhost');
  const from = steps.length;
  for (const [index, letter] of word.entries()) {
    steps[index === 0 ? 0 : from + index - 1]?.push(one(new RegExp(letter), from + index));
    steps.push([]);
  }
  steps[from + word.length - 1]?.push(one(/\//, 5));
  return steps;
}

function one(takes: RegExp, to: number): Step {
  return { takes, to };
}

/**
 * Whether any image at all can match a pattern of Kyverno, by tag and by digest. In time of the
 * pattern's length. Undefined for what is too long, or holds a variable.
 */
export function reachOf(pattern: string): Reach | undefined {
  if (pattern.length > LONGEST || pattern.includes('{{') || pattern.includes('${')) {
    return undefined;
  }
  let states = new Set([0]);
  for (const character of pattern) {
    if (character === '*') states = closureOf(states);
    else {
      const takes = (step: Step) => character === '?' || step.takes.test(character);
      states = new Set(
        [...states].flatMap((at) =>
          nextOf(at)
            .filter(takes)
            .map(({ to }) => to),
        ),
      );
    }
  }
  return { tags: states.has(TAG), digests: states.has(DIGEST) };
}

function nextOf(state: number): readonly Step[] {
  return STEPS[state] ?? [];
}

function closureOf(states: ReadonlySet<number>): Set<number> {
  const found = new Set(states);
  for (const state of found) for (const { to } of nextOf(state)) found.add(to);
  return found;
}
