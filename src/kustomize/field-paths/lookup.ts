import type { Located } from '../../model/located.ts';
import { FieldFault } from '../fields.ts';
import { isMissingOrNull, textOf } from '../scalar.ts';
import { indexOfStep, isListStep, splitListStep } from './split.ts';

/**
 * The value at a field path: keys, indexes, `-` for the last item, `[key=value]` for the first
 * item with that value (kyaml `PathGetter`).
 *
 * @returns undefined when there is none, a fault when the path does not fit the value
 */
export function lookup(root: Located, path: readonly string[]): Located | FieldFault | undefined {
  let node: Located | undefined = root;
  for (const rawStep of path) {
    const step = rawStep.trim();
    if (step === '') continue;
    const next: Located | FieldFault | undefined = child(node, step);
    if (next === undefined || next instanceof FieldFault) return next;
    node = next;
  }
  return node;
}

function child(node: Located, step: string): Located | FieldFault | undefined {
  const index = indexOfStep(step);
  if (index !== undefined || step === '-') return itemAt(node, index ?? -1, step);
  if (step === '*') return new FieldFault('* cannot be used here');
  if (isListStep(step)) return itemWith(node, step);
  if (isMissingOrNull(node)) return undefined;
  if (node.kind !== 'map') return new FieldFault(`the field above ${step} is no map`);
  return node.get(step);
}

function itemAt(node: Located, index: number, step: string): Located | FieldFault | undefined {
  if (isMissingOrNull(node)) return undefined;
  if (node.kind !== 'list') return new FieldFault(`the field above ${step} is no list`);
  if (index < 0 && step !== '-') return new FieldFault(`the index ${step} is negative`);
  return node.items.at(index);
}

function itemWith(node: Located, step: string): Located | FieldFault | undefined {
  const wanted = splitListStep(step);
  if (wanted === undefined) return new FieldFault(`${step} has no =`);
  if (isMissingOrNull(node)) return undefined;
  if (node.kind !== 'list') return new FieldFault(`the field above ${step} is no list`);
  if (wanted.field === '') return node.items.find((item) => textOf(item) === wanted.value);
  return node.items.find(
    (item) =>
      item.kind === 'map' &&
      item.entry(wanted.field) !== undefined &&
      textOf(item.get(wanted.field)) === wanted.value,
  );
}
