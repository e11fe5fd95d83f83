import { type Located, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { type BuildContext, fail } from '../context.ts';
import { allIds, type Draft, withRoot } from '../draft.ts';
import { replaceField } from '../fields.ts';
import { failUnlessIncomplete } from '../incomplete.ts';
import { keepOrigin } from '../origin.ts';
import { keyOfId, wordId } from '../resource-id.ts';
import { isMissingOrNull, isNilOrEmpty, textOf } from '../scalar.ts';

/**
 * Puts a generated object among the others: as a new one, or in the place of the one it replaces
 * or merges with, as its behavior says (api `resmap`, `appendReplaceOrMerge`).
 */
export function absorb(
  context: BuildContext,
  drafts: readonly Draft[],
  generated: Draft,
): readonly Draft[] {
  const key = keyOfId(generated.id);
  const matches = drafts.filter((draft) => allIds(draft).some((id) => keyOfId(id) === key));
  const { behavior } = generated.notes;
  const joins = behavior === 'merge' || behavior === 'replace';
  const [old, ...more] = matches;
  const name = wordId(generated.id);
  if (old === undefined) {
    if (!joins) return [...drafts, generated];
    const message = `There is no ${name} here that could be ${behavior === 'merge' ? 'merged with' : 'replaced'}.`;
    failUnlessIncomplete(context, 'bad-generator', message, generated.site);
    return drafts;
  }
  if (more.length > 0) {
    fail(context, 'bad-generator', `Several objects are or were named ${name}.`, generated.site);
    return drafts;
  }
  if (!joins) {
    const message = `There is a ${name} already: set behavior to merge or replace, or change the name.`;
    fail(context, 'duplicate-resource', message, generated.site);
    return drafts;
  }
  const joined = joinMetadata(context, generated, old);
  const result =
    behavior === 'merge' ? keepOrigin(context, joinData(context, joined, old), old) : joined;
  return drafts.map((draft) => (draft === old ? result : draft));
}

/** The generated object with name, namespace and notes of the old one, labels of both. */
function joinMetadata(context: BuildContext, generated: Draft, old: Draft): Draft {
  const before = old.root.map('metadata');
  let metadata = generated.root.map('metadata') ?? new LocatedMap([], generated.root);
  for (const field of ['labels', 'annotations']) {
    const texts = joinTexts(before?.map(field), metadata.map(field));
    metadata = texts ? replaceField(metadata, field, texts) : metadata.without(field);
  }
  const name = before?.get('name');
  if (name) metadata = replaceField(metadata, 'name', name);
  const namespace = before?.get('namespace');
  metadata =
    namespace && !isMissingOrNull(namespace)
      ? replaceField(metadata, 'namespace', namespace)
      : metadata.without('namespace');
  const notes = { ...old.notes, needsHash: old.notes.needsHash && generated.notes.needsHash };
  const root = replaceField(generated.root, 'metadata', metadata);
  return withRoot({ ...generated, notes, file: old.file }, root, context.schemas);
}

function joinData(context: BuildContext, joined: Draft, old: Draft): Draft {
  let { root } = joined;
  for (const field of ['data', 'binaryData']) {
    const texts = joinTexts(old.root.map(field), root.map(field), nullAsEmpty);
    root = texts ? replaceField(root, field, texts) : root.without(field);
  }
  return withRoot(joined, root, context.schemas);
}

/** Two maps as texts, the second over the first; undefined when nothing is in them. */
function joinTexts(
  first: LocatedMap | undefined,
  second: LocatedMap | undefined,
  toText: (value: Located) => Located = asText,
): LocatedMap | undefined {
  const site = second ?? first;
  if (site === undefined) return undefined;
  const joined = new Map<
    string,
    { key: string; keyStart: number; keyEnd: number; value: Located }
  >();
  for (const map of [first, second]) {
    for (const entry of map?.entries ?? [])
      joined.set(entry.key, { ...entry, value: toText(entry.value) });
  }
  const map = site.withEntries([...joined.values()]);
  return isNilOrEmpty(map) ? undefined : map;
}

/** Data is read in another way than labels: a null, however it is written, is an empty text. */
function nullAsEmpty(value: Located): Located {
  return isMissingOrNull(value) ? new LocatedScalar('', value, value.trace) : asText(value);
}

function asText(value: Located): Located {
  const isText =
    value.kind === 'scalar' && typeof value.value === 'string' && value.raw === undefined;
  return isText ? value : new LocatedScalar(textOf(value), value, value.trace);
}
