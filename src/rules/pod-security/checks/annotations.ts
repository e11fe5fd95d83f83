import type { FieldPath } from '../../../model/field-path.ts';
import { goQuote } from '../go-quote.ts';
import type { Annotations, Pod } from '../pod.ts';
import { sortedBytewise } from '../text.ts';
import type { Offence } from './check.ts';
import { pathOf } from './offences.ts';

const NONE: readonly Offence[] = [];

/** The annotations that are read and refused. A value of null is the empty text. */
export function findInAnnotations(
  annotations: Annotations,
  isRead: (key: string) => boolean,
  isAllowed: (value: string) => boolean,
): readonly Offence[] {
  let offences: Offence[] | undefined;
  for (const key in annotations) {
    if (!isRead(key)) continue;
    const value = annotations[key] ?? '';
    if (isAllowed(value)) continue;
    const field = ['metadata', 'annotations', key];
    (offences ??= []).push({ container: undefined, field, value, missing: false });
  }
  return offences ?? NONE;
}

/** Each as `KEY="value"`, sorted. */
export function annotationTexts(offences: readonly Offence[]): readonly string[] {
  return sortedBytewise(
    offences.map(({ field, value }) => `${String(field[2])}=${goQuote(value)}`),
  );
}

export function annotationPath(offence: Offence, pod: Pod): { path: FieldPath; key: string } {
  return { path: pathOf(offence, pod), key: String(offence.field[2]) };
}
