/**
 * A path of a kustomization, relative to the repository's root: `.`, `..` and doubled slashes
 * resolved without looking at files, as Go's `filepath.Join` does.
 *
 * @param directory the kustomization's, `''` for the root
 * @returns undefined when the path is absolute or leaves the repository
 */
export function joinPath(directory: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const steps = directory === '' ? [] : directory.split('/');
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}

/** A relative path with `.` and `..` resolved as far as possible: `''`, `a/b`, `../x`. */
export function cleanRelative(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else steps.push(step);
  }
  return steps.join('/');
}

/** Whether a directory is another one or holds it. */
export function holdsDirectory(outer: string, inner: string): boolean {
  return outer === '' || outer === inner || inner.startsWith(`${outer}/`);
}

/** The last part of a path. */
export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '') return path === '' ? '.' : '/';
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** Whether kustomize would ask a web server for a file. */
export function isRemoteFile(path: string): boolean {
  return /^https?:/i.test(path);
}

/**
 * Whether kustomize would clone a repository for a path that is no file (api
 * `internal/git/repospec.go`).
 */
export function isRemoteRepository(path: string): boolean {
  if (path.startsWith('/')) return false;
  const url = (path.split('?')[0] ?? '').replace(/^git::/i, '');
  const scheme = /^(?:ssh|https?|file):\/\//i.exec(url)?.[0] ?? '';
  const withoutScheme = url.slice(scheme.length);
  const user = /^[a-zA-Z][a-zA-Z0-9-]*@/.exec(withoutScheme)?.[0] ?? '';
  const rest = withoutScheme.slice(user.length);
  if (scheme.toLowerCase() === 'file://') return rest !== '';
  const isGithub = /^github\.com[/:]/i.test(rest);
  const acceptsColon = scheme === '' && (user !== '' || isGithub);
  if (scheme === '' && !acceptsColon) return false;
  const slash = rest.indexOf('/');
  const colon = rest.indexOf(':');
  const separator = acceptsColon && (slash === -1 || (colon > 0 && colon < slash)) ? colon : slash;
  if (separator === -1) return false;
  return hasRepositoryPath(rest.slice(separator + 1));
}

/** A path that names a repository by a marker, or by an owner and a name. */
function hasRepositoryPath(path: string): boolean {
  for (const marker of ['_git/', '//', '.git']) {
    const at = path.indexOf(marker);
    if (at !== -1) return at > 0 || marker !== '//';
  }
  return path.split('/').length >= 2;
}
