import { type Located, LocatedList, LocatedMap, LocatedScalar } from '../model/located.ts';
import type { FieldSpec } from './config/transformer-config.ts';
import { entryWith } from './rebuild.ts';
import { isMissingOrNull, textOf, type Writer } from './scalar.ts';

/** Why a field could not be set; a message that ends a sentence. */
export class FieldFault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** How a transformer sets the fields that a spec names. */
export interface FieldSetting {
  /**
   * The new value of a field, the same node to leave it. Null fields come as they are.
   */
  readonly set: (node: Located) => Located | FieldFault;
  /** Kind of the fields that are made where they are missing; never made when absent. */
  readonly create?: 'map' | 'scalar';
  /** Whose place made fields have. */
  readonly writer: Writer;
}

/** The steps of a field spec's path: `\/` is a slash in a name. */
export function splitPath(path: string, delimiter = '/'): string[] {
  const parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === '') parts.shift();
  const steps: string[] = [];
  for (const part of parts) {
    const last = steps.at(-1);
    if (last?.endsWith('\\')) steps[steps.length - 1] = last.slice(0, -1) + delimiter + part;
    else steps.push(part);
  }
  return steps;
}

const splitPaths = new Map<string, readonly string[]>();

/** Paths come from a small table, or from files that a build reads: bounded all the same. */
const MAX_KNOWN_PATHS = 5000;

function stepsOf(path: string): readonly string[] {
  let steps = splitPaths.get(path);
  if (steps === undefined) {
    steps = splitPath(path);
    if (splitPaths.size < MAX_KNOWN_PATHS) splitPaths.set(path, steps);
  }
  return steps;
}

/** Whether a spec is about objects of this one's kind. */
export function isSpecFor(spec: FieldSpec, root: LocatedMap): boolean {
  if (spec.kind !== '' && spec.kind !== textOf(root.get('kind'))) return false;
  if (spec.group === '' && spec.version === '') return true;
  const apiVersion = textOf(root.get('apiVersion'));
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  return (
    (spec.group === '' || spec.group === group) &&
    (spec.version === '' || spec.version === apiVersion.slice(slash + 1))
  );
}

/**
 * The object with the fields set that a spec names: the same object when nothing changes. Lists
 * on the way are entered; a step that ends in `[]` is never made (api `filters/fieldspec`).
 */
export function setFields(
  root: LocatedMap,
  spec: FieldSpec,
  setting: FieldSetting,
): LocatedMap | FieldFault {
  if (!isSpecFor(spec, root)) return root;
  const result = walk(root, stepsOf(spec.path), 0, spec.create, setting);
  if (result instanceof FieldFault) return result;
  return result.kind === 'map' ? result : new FieldFault('it would replace the whole object');
}

function walk(
  node: Located,
  steps: readonly string[],
  at: number,
  create: boolean,
  setting: FieldSetting,
): Located | FieldFault {
  const step = steps[at];
  if (step === undefined) return setting.set(node);
  if (isMissingOrNull(node)) return node;
  if (node.kind === 'list') {
    return mapItems(node, (item) => walk(item, steps, at, create, setting));
  }
  if (node.kind === 'scalar') {
    return new FieldFault(`${wordStep(steps, at)} is a plain value where a map is expected`);
  }
  const isSequence = step.endsWith('[]');
  const name = isSequence ? step.slice(0, -2) : step;
  if (name === '') return new FieldFault(`the path ${steps.join('/')} has an empty step`);
  const entry = node.entry(name);
  const kind = create && !isSequence ? kindToMake(steps, at, setting) : undefined;
  const present = entry?.value;
  const value = isMissingOrNull(present)
    ? valueToFill(present, isSequence ? 'list' : kind, setting.writer)
    : present;
  if (value === undefined) return node;
  const result = walk(value, steps, at + 1, create, setting);
  if (result instanceof FieldFault || result === present)
    return result instanceof FieldFault ? result : node;
  return replaceField(node, name, result);
}

function kindToMake(
  steps: readonly string[],
  at: number,
  setting: FieldSetting,
): 'map' | 'scalar' | undefined {
  if (setting.create === undefined) return undefined;
  return at + 1 < steps.length ? 'map' : setting.create;
}

/** What is entered in the place of a null or missing field; a list is only made of a null. */
function valueToFill(
  before: Located | undefined,
  kind: 'map' | 'scalar' | 'list' | undefined,
  writer: Writer,
): Located | undefined {
  if (kind === undefined) return before;
  const trace = { by: writer.by, before };
  if (kind === 'list') return before && new LocatedList([], before, trace);
  return kind === 'map' ? new LocatedMap([], writer, trace) : new LocatedScalar('', writer, trace);
}

function wordStep(steps: readonly string[], at: number): string {
  return at === 0 ? 'the object' : steps.slice(0, at).join('.');
}

/** The list with its items changed; the same list when none does. */
export function mapItems(
  list: LocatedList,
  change: (item: Located) => Located | FieldFault,
): LocatedList | FieldFault {
  let items: Located[] | undefined;
  for (const [index, item] of list.items.entries()) {
    const changed = change(item);
    if (changed instanceof FieldFault) return changed;
    if (changed === item) continue;
    items ??= [...list.items];
    items[index] = changed;
  }
  return items === undefined ? list : new LocatedList(items, list, list.trace);
}

/** The map with one field set. A value in place of another keeps its key's range. */
export function replaceField(map: LocatedMap, name: string, value: Located): LocatedMap {
  const at = map.entries.findIndex((entry) => entry.key === name);
  const known = map.entries[at];
  if (known === undefined) return map.with(name, value);
  if (known.value === value) return map;
  return map.withEntries(map.entries.with(at, entryWith(known, value)));
}
