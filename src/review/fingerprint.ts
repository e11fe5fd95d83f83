import { createHash } from 'node:crypto';

import type { Fault } from '../model/finding.ts';
import { groupOf } from '../model/resource.ts';

/**
 * What makes two findings the same: rule, subject and field, never a line. So a finding keeps its
 * comment while its file is edited around it, and an object keeps it when its API version rises.
 */
export function fingerprint({ rule, subject }: Fault): string {
  const { apiVersion, kind, namespace = '', name, field } = subject;
  const identity = JSON.stringify([rule, groupOf(apiVersion), kind, namespace, name, field]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 24);
}
