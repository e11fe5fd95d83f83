import type { Rule } from '../rule.ts';
import { invalidManifest } from './invalid-manifest.ts';

/** The rules of this area, in the order in which they are listed to people. */
export const gitopsRules: readonly Rule[] = [invalidManifest];
