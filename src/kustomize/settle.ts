import { type Located, LocatedScalar } from '../model/located.ts';
import { isFlow } from '../yaml/style.ts';
import { rebuild } from './rebuild.ts';
import { textOf } from './scalar.ts';
import { isShared } from './shared.ts';
import { goFloat } from './text/go-number.ts';

/**
 * The object as kustomize reads it after printing it: a null that is written as nothing inside
 * braces or brackets is printed as an empty text (go-yaml v3). Everything else stays as it is.
 */
export function settleEmptyValues(node: Located, isInFlow = false): Located {
  if (node.kind === 'scalar') {
    const isEmptyNull = isInFlow && node.value === null && textOf(node) === '';
    return isEmptyNull ? new LocatedScalar('', node, node.trace) : node;
  }
  const isInside = isInFlow || (node.trace === undefined && isFlow(node));
  return rebuild(node, (child) => settleEmptyValues(child, isInside));
}

/**
 * The object after a trip through JSON, as a JSON patch makes it: only values are left, not how
 * they were written, and large integers have become floats.
 */
export function passThroughJson(node: Located): Located {
  if (node.kind !== 'scalar') return rebuild(node, passThroughJson);
  const { value } = node;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const float = Number(value);
    const text = goFloat(float);
    const raw = text === String(float) ? undefined : text;
    const isSame = value === float && raw === node.raw;
    return isSame ? node : new LocatedScalar(float, node, node.trace, raw);
  }
  // What several fields shared is copied for each of them.
  const isSame = node.raw === undefined && !isShared(node);
  return isSame ? node : new LocatedScalar(value, node, node.trace);
}
