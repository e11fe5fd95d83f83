import type { FileTree, TreeEntry } from '../model/file-tree.ts';
import type { UnreadEntry } from '../model/unread.ts';
import type { Cluster } from './cluster.ts';
import type { ManifestFile } from './manifests.ts';
import { directoryOf } from './paths.ts';

/** What could be a manifest or a folder of them: notes and scripts are links often enough. */
const MAY_HOLD_MANIFESTS = /(?:^|\/)(?:[^/.]+|[^/]+\.(?:ya?ml|json))$/;

export interface UnreadSides {
  readonly tree: FileTree;
  readonly clusters: readonly Cluster[];
  readonly files: readonly ManifestFile[];
}

/**
 * Symbolic links and submodules where manifests would stand: in a folder that is applied, or beside
 * manifests. Flux packs no links, and what a submodule holds stands in another repository, so that
 * a review which said nothing would let people think that it was read.
 */
export function unreadEntries(
  { tree, clusters, files }: UnreadSides,
  before?: FileTree,
): UnreadEntry[] {
  const entries = tree.list().filter(isUnread);
  if (entries.length === 0) return [];
  const applied = new Set(clusters.flatMap(({ units }) => units.map(({ path }) => path)));
  const beside = new Set(
    files.flatMap(({ path, resources }) => (resources.length > 0 ? directoryOf(path) : [])),
  );
  return entries
    .filter(({ path }) => beside.has(directoryOf(path)) || isInside(path, applied))
    .map(({ path, kind }) => ({
      path,
      kind,
      ...(before && before.entry(path)?.kind !== kind && { isNew: true }),
    }));
}

function isUnread(entry: TreeEntry): entry is TreeEntry & Pick<UnreadEntry, 'kind'> {
  const { kind, path } = entry;
  return kind === 'submodule' || (kind === 'symlink' && MAY_HOLD_MANIFESTS.test(path));
}

/** Whether one of the directories holds a path, itself included. */
function isInside(path: string, directories: ReadonlySet<string>): boolean {
  for (let at = path; at !== ''; at = directoryOf(at)) if (directories.has(at)) return true;
  return directories.has('');
}
