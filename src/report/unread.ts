import type { UnreadEntry } from '../model/unread.ts';
import { count } from './words.ts';

/** More paths than this are told by their number. */
const MAX_PATHS = 4;

/**
 * What stands where manifests would and was not read, in one sentence; empty where there is none.
 *
 * @param show how a path is written, since it is anybody's
 */
export function tellUnread(unread: readonly UnreadEntry[], show: (path: string) => string): string {
  const parts = [
    listed(unread, 'symlink', 'symbolic link', 'which Flux leaves out', show),
    listed(unread, 'submodule', 'git submodule', 'whose files stand in another repository', show),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Not read: ${parts.join(', and ')}.`;
}

function listed(
  unread: readonly UnreadEntry[],
  wanted: UnreadEntry['kind'],
  name: string,
  why: string,
  show: (path: string) => string,
): string {
  const all = unread.filter(({ kind }) => kind === wanted);
  if (all.length === 0) return '';
  // What the change brings comes first: the rest was so before.
  const sorted = [...all.filter(({ isNew }) => isNew), ...all.filter(({ isNew }) => !isNew)];
  const paths = sorted
    .slice(0, MAX_PATHS)
    .map(({ path, isNew }) => `${show(path)}${isNew ? ', new' : ''}`);
  const more = all.length - paths.length;
  return `${count(all.length, name)}, ${why} (${paths.join('; ')}${more > 0 ? `; and ${more} more` : ''})`;
}
