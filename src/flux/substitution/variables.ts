import type { Site } from '../../model/source.ts';

/** What stands behind the name of a variable. */
export type Variable = KnownVariable | UnknownVariable;

export interface KnownVariable {
  readonly value: string;
  /** Where the value is defined. */
  readonly site: Site;
}

export interface UnknownVariable {
  /** Goes on after `variable NAME`: `comes from Secret flux-system/keys, which is encrypted`. */
  readonly unknown: string;
  /** Where it is defined, or what asks for it. */
  readonly site: Site;
}

/** The variables of a Kustomization, all sources merged: inline values stand over the others. */
export interface Variables {
  readonly named: ReadonlyMap<string, Variable>;
  /**
   * What a name is that is not among them, where a source cannot be listed (a ConfigMap that is
   * not in the repository may define any). Without it such a name is not set.
   */
  readonly others?: UnknownVariable;
}

/** The rule for names as Flux quotes it in its message. */
export const NAME_RULE = '^[_[:alpha:]][_[:alpha:][:digit:]]*$';

const NAME = /^[_A-Za-z][_A-Za-z0-9]*$/;

/** Whether Flux takes a name for a variable; one bad name fails the whole Kustomization. */
export function validName(name: string): boolean {
  return NAME.test(name);
}

/** A value as Flux uses it: without its line breaks. Carriage returns stay. */
export function cleanValue(value: string): string {
  return value.replaceAll('\n', '');
}
