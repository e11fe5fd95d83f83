import { AREAS, type Area } from '../model/finding.ts';
import type { Section } from '../model/section.ts';
import { commitSignaturesSections } from './commit-signatures/sections.ts';
import { guardSections } from './image-policy/guard-sections.ts';
import { imagePolicySections } from './image-policy/sections.ts';
import { signatureSections } from './image-policy/signature-sections.ts';
import { podSecuritySections } from './pod-security/sections.ts';
import type { RepositoryChange, Rule, RuleContext } from './rule.ts';

/** What an area says beside its findings; asked of areas that have a rule in force. */
type Sections = (change: RepositoryChange, context: RuleContext) => readonly Section[];

const BY_AREA: Partial<Record<Area, Sections>> = {
  'pod-security': podSecuritySections,
  'commit-signatures': commitSignaturesSections,
  'image-policy': (change, context) => [
    ...imagePolicySections(change, context),
    ...signatureSections(change, context),
    ...guardSections(change),
  ],
};

/** The sections of all areas, in the order of the check runs. */
export function sectionsOf(
  rules: readonly Rule[],
  change: RepositoryChange,
  context: RuleContext,
): Section[] {
  return AREAS.filter((area) => rules.some((rule) => rule.area === area)).flatMap(
    (area) => BY_AREA[area]?.(change, context) ?? [],
  );
}
