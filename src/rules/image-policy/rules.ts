import type { Rule } from '../rule.ts';
import { ambiguousRange } from './ambiguous-range.ts';
import { automationToProduction } from './automation-to-production.ts';
import { brokenMarker } from './broken-marker.ts';
import { floatingTag } from './floating-tag.ts';
import { invalidImage } from './invalid-image.ts';
import { invalidRange } from './invalid-range.ts';
import { keylessWithoutIdentity } from './keyless-without-identity.ts';
import { laxVerification } from './lax-verification.ts';
import { misplacedVerification } from './misplaced-verification.ts';
import { openRange } from './open-range.ts';
import { removedTemplateData } from './removed-template-data.ts';
import { removedVerification } from './removed-verification.ts';
import { disallowedVersion } from './disallowed-version.ts';
import { largeStep } from './large-step.ts';
import { lookAlikeRepository } from './look-alike-repository.ts';
import { newRepository } from './new-repository.ts';
import { tamperedUpdate } from './tampered-update.ts';
import { sharedWriteKey } from './shared-write-key.ts';
import { unattendedPushBranch } from './unattended-push-branch.ts';
import { unusedPolicy } from './unused-policy.ts';
import { wideUpdatePath } from './wide-update-path.ts';
import { floatingBase } from './floating-base.ts';
import { looseTagFilter } from './loose-tag-filter.ts';
import { uncoveredImage } from './uncovered-image.ts';
import { unsignedArtifact } from './unsigned-artifact.ts';
import { unsignedImage } from './unsigned-image.ts';
import { unjudgedSource } from './unjudged-source.ts';
import { missingImage } from './missing-image.ts';
import { uncoveredAutomation } from './uncovered-automation.ts';
import { unlistedRegistry } from './unlisted-registry.ts';
import { unverifiedGuard } from './unverified-guard.ts';
import { verificationException } from './verification-exception.ts';
import { weakenedPolicy } from './weakened-policy.ts';
import { wideRange } from './wide-range.ts';
import { widenedException } from './widened-exception.ts';
import { widenedRange } from './widened-range.ts';

/** The rules of this area, in the order in which they are listed to people. */
export const imagePolicyRules: readonly Rule[] = [
  invalidRange,
  openRange,
  wideRange,
  widenedRange,
  ambiguousRange,
  invalidImage,
  floatingTag,
  floatingBase,
  looseTagFilter,
  automationToProduction,
  unattendedPushBranch,
  sharedWriteKey,
  wideUpdatePath,
  unusedPolicy,
  brokenMarker,
  removedTemplateData,
  tamperedUpdate,
  disallowedVersion,
  largeStep,
  lookAlikeRepository,
  newRepository,
  removedVerification,
  weakenedPolicy,
  verificationException,
  widenedException,
  misplacedVerification,
  keylessWithoutIdentity,
  laxVerification,
  unverifiedGuard,
  unsignedImage,
  unsignedArtifact,
  uncoveredImage,
  uncoveredAutomation,
  missingImage,
  unlistedRegistry,
  unjudgedSource,
];
