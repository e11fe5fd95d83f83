import { LocatedMap } from '../../model/located.ts';
import { type BuildContext, fail } from '../context.ts';
import { type Draft, MAX_OBJECT_NODES, storePreviousId, withRoot } from '../draft.ts';
import { replaceField } from '../fields.ts';
import { takeNotes, withNotes } from '../internal-annotations.ts';
import { applyJsonPatch, OperationFault } from '../json-patch/apply.ts';
import type { JsonPatch } from '../json-patch/read.ts';
import { wordId } from '../resource-id.ts';
import { passThroughJson, settleEmptyValues } from '../settle.ts';
import { writerAt } from '../transform.ts';
import { toTexts } from './apply-merge-patch.ts';

/**
 * Applies a JSON patch to an object, which passes through JSON on the way. Kustomize's notes are
 * among its annotations meanwhile, so that annotations can be added where the object had none.
 *
 * @param noting whether the present id is kept as a previous one (`patches`, not the old
 *   `patchesJson6902`)
 */
export function applyJsonPatchTo(
  context: BuildContext,
  target: Draft,
  patch: JsonPatch,
  noting: boolean,
): Draft {
  const draft = noting ? storePreviousId(target) : target;
  const root = passThroughJson(settleEmptyValues(withNotes(draft.root, draft.notes)));
  if (!(root instanceof LocatedMap)) return draft;
  const most = Math.max(0, MAX_OBJECT_NODES - draft.size);
  const budget = { left: most };
  const patched = applyJsonPatch(root, patch, writerAt(patch.operations, 'patch'), budget);
  if (patched instanceof OperationFault) {
    const message = `The patch does not fit ${wordId(draft.id)}: ${patched.message}.`;
    fail(context, 'patch-failed', message, patched.site);
    return target;
  }
  const read = passThroughJson(patched);
  if (!(read instanceof LocatedMap)) return draft;
  const clean = textAnnotations(takeNotes(read).root);
  const size = draft.size + patch.size + most - budget.left;
  return withRoot({ ...draft, size }, clean, context.schemas);
}

/** Kustomize writes all annotations again as texts afterwards; empty ones go. */
export function textAnnotations(root: LocatedMap): LocatedMap {
  const metadata = root.map('metadata');
  const annotations = metadata?.get('annotations');
  if (!metadata || !annotations) return root;
  if (annotations.kind !== 'map' || annotations.entries.length === 0) {
    return replaceField(root, 'metadata', metadata.without('annotations'));
  }
  const texts = toTexts(annotations);
  if (texts === annotations) return root;
  return replaceField(root, 'metadata', replaceField(metadata, 'annotations', texts));
}
