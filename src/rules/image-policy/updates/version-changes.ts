import type { FileTree } from '../../../model/file-tree.ts';
import { markersOf } from '../markers.ts';
import { fileChangesOf, type LineChange } from './file-changes.ts';
import {
  kindOfMarked,
  kindOfValue,
  shapeOf,
  type ValueKind,
  versionsIn,
} from './version-values.ts';
import { dottedPathOf, neighboursOf, readLine, type WrittenLine } from './written-line.ts';

/** A value that names an image or a version, before and after a change. */
export interface VersionChange {
  readonly path: string;
  /** Of the file after the change, from 1. */
  readonly line: number;
  /** Dotted, by indentation: `spec.values.image.tag`. */
  readonly field: string;
  readonly kind: ValueKind;
  readonly from: string;
  readonly to: string;
  /** The image, chart or artifact that the value belongs to, where its neighbours tell. */
  readonly of?: string;
  /** The setter of image automation on this line, as the base branch has it. */
  readonly setter?: string;
}

/** What a change does that is no update of a version. */
export interface OtherChange {
  readonly path: string;
  /** Of the file after; the line above it where lines went away; 1 for a whole file. */
  readonly line: number;
  readonly was?: string;
  readonly is?: string;
  /** Of a whole file: what happened to it, inside a sentence. */
  readonly whole?: string;
}

/** A change seen as an update of versions. */
export interface VersionChanges {
  readonly updates: readonly VersionChange[];
  readonly others: readonly OtherChange[];
}

const known = new WeakMap<FileTree, WeakMap<FileTree, VersionChanges>>();

/** Every line that a change touches, told apart. Worked out once for each pair of trees. */
export function versionChangesOf(before: FileTree, after: FileTree): VersionChanges {
  const pairs = known.get(before) ?? new WeakMap<FileTree, VersionChanges>();
  known.set(before, pairs);
  const found = pairs.get(after) ?? work(before, after);
  pairs.set(after, found);
  return found;
}

function work(before: FileTree, after: FileTree): VersionChanges {
  const changed = fileChangesOf(before, after);
  if (changed.length === 0) return { updates: [], others: [] };
  const setters = new Map<string, string>();
  const touched = new Set(changed.map(({ path }) => path));
  for (const { place, setter, isText } of markersOf(before)) {
    const isUsed = setter !== undefined && !isText && touched.has(place.path);
    if (isUsed) setters.set(`${place.path}:${place.line}`, setter);
  }
  const updates: VersionChange[] = [];
  const others: OtherChange[] = [];
  for (const { path, state, lines, text } of changed) {
    if (state !== 'changed') {
      others.push({ path, line: 1, whole: WHOLE[state] });
      continue;
    }
    for (const change of lines) {
      const setter = setters.get(`${path}:${change.was?.line ?? 0}`);
      const update = updateOf(change, text, setter);
      if (update !== undefined) {
        updates.push({ path, line: change.at, ...update, ...(setter !== undefined && { setter }) });
        continue;
      }
      const { was, is } = change;
      others.push({
        path,
        line: change.at,
        ...(was && { was: was.text }),
        ...(is && { is: is.text }),
      });
    }
  }
  return { updates, others };
}

const WHOLE = {
  added: 'is new',
  removed: 'is taken away',
  unread: 'is changed, and its content was not looked at',
} as const;

/** Comments differ by the version that they repeat, and by nothing else. */
const IN_COMMENT = /\bv?\d[\w.+-]*|sha256:[0-9a-f]{64}/g;

function updateOf(
  { was, is }: LineChange,
  text: readonly string[],
  setter: string | undefined,
): Pick<VersionChange, 'field' | 'kind' | 'from' | 'to' | 'of'> | undefined {
  if (was === undefined || is === undefined) return undefined;
  const [old, now] = [readLine(was.text), readLine(is.text)];
  const index = is.line - 1;
  const field = dottedPathOf(text, index);
  if (old && now && isSameButValue(old, now)) {
    const kindOf = ({ key, value }: WrittenLine) =>
      setter === undefined ? kindOfValue(key, value) : kindOfMarked(setter, value);
    const [before, kind] = [kindOf(old), kindOf(now)];
    // From no version, such as a channel, to one is an update too; the reverse is none.
    const isUpdate = kind !== undefined && (before === kind || /^[\w.-]{1,128}$/.test(old.value));
    if (isUpdate && old.value !== now.value) {
      const of = ownerOf(text, index, now);
      return { field, kind, from: old.value, to: now.value, ...(of !== undefined && { of }) };
    }
  }
  const shape = shapeOf(is.text);
  if (shape === undefined || !shape.includes('\u0000') || shape !== shapeOf(was.text)) {
    return undefined;
  }
  const [froms, tos] = [versionsIn(was.text), versionsIn(is.text)];
  const at = tos.findIndex((to, index) => to !== froms[index]);
  return { field, kind: 'text', from: froms[at] ?? '', to: tos[at] ?? '' };
}

function isSameButValue(old: WrittenLine, now: WrittenLine): boolean {
  const plain = ({ comment }: WrittenLine) =>
    comment.includes('$imagepolicy') ? comment : comment.replace(IN_COMMENT, '');
  return old.head === now.head && plain(old) === plain(now);
}

function ownerOf(text: readonly string[], index: number, line: WrittenLine): string | undefined {
  const { own, outer } = neighboursOf(text, index);
  const { key } = line;
  const repository = own.get('repository') ?? own.get('newName');
  if (key === 'tag' || key === 'digest' || key === 'newTag' || key === 'semver') {
    const registry = own.get('registry');
    if (repository !== undefined) return registry ? `${registry}/${repository}` : repository;
    const url = outer.get('url');
    if (url !== undefined) return url.replace(/^oci:\/\//, '');
    return key === 'newTag' || key === 'digest' ? own.get('name') : own.get('image');
  }
  if (key === 'version') return own.get('chart') ?? own.get('name');
  return undefined;
}
