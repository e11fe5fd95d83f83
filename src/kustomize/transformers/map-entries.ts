import type { LocatedMap, LocatedScalar } from '../../model/located.ts';
import type { FieldSpec } from '../config/transformer-config.ts';
import { type BuildContext, charge } from '../context.ts';
import { type Draft, withRoot } from '../draft.ts';
import { FieldFault, type FieldSetting, replaceField } from '../fields.ts';
import { isMissingOrNull, textOf, write } from '../scalar.ts';
import { followShared, noteOverwritten, type Overwritten } from '../shared.ts';
import { setDraftFields, type Transformer, writerAt } from '../transform.ts';

/**
 * Sets labels or annotations in all maps that the specs name. The fields that an object gains for
 * one pair share one value, as they do in kustomize (see shared.ts).
 *
 * @param pairs texts by name
 * @param by `labels`, `commonLabels` or `commonAnnotations`
 */
export function mapEntriesTransformer(
  context: BuildContext,
  pairs: LocatedMap,
  specs: readonly FieldSpec[],
  by: string,
): Transformer {
  const entries = pairs.entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));

  function setPair(draft: Draft, key: string, value: LocatedScalar): Draft {
    const writer = writerAt(value, by);
    const text = textOf(value);
    const added = write(text, writer);
    const overwritten: Overwritten = new Map();
    const setting: FieldSetting = {
      create: 'map',
      writer,
      set: (node) => {
        if (isMissingOrNull(node)) return node;
        if (node.kind !== 'map') return new FieldFault('it is no map');
        const present = node.get(key);
        if (present === undefined) return replaceField(node, key, added);
        const changed = write(text, writer, present);
        noteOverwritten(overwritten, present, changed);
        return replaceField(node, key, changed);
      },
    };
    const changed = setDraftFields(context, draft, specs, setting);
    return withRoot(changed, followShared(changed.root, overwritten), context.schemas);
  }

  return (drafts) => {
    if (entries.length === 0) return drafts;
    return drafts.map((draft) => {
      if (!charge(context, (entries.length * (draft.size + entries.length)) / 4, pairs))
        return draft;
      let changed: Draft = { ...draft, size: draft.size + entries.length };
      for (const { key, value } of entries) {
        if (value.kind === 'scalar') changed = setPair(changed, key, value);
      }
      return changed;
    });
  };
}
