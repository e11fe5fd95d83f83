import type { Located, LocatedMap } from '../../../model/located.ts';

/** The maps of a list; empty for anything else. */
export function mapsOf(node: Located | undefined): LocatedMap[] {
  if (node?.kind !== 'list') return [];
  return node.items.filter((item): item is LocatedMap => item.kind === 'map');
}

/** The texts of a list; empty for anything else. */
export function textsOf(node: Located | undefined): string[] {
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );
}

export function isTrue(node: Located | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
}
