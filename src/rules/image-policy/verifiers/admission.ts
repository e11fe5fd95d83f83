import type { FieldPath } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';

/** A field by which a policy of Kyverno is not asked about what is admitted. */
export interface Absence {
  readonly path: FieldPath;
  /** As it is written: `admission: false`. */
  readonly text: string;
}

/** Why a policy of Kyverno refuses nothing, whatever its action is: it only scans or reads files. */
export function absenceOf(spec: LocatedMap | undefined): Absence | undefined {
  // ClusterPolicy and Policy.
  if (isFalse(spec, 'admission')) return { path: ['spec', 'admission'], text: 'admission: false' };
  const evaluation = spec?.map('evaluation');
  if (isFalse(evaluation?.map('admission'), 'enabled')) {
    const path = ['spec', 'evaluation', 'admission', 'enabled'];
    return { path, text: 'evaluation.admission.enabled: false' };
  }
  return evaluation?.text('mode') === 'JSON'
    ? { path: ['spec', 'evaluation', 'mode'], text: 'evaluation.mode: JSON' }
    : undefined;
}

/** Where a policy says what holds when it cannot be asked; the newer field goes before the older. */
export function failurePolicyOf(spec: LocatedMap | undefined): {
  readonly path: FieldPath;
  readonly isIgnore: boolean;
} {
  const own = spec?.map('webhookConfiguration')?.text('failurePolicy');
  return own === undefined
    ? { path: ['spec', 'failurePolicy'], isIgnore: spec?.text('failurePolicy') === 'Ignore' }
    : { path: ['spec', 'webhookConfiguration', 'failurePolicy'], isIgnore: own === 'Ignore' };
}

function isFalse(map: LocatedMap | undefined, field: string): boolean {
  const node = map?.get(field);
  return node?.kind === 'scalar' && node.value === false;
}
