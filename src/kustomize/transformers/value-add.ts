import { type Located, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { type BuildContext, fail } from '../context.ts';
import { type Draft, withRoot } from '../draft.ts';
import { FieldFault, replaceField, splitPath } from '../fields.ts';
import { mapsOf } from '../kustomization/texts.ts';
import { isClusterScoped, wordId } from '../resource-id.ts';
import { isMissingOrNull, textOf, write, writeInStyle, type Writer } from '../scalar.ts';
import { compileSelector, selects } from '../selector.ts';
import { type Transformer, writerAt } from '../transform.ts';

/**
 * Writes a value into fields of selected objects, as a part of a path where `filePathPosition` says
 * so (api `ValueAddTransformer`; to be had as a transformer's file only).
 *
 * @param config `value`, `targets`
 * @param fallback the value where none is given: the name of the kustomization's directory
 */
export function valueAddTransformer(
  context: BuildContext,
  config: LocatedMap,
  fallback: string,
): Transformer {
  const given = config.get('value');
  const value = textOf(given).trim() || fallback;
  const writer = writerAt(given ?? config, 'valueAdd');
  const targets = mapsOf(config, 'targets');
  if (targets.length === 0) {
    fail(context, 'bad-plugin', 'A ValueAddTransformer needs at least one target.', config);
  }
  return (drafts) =>
    targets.reduce((current, target) => addTo(context, current, target, value, writer), drafts);
}

function addTo(
  context: BuildContext,
  drafts: readonly Draft[],
  target: LocatedMap,
  value: string,
  writer: Writer,
): readonly Draft[] {
  const selectorNode = target.map('selector');
  const selector = selectorNode && compileSelector(context, selectorNode);
  if (selectorNode && selector === undefined) return drafts;
  const path = target.text('fieldPath') ?? '';
  if (path === '') {
    fail(context, 'bad-plugin', 'A target of a ValueAddTransformer needs a fieldPath.', target);
    return drafts;
  }
  const positionNode = target.get('filePathPosition');
  const position = positionNode?.kind === 'scalar' ? Number(positionNode.value) : 0;
  return drafts.map((draft) => {
    if (selector && !selects(selector, draft)) return draft;
    if (path === 'metadata/namespace' && isClusterScoped(draft.id)) return draft;
    const changed = setAt(draft.root, splitPath(path), (present) => {
      const isText = present instanceof LocatedScalar && !isMissingOrNull(present);
      const text =
        position > 0 ? insertPart(isText ? textOf(present) : '', position - 1, value) : value;
      return isText ? writeInStyle(text, writer, present) : write(text, writer);
    });
    if (changed instanceof LocatedMap) return withRoot(draft, changed, context.schemas);
    const message = `${path} of ${wordId(draft.id)} cannot be set: it is no plain value.`;
    fail(context, 'bad-field', message, target);
    return draft;
  });
}

/** Sets a field at a path of keys, making what is missing. */
function setAt(
  node: Located | undefined,
  steps: readonly string[],
  set: (present: Located | undefined) => Located,
): Located | FieldFault {
  const [step, ...rest] = steps;
  if (step === undefined) {
    const isOther = node !== undefined && node.kind !== 'scalar';
    return isOther ? new FieldFault('it is no plain value') : set(node);
  }
  if (node !== undefined && !isMissingOrNull(node) && node.kind !== 'map') {
    return new FieldFault('it is no map');
  }
  const map = node?.kind === 'map' ? node : undefined;
  const child = setAt(map?.get(step), rest, set);
  if (child instanceof FieldFault) return child;
  return replaceField(map ?? new LocatedMap([], child, child.trace), step, child);
}

/** A path with a part more, which never makes an absolute path a relative one. */
function insertPart(path: string, position: number, part: string): string {
  const isAbsolute = path.startsWith('/');
  const parts = path.split('/').filter((name) => name !== '');
  const joined = parts.toSpliced(Math.min(position, parts.length), 0, part).join('/');
  return isAbsolute ? `/${joined}` : joined;
}
