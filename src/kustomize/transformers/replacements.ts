import { type Located, LocatedList, LocatedMap, LocatedScalar } from '../../model/located.ts';
import type { Site } from '../../model/source.ts';
import { NOT_FINITE, resolvePlain } from '../../yaml/scalar.ts';
import { type BuildContext, charge, fail } from '../context.ts';
import { allIds, type Draft, MAX_OBJECT_NODES, MAX_VALUE_LENGTH, withRoot } from '../draft.ts';
import { FieldFault } from '../fields.ts';
import { lookup } from '../field-paths/lookup.ts';
import { splitFieldPath } from '../field-paths/split.ts';
import { updatePath } from '../field-paths/update.ts';
import { failUnlessIncomplete } from '../incomplete.ts';
import { takeNotes, withNotes } from '../internal-annotations.ts';
import { countNodesUpTo } from '../manifests.ts';
import { isOn, mapsOf, textsOf } from '../kustomization/texts.ts';
import { type ResourceId, wordId } from '../resource-id.ts';
import { isMissingOrNull, isNilOrEmpty, takeStyle, textOf, type Writer } from '../scalar.ts';
import { compileSelector, matchesGvk, matchesLabels, type Selector } from '../selector.ts';
import { followShared, noteOverwritten, type Overwritten } from '../shared.ts';
import { updateStructuredText } from '../structured-text.ts';
import { type Transformer, writerAt } from '../transform.ts';

const DEFAULT_FIELD = 'metadata.name';

/**
 * What a replacement copies. Kustomize holds on to the field itself unless it takes a part of it:
 * a replacement that writes into its own source goes on with what it wrote.
 */
interface Source {
  value: Located;
  /** Where the field is; absent when later changes of it do not count. */
  readonly field?: { readonly draft: number; readonly path: readonly string[] };
}

/** How a part of a text is read or written. */
interface FieldOptions {
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
}

/**
 * Copies values from one field to others (api `filters/replacement`), in the order given.
 *
 * @param replacements each a `source` or `sourceValue`, and `targets`
 */
export function replacementsTransformer(
  context: BuildContext,
  replacements: readonly LocatedMap[],
): Transformer {
  return (drafts) => {
    let current = drafts;
    for (const replacement of replacements) {
      const next = replace(context, current, replacement);
      if (next === undefined) return drafts;
      current = next;
    }
    return current;
  };
}

