import { type Located, LocatedList, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { scalarStyle } from '../../yaml/style.ts';
import { FieldFault, replaceField } from '../fields.ts';
import { compilePattern } from '../pattern.ts';
import { isMissingOrNull, textOf, type Writer } from '../scalar.ts';
import { indexOfStep, isListStep, splitListStep } from './split.ts';

/** How fields at a path are changed. */
export interface PathUpdate {
  /** The new value of a field; `isNew` for one that was made on the way. */
  readonly set: (node: Located, isNew: boolean) => Located | FieldFault;
  /** Kind of the field that is made where the path ends in nothing; absent to make none. */
  readonly create?: Located['kind'];
  /** Whose place made fields have. */
  readonly writer: Writer;
}

interface Updated {
  readonly node: Located;
  /** Fields that the path named. */
  readonly count: number;
}

/**
 * Changes all fields that a path names: `*` for every item, `[key=pattern]` for items that match
 * (kyaml `PathMatcher`).
 *
 * @returns the changed value and how many fields were found, or why the path does not fit
 */
export function updatePath(
  node: Located,
  path: readonly string[],
  update: PathUpdate,
): Updated | FieldFault {
  return walk(node, path, update, false);
}

function walk(
  node: Located,
  path: readonly string[],
  update: PathUpdate,
  isNew: boolean,
): Updated | FieldFault {
  const [step, ...rest] = path;
  if (step === undefined) {
    const changed = update.set(node, isNew);
    return changed instanceof FieldFault ? changed : { node: changed, count: 1 };
  }
  const index = indexOfStep(step);
  if (index !== undefined && index >= 0) return walkIndex(node, index, rest, update);
  if (isListStep(step)) return walkMatching(node, step, rest, update);
  if (step === '*') return walkItems(node, () => true, rest, update);
  return walkField(node, step, rest, update);
}

function walkField(
  node: Located,
  name: string,
  rest: readonly string[],
  update: PathUpdate,
): Updated | FieldFault {
  if (isMissingOrNull(node)) return { node, count: 0 };
  if (node.kind !== 'map') return new FieldFault(`the field above ${name} is no map`);
  const present = node.get(name);
  if (present === undefined && update.create === undefined) return { node, count: 0 };
  if (present?.kind === 'scalar' && present.value !== null && rest.length > 0) {
    return new FieldFault(`${name} is a plain value`);
  }
  const child = present ?? make(rest[0], update);
  const walked = walk(child, rest, update, present === undefined);
  if (walked instanceof FieldFault || walked.node === present) {
    return walked instanceof FieldFault ? walked : { node, count: walked.count };
  }
  return { node: replaceField(node, name, walked.node), count: walked.count };
}

/** An empty value of the kind that the next step needs. */
function make(next: string | undefined, { create, writer }: PathUpdate): Located {
  const trace = { by: writer.by, before: undefined };
  const isList = next !== undefined && (isListStep(next) || (indexOfStep(next) ?? -1) >= 0);
  const kind = isList ? 'list' : next === undefined ? create : 'map';
  if (kind === 'list') return new LocatedList([], writer, trace);
  return kind === 'map' ? new LocatedMap([], writer, trace) : new LocatedScalar('', writer, trace);
}

function walkIndex(
  node: Located,
  index: number,
  rest: readonly string[],
  update: PathUpdate,
): Updated | FieldFault {
  const items = itemsOf(node);
  if (items === undefined) return new FieldFault(`the field above ${index} is no list`);
  const isNew = index === items.length && update.create !== undefined;
  const item = isNew ? make(rest[0], update) : items[index];
  if (item === undefined) {
    return new FieldFault(`the index ${index} is beyond the ${items.length} items`);
  }
  const walked = walk(item, rest, update, isNew);
  if (walked instanceof FieldFault) return walked;
  const changed = isNew ? [...items, walked.node] : items.with(index, walked.node);
  return { node: withItems(node, changed, update), count: walked.count };
}

function itemsOf(node: Located): readonly Located[] | undefined {
  if (node.kind === 'list') return node.items;
  return isMissingOrNull(node) ? [] : undefined;
}

function withItems(node: Located, items: readonly Located[], { writer }: PathUpdate): Located {
  if (node.kind !== 'list') return new LocatedList(items, writer, { by: writer.by, before: node });
  const isSame =
    items.length === node.items.length && items.every((item, at) => item === node.items[at]);
  return isSame ? node : new LocatedList(items, node, node.trace);
}

function walkMatching(
  node: Located,
  step: string,
  rest: readonly string[],
  update: PathUpdate,
): Updated | FieldFault {
  const wanted = splitListStep(step);
  const pattern = wanted && compilePattern(wanted.value);
  if (wanted === undefined) return new FieldFault(`${step} has no =`);
  if (pattern === undefined) return new FieldFault(`${step} holds no valid regular expression`);
  const isPrimitive = wanted.field === '';
  const matches = (item: Located): boolean => {
    const value = isPrimitive ? item : item.kind === 'map' ? item.get(wanted.field) : undefined;
    return value !== undefined && pattern(printed(value));
  };
  const walked = walkItems(node, matches, isPrimitive ? [] : rest, update);
  if (walked instanceof FieldFault || walked.count > 0 || update.create === undefined)
    return walked;
  const made = makeItem(wanted, update.writer);
  if (!matches(made)) return new FieldFault(`${step} does not match the item it would make`);
  const items = itemsOf(node) ?? [];
  const last = walk(made, isPrimitive ? [] : rest, update, true);
  if (last instanceof FieldFault) return last;
  return { node: withItems(node, [...items, last.node], update), count: last.count };
}

function makeItem({ field, value }: { field: string; value: string }, writer: Writer): Located {
  const trace = { by: writer.by, before: undefined };
  const scalar = new LocatedScalar(value, writer, trace);
  if (field === '') return scalar;
  const entry = { key: field, keyStart: writer.start, keyEnd: writer.start, value: scalar };
  return new LocatedMap([entry], writer, trace);
}

function walkItems(
  node: Located,
  matches: (item: Located) => boolean,
  rest: readonly string[],
  update: PathUpdate,
): Updated | FieldFault {
  const items = itemsOf(node);
  if (items === undefined) return new FieldFault('a list is expected');
  const changed: Located[] = [];
  let count = 0;
  for (const item of items) {
    if (!matches(item)) {
      changed.push(item);
      continue;
    }
    const walked = walk(item, rest, update, false);
    if (walked instanceof FieldFault) return walked;
    changed.push(walked.node);
    count += walked.count;
  }
  return { node: count === 0 ? node : withItems(node, changed, update), count };
}

/** A scalar as YAML prints it, with the quotes it is written in. */
function printed(node: Located): string {
  if (node.kind !== 'scalar') return '';
  const text = textOf(node);
  if (node.trace !== undefined) return text;
  const style = scalarStyle(node);
  if (style === 'double-quoted') return JSON.stringify(text);
  return style === 'single-quoted' ? `'${text.replaceAll("'", "''")}'` : text;
}
