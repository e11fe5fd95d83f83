import type { LocatedScalar } from '../model/located.ts';
import { type Site, SourceText } from '../model/source.ts';
import { fileSource } from '../yaml/file-source.ts';
import { embeddedSource } from '../yaml/embedded.ts';
import {
  type BuildContext,
  entryOf,
  fail,
  incompleteOf,
  isDirectory,
  markIncomplete,
  readFile,
} from './context.ts';
import { isRemoteFile, joinPath } from './paths.ts';
import { textOf } from './scalar.ts';

/** A file that an entry names: its path and content. */
export interface LoadedFile {
  readonly path: string;
  readonly id: string;
  /** The text, absent when the content is not valid UTF-8 or holds NUL. */
  readonly text: string | undefined;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Loads a file for an entry of a kustomization that names it.
 *
 * @returns undefined when it cannot be had, which was reported at the entry
 */
export function loadFile(
  context: BuildContext,
  directory: string,
  entry: LocatedScalar,
  named = textOf(entry),
): LoadedFile | undefined {
  if (isRemoteFile(named)) {
    markIncomplete(context, 'remote', `${named} is fetched from the network.`, entry);
    return undefined;
  }
  const path = joinPath(directory, named);
  if (path === undefined) {
    const message = `${named} is outside of the repository, where Flux does not look.`;
    fail(context, 'outside-repository', message, entry);
    return undefined;
  }
  const content = readFile(context, path);
  switch (content.state) {
    case 'text':
      return { path, id: content.id, text: content.text, bytes: undefined };
    case 'binary':
      return { path, id: content.id, text: undefined, bytes: content.bytes };
    case 'not-loaded':
      return undefined;
    case 'unreadable':
      markIncomplete(context, 'unreadable', `${path} cannot be read: ${content.reason}.`, entry);
      return undefined;
    case 'missing':
      reportMissingFile(context, path, entry);
      return undefined;
  }
}

/** A path that leads to no file; where the listing is cut it may lead to one all the same. */
export function reportMissingFile(context: BuildContext, path: string, entry: LocatedScalar): void {
  const cut = whyUnknown(context, path);
  if (cut !== undefined) {
    markIncomplete(context, 'unreadable', `${path || '.'} cannot be read: ${cut}.`, entry);
  } else if (isDirectory(context, path)) {
    fail(context, 'missing-file', `${path || '.'} is a directory, not a file.`, entry);
  } else {
    const link = symlinkOn(context, path);
    const message =
      link === undefined
        ? `There is no file or directory ${path}.`
        : `${link} is a symbolic link, and Flux leaves links out: there is no file or directory ${path} for it.`;
    fail(context, 'missing-file', message, entry);
  }
}

/** The symbolic link that a path leads to or through. */
function symlinkOn(context: BuildContext, path: string): string | undefined {
  const parts = path.split('/');
  return parts
    .map((_, at) => parts.slice(0, at + 1).join('/'))
    .find((each) => entryOf(context, each)?.kind === 'symlink');
}

/** Why a path that is not listed may exist: in a submodule, or where the listing was cut. */
export function whyUnknown(context: BuildContext, path: string): string | undefined {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    if (entryOf(context, path.slice(0, at))?.kind === 'submodule') return 'it is in a submodule';
  }
  return incompleteOf(context);
}

/** Loads a file that must be text. */
export function loadText(
  context: BuildContext,
  directory: string,
  entry: LocatedScalar,
): SourceText | undefined {
  const file = loadFile(context, directory, entry);
  if (file === undefined) return undefined;
  if (file.text === undefined) {
    fail(
      context,
      'bad-yaml',
      `${file.path} is no text: it is not UTF-8, or holds a NUL byte.`,
      entry,
    );
    return undefined;
  }
  return sourceOf(context, file.path, file.id, file.text);
}

/** One source for a file, however often it is read: places of one file compare equal. */
export function sourceOf(
  { cache }: BuildContext,
  path: string,
  id: string,
  text: string,
): SourceText {
  return cache.parsed(`source ${id} ${path}`, text.length, () => fileSource(id, path, text));
}

const embedded = new WeakMap<LocatedScalar, SourceText>();

/** The text inside a scalar as a source, made once, without the blanks around it. */
export function embeddedText(scalar: LocatedScalar): SourceText {
  let source = embedded.get(scalar);
  if (source === undefined) {
    source = trim(embeddedSource(scalar));
    embedded.set(scalar, source);
  }
  return source;
}

function trim(whole: SourceText): SourceText {
  const text = whole.text.trim();
  if (text === whole.text) return whole;
  const lead = whole.text.length - whole.text.trimStart().length;
  const toOuter = (offset: number): Site => whole.outermost(lead + offset, lead + offset + 1);
  return new SourceText(whole.path, text, toOuter);
}
