import { type LocatedMap, LocatedScalar } from '../../model/located.ts';
import type { Site, SourceText } from '../../model/source.ts';
import { type BuildContext, fail, isSound, noteUnmatched } from '../context.ts';
import { embeddedText, loadText } from '../files.ts';
import { type JsonPatch, readJsonPatch } from '../json-patch/read.ts';
import { type ManifestObject, type Manifests, readManifests } from '../manifests.ts';
import { compileSelector, type Selector, selects } from '../selector.ts';
import { textOf } from '../scalar.ts';
import type { Transformer } from '../transform.ts';
import { applyJsonPatchTo } from './apply-json-patch.ts';
import {
  applyMergePatch,
  applyMergePatchTo,
  findPatched,
  KEEP_IDENTITY,
  type PatchOptions,
  reportMissing,
} from './apply-merge-patch.ts';

/**
 * One entry of `patches`: a strategic merge patch for the objects it names or its target selects,
 * or a JSON patch for those its target selects (api `PatchTransformer`).
 *
 * @param entry `patch` or `path`, `target`, `options`
 * @param directory where paths start
 */
export function patchTransformer(
  context: BuildContext,
  entry: LocatedMap,
  directory: string,
): Transformer {
  const source = patchSource(context, entry, directory);
  if (source === undefined) return unchanged;
  const target = entry.map('target');
  const selector = target && compileSelector(context, target);
  if (target && selector === undefined) return unchanged;
  const manifests = readManifests(source);
  if (manifests.fault === undefined) {
    const options = readOptions(entry.map('options'));
    return mergePatches(context, manifests.objects, selector, options, entry);
  }
  const jsonPatch = readJsonPatch(source);
  if (jsonPatch === undefined) {
    reportUnreadable(context, manifests, source, entry);
    return unchanged;
  }
  if (selector === undefined) {
    fail(context, 'bad-patch', 'A JSON patch needs a target that names its objects.', entry);
    return unchanged;
  }
  return jsonPatches(context, jsonPatch, selector);
}

function unchanged<T>(value: T): T {
  return value;
}

/** The text of a patch, and where it stands; undefined when that was reported. */
function patchSource(
  context: BuildContext,
  entry: LocatedMap,
  directory: string,
): SourceText | undefined {
  const inline = entry.get('patch');
  const path = entry.get('path');
  const hasPath = textOf(path) !== '';
  const hasInline = textOf(inline).trim() !== '';
  if (hasPath === hasInline) {
    const message = hasPath
      ? 'A patch has either a path or a text (patch), not both.'
      : 'A patch needs a path or a text (patch).';
    fail(context, 'bad-patch', message, entry);
    return undefined;
  }
  if (hasPath) {
    return path instanceof LocatedScalar ? loadText(context, directory, path) : undefined;
  }
  return inline instanceof LocatedScalar ? embeddedText(inline) : undefined;
}

function readOptions(node: LocatedMap | undefined): PatchOptions {
  if (node === undefined) return KEEP_IDENTITY;
  const isOn = (field: string): boolean => {
    const flag = node.get(field);
    return flag?.kind === 'scalar' && flag.value === true;
  };
  return {
    allowNameChange: isOn('allowNameChange'),
    allowKindChange: isOn('allowKindChange'),
  };
}

function reportUnreadable(
  context: BuildContext,
  { fault }: Manifests,
  source: SourceText,
  entry: LocatedMap,
): void {
  if (fault?.code === 'bad-yaml') {
    fail(context, 'bad-yaml', fault.message, fault.site);
    return;
  }
  const reason = fault ? ` ${fault.message}` : '';
  const message = `This is neither a strategic merge patch nor a JSON patch.${reason}`;
  const site: Site = source.text === '' ? entry : { source, start: 0, end: 1 };
  fail(context, 'bad-patch', message, fault?.site ?? site);
}

