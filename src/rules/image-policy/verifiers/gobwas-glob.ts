import { RE2JS } from 're2js';

/** Longer globs are none that a person wrote. */
const LONGEST = 500;

/**
 * A glob as Kyverno's ImageValidatingPolicy matches it (gobwas/glob without separators): `*` and
 * `**` are anything, also across slashes, `?` one character, `[a-z]` and `[!a-z]` one of a class,
 * `{a,b}` one of several, `\` takes the next character as it is. It comes from a manifest, so it
 * runs on RE2, in linear time.
 *
 * @returns undefined for what is no glob
 */
export function compileGlob(glob: string): ((text: string) => boolean) | undefined {
  if (glob.length > LONGEST) return undefined;
  const source = toPattern(glob);
  if (source === undefined) return undefined;
  try {
    const compiled = RE2JS.compile(`^(?s:${source})$`);
    return (text) => compiled.matcher(text).find();
  } catch {
    return undefined;
  }
}

function toPattern(glob: string): string | undefined {
  const parts = glob.match(/\\[^]|\[!?[^\]]+\]|\*+|[^]/g) ?? [];
  let depth = 0;
  let pattern = '';
  for (const part of parts) {
    if (part === '{') depth += 1;
    if (part === '}') depth -= 1;
    if (depth < 0 || part === '[' || part === ']' || part === '\\') return undefined;
    pattern += toPart(part, depth);
  }
  return depth === 0 ? pattern : undefined;
}

function toPart(part: string, depth: number): string {
  if (part.startsWith('*')) return '.*';
  if (part === '?') return '.';
  if (part === '{') return '(?:';
  if (part === '}') return ')';
  if (part === ',' && depth > 0) return '|';
  const [, negated, members] = /^\[(!?)([^]+)\]$/.exec(part) ?? [];
  if (members !== undefined) {
    return `[${negated === '!' ? '^' : ''}${members.replace(/[\\[^&~]/g, '\\$&')}]`;
  }
  return RE2JS.quote(part.startsWith('\\') ? part.slice(1) : part);
}
