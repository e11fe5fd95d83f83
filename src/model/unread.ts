/** An entry of a repository that holds no content of its own, where manifests would stand. */
export interface UnreadEntry {
  readonly path: string;
  readonly kind: 'symlink' | 'submodule';
  /** The change brings it; never in a scan. */
  readonly isNew?: true;
}
