import type { Section } from '../../model/section.ts';

/** What the check of commit signatures says beside its findings. */
export function commitSignaturesSections(): readonly Section[] {
  return [];
}
