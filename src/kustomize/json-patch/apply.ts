import { type Located, LocatedList, LocatedMap, LocatedScalar } from '../../model/located.ts';
import type { Site } from '../../model/source.ts';
import { replaceField } from '../fields.ts';
import type { Writer } from '../scalar.ts';
import { countNodesUpTo } from '../manifests.ts';
import { isEqualJson } from './equal.ts';
import { parseIndex, parsePointer } from './pointer.ts';
import type { JsonPatch } from './read.ts';

/** An operation that cannot be applied, with the place that says it. */
export class OperationFault extends Error {
  override readonly name = 'OperationFault';
  readonly site: Site;

  constructor(reason: string, site: Site) {
    super(reason);
    this.site = site;
  }
}

/** Nodes that may still be copied. */
export interface CopyBudget {
  left: number;
}

/**
 * A JSON patch applied to an object, as the Go library `evanphx/json-patch` 4 does it: `replace`
 * makes a last missing field, `-1` counts from the end, null on the way is missing.
 *
 * @param writer who patches; values keep the place they have in the patch
 * @param budget what copies may add; it holds what is left afterwards
 */
export function applyJsonPatch(
  root: LocatedMap,
  patch: JsonPatch,
  writer: Writer,
  budget: CopyBudget = { left: 1_000_000 },
): LocatedMap | OperationFault {
  let document: Located = root;
  try {
    for (const item of patch.operations.items) {
      const operation = item.kind === 'map' ? item : new LocatedMap([], item);
      document = applyOperation(document, operation, patch.isJson, writer, budget);
    }
  } catch (error) {
    if (error instanceof OperationFault) return error;
    throw error;
  }
  if (document.kind === 'map') return document;
  return new OperationFault('the patch leaves no map of the object', patch.operations);
}

function applyOperation(
  document: Located,
  operation: LocatedMap,
  isJson: boolean,
  writer: Writer,
  budget: CopyBudget,
): Located {
  const name = operation.text('op');
  switch (name) {
    case 'add':
      return add(document, operation, valueOf(operation), writer);
    case 'remove':
      return change(document, operation, 'path', removeStep);
    case 'replace':
      return replace(document, operation, writer);
    case 'move': {
      const value = read(document, operation, 'from');
      const without = change(document, operation, 'from', removeStep);
      return add(without, operation, value ?? nullAt(operation), writer);
    }
    case 'copy': {
      const value = read(document, operation, 'from') ?? nullAt(operation);
      budget.left -= countNodesUpTo(value, budget.left + 1);
      if (budget.left < 0) throw new OperationFault('the object becomes too large', operation);
      return add(document, operation, value, writer);
    }
    case 'test':
      test(document, operation, isJson);
      return document;
    default:
      throw new OperationFault(
        `the operation ${JSON.stringify(name ?? '')} is unknown`,
        operation.get('op') ?? operation,
      );
  }
}

/** A missing value is null. */
function valueOf(operation: LocatedMap): Located {
  return operation.get('value') ?? nullAt(operation);
}

function nullAt(site: Site): LocatedScalar {
  return new LocatedScalar(null, site);
}

function stepsOf(operation: LocatedMap, field: 'path' | 'from'): string[] {
  const pointer = operation.text(field);
  if (pointer === undefined) throw new OperationFault(`the operation has no ${field}`, operation);
  const steps = parsePointer(pointer);
  if (steps === undefined) throw missing(operation, field);
  return steps;
}

function missing(operation: LocatedMap, field: 'path' | 'from'): OperationFault {
  const pointer = JSON.stringify(operation.text(field));
  return new OperationFault(
    `the ${field} ${pointer} does not exist`,
    operation.get(field) ?? operation,
  );
}

/** Changes a container: gives it with the step changed, or undefined where that is impossible. */
type ChangeStep = (
  container: LocatedMap | LocatedList,
  step: string,
) => LocatedMap | LocatedList | undefined;

function change(
  document: Located,
  operation: LocatedMap,
  field: 'path' | 'from',
  changeStep: ChangeStep,
): Located {
  const changed = changeAt(document, stepsOf(operation, field), 0, changeStep);
  if (changed === undefined) throw missing(operation, field);
  return changed;
}