function mergePatches(
  context: BuildContext,
  patches: readonly ManifestObject[],
  selector: Selector | undefined,
  options: PatchOptions,
  entry: LocatedMap,
): Transformer {
  const [patch, ...more] = patches;
  if (patch === undefined) return unchanged;
  if (selector === undefined) {
    return (drafts) =>
      patches.reduce(
        (current, each) => applyMergePatch(context, current, each, options, entry),
        drafts,
      );
  }
  if (more.length > 0) {
    const message = 'A patch of several documents cannot have a target: give each its own entry.';
    fail(context, 'bad-patch', message, entry.get('target') ?? entry);
    return unchanged;
  }
  return (drafts) => {
    const selected = new Set(drafts.filter((draft) => selects(selector, draft)));
    if (selected.size === 0) noteUnmatched(context, patch.root);
    return applyMergePatchTo(context, drafts, selected, patch, options);
  };
}

function jsonPatches(
  context: BuildContext,
  patch: JsonPatch,
  selector: Selector,
  noting = true,
): Transformer {
  return (drafts) => {
    const selected = new Set(drafts.filter((draft) => selects(selector, draft)));
    if (selected.size === 0) noteUnmatched(context, patch.operations);
    return drafts.map((draft) =>
      selected.has(draft) ? applyJsonPatchTo(context, draft, patch, noting) : draft,
    );
  };
}

/**
 * One entry of the old `patchesJson6902`: a JSON patch for the objects that its target selects.
 */
export function patchJson6902Transformer(
  context: BuildContext,
  entry: LocatedMap,
  directory: string,
  textField = 'patch',
): Transformer {
  const target = entry.map('target');
  if ((target?.text('name') ?? '') === '') {
    fail(context, 'bad-patch', 'A JSON patch must name its target.', target ?? entry);
    return unchanged;
  }
  const inline = entry.get(textField);
  const path = entry.get('path');
  const hasPath = textOf(path) !== '';
  if (hasPath === (textOf(inline) !== '')) {
    fail(context, 'bad-patch', 'A JSON patch has either a path or a text.', entry);
    return unchanged;
  }
  const holder = hasPath ? path : inline;
  if (!(holder instanceof LocatedScalar)) return unchanged;
  const source = hasPath ? loadText(context, directory, holder) : embeddedText(holder);
  if (source === undefined) return unchanged;
  const patch = readJsonPatch(source);
  const selector = target && compileSelector(context, target);
  if (patch === undefined || patch.operations.items.length === 0) {
    const site = source.text === '' ? entry : { source, start: 0, end: 1 };
    fail(context, 'bad-patch', 'This is no JSON patch: a list of operations is expected.', site);
    return unchanged;
  }
  return selector === undefined ? unchanged : jsonPatches(context, patch, selector, false);
}

/**
 * The old `patchesStrategicMerge`: each entry is a patch itself or the path of a file of patches.
 */
export function patchStrategicMergeTransformer(
  context: BuildContext,
  entries: readonly LocatedScalar[],
  directory: string,
): Transformer {
  const patches = entries.flatMap((entry) =>
    readPatchEntry(context, entry, directory).map((patch) => ({ patch, entry })),
  );
  const [first] = entries;
  if (first && patches.length === 0 && isSound(context)) {
    fail(context, 'bad-patch', 'These patches are empty: there is nothing in any of them.', first);
  }
  return (drafts) => {
    let current = drafts;
    for (const { patch, entry } of patches) {
      const target = findPatched(context, current, patch);
      if (target === undefined) {
        reportMissing(context, patch, entry);
        return drafts;
      }
      current = applyMergePatchTo(context, current, new Set([target]), patch, KEEP_IDENTITY);
    }
    return current;
  };
}

function readPatchEntry(
  context: BuildContext,
  entry: LocatedScalar,
  directory: string,
): readonly ManifestObject[] {
  const inline = readManifests(embeddedText(entry));
  if (inline.fault === undefined) return inline.objects;
  const source = loadText(context, directory, entry);
  if (source === undefined) return [];
  const { objects, fault } = readManifests(source);
  if (fault) fail(context, fault.code, fault.message, fault.site);
  return objects;
}
