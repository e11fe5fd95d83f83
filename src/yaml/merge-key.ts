import type { Entry, Located, LocatedMap } from '../model/located.ts';

/**
 * A map's entries with those of its merge keys (`<<: *base`). What the map itself says stands over
 * what is merged; of several merged maps the earlier stands over the later.
 *
 * @returns undefined when a merged value is no map
 */
export function mergeEntries(
  own: readonly Entry[],
  merged: readonly Located[],
): readonly Entry[] | undefined {
  const all = new Map(own.map((entry) => [entry.key, entry]));
  for (const value of merged) {
    const maps = value.kind === 'list' ? value.items : [value];
    if (!maps.every(isMap)) return undefined;
    for (const map of maps) {
      for (const entry of map.entries) if (!all.has(entry.key)) all.set(entry.key, entry);
    }
  }
  return [...all.values()];
}

function isMap(value: Located): value is LocatedMap {
  return value.kind === 'map';
}