function changeAt(
  node: Located | undefined,
  steps: readonly string[],
  at: number,
  changeStep: ChangeStep,
): Located | undefined {
  const step = steps[at];
  if (node === undefined || node.kind === 'scalar' || step === undefined) return undefined;
  if (at === steps.length - 1) return changeStep(node, step);
  const child = childAt(node, step);
  const changed = changeAt(child, steps, at + 1, changeStep);
  if (changed === undefined) return undefined;
  if (node.kind === 'map') return replaceField(node, step, changed);
  return new LocatedList(node.items.with(indexIn(node, step) ?? 0, changed), node, node.trace);
}

function childAt(node: LocatedMap | LocatedList, step: string): Located | undefined {
  if (node.kind === 'map') return node.get(step);
  const index = indexIn(node, step);
  return index === undefined ? undefined : node.items[index];
}

/** An index of an existing item; negative ones count from the end. */
function indexIn(list: LocatedList, step: string): number | undefined {
  const index = parseIndex(step);
  if (index === undefined || index >= list.items.length || index < -list.items.length) {
    return undefined;
  }
  return index < 0 ? index + list.items.length : index;
}

function add(document: Located, operation: LocatedMap, value: Located, writer: Writer): Located {
  return change(document, operation, 'path', (container, step) => {
    if (container.kind === 'map') return setKey(container, step, value, writer);
    const size = container.items.length + 1;
    const index = step === '-' ? size - 1 : parseIndex(step);
    if (index === undefined || index >= size || index < -size) return undefined;
    const at = index < 0 ? index + size : index;
    const items = container.items.toSpliced(at, 0, stamp(value, writer));
    return new LocatedList(items, container, container.trace);
  });
}

function removeStep(
  container: LocatedMap | LocatedList,
  step: string,
): LocatedMap | LocatedList | undefined {
  if (container.kind === 'map') {
    return container.entry(step) && container.without(step);
  }
  const index = indexIn(container, step);
  return index === undefined
    ? undefined
    : new LocatedList(container.items.toSpliced(index, 1), container, container.trace);
}

function replace(document: Located, operation: LocatedMap, writer: Writer): Located {
  const value = valueOf(operation);
  if (operation.text('path') === '') {
    if (value.kind === 'scalar') {
      throw new OperationFault('the whole object can be replaced by a map only', value);
    }
    return stamp(value, writer, document);
  }
  return change(document, operation, 'path', (container, step) => {
    if (container.kind === 'map') return setKey(container, step, value, writer);
    const index = indexIn(container, step);
    if (index === undefined) return undefined;
    const items = container.items.with(index, stamp(value, writer, container.items[index]));
    return new LocatedList(items, container, container.trace);
  });
}

function setKey(map: LocatedMap, key: string, value: Located, writer: Writer): LocatedMap {
  return replaceField(map, key, stamp(value, writer, map.get(key)));
}

/** The value at its own place, with what it replaces behind it. */
function stamp(value: Located, writer: Writer, before?: Located): Located {
  const trace = { by: writer.by, before: before ?? (value.trace && value) };
  if (value.kind === 'map') return new LocatedMap(value.entries, value, trace);
  if (value.kind === 'list') return new LocatedList(value.items, value, trace);
  return new LocatedScalar(value.value, value, trace, value.raw);
}

/** The value at a pointer; undefined for a last field that is missing or null. */
function read(
  document: Located,
  operation: LocatedMap,
  field: 'path' | 'from',
): Located | undefined {
  const steps = stepsOf(operation, field);
  let node: Located | undefined = document;
  for (const step of steps.slice(0, -1)) {
    node = node.kind === 'scalar' ? undefined : childAt(node, step);
    if (node === undefined) throw missing(operation, field);
  }
  if (node.kind === 'scalar') throw missing(operation, field);
  const last = steps.at(-1) ?? '';
  if (node.kind === 'list' && indexIn(node, last) === undefined) throw missing(operation, field);
  return childAt(node, last);
}

function test(document: Located, operation: LocatedMap, isJson: boolean): void {
  const isWhole = operation.text('path') === '';
  const present = isWhole ? document : read(document, operation, 'path');
  const wanted = operation.get('value') ?? nullAt(operation);
  if (isEqualJson(present ?? nullAt(operation), wanted, isJson)) return;
  const pointer = JSON.stringify(operation.text('path'));
  throw new OperationFault(
    `the test of ${pointer} fails: the object has another value there`,
    operation.get('value') ?? operation,
  );
}
