/** One line of a `.sourceignore` file, read as a line of `.gitignore` is. */
export interface IgnorePattern {
  readonly isNegated: boolean;
  readonly isDirectory: boolean;
  /** Matches from the directory of the file on; else a name at any depth. */
  readonly isAnchored: boolean;
  readonly segments: readonly string[];
  /** Segments of the directory that the file lies in. */
  readonly domain: readonly string[];
}

/** More lines are not read. Each costs a comparison for every file of the repository. */
const MAX_PATTERNS = 500;

export function readIgnorePatterns(text: string, directory: string): IgnorePattern[] {
  const domain = directory === '' ? [] : directory.split('/');
  return text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .slice(0, MAX_PATTERNS)
    .map((line) => readPattern(line, domain));
}

function readPattern(line: string, domain: readonly string[]): IgnorePattern {
  let pattern = line;
  const isNegated = pattern.startsWith('!');
  if (isNegated) pattern = pattern.slice(1);
  if (!pattern.endsWith('\\ ')) pattern = pattern.trimEnd();
  const isDirectory = pattern.endsWith('/');
  if (isDirectory) pattern = pattern.slice(0, -1);
  const isAnchored = pattern.includes('/');
  const segments = pattern.split('/').filter((segment) => segment !== '');
  return { isNegated, isDirectory, isAnchored, segments, domain };
}

/** Whether a file is left out: the last pattern that matches decides; undefined when none does. */
export function isIgnored(
  path: readonly string[],
  patterns: readonly IgnorePattern[],
): boolean | undefined {
  const last = patterns.findLast((pattern) => matches(pattern, path));
  return last && !last.isNegated;
}

function matches(pattern: IgnorePattern, path: readonly string[]): boolean {
  const { domain, segments, isDirectory, isAnchored } = pattern;
  if (path.length <= domain.length || domain.some((step, index) => path[index] !== step)) {
    return false;
  }
  const rest = path.slice(domain.length);
  if (isAnchored) return matchesFrom(segments, 0, rest, 0, isDirectory);
  const [name = ''] = segments;
  return rest.some(
    (step, index) => (!isDirectory || index < rest.length - 1) && matchesName(name, step),
  );
}

/** Whether segments match the beginning of a path: what matches a directory holds for all in it. */
function matchesFrom(
  segments: readonly string[],
  at: number,
  path: readonly string[],
  from: number,
  isDirectory: boolean,
): boolean {
  const segment = segments[at];
  if (segment === undefined) return !isDirectory || from < path.length;
  if (segment === '**') {
    const next = segments.slice(at).findIndex((other) => other !== '**');
    if (next === -1) return from < path.length;
    // A second `**` could make this slow for a long path: the nearest match is as good as any.
    for (let start = from; start < path.length; start += 1) {
      if (matchesName(segments[at + next] ?? '', path[start] ?? '')) {
        return matchesFrom(segments, at + next + 1, path, start + 1, isDirectory);
      }
    }
    return false;
  }
  const step = path[from];
  if (step === undefined || !matchesName(segment, step)) return false;
  return matchesFrom(segments, at + 1, path, from + 1, isDirectory);
}

/** A glob of one segment: `*`, `?` and escapes; linear in the product of both lengths. */
export function matchesName(glob: string, name: string): boolean {
  let g = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    const char = glob[g];
    const isEscaped = char === '\\' && g + 1 < glob.length;
    if (char === '*') {
      star = g;
      resume = n;
      g += 1;
    } else if (isEscaped ? glob[g + 1] === name[n] : char === '?' || char === name[n]) {
      g += isEscaped ? 2 : 1;
      n += 1;
    } else if (star !== -1) {
      g = star + 1;
      resume += 1;
      n = resume;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g += 1;
  return g === glob.length;
}
