import type { ConstraintError } from './constraint.ts';
import { quoteBriefly } from './quote.ts';
import { isSpace, type ScanStop } from './scan.ts';
import type { RefusalCode, Trap } from './trap.ts';

/** Why a constraint is refused, in words that tell what to write instead. */
export function refusalOf(error: ConstraintError): Trap {
  const { code, refused: text } = error;
  if (code === 'too-long') return { code, text, message: error.message };
  const reason = code === 'improper' ? reasonOfStop(text, error.stop) : reasonOfUnparsable(text);
  const subject = text.trim() === '' ? 'An empty range' : quoteBriefly(text.trim());
  return { code: reason, text, message: `${subject} is refused: ${EXPLANATIONS[reason]}.` };
}

type Reason = Exclude<RefusalCode, 'too-long'>;

const EXPLANATIONS: Record<Reason, string> = {
  'empty-text': 'write * for every version, and leave no side of || empty',
  'hyphen-half-spaced':
    'a range between two versions needs a plain hyphen with a space on both sides (1.2 - 2.0)',
  'hyphen-not-first':
    'a range with a hyphen swallows the space before it; put a comma and a space there',
  'empty-condition': 'a comma has a condition on both sides; drop the comma or write the condition',
  'double-equals': 'the operator for one exact version is a single =, or none',
  'spaced-operator': 'an operator has no space inside, and a version follows it',
  'operator-without-version': 'an operator stands without a version; write one after it',
  'unknown-operator': 'the operators are =, !=, >, <, >=, <=, ~ and ^',
  'capital-v': 'only a lowercase v may stand before a version',
  'too-many-parts': 'a version has three numbers at most',
  'missing-separator': 'conditions are separated by a space or a comma',
  'single-pipe': 'alternatives are separated by ||',
  'prerelease-leading-zero': 'a number in a prerelease must not begin with 0',
  'number-too-large': 'a number of a version must be below 2^64',
  'mixed-wildcard': 'a wildcard stands alone in its place (1.x), not beside other characters',
  'not-a-version': 'a word is no version; write one such as 1.2.0, or a tag where tags are allowed',
  malformed: 'it is no version constraint; write for example >=1.2.0 <2.0.0',
};

function reasonOfStop(text: string, { at, expected }: ScanStop): Reason {
  return expected === 'separator'
    ? reasonAfterVersion(text, at)
    : reasonBeforeVersion(text, at, expected);
}

/** A version has ended and something stands against it that can neither go on nor separate. */
function reasonAfterVersion(text: string, at: number): Reason {
  if (/^>= [^ ]+, <= /.test(text.slice(at))) return 'hyphen-not-first';
  if (isDash(text[at])) return 'hyphen-half-spaced';
  if (isOperator(text[at])) return 'missing-separator';
  const parts = /[0-9xX*|]+(?:\.[0-9xX*|]+)*$/.exec(text.slice(Math.max(0, at - LOOK_BACK), at));
  return text[at] === '.' && parts?.[0].split('.').length === 3 ? 'too-many-parts' : 'malformed';
}

/** Enough to see three numbers; the text is hostile, and the pattern is tried at each place. */
const LOOK_BACK = 64;

/** An operator or a version ought to begin here. */
function reasonBeforeVersion(text: string, at: number, expected: ScanStop['expected']): Reason {
  const character = text[at];
  if (text.trim() === '') return 'empty-text';
  if (character === undefined || character === ',') {
    return expected === 'version' ? 'operator-without-version' : 'empty-condition';
  }
  if (isOperator(character)) return reasonOfOperator(text, at, expected);
  if (isDash(character))
    return expected === 'comparator' && at > 0 ? 'hyphen-half-spaced' : 'malformed';
  if (character === '&') return 'unknown-operator';
  if (character === 'V' && isPart(text[at + 1])) return 'capital-v';
  return /[A-Za-z_]/.test(character) ? 'not-a-version' : 'malformed';
}

function reasonOfOperator(text: string, at: number, expected: ScanStop['expected']): Reason {
  if (expected === 'version' && isSpace(text[at - 1])) return 'spaced-operator';
  return text.slice(at - 1, at + 1) === '==' ? 'double-equals' : 'unknown-operator';
}

/** A comparator of the right shape with a part that is not a number below 2^64. */
function reasonOfUnparsable(text: string): Reason {
  if (text.includes('|')) return 'single-pipe';
  const [version = '', ...prerelease] = text.split('-');
  if (/[0-9][xX*]|[xX*][0-9xX*]/.test(version)) return 'mixed-wildcard';
  if (/(?:^|\.)0[0-9]+(?:[.+]|$)/.test(prerelease.join('-'))) return 'prerelease-leading-zero';
  return 'number-too-large';
}

function isDash(character: string | undefined): boolean {
  return character !== undefined && '-–—'.includes(character);
}

function isOperator(character: string | undefined): boolean {
  return character !== undefined && '=<>~^!'.includes(character);
}

function isPart(character: string | undefined): boolean {
  return character !== undefined && '0123456789xX*'.includes(character);
}
