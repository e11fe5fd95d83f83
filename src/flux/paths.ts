import { joinPath as joinRelative } from '../kustomize/paths.ts';

/**
 * Joins a path to a directory; undefined where it leaves the repository. Leading slashes do not
 * count: Flux takes every path as one inside its artifact.
 */
export function joinPath(directory: string, path: string): string | undefined {
  return joinRelative(directory, path.replace(/^\/+/, ''));
}

/**
 * A path of a Flux object inside its artifact. As Flux's SecureJoin does, it never leaves the
 * root: `../../x` is `x`.
 */
export function securePath(path: string): string {
  const parts: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '' && step !== '.') parts.push(step);
  }
  return parts.join('/');
}

/** The directory of a file; `''` for the root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** A directory and those above it, nearest first, the root last. */
export function ancestorsOf(directory: string): string[] {
  const found = [directory];
  let at = directory;
  while (at !== '') {
    at = directoryOf(at);
    found.push(at);
  }
  return found;
}

/** Whether a path lies in a directory, or is it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`);
}
