import { createHash } from 'node:crypto';

import type { Fault } from '../model/finding.ts';
import { groupOf } from '../model/resource.ts';

/** Rules give the very same faults of what did not change. */
const fingerprints = new WeakMap<Fault, string>();

/**
 * What makes two findings the same: rule, subject and field, never a line. So a finding keeps its
 * comment while its file is edited around it, and an object keeps it when its API version rises.
 */
export function fingerprint(fault: Fault): string {
  const known = fingerprints.get(fault);
  if (known !== undefined) return known;
  const { rule, subject } = fault;
  const { apiVersion, kind, namespace = '', name, field } = subject;
  const identity = JSON.stringify([rule, groupOf(apiVersion), kind, namespace, name, field]);
  const made = createHash('sha256').update(identity).digest('hex').slice(0, 24);
  fingerprints.set(fault, made);
  return made;
}
