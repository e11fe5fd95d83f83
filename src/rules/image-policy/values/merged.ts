import type { FieldPath } from '../../../model/field-path.ts';
import { type Located, LocatedList, type LocatedMap } from '../../../model/located.ts';

/** Values as Helm merges them: maps by their keys, everything else is replaced; null takes away. */
export function merged(base: LocatedMap, over: LocatedMap): LocatedMap {
  let result = base;
  for (const { key, value, keyStart, keyEnd } of over.entries) {
    const present = result.get(key);
    if (value.kind === 'scalar' && value.value === null) {
      result = result.without(key);
      continue;
    }
    const isBoth = value.kind === 'map' && present?.kind === 'map';
    const site = { start: keyStart, end: keyEnd };
    result = result.with(key, isBoth ? merged(present, value) : value, site);
  }
  return result;
}

/** The same value with another one at a path that is there. */
export function withAt(root: Located, path: FieldPath, value: Located): Located {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (root.kind === 'map' && typeof step === 'string') {
    const present = root.entry(step);
    if (present === undefined) return root;
    return root.withEntries(
      root.entries.map((entry) =>
        entry === present ? { ...entry, value: withAt(entry.value, rest, value) } : entry,
      ),
    );
  }
  if (root.kind === 'list' && typeof step === 'number') {
    const items = root.items.map((item, at) => (at === step ? withAt(item, rest, value) : item));
    return new LocatedList(items, root, root.trace);
  }
  return root;
}
