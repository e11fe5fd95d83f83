import type { Rule } from '../rule.ts';
import { changedTrust } from './changed-trust.ts';
import { evictedKey } from './evicted-key.ts';
import { privateKey } from './private-key.ts';
import { refusedMerge } from './refused-merge.ts';
import { unsignedAutomation } from './unsigned-automation.ts';
import { unusableKey } from './unusable-key.ts';
import { unverifiedCommit } from './unverified-commit.ts';

/** The rules of this area, in the order in which they are listed to people. */
export const commitSignaturesRules: readonly Rule[] = [
  refusedMerge,
  unverifiedCommit,
  changedTrust,
  evictedKey,
  unusableKey,
  privateKey,
  unsignedAutomation,
];
