import type { Rule } from '../rule.ts';

/** The rules of this area, in the order in which they are listed to people. */
export const podSecurityRules: readonly Rule[] = [];
