import type { Located } from '../../model/located.ts';

/**
 * Whether a comment stands on a value's line or directly above it: a reason for whoever comes
 * next. A line that only controls this program or another one is none.
 */
export function hasComment(node: Located): boolean {
  const { source, start, end } = node.source.outermost(node.start, node.end);
  const { line } = source.position(start);
  const lineEnd = source.text.indexOf('\n', start);
  const rest = source.text.slice(
    node.kind === 'scalar' ? end : start,
    lineEnd === -1 ? undefined : lineEnd,
  );
  if (node.kind === 'scalar' && /^\s+#\s*\S/.test(rest)) return true;
  if (line === 1) return false;
  const above = source.text.slice(source.lineStart(line - 1), source.lineStart(line));
  return /^\s*#\s*\S/.test(above) && !/^\s*#\s*(?:yaml-language-server|fluxgate):?/.test(above);
}
