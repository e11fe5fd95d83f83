import type { Rule } from '../rule.ts';
import { danglingReference } from './dangling-reference.ts';
import { emptyBuild } from './empty-build.ts';
import { failedBuild } from './failed-build.ts';
import { invalidManifest } from './invalid-manifest.ts';
import { missingDecryption } from './missing-decryption.ts';
import { missingDependency } from './missing-dependency.ts';
import { missingPath } from './missing-path.ts';
import { objectWithoutNamespace } from './object-without-namespace.ts';
import { removedApiVersion } from './removed-api-version.ts';

/** The rules of this area, in the order in which they are listed to people. */
export const gitopsRules: readonly Rule[] = [
  invalidManifest,
  failedBuild,
  missingPath,
  missingDecryption,
  missingDependency,
  danglingReference,
  objectWithoutNamespace,
  emptyBuild,
  removedApiVersion,
];
