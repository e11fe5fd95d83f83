import type { FieldPath } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { type Alternative, alternativesOf, type Filter } from '../matching/filter.ts';
import { wordsOf } from '../matching/words.ts';
import { absenceOf, failurePolicyOf } from '../verifiers/admission.ts';
import type { ActionOverride } from '../verifiers/overrides.ts';
import type { Say } from './say.ts';

/** Whether a policy is asked when something is admitted, and what holds when it cannot be. */
export function judgeAsked(spec: LocatedMap | undefined, say: Say): void {
  const absence = absenceOf(spec);
  if (absence !== undefined) {
    const what = `is not asked about what is admitted (${absence.text}), so images that are not signed run`;
    say(absence.path, 'risk', what, 'Leave the field out.');
  }
  const { path, isIgnore } = failurePolicyOf(spec);
  if (isIgnore) {
    const what = 'lets images pass whenever Kyverno does not answer (failurePolicy: Ignore)';
    say(path, 'risk', what, 'Set `failurePolicy` to Fail.');
  }
}

/** Namespaces in which a policy that enforces only reports. */
export function judgeOverrides(overrides: readonly ActionOverride[], say: Say): void {
  for (const { index, enforces, isEverywhere, where } of overrides) {
    if (enforces) continue;
    say(
      ['spec', 'validationFailureActionOverrides', index],
      isEverywhere ? 'risk' : 'advice',
      `only reports images that are not signed ${where}, and lets them run (validationFailureActionOverrides)`,
      'Leave the override out, or let it name no more than the one namespace that needs it.',
    );
  }
}

/** What a rule leaves out: `exclude`. */
export function judgeExclusion(rule: LocatedMap, path: FieldPath, say: Say): void {
  const left = alternativesOf(rule.map('exclude'), true).filter((each) => !isHarmless(each));
  if (left.length === 0) return;
  const isAll = left.some((filters) => filters.every(isEverything));
  const what = isAll
    ? 'leaves out everything that it matches, so it verifies nothing (exclude)'
    : `leaves out ${wordsOf(left)}: images run there unverified (exclude)`;
  const fix = 'Leave out no more than the one object that needs it, by namespace and name.';
  say([...path, 'exclude'], isAll ? 'risk' : 'advice', what, fix);
}

/** Nothing runs because something is deleted. */
function isHarmless(filters: Alternative): boolean {
  return filters.some(
    ({ choices: { operations } }) =>
      operations.length > 0 && operations.every((each) => each === 'DELETE'),
  );
}

function isEverything({ choices, demands }: Filter): boolean {
  const { kinds, namespaces, names, ...others } = choices;
  const isOpen = (texts: readonly string[]) => texts.length === 0 || texts.includes('*');
  return (
    (isOpen(kinds) || kinds.includes('Pod')) &&
    isOpen(namespaces) &&
    isOpen(names) &&
    [...Object.values(others), ...Object.values(demands)].every((each) => each.length === 0)
  );
}
