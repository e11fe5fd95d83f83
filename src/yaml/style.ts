import type { Site } from '../model/source.ts';

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

/** The header of a block scalar, at the end of the line above its first line. */
const BLOCK_HEADER = /([|>])[-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n$/;

/** How a scalar that was just read is written in its source. */
export function scalarStyle({ source, start, end }: Site): ScalarStyle {
  const { text } = source;
  const first = text[start];
  if (end > start && first === '"') return 'double-quoted';
  if (end > start && first === "'") return 'single-quoted';
  const lineStart = text.lastIndexOf('\n', start - 2) + 1;
  const indicator = BLOCK_HEADER.exec(text.slice(lineStart, start))?.[1];
  if (indicator === undefined) return 'plain';
  return indicator === '|' ? 'literal' : 'folded';
}

/** Whether a map or list that was just read is written with braces or brackets. */
export function isFlow({ source, start }: Site): boolean {
  const first = source.text[start];
  return first === '{' || first === '[';
}
