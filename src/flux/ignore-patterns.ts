import { type Glob, matchesGlob, readGlob } from './ignore-glob.ts';

/** One line of a `.sourceignore` file, read as go-git reads a line of `.gitignore`. */
export interface IgnorePattern {
  readonly isNegated: boolean;
  readonly isDirectory: boolean;
  /** Matches from the directory of the file on; else a name at any depth. */
  readonly isAnchored: boolean;
  readonly segments: readonly Segment[];
  /** Segments of the directory that the file lies in. */
  readonly domain: readonly string[];
}

/** A part of a pattern between slashes: nothing, any directories, or a name. */
type Segment = 'empty' | 'any-directories' | { readonly glob: Glob | undefined };

/** Where Flux stops to read: a line as long as this, and all behind it, does not count. Bytes. */
const LONGEST_LINE = 64 * 1024;

/** The patterns of a file or of `spec.ignore`, from the weakest on. */
export function readIgnorePatterns(text: string, directory: string): IgnorePattern[] {
  const domain = directory === '' ? [] : directory.split('/');
  const lines = text.split('\n');
  const tooLong = lines.findIndex((line) => Buffer.byteLength(line) >= LONGEST_LINE);
  return lines
    .slice(0, tooLong === -1 ? lines.length : tooLong)
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => readPattern(line, domain));
}

function readPattern(line: string, domain: readonly string[]): IgnorePattern {
  const isNegated = line.startsWith('!');
  const written = isNegated ? line.slice(1) : line;
  const trimmed = written.endsWith('\\ ') ? written : written.replace(/ +$/, '');
  const isDirectory = trimmed.endsWith('/');
  const pattern = isDirectory ? trimmed.slice(0, -1) : trimmed;
  const isAnchored = pattern.includes('/');
  const segments = isAnchored ? pattern.split('/').map(readSegment) : [{ glob: readGlob(pattern) }];
  return { isNegated, isDirectory, isAnchored, segments, domain };
}

/** Two stars stand for directories alone, and beside anything else for nothing that exists. */
function readSegment(text: string): Segment {
  if (text === '') return 'empty';
  if (text === '**') return 'any-directories';
  return { glob: text.includes('**') ? undefined : readGlob(text) };
}

/** Whether a file is left out: the last pattern that matches decides; undefined when none does. */
export function isIgnored(
  path: readonly string[],
  patterns: readonly IgnorePattern[],
): boolean | undefined {
  const last = patterns.findLast((pattern) => matches(pattern, path));
  return last && !last.isNegated;
}

/** As `gitignore.Pattern` of go-git has it for a file; what matches a directory holds for its files. */
function matches(pattern: IgnorePattern, path: readonly string[]): boolean {
  const { domain } = pattern;
  if (path.length <= domain.length || domain.some((step, index) => path[index] !== step)) {
    return false;
  }
  const rest = path.slice(domain.length);
  const end = pattern.isAnchored ? endOfMatch(pattern.segments, rest) : endOfName(pattern, rest);
  return end !== undefined && !(pattern.isDirectory && end === rest.length);
}

/** Behind the first step that has the name. */
function endOfName({ segments }: IgnorePattern, path: readonly string[]): number | undefined {
  const [segment] = segments;
  const index = path.findIndex((step) => segment !== undefined && isNamed(segment, step));
  return index === -1 ? undefined : index + 1;
}

/** Behind the last step that the segments match; undefined where they do not, or match nothing. */
function endOfMatch(segments: readonly Segment[], path: readonly string[]): number | undefined {
  let at = 0;
  let hasMatched = false;
  let mayPass = false;
  for (const [index, segment] of segments.entries()) {
    if (segment === 'empty') {
      mayPass = false;
    } else if (segment === 'any-directories') {
      if (index === segments.length - 1) break;
      mayPass = true;
    } else {
      const last = mayPass ? path.length : Math.min(at + 1, path.length);
      const step = path.slice(at, last).findIndex((name) => isNamed(segment, name));
      if (step === -1) return undefined;
      // The nearest step of that name is taken, even where a later one would let the rest match.
      at += step + 1;
      hasMatched = true;
      mayPass = false;
    }
  }
  return hasMatched ? at : undefined;
}

function isNamed(segment: Segment, step: string): boolean {
  return (
    typeof segment === 'object' && segment.glob !== undefined && matchesGlob(segment.glob, step)
  );
}
