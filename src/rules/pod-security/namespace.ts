import type { Unknown } from '../../model/located.ts';
import { decode, type Decoded } from './decoding/decode.ts';
import { goType } from './decoding/go-types.ts';
import { valueAt } from './field-pattern.ts';
import type { Labels } from './namespace-policy.ts';

/** A Namespace as read; with `errors` the API server refuses it, and it has no labels. */
export interface NamespaceReading extends Decoded {
  /** Unknown where nothing of the labels is known. */
  readonly labels: Labels | Unknown | undefined;
}

/**
 * The labels of a Namespace object.
 *
 * @param root the object as plain JSON values, attacker-controlled
 */
export function readNamespace(root: unknown): NamespaceReading {
  const { errors, unknownFields, unknowns } = decode(root, goType('Namespace'));
  const labels = errors.length === 0 ? valueAt(root, ['metadata', 'labels']) : undefined;
  // Proven by decode just before.
  return { errors, unknownFields, unknowns, labels: (labels ?? undefined) as Labels | undefined };
}
