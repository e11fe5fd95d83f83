import { invalidManifest } from './gitops/invalid-manifest.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order in which they are listed to people. */
export const rules: readonly Rule[] = [invalidManifest];
