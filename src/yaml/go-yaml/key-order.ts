/** A code point at a time, as Go compares keys. */
function pointsOf(key: string): number[] {
  return Array.from(key, (character) => character.codePointAt(0) ?? 0);
}

/** Most keys: letters alone are ordered by their code points. */
const LETTERS = /^[A-Za-z]*$/;

/**
 * The order in which go-yaml prints keys (`sorter.go`): runs of digits by their number, letters
 * after everything else.
 */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  if (LETTERS.test(left) && LETTERS.test(right)) return left < right ? -1 : 1;
  const a = pointsOf(left);
  const b = pointsOf(right);
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    if (a[at] !== b[at]) return compareAt(a, b, at);
  }
  return a.length - b.length;
}

/** The order of two keys that differ first at an index. */
function compareAt(a: readonly number[], b: readonly number[], at: number): number {
  const left = a[at] ?? 0;
  const right = b[at] ?? 0;
  const isLeftLetter = isLetter(left);
  const isRightLetter = isLetter(right);
  if (isLeftLetter && isRightLetter) return left - right;
  if (isLeftLetter || isRightLetter) return isRightLetter ? -1 : 1;
  // A zero inside a number counts by its place, one in front of it does not.
  const start = (left === 0x30 || right === 0x30) && followsDigit(a, at) ? 1n : 0n;
  const leftRun = numberAt(a, at, start);
  const rightRun = numberAt(b, at, start);
  if (leftRun.value !== rightRun.value) return leftRun.value < rightRun.value ? -1 : 1;
  return leftRun.end - rightRun.end || left - right;
}

function isLetter(point: number): boolean {
  if (point < 0x80) return (point | 0x20) >= 0x61 && (point | 0x20) <= 0x7a;
  return /^\p{L}$/u.test(String.fromCodePoint(point));
}

function isDigit(point: number | undefined): boolean {
  if (point === undefined) return false;
  if (point < 0x80) return point >= 0x30 && point <= 0x39;
  return /^\p{Nd}$/u.test(String.fromCodePoint(point));
}

/** Whether the digits just before an index hold one that is not zero. */
function followsDigit(points: readonly number[], at: number): boolean {
  for (let before = at - 1; before >= 0 && isDigit(points[before]); before -= 1) {
    if (points[before] !== 0x30) return true;
  }
  return false;
}

/** The number that the digits from an index make, in 64 bits as Go adds it up. */
function numberAt(
  points: readonly number[],
  at: number,
  start: bigint,
): { value: bigint; end: number } {
  let value = start;
  let end = at;
  for (; isDigit(points[end]); end += 1) {
    value = BigInt.asIntN(64, value * 10n + BigInt((points[end] ?? 0x30) - 0x30));
  }
  return { value, end };
}
