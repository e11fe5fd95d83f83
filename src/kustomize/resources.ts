import type { LocatedScalar } from '../model/located.ts';
import { type BuildContext, fail, markIncomplete, readFile } from './context.ts';
import type { Draft } from './draft.ts';
import { sourceOf } from './files.ts';
import { takeNotes } from './internal-annotations.ts';
import { type ManifestObject, readManifests } from './manifests.ts';
import { idOf } from './resource-id.ts';

/** The objects of a file, the same ones each time the file is asked for. */
export function loadDrafts(
  context: BuildContext,
  path: string,
  entry: LocatedScalar,
): readonly Draft[] {
  const content = readFile(context, path);
  switch (content.state) {
    case 'missing':
    case 'not-loaded':
      return [];
    case 'unreadable':
      markIncomplete(context, 'unreadable', `${path} cannot be read: ${content.reason}.`, entry);
      return [];
    case 'binary':
      fail(context, 'bad-yaml', `${path} is no text: it is not UTF-8, or holds a NUL byte.`, entry);
      return [];
    case 'text': {
      const source = sourceOf(context, path, content.id, content.text);
      const { objects, fault } = readManifests(source);
      if (fault) fail(context, fault.code, fault.message, fault.site);
      const key = `drafts ${context.schemas.id} ${content.id} ${path}`;
      return context.cache.parsed(key, 0, () =>
        objects.map((object) => toDraft(context, object, path)),
      );
    }
  }
}

/** An object as it comes from a file. */
export function toDraft(context: BuildContext, object: ManifestObject, file: string): Draft {
  const { root, notes } = takeNotes(object.root);
  const id = idOf(root, context.schemas);
  return { root, id, notes, file, site: siteOf(object), size: object.size };
}

/** The name of an object shows best which one is meant. */
function siteOf({ root }: ManifestObject): Draft['site'] {
  return root.map('metadata')?.get('name') ?? root;
}
