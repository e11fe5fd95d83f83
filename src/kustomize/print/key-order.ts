const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

/**
 * The order in which Go's YAML prints the keys of a map: letters after other characters, numbers
 * in texts by their value (`a2` before `a10`) (go-yaml v2 `sorter.go`).
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const left = Array.from(a);
  const right = Array.from(b);
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const l = left[at] ?? '';
    const r = right[at] ?? '';
    if (l !== r) return compareAt(left, right, at);
  }
  return left.length - right.length;
}

function compareAt(left: readonly string[], right: readonly string[], at: number): number {
  const l = left[at] ?? '';
  const r = right[at] ?? '';
  const isLeftLetter = LETTER.test(l);
  const isRightLetter = LETTER.test(r);
  if (isLeftLetter && isRightLetter) return codeOf(l) - codeOf(r);
  if (isLeftLetter || isRightLetter) return isRightLetter ? -1 : 1;
  const lead = (l === '0' || r === '0') && followsNonZeroDigit(left, at) ? 1n : 0n;
  const leftNumber = numberAt(left, at, lead);
  const rightNumber = numberAt(right, at, lead);
  if (leftNumber.value !== rightNumber.value) return leftNumber.value < rightNumber.value ? -1 : 1;
  if (leftNumber.end !== rightNumber.end) return leftNumber.end - rightNumber.end;
  return codeOf(l) - codeOf(r);
}

function followsNonZeroDigit(text: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && DIGIT.test(text[before] ?? ''); before -= 1) {
    if (text[before] !== '0') return true;
  }
  return false;
}

function numberAt(
  text: readonly string[],
  start: number,
  lead: bigint,
): { value: bigint; end: number } {
  let value = lead;
  let end = start;
  while (DIGIT.test(text[end] ?? '')) {
    // Go's integers wrap around.
    value = BigInt.asIntN(64, value * 10n + BigInt(codeOf(text[end] ?? '0') - 0x30));
    end += 1;
  }
  return { value, end };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
