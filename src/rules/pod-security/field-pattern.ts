import type { FieldPath } from '../../model/field-path.ts';
import { Unknown } from '../../model/located.ts';

/** A value of an object, and where it stands. */
export interface Match {
  readonly path: FieldPath;
  readonly value: unknown;
}

/**
 * The value at a path of names; undefined when there is none. An unknown value on the way is the
 * answer, since nobody knows what it holds.
 */
export function valueAt(root: unknown, path: FieldPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (value instanceof Unknown) return value;
    if (Array.isArray(value) || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/**
 * The values that a pattern names: `spec.template`, `spec.groups[*].template`, where `[*]` stands
 * for every item of a list and every value of a map. The empty pattern names the object itself.
 * An unknown value on the way is a match, since nobody knows what it holds; null and absent ones
 * are none.
 */
export function matches(root: unknown, pattern: string): Match[] {
  const steps = pattern.replaceAll('[*]', '.*').split('.');
  let found: Match[] = [{ path: [], value: root }];
  for (const step of steps.filter((name) => name !== '')) {
    found = found.flatMap((match) =>
      match.value instanceof Unknown ? [match] : next(match, step),
    );
  }
  return found.filter(({ value }) => value !== null && value !== undefined);
}

function next({ path, value }: Match, step: string): Match[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step !== '*') {
    const isOwn = !Array.isArray(value) && Object.hasOwn(value, step);
    return isOwn
      ? [{ path: [...path, step], value: (value as Record<string, unknown>)[step] }]
      : [];
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => ({ path: [...path, index], value: item }));
  }
  return Object.entries(value).map(([key, item]: [string, unknown]) => ({
    path: [...path, key],
    value: item,
  }));
}
