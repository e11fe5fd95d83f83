import type { LocatedMap } from '../../../model/located.ts';
import { requirementsOf } from '../matching/filter.ts';
import { listed } from '../matching/words.ts';
import { mapsOf, textsOf } from './nodes.ts';

/** Another action of a Kyverno policy in some namespaces (`validationFailureActionOverrides[]`). */
export interface ActionOverride {
  readonly index: number;
  readonly enforces: boolean;
  /** As text, to find it again. */
  readonly key: string;
  /** Every namespace, so that the policy's own action never counts. */
  readonly isEverywhere: boolean;
  /** `in namespace "a"`, inside a sentence. */
  readonly where: string;
}

/**
 * The overrides that count for images. Kyverno asks the entries of a rule for their action first:
 * overrides count only for a rule none of whose entries names one.
 */
export function overridesOf(spec: LocatedMap | undefined): ActionOverride[] {
  if (!mapsOf(spec?.get('rules')).some(heedsOverrides)) return [];
  const list = spec?.get('validationFailureActionOverrides');
  return (list?.kind === 'list' ? list.items : []).flatMap((entry, index) => {
    const action = entry.kind === 'map' ? entry.text('action') : undefined;
    if (entry.kind !== 'map' || !/^(?:audit|enforce)$/i.test(action ?? '')) return [];
    const namespaces = textsOf(entry.get('namespaces'));
    const selector = entry.get('namespaceSelector');
    const isEvery = namespaces.length === 0 || namespaces.includes('*');
    const isSelected = selector !== undefined && requirementsOf(selector).length > 0;
    const picked = isSelected ? ' that a selector picks' : '';
    return [
      {
        index,
        enforces: action?.toLowerCase() === 'enforce',
        key: JSON.stringify([namespaces, requirementsOf(selector)]),
        isEverywhere: isEvery && !isSelected,
        where: isEvery
          ? `in every namespace${picked}`
          : `in namespace${namespaces.length > 1 ? 's' : ''} ${listed(namespaces)}${picked}`,
      },
    ];
  });
}

/** Whether the action of a rule that verifies images is the policy's, and so may be overridden. */
export function heedsOverrides(rule: LocatedMap): boolean {
  const entries = mapsOf(rule.get('verifyImages'));
  return entries.length > 0 && entries.every((each) => each.text('failureAction') === undefined);
}
