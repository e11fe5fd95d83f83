import type { LocatedMap } from '../model/located.ts';
import { SourceText } from '../model/source.ts';
import { generatedKustomization } from './additions.ts';
import {
  type BuildContext,
  fail,
  isDirectory,
  listDirectory,
  markIncomplete,
  readFile,
} from './context.ts';
import { sourceOf } from './files.ts';
import { KUSTOMIZATION_NAMES } from './kustomization/load.ts';
import { readManifests } from './manifests.ts';
import { compareBytes } from './text/compare.ts';

/**
 * The kustomization that Flux generates for a directory that has none: every YAML file below it,
 * in the order of their names, and every directory with a kustomization of its own, which is not
 * entered. A YAML file that is no list of Kubernetes objects fails the build.
 */
export function generateKustomization(context: BuildContext, directory: string): LocatedMap {
  const writer = { by: 'generated', source: new SourceText(directory, ''), start: 0, end: 0 };
  const paths = [...walk(context, directory)];
  const relative = paths.map(
    (path) => `./${directory === '' ? path : path.slice(directory.length + 1)}`,
  );
  return generatedKustomization(relative, writer);
}

function* walk(context: BuildContext, directory: string): Generator<string> {
  const names = listDirectory(context, directory).toSorted(compareBytes);
  for (const name of names) {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (isDirectory(context, path)) {
      if (hasKustomization(context, path)) yield path;
      else yield* walk(context, path);
    } else if (/\.ya?ml$/.test(name) && isManifest(context, path)) {
      yield path;
    }
  }
}

/** Whether a directory has one of the three files that kustomize knows. */
export function hasKustomization(context: BuildContext, directory: string): boolean {
  return KUSTOMIZATION_NAMES.some((name) => {
    const path = directory === '' ? name : `${directory}/${name}`;
    return listDirectory(context, directory).includes(name) && !isDirectory(context, path);
  });
}

/** Whether Flux takes a file; one that it cannot read as objects is reported. */
function isManifest(context: BuildContext, path: string): boolean {
  const content = readFile(context, path);
  const site = { source: new SourceText(path, ''), start: 0, end: 0 };
  switch (content.state) {
    case 'missing':
    case 'not-loaded':
      return false;
    case 'unreadable':
      markIncomplete(context, 'unreadable', `${path} cannot be read: ${content.reason}.`, site);
      return false;
    case 'binary':
      fail(
        context,
        'bad-yaml',
        `${path} is no text (not UTF-8, or with a NUL byte), and Flux reads every YAML file here.`,
        site,
      );
      return false;
    case 'text': {
      const { fault } = readManifests(sourceOf(context, path, content.id, content.text));
      if (fault) {
        const reason = 'Flux reads every YAML file of a directory without a kustomization';
        fail(context, fault.code, `${fault.message} ${reason}.`, fault.site);
      }
      return fault === undefined;
    }
  }
}
