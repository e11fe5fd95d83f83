import { type Entry, type Located, LocatedList, LocatedMap } from '../model/located.ts';

/** A field with another value. The key's range stays only beside a value at the same place. */
export function entryWith(entry: Entry, value: Located): Entry {
  const isInPlace = entry.value.source === value.source && entry.value.start === value.start;
  const { key } = entry;
  return isInPlace
    ? { ...entry, value }
    : { key, keyStart: value.start, keyEnd: value.start, value };
}

/** The container with its children changed; the same one when none does. */
export function rebuild(
  node: LocatedMap | LocatedList,
  change: (child: Located) => Located,
): LocatedMap | LocatedList {
  if (node.kind === 'list') {
    let items: Located[] | undefined;
    for (const [at, item] of node.items.entries()) {
      const changed = change(item);
      if (changed !== item) (items ??= [...node.items])[at] = changed;
    }
    return items ? new LocatedList(items, node, node.trace) : node;
  }
  let entries: Entry[] | undefined;
  for (const [at, entry] of node.entries.entries()) {
    const value = change(entry.value);
    if (value !== entry.value) (entries ??= [...node.entries])[at] = entryWith(entry, value);
  }
  return entries ? new LocatedMap(entries, node, node.trace) : node;
}
