import { type FieldPath, placeOf, toDotted } from '../../../model/field-path.ts';
import type { Located } from '../../../model/located.ts';
import { embedded } from '../../embedded-values.ts';
import type { Asked } from './asked.ts';
import { type Privilege, privilegesAt, privilegesIn } from './privileges.ts';

/** What a patch asks for. @param patch an object to merge, a list of operations, or the text of one */
export function askedByPatch(patch: Located): Omit<Asked, 'where'>[] {
  const nodes = patch.kind === 'scalar' ? embedded(patch) : [patch];
  return nodes.flatMap((node) =>
    patchPrivileges(node).map(({ path, what }) => ({
      ...{ field: toDotted(path, node), what, place: placeOf(node, path) },
    })),
  );
}

/** A patch is an object to merge, or a list of operations. */
function patchPrivileges(patch: Located): Privilege[] {
  if (patch.kind !== 'list') return privilegesIn(patch, []);
  return patch.items.flatMap((operation, index) => {
    const value = operation.kind === 'map' ? operation.get('value') : undefined;
    const to = operation.kind === 'map' ? operation.text('path') : undefined;
    if (value === undefined || to === undefined || setsNothing(operation)) return [];
    const steps = to.split('/').slice(1).map(unescape);
    return privilegesAt(steps, value, [index, 'value'] satisfies FieldPath);
  });
}

/** `test` and `remove` change nothing to the value that stands beside them. */
function setsNothing(operation: Located): boolean {
  const op = operation.kind === 'map' ? operation.text('op') : undefined;
  return op === 'test' || op === 'remove';
}

function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
