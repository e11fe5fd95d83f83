import type { Rule } from '../rule.ts';
import { ambiguousRange } from './ambiguous-range.ts';
import { invalidRange } from './invalid-range.ts';
import { openRange } from './open-range.ts';
import { wideRange } from './wide-range.ts';
import { widenedRange } from './widened-range.ts';
import { removedVerification } from './removed-verification.ts';
import { uncoveredImage } from './uncovered-image.ts';
import { unsignedImage } from './unsigned-image.ts';

/** The rules of this area, in the order in which they are listed to people. */
export const imagePolicyRules: readonly Rule[] = [
  invalidRange,
  openRange,
  wideRange,
  widenedRange,
  ambiguousRange,
  removedVerification,
  unsignedImage,
  uncoveredImage,
];