/** @returns undefined when the replacement cannot be made, which was reported */
function replace(
  context: BuildContext,
  drafts: readonly Draft[],
  replacement: LocatedMap,
): readonly Draft[] | undefined {
  const hasSource = replacement.entry('source') ?? replacement.entry('sourceValue');
  if (!hasSource || !replacement.entry('targets')) {
    const message = 'A replacement needs a source and at least one target.';
    fail(context, 'bad-replacement', message, replacement);
    return undefined;
  }
  const source = findSource(context, drafts, replacement);
  if (source === undefined) return undefined;
  let current = drafts;
  for (const target of mapsOf(replacement, 'targets')) {
    const next = replaceIn(context, current, target, source);
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

function findSource(
  context: BuildContext,
  drafts: readonly Draft[],
  replacement: LocatedMap,
): Source | undefined {
  const source = replacement.map('source');
  const fixed = replacement.get('sourceValue');
  if (fixed && source) {
    const message = 'A replacement has either a source or a sourceValue, not both.';
    fail(context, 'bad-replacement', message, replacement);
    return undefined;
  }
  if (fixed) return { value: untagged(textOf(fixed), fixed) };
  if (source === undefined) return undefined;
  const matches = drafts.filter((draft) => allIdsPlain(draft).some((id) => isMeant(source, id)));
  const [draft, ...more] = matches;
  if (draft === undefined || more.length > 0) {
    const word = draft === undefined ? 'no object' : 'several objects';
    const message = `The source of this replacement selects ${word}.`;
    if (draft) fail(context, 'bad-replacement', message, source);
    else failUnlessIncomplete(context, 'bad-replacement', message, source);
    return undefined;
  }
  return readField(context, draft, source, drafts.indexOf(draft));
}

/** The ids of an object without what is known about its kind's scope. */
function allIdsPlain(draft: Draft): ResourceId[] {
  return allIds(draft).map((id) => ({ ...id, effectiveNamespace: id.namespace || 'default' }));
}

/** Empty parts of the source mean any; its other parts are compared as they are. */
function isMeant(source: LocatedMap, id: ResourceId): boolean {
  const isSame = (field: 'group' | 'version' | 'kind' | 'name'): boolean => {
    const wanted = source.text(field) ?? '';
    return wanted === '' || wanted === id[field];
  };
  const namespace = source.text('namespace') ?? '';
  return (
    isSame('group') &&
    isSame('version') &&
    isSame('kind') &&
    isSame('name') &&
    (namespace === '' || namespace === id.effectiveNamespace)
  );
}

function readField(
  context: BuildContext,
  draft: Draft,
  source: LocatedMap,
  index: number,
): Source | undefined {
  const field = (source.text('fieldPath') ?? '') || DEFAULT_FIELD;
  const site = source.get('fieldPath') ?? source;
  const path = splitFieldPath(field);
  const root = seesNotes(path) ? withNotes(draft.root, draft.notes) : draft.root;
  const found = lookup(root, path);
  if (found === undefined || found instanceof FieldFault || isNilOrEmpty(found)) {
    const reason = found instanceof FieldFault ? `: ${found.reason}` : '';
    const message = `The source ${wordId(draft.id)} has no field ${field}${reason}.`;
    fail(context, 'bad-replacement', message, site);
    return undefined;
  }
  const options = readOptions(source.map('options'));
  if (options.delimiter === '') return { value: found, field: { draft: index, path } };
  const parts = textOf(found).split(options.delimiter);
  const part = parts[options.index];
  if (found.kind !== 'scalar' || part === undefined) {
    const message =
      found.kind === 'scalar'
        ? `${field} has ${parts.length} parts, and the index ${options.index} is none of them.`
        : `${field} is no plain value, so it has no parts.`;
    fail(context, 'bad-replacement', message, source.map('options') ?? source);
    return undefined;
  }
  return { value: new LocatedScalar(part, found, found.trace) };
}

function readOptions(node: LocatedMap | undefined): FieldOptions {
  const index = node?.get('index');
  return {
    delimiter: node?.text('delimiter') ?? '',
    index: index?.kind === 'scalar' ? Number(index.value) : 0,
    create: isOn(node, 'create'),
  };
}

/** Whether a path leads to all annotations at once, among which kustomize has its notes. */
function seesNotes([first, second, ...more]: readonly string[]): boolean {
  return (
    first === 'metadata' &&
    (second === undefined || (second === 'annotations' && more.length === 0))
  );
}

function replaceIn(
  context: BuildContext,
  drafts: readonly Draft[],
  target: LocatedMap,
  source: Source,
): readonly Draft[] | undefined {
  const select = target.map('select');
  if (select === undefined) {
    fail(context, 'bad-replacement', 'A target must select objects.', target);
    return undefined;
  }
  const selected = compileSelector(context, select);
  const rejects = mapsOf(target, 'reject').map((node) => compileSelector(context, node));
  const rejected = rejects.filter((selector) => selector !== undefined);
  if (selected === undefined || rejected.length < rejects.length) return undefined;
  if (!charge(context, drafts.length, target)) return undefined;
  const changed: Draft[] = [];
  for (const [index, draft] of drafts.entries()) {
    const isSelected = isTarget(draft, selected, rejected);
    const isSource = source.field?.draft === index;
    const written = isSelected ? writeFields(context, draft, target, source, isSource) : draft;
    if (written === undefined) return undefined;
    changed.push(written);
  }
  return changed;
}

function isTarget(draft: Draft, selected: Selector, rejected: readonly Selector[]): boolean {
  const ids = allIds(draft);
  const matches = (selector: Selector): boolean =>
    ids.some(
      (id) =>
        matchesGvk(selector, id) && selector.name(id.name) && selector.namespace(id.namespace),
    );
  if (!matchesLabels(selected, draft.root) || !matches(selected)) return false;
  return !rejected.some(
    (selector) =>
      (!selector.isWithoutLabels && matchesLabels(selector, draft.root)) ||
      (!selector.isWithoutId && matches(selector)),
  );
}

function writeFields(
  context: BuildContext,
  draft: Draft,
  target: LocatedMap,
  source: Source,
  isSource: boolean,
): Draft | undefined {
  const options = readOptions(target.map('options'));
  const fieldPaths = textsOf(target, 'fieldPaths');
  const fields: readonly { path: string; site: Site }[] =
    fieldPaths.length > 0
      ? fieldPaths.map((node) => ({ path: textOf(node), site: node }))
      : [{ path: DEFAULT_FIELD, site: target }];
  let current = draft;
  for (const { path, site } of fields) {
    const changed = writeField(context, current, path, source, options, writerAt(site, BY));
    if (changed instanceof FieldFault) {
      const message = `The replacement cannot set ${path} of ${wordId(draft.id)}: ${changed.reason}.`;
      fail(context, 'bad-replacement', message, site);
      return undefined;
    }
    current = changed;
    const now = isSource ? lookup(current.root, source.field?.path ?? []) : undefined;
    if (now !== undefined && !(now instanceof FieldFault)) source.value = now;
  }
  return current;
}

const BY = 'replacements';

function writeField(
  context: BuildContext,
  draft: Draft,
  field: string,
  source: Source,
  options: FieldOptions,
  writer: Writer,
): Draft | FieldFault {
  const { value } = source;
  const path = splitFieldPath(field);
  const create = options.create ? value.kind : undefined;
  const structured = updateStructuredText(draft.root, path, value, create, writer);
  if (structured) return withRoot(draft, structured, context.schemas);
  const isWhole = seesNotes(path);
  const root = isWhole ? withNotes(draft.root, draft.notes) : draft.root;
  const overwritten: Overwritten = new Map();
  // Places of the value in the object: each holds all of it.
  const valueSize = value.kind === 'scalar' ? 1 : countNodesUpTo(value, MAX_OBJECT_NODES);
  let { size } = draft;
  const updated = updatePath(root, path, {
    writer,
    ...(create && { create }),
    set: (node, isNew) => {
      size += valueSize;
      if (size > MAX_OBJECT_NODES) return new FieldFault('the object becomes too large');
      const written = copyValue(node, isNew, source.value, options, writer);
      if (written instanceof FieldFault) return written;
      noteOverwritten(overwritten, node, written);
      if (source.field && node === source.value) source.value = written;
      return written;
    },
  });
  if (updated instanceof FieldFault) return updated;
  if (updated.count === 0) return new FieldFault('it does not exist');
  if (!(updated.node instanceof LocatedMap)) return new FieldFault('it is the whole object');
  const followed = followShared(updated.node, overwritten);
  if (!isWhole) return withRoot({ ...draft, size }, followed, context.schemas);
  const taken = takeNotes(followed);
  const notes = { ...taken.notes, variables: draft.notes.variables };
  return withRoot({ ...draft, notes, size }, taken.root, context.schemas);
}

/** The value for a field: its text where a plain value stands, which keeps its type. */
function copyValue(
  node: Located,
  isNew: boolean,
  value: Located,
  options: FieldOptions,
  writer: Writer,
): Located | FieldFault {
  let text = isMissingOrNull(value) ? '' : textOf(value);
  if (options.delimiter !== '') {
    if (node.kind !== 'scalar') return new FieldFault('it is no plain value, so it has no parts');
    const parts = textOf(node).split(options.delimiter);
    if (options.index < 0) parts.unshift(text);
    else if (options.index >= parts.length) parts.push(text);
    else parts[options.index] = text;
    text = parts.join(options.delimiter);
  }
  if (text.length > MAX_VALUE_LENGTH) return new FieldFault('the value becomes too long');
  if (node.kind === 'scalar') {
    return isNew ? untagged(text, writer) : keepType(text, node, writer);
  }
  const trace = { by: writer.by, before: node };
  if (value.kind === 'map') return new LocatedMap(value.entries, writer, trace);
  if (value.kind === 'list') return new LocatedList(value.items, writer, trace);
  return new LocatedScalar(value.value, writer, trace, value.raw);
}

/** A text without a type of its own: what YAML reads it as. */
function untagged(text: string, site: Site): LocatedScalar {
  const plain = resolvePlain(text, 'go-yaml-v3');
  const trace = { by: BY, before: undefined };
  if (plain === NOT_FINITE || plain === text) return new LocatedScalar(text, site, trace);
  return new LocatedScalar(plain, site, trace, text);
}

/** The text in the place of a scalar, read as the type that stands there. */
function keepType(text: string, node: LocatedScalar, writer: Writer): LocatedScalar | FieldFault {
  const trace = { by: writer.by, before: node };
  if (typeof node.value === 'string') return new LocatedScalar(text, writer, trace);
  const plain = resolvePlain(text, 'go-yaml-v3');
  const isFloat = typeof node.value === 'number' && isFloatText(node.raw ?? String(node.value));
  const isSameType =
    plain === null || node.value === null
      ? plain === node.value
      : typeof plain === typeof node.value &&
        (isFloat || typeof plain !== 'number' || !isFloatText(text));
  if (!isSameType || plain === NOT_FINITE) {
    return new FieldFault(`${JSON.stringify(text)} does not fit the type of what stands there`);
  }
  const written = new LocatedScalar(
    plain,
    writer,
    trace,
    String(plain) === text ? undefined : text,
  );
  return takeStyle(written, node);
}

/** Whether go-yaml tags a number as a float, which is no integer even where it is a whole one. */
function isFloatText(text: string): boolean {
  return /[.eE]/.test(text) && !/^[-+]?0x/i.test(text);
}
