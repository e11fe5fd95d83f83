import type { Cluster } from '../../flux/cluster.ts';
import type { Section } from '../../model/section.ts';
import type { RepositoryChange } from '../rule.ts';
import { clusterChanges } from './coverage.ts';
import { imageVerifiersOf } from './image-verifiers.ts';

const MOST_NAMES = 5;

/** What a change adds to the guards of images: good news, in a line. */
export function guardSections(change: RepositoryChange): readonly Section[] {
  if (change.before === undefined) return [];
  const added = new Map<string, boolean>();
  for (const { before, after } of clusterChanges(change)) {
    if (before === undefined || before === after) continue;
    const known = guardsOf(before);
    for (const [name, enforces] of guardsOf(after)) {
      if (!known.has(name)) added.set(name, enforces || added.get(name) === true);
    }
  }
  if (added.size === 0) return [];
  const names = [...added.keys()].slice(0, MOST_NAMES).join(', ');
  const more = added.size > MOST_NAMES ? ` and ${added.size - MOST_NAMES} more` : '';
  const enforcing = [...added.values()].filter((enforces) => enforces).length;
  const what = added.size === 1 ? 'a policy that verifies' : `${added.size} policies that verify`;
  const how =
    enforcing === added.size
      ? ''
      : enforcing === 0
        ? ' Unsigned images are only reported.'
        : ` ${enforcing} of them ${enforcing === 1 ? 'refuses' : 'refuse'} unsigned images.`;
  const when =
    added.size === 1
      ? 'What it demands counts once it is merged.'
      : 'What they demand counts once they are merged.';
  const text = `${enforcing > 0 ? 'Well done: this' : 'This'} change adds ${what} images: ${names}${more}.${how} ${when}`;
  const blocks = [{ kind: 'text', text } as const];
  return [{ area: 'image-policy', title: 'Guards of images', blocks, isGood: true }];
}

/** Each policy by its name for people, and whether it refuses what is unsigned. */
function guardsOf(cluster: Cluster): Map<string, boolean> {
  const guards = new Map<string, boolean>();
  for (const { object, enforces } of imageVerifiersOf(cluster)) {
    if (object === undefined) continue;
    const { kind, plainName } = object.resource;
    const where = object.namespace === undefined ? '' : ` in namespace "${object.namespace}"`;
    const name = `${kind} "${plainName}"${where}`;
    guards.set(name, enforces || guards.get(name) === true);
  }
  return guards;
}
