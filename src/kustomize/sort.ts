import type { LocatedMap } from '../model/located.ts';
import { ORDER_FIRST, ORDER_LAST } from './config/transformer-config.ts';
import { type BuildContext, fail } from './context.ts';
import type { Draft } from './draft.ts';
import { textsOf } from './kustomization/texts.ts';
import type { Gvk, ResourceId } from './resource-id.ts';
import { textOf } from './scalar.ts';
import { compareBytes } from './text/compare.ts';

/** Sorts as `sortOptions` of the outermost kustomization says; without it the order stays. */
export function sortDrafts(
  context: BuildContext,
  drafts: readonly Draft[],
  options: LocatedMap | undefined,
): readonly Draft[] {
  if (options === undefined) return drafts;
  const order = options.text('order') ?? '';
  const legacy = options.map('legacySortOptions');
  if (order !== 'fifo' && order !== 'legacy') {
    const message = `sortOptions.order takes legacy or fifo, not ${JSON.stringify(order)}.`;
    fail(context, 'bad-kustomization', message, options.get('order') ?? options);
    return drafts;
  }
  if (order === 'fifo') {
    if (legacy) {
      const message = 'sortOptions.legacySortOptions needs the order legacy.';
      fail(context, 'bad-kustomization', message, legacy);
    }
    return drafts;
  }
  if (legacy === undefined) return legacyOrder(drafts);
  return legacyOrder(
    drafts,
    textsOf(legacy, 'orderFirst').map(textOf),
    textsOf(legacy, 'orderLast').map(textOf),
  );
}

/** The order in which `kubectl kustomize` prints: by kind in a fixed order, then by id. */
export function legacyOrder<T extends { readonly id: ResourceId }>(
  drafts: readonly T[],
  first: readonly string[] = ORDER_FIRST,
  last: readonly string[] = ORDER_LAST,
): readonly T[] {
  const ranks = new Map<string, number>();
  for (const [at, kind] of first.entries()) ranks.set(kind, at - first.length);
  for (const [at, kind] of last.entries()) ranks.set(kind, at + 1);
  return drafts.toSorted((a, b) => compareIds(a.id, b.id, ranks));
}

function compareIds(a: ResourceId, b: ResourceId, ranks: ReadonlyMap<string, number>): number {
  const isSameKind = a.group === b.group && a.version === b.version && a.kind === b.kind;
  if (isSameKind) return compareBytes(idText(a), idText(b));
  const rank = (ranks.get(a.kind) ?? 0) - (ranks.get(b.kind) ?? 0);
  if (rank !== 0) return rank;
  const order = compareBytes(gvkText(a), gvkText(b));
  // Of several kinds named Namespace the core one comes first.
  const isNamespace = a.kind === 'Namespace' && b.kind === 'Namespace';
  return isNamespace && (a.group === '' || b.group === '') ? -order : order;
}

function gvkText({ group, version, kind }: Gvk): string {
  return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
}

function idText({ group, version, kind, name, namespace }: ResourceId): string {
  const gvk = `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}`;
  return `${gvk}|${namespace || '~X'}|${name || '~N'}`;
}
