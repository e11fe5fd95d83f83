import {
  clearField,
  fieldOf,
  fieldsOf,
  type Node,
  isMissingOrNull,
  itemsOf,
  valueOf,
} from './node.ts';
import { setElement } from './elements.ts';
import { MergeFault } from './fault.ts';

/** What `$patch` says about a map or list of a patch. */
export type Directive = 'merge' | 'replace' | 'delete';

const KEY = '$patch';

/**
 * Reads the directive of a patch's value and takes it out (kyaml `merge2/smpdirective.go`).
 *
 * @throws MergeFault for a directive that is none of the three
 */
export function takeDirective(patch: Node | undefined): Directive {
  if (patch === undefined) return 'merge';
  if (patch.located.kind === 'list') return takeListDirective(patch);
  if (patch.located.kind === 'map') {
    const directive = fieldOf(patch, KEY);
    if (directive === undefined) return 'merge';
    const known = toDirective(valueOf(directive));
    clearField(patch, KEY);
    return known;
  }
  throw new MergeFault('a patch directive needs a map or a list');
}

/** In a list the directive stands in an item of its own, beside no other field. */
function takeListDirective(patch: Node): Directive {
  const holder = itemsOf(patch).find((item) => fieldOf(item, KEY) !== undefined);
  const directive = fieldOf(holder, KEY);
  if (holder === undefined || directive === undefined || fieldsOf(holder).size > 1) {
    return 'merge';
  }
  const value = valueOf(directive);
  const known = toDirective(value);
  setElement(patch, undefined, [KEY], [value]);
  return known;
}

function toDirective(text: string): Directive {
  if (text === 'delete' || text === 'replace' || text === 'merge') return text;
  throw new MergeFault(`$patch takes delete, replace or merge, not ${JSON.stringify(text)}`);
}

/** The directive of a value for which the resource has nothing; an unknown one is left standing. */
export function tryTakeDirective(patch: Node | undefined): Directive | undefined {
  if (isMissingOrNull(patch)) return undefined;
  try {
    return takeDirective(patch);
  } catch (error) {
    if (error instanceof MergeFault) return undefined;
    throw error;
  }
}
