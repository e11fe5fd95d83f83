import { type Located, LocatedMap, LocatedScalar } from '../../model/located.ts';
import type { Site } from '../../model/source.ts';
import { type BuildContext, fail, noteUnmatched } from '../context.ts';
import { type Draft, storePreviousId, withRoot } from '../draft.ts';
import { replaceField } from '../fields.ts';
import { failUnlessIncomplete } from '../incomplete.ts';
import { takeNotes, withNotes } from '../internal-annotations.ts';
import type { ManifestObject } from '../manifests.ts';
import { MergeFault } from '../merge/fault.ts';
import { strategicMerge } from '../merge/strategic-merge.ts';
import { idOf, keyOfId, type PreviousId, wordId } from '../resource-id.ts';
import { isMissingOrNull, isNilOrEmpty, textOf } from '../scalar.ts';
import { writerAt } from '../transform.ts';

/** Names and kinds that a patch may change. */
export interface PatchOptions {
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

export const KEEP_IDENTITY: PatchOptions = { allowNameChange: false, allowKindChange: false };

/**
 * Applies a patch to the one object that it names. Its options stand among its annotations in
 * kustomize, which makes texts of them all.
 */
export function applyMergePatch(
  context: BuildContext,
  drafts: readonly Draft[],
  patch: ManifestObject,
  options: PatchOptions,
  entry: Site,
): readonly Draft[] {
  const target = findPatched(context, drafts, patch);
  if (target === undefined) {
    reportMissing(context, patch, entry);
    return drafts;
  }
  const hasOptions = options.allowNameChange || options.allowKindChange;
  const marked = hasOptions ? { ...patch, root: withTexts(patch.root, ['annotations']) } : patch;
  return drafts.flatMap((draft) =>
    draft === target ? (merge(context, draft, marked, options) ?? []) : [draft],
  );
}

/**
 * Applies a patch to selected objects. On this way kustomize first makes texts of all labels and
 * annotations of the patch, so that null does not remove them, and gives it the group and version
 * of the object.
 */
export function applyMergePatchTo(
  context: BuildContext,
  drafts: readonly Draft[],
  selected: ReadonlySet<Draft>,
  patch: ManifestObject,
  options: PatchOptions,
): readonly Draft[] {
  if (selected.size === 0) return drafts;
  const normal = { ...patch, root: withTexts(patch.root, ['labels', 'annotations']) };
  const patched = drafts.flatMap((draft) =>
    selected.has(draft)
      ? (merge(context, draft, withApiVersion(normal, draft), options) ?? [])
      : [draft],
  );
  reportTwins(context, patched, patch);
  return patched;
}

function withApiVersion(patch: ManifestObject, { root }: Draft): ManifestObject {
  const apiVersion = root.get('apiVersion');
  const isSame = textOf(patch.root.get('apiVersion')) === textOf(apiVersion);
  if (apiVersion === undefined || isSame) return patch;
  return { ...patch, root: replaceField(patch.root, 'apiVersion', apiVersion) };
}

/** The object that a patch names by an id that it has or had; undefined when not exactly one has. */
export function findPatched(
  context: BuildContext,
  drafts: readonly Draft[],
  patch: ManifestObject,
): Draft | undefined {
  const wanted = idOf(patch.root, context.schemas);
  const isWanted = ({ kind, name, effectiveNamespace }: PreviousId): boolean =>
    name === wanted.name &&
    kind === wanted.kind &&
    effectiveNamespace === wanted.effectiveNamespace;
  const found = drafts.filter(
    ({ id, notes }) =>
      id.group === wanted.group &&
      id.version === wanted.version &&
      (isWanted(id) || notes.previous.some(isWanted)),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** A patch that finds no object, or several. */
export function reportMissing(context: BuildContext, patch: ManifestObject, entry: Site): void {
  const { root } = patch;
  noteUnmatched(context, root);
  const metadata = root.map('metadata');
  const name = textOf(metadata?.get('name'));
  const namespace = textOf(metadata?.get('namespace'));
  const where = namespace === '' ? '' : ` in the namespace ${namespace}`;
  const kind = `${textOf(root.get('kind'))} (${textOf(root.get('apiVersion'))})`;
  const message = `The patch is for the ${kind} ${name}${where}, and no object here has that name.`;
  failUnlessIncomplete(context, 'patch-target-missing', message, entry);
}

function merge(
  context: BuildContext,
  target: Draft,
  patch: ManifestObject,
  options: PatchOptions,
): Draft | undefined {
  const writer = writerAt(patch.root, 'patch');
  const mayRename = options.allowNameChange || options.allowKindChange;
  const draft = mayRename ? storePreviousId(target) : target;
  const seesNotes = touchesAnnotations(patch.root);
  const root = seesNotes ? withNotes(draft.root, draft.notes) : draft.root;
  const merged = strategicMerge(root, patch.root, context.schemas, writer);
  if (merged instanceof MergeFault) {
    const message = `The patch does not fit ${wordId(draft.id)}: ${merged.message}.`;
    fail(context, 'patch-failed', message, patch.root);
    return target;
  }
  if (merged === undefined || isNilOrEmpty(merged)) return undefined;
  const taken = seesNotes ? takeNotes(merged) : { root: merged, notes: draft.notes };
  const kept = keepIdentity(taken.root, draft.root, options);
  const notes = { ...taken.notes, variables: draft.notes.variables };
  return withRoot({ ...draft, notes, size: draft.size + patch.size }, kept, context.schemas);
}

/** Whether a patch could see or take away the notes that kustomize keeps in annotations. */
function touchesAnnotations(patch: LocatedMap): boolean {
  const metadata = patch.get('metadata');
  if (patch.entry('$patch') || isMissingOrNull(metadata)) return true;
  if (metadata?.kind !== 'map' || metadata.entry('$patch')) return true;
  const annotations = metadata.get('annotations');
  return (
    annotations !== undefined &&
    (annotations.kind !== 'map' || annotations.entry('$patch') !== undefined)
  );
}

/** Kind, name and namespace stay what they were, unless the patch may change them. */
function keepIdentity(
  patched: LocatedMap,
  original: LocatedMap,
  options: PatchOptions,
): LocatedMap {
  let root = patched;
  const kind = original.get('kind');
  if (!options.allowKindChange && kind) root = replaceField(root, 'kind', kind);
  const before = original.map('metadata');
  const present = root.get('metadata');
  let metadata = present instanceof LocatedMap ? present : new LocatedMap([], before ?? root);
  const name = before?.get('name');
  if (!options.allowNameChange && name) metadata = replaceField(metadata, 'name', name);
  const namespace = before?.get('namespace');
  const hasNamespace = namespace && !isMissingOrNull(namespace) && textOf(namespace) !== '';
  metadata = hasNamespace
    ? replaceField(metadata, 'namespace', namespace)
    : metadata.without('namespace');
  return metadata === present ? root : replaceField(root, 'metadata', metadata);
}

/** The patch with its labels or annotations as texts; empty maps of them go. */
function withTexts(patch: LocatedMap, fields: readonly string[]): LocatedMap {
  let metadata = patch.map('metadata');
  if (metadata === undefined) return patch;
  for (const field of fields) {
    const present: Located | undefined = metadata.get(field);
    if (present === undefined) continue;
    const texts: LocatedMap | undefined = present.kind === 'map' ? toTexts(present) : undefined;
    metadata =
      texts && texts.entries.length > 0
        ? replaceField(metadata, field, texts)
        : metadata.without(field);
  }
  return replaceField(patch, 'metadata', metadata);
}

/** A map with every value as the text that was written. */
export function toTexts(map: LocatedMap): LocatedMap {
  const isText = map.entries.every(
    ({ value }) =>
      value.kind === 'scalar' && typeof value.value === 'string' && value.raw === undefined,
  );
  if (isText) return map;
  return map.withEntries(
    map.entries.map((entry) => {
      const { value } = entry;
      return { ...entry, value: new LocatedScalar(textOf(value), value, value.trace) };
    }),
  );
}

/** A patch that renames may give two objects one name. */
function reportTwins(context: BuildContext, drafts: readonly Draft[], patch: ManifestObject): void {
  const seen = new Set<string>();
  for (const { id } of drafts) {
    const key = keyOfId(id);
    if (seen.has(key)) {
      const message = `After this patch two objects are named ${wordId(id)}.`;
      fail(context, 'duplicate-resource', message, patch.root);
    }
    seen.add(key);
  }
}
