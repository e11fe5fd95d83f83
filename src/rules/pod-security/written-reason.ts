import { type FieldPath, find } from '../../model/field-path.ts';
import type { Located } from '../../model/located.ts';
import type { Site } from '../../model/source.ts';

/**
 * Whether a comment stands on a value's line or directly above it: a reason for whoever comes
 * next. A line that only controls this program or another one is none.
 */
export function hasComment(node: Located): boolean {
  return isBeside(node, node.kind === 'scalar') || isAbove(node);
}

/** The same for an item of a list: one on a single line has one reason for all of its items. */
export function itemHasComment(root: Located, list: FieldPath, item: Located): boolean {
  const { node, key } = find(root, list);
  const { source, start, end } = node;
  if (source.text[start] !== '[') return hasComment(item);
  return isBeside(node, true) || isAbove({ source, start: key?.start ?? start, end });
}

function isBeside(site: Site, isShort: boolean): boolean {
  if (!isShort) return false;
  const { source, end } = site.source.outermost(site.start, site.end);
  const lineEnd = source.text.indexOf('\n', end);
  return /^\s+#\s*\S/.test(source.text.slice(end, lineEnd === -1 ? undefined : lineEnd));
}

/** Lines that control a program, and those of the manual's own example of an exemption. */
const NO_REASON = /^\s*#\s*(?:(?:yaml-language-server|fluxgate):?|Array of )/;

function isAbove(site: Site): boolean {
  const { source, start } = site.source.outermost(site.start, site.end);
  const { line } = source.position(start);
  if (line === 1) return false;
  const above = source.text.slice(source.lineStart(line - 1), source.lineStart(line));
  return /^\s*#\s*\S/.test(above) && !NO_REASON.test(above);
}
