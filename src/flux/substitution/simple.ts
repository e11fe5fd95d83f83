import { type Entry, type Located, LocatedList, LocatedScalar } from '../../model/located.ts';
import { isInertKey, isInertScalar } from './inert.ts';
import type { Variables } from './variables.ts';

/** What stands in a value whose variables are all of the form `${NAME}`. */
const TEMPLATE = /^(?:[\w./:@-]|\$\{[A-Za-z_]\w*\})+$/;
const CALLS = /\$\{(\w+)\}/g;

/** A text that every reader takes for that text, in quotes and without. */
const WORD = /^[A-Za-z](?:[\w./:@-]*[\w./@-])?$/;
const NO_TEXT = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** Far below what bounds a substitution: for one template or variable, and for a whole object. */
const LONGEST_PART = 1_000;
const LONGEST = 100_000;

/**
 * Substitution of what most objects hold: a few values such as `registry/app:${TAG}` that become
 * plain words. Printing the whole object and reading it again would make the same of it.
 *
 * @returns undefined where that is not so, or not sure
 */
export function substituteSimply(object: Located, variables: Variables): Located | undefined {
  let length = 0;

  function visit(node: Located): Located | undefined {
    if (node.kind === 'scalar') return visitScalar(node);
    if (node.kind === 'list') {
      const items = visitAll(node.items, visit);
      return items && (items === node.items ? node : new LocatedList(items, node, node.trace));
    }
    const entries = visitAll(node.entries, visitEntry);
    return entries && (entries === node.entries ? node : node.withEntries(entries));
  }

  function visitEntry(entry: Entry): Entry | undefined {
    if (!isInertKey(entry.key)) return undefined;
    const value = visit(entry.value);
    return value && (value === entry.value ? entry : { ...entry, value });
  }

  function visitScalar(node: LocatedScalar): LocatedScalar | undefined {
    if (isInertScalar(node)) return node;
    const names = new Set<string>();
    const text = typeof node.value === 'string' ? expandCalls(node.value, names) : undefined;
    if (text === undefined) return undefined;
    length += text.length;
    if (length > LONGEST || !WORD.test(text) || NO_TEXT.test(text)) return undefined;
    const { source, start, end, trace } = node;
    const from = [...names].flatMap((name) => variables.named.get(name)?.site ?? []);
    const before = { source, start, end, trace };
    return new LocatedScalar(text, node, { by: 'substitution', before, from });
  }

  function expandCalls(template: string, names: Set<string>): string | undefined {
    if (template.length > LONGEST_PART || !TEMPLATE.test(template)) return undefined;
    let text = '';
    let end = 0;
    for (const { 0: call, 1: name = '', index } of template.matchAll(CALLS)) {
      const variable = variables.named.get(name);
      if (variable === undefined || 'unknown' in variable) return undefined;
      if (variable.value.length > LONGEST_PART) return undefined;
      names.add(name);
      text += template.slice(end, index) + variable.value;
      end = index + call.length;
    }
    return text + template.slice(end);
  }

  return visit(object);
}

/** The very list where nothing changes; undefined where something cannot be said. */
function visitAll<T>(
  items: readonly T[],
  visit: (item: T) => T | undefined,
): readonly T[] | undefined {
  let changed: T[] | undefined;
  for (const [at, item] of items.entries()) {
    const visited = visit(item);
    if (visited === undefined) return undefined;
    if (visited !== item) (changed ??= [...items])[at] = visited;
  }
  return changed ?? items;
}
