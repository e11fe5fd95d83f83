/**
 * Letter case as Go has it: one character for one (`ß` stays), without regard to what stands
 * around it. JavaScript follows the full rules of Unicode, so each character is mapped alone and
 * what would grow is looked at again.
 */
export function toUpper(text: string): string {
  return text.replace(/[^\x20-\x60\x7b-\x7e]/gu, upperOf);
}

export function toLower(text: string): string {
  return text.replace(/[^\x20-\x40\x5b-\x7e]/gu, lowerOf);
}

function upperOf(character: string): string {
  const upper = character.toUpperCase();
  return isOne(upper) ? upper : titleOf(character);
}

/** Greek letters with an iota below have a single title letter where their capital is two. */
function titleOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  if (point >= 0x1f80 && point <= 0x1faf) return String.fromCodePoint(point | 8);
  if (point === 0x1fb3 || point === 0x1fc3 || point === 0x1ff3) {
    return String.fromCodePoint(point + 9);
  }
  return character;
}

function lowerOf(character: string): string {
  const lower = character.toLowerCase();
  // The dotted capital I alone becomes two characters.
  return isOne(lower) ? lower : 'i';
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0) !== text.charCodeAt(0));
}
