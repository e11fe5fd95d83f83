import { commitSignaturesRules } from './commit-signatures/rules.ts';
import { gitopsRules } from './gitops/rules.ts';
import { imagePolicyRules } from './image-policy/rules.ts';
import { podSecurityRules } from './pod-security/rules.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order in which they are listed to people. */
export const rules: readonly Rule[] = [
  ...podSecurityRules,
  ...commitSignaturesRules,
  ...imagePolicyRules,
  ...gitopsRules,
];
