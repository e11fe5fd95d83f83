import { RE2JS } from 're2js';

import type { LocatedMap } from '../../model/located.ts';

/** Longer patterns are no filter that a person wrote; Flux would take them. */
const LONGEST_PATTERN = 2000;
const LONGEST_TAG = 200;

/** The `filterTags` of an ImagePolicy, read as Flux reads it (Go's RE2, not anchored). */
export interface TagFilter {
  readonly pattern: string;
  readonly extract: string | undefined;
  /** Absent where the pattern is too long to be looked at. */
  readonly compiled?: ReturnType<typeof RE2JS.compile>;
  /** Why Go refuses the pattern. */
  readonly error?: string;
}

/** @returns undefined where there is no filter, or its pattern is not known */
export function tagFilterOf(spec: LocatedMap | undefined): TagFilter | undefined {
  const filter = spec?.map('filterTags');
  const pattern = filter?.text('pattern');
  if (pattern === undefined || pattern === '' || pattern.includes('${')) return undefined;
  return compileFilter(pattern, filter?.text('extract'));
}

/** Compiles a pattern. It comes from a pull request: RE2 takes linear time whatever it holds. */
export function compileFilter(pattern: string, extract?: string): TagFilter {
  const base = { pattern, extract: extract === '' ? undefined : extract };
  if (pattern.length > LONGEST_PATTERN) return base;
  try {
    return { ...base, compiled: RE2JS.compile(pattern) };
  } catch (error) {
    return { ...base, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * What a policy compares of a tag: the whole of it without `extract`, else what that makes of the
 * match.
 *
 * @returns undefined for a tag that the filter keeps out; null where that cannot be told
 */
export function extractOf(
  { compiled, extract }: TagFilter,
  tag: string,
): string | undefined | null {
  if (compiled === undefined || tag.length > LONGEST_TAG) return null;
  const matcher = compiled.matcher(tag);
  if (!matcher.find()) return undefined;
  if (extract === undefined) return tag;
  return expand(extract, (name) => {
    try {
      return (/^\d+$/.test(name) ? matcher.group(Number(name)) : matcher.group(name)) ?? '';
    } catch {
      return '';
    }
  });
}

/** As Go's `Expand`: `$name` takes all letters, digits and underscores that follow. */
function expand(template: string, groupNamed: (name: string) => string): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (_, plain?: string, braced?: string) => {
    const name = plain ?? braced;
    return name === undefined ? '$' : groupNamed(name);
  });
}

/** Tags that nobody means: a filter that lets all of these in keeps nothing out. */
const ANYTHING = ['latest', 'sha256-0.sig', 'dev', 'pr-1-x', '1.0.0', 'zzz'];

/** Whether a pattern lets everything in. */
export function isCatchAll({ compiled }: TagFilter): boolean {
  return compiled !== undefined && ANYTHING.every((tag) => compiled.matcher(tag).find());
}

/** Which ends of a pattern are open. A pattern in one group, or of alternatives, is looked into. */
export function openEndsOf({ pattern, compiled }: TagFilter): readonly ('start' | 'end')[] {
  if (compiled === undefined) return [];
  const ends: ('start' | 'end')[] = [];
  const isWrapped = /^\^\(?|^\(\?[a-z]+\)\^|^\\A|^\(\^/.test(pattern) || pattern.startsWith('.*');
  if (!isWrapped) ends.push('start');
  if (!/(?:\$\)*|\\z)$/.test(pattern) && !pattern.endsWith('.*')) ends.push('end');
  return ends;
}
