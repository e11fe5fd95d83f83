/** A path as people write it in the configuration, relative to the repository's root: `./a/` is `a`. */
export function toRepositoryPath(written: string): string {
  return written.replace(/^(?:\.?\/)+|^\.$/, '').replace(/\/+$/, '');
}
