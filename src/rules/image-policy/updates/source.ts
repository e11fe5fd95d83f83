import { toPlace } from '../../../model/source.ts';
import type { Repository } from '../../rule.ts';
import { SOURCE_ANNOTATION } from './links.ts';
import type { VersionChange } from './version-changes.ts';

/**
 * The address that the object of an update itself names: the annotation about its source, or the
 * URL of a GitRepository. Of the base branch, as a change could name anything. Empty without one.
 */
export function sourceOf({ path, line }: VersionChange, { files }: Repository): string {
  const file = files.find((each) => each.path === path);
  const resource = file?.resources.find(({ root }) => {
    const { line: first, endLine } = toPlace(root);
    return first <= line && line <= endLine;
  });
  if (resource === undefined) return '';
  const annotations = resource.root.map('metadata')?.map('annotations');
  const named = annotations?.text(SOURCE_ANNOTATION);
  if (named !== undefined) return named;
  const isGit = resource.kind === 'GitRepository';
  return (isGit ? resource.root.map('spec')?.text('url') : undefined) ?? '';
}
