import { type Located, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { type BuildContext, fail } from '../context.ts';
import { type Draft, withRoot } from '../draft.ts';
import { FieldFault, replaceField, splitPath } from '../fields.ts';
import { loadText } from '../files.ts';
import { decode } from '../kustomization/decode.ts';
import { type Fields, INTEGER, SELECTOR, struct, TEXT } from '../kustomization/shape.ts';
import { mapsOf } from '../kustomization/texts.ts';
import { baseName } from '../paths.ts';
import { isClusterScoped, wordId } from '../resource-id.ts';
import { isMissingOrNull, textOf, write, writeInStyle, type Writer } from '../scalar.ts';
import { compileSelector, selects } from '../selector.ts';
import { type Transformer, writerAt } from '../transform.ts';

/** Where to write the value: fields of a transformer, or of the file that it names. */
export const VALUE_ADD_TARGETS: Fields = {
  targets: {
    kind: 'list',
    of: struct({ selector: struct(SELECTOR), fieldPath: TEXT, filePathPosition: INTEGER }),
  },
};

/**
 * Writes a value into fields of selected objects, as a part of a path where `filePathPosition` says
 * so (api `ValueAddTransformer`; to be had as a transformer's file only).
 *
 * @param config `value`, `targets`, `targetFilePath`
 * @param directory the kustomization's: where paths start, and a value where none is given
 */
export function valueAddTransformer(
  context: BuildContext,
  config: LocatedMap,
  directory: string,
): Transformer {
  const given = config.get('value');
  const value = textOf(given).trim() || baseName(directory);
  const writer = writerAt(given ?? config, 'valueAdd');
  const targets = [...mapsOf(config, 'targets'), ...readTargets(context, config, directory)];
  if (targets.length === 0) {
    fail(context, 'bad-plugin', 'A ValueAddTransformer needs at least one target.', config);
  }
  return (drafts) =>
    targets.reduce((current, target) => addTo(context, current, target, value, writer), drafts);
}

/** The targets of another file. */
function readTargets(
  context: BuildContext,
  config: LocatedMap,
  directory: string,
): readonly LocatedMap[] {
  const path = config.get('targetFilePath');
  if (!(path instanceof LocatedScalar) || textOf(path) === '') return [];
  const source = loadText(context, directory, path);
  if (source === undefined) return [];
  const { documents, problems } = parseYaml(source, 'kustomization');
  for (const problem of problems) fail(context, 'bad-yaml', problem.message, problem);
  const [document] = documents;
  if (document === undefined || problems.length > 0) return [];
  const { value, faults } = decode(document, VALUE_ADD_TARGETS, 'lenient', 'A file of targets');
  for (const { code, message, site } of faults) fail(context, code, message, site);
  return mapsOf(value, 'targets');
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
