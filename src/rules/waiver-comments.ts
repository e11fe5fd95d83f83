import { readManifests } from '../flux/manifests.ts';
import { factsOf } from '../flux/file-facts.ts';
import { type FieldPath, toDotted } from '../model/field-path.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Located } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { type Place, toPlace } from '../model/source.ts';

const MARK = 'fluxgate: ignore';
const COMMENT =
  /(?:^|\s)# fluxgate: ignore (\S{1,100}) by (@\S{1,100}) until (\d{4}-\d{2}-\d{2}) because (\S.{2,300}?)\s*$/;

/** A waiver beside the code, as it is written. Attacker-controlled. */
export interface WaiverComment {
  readonly rule: string;
  readonly owner: string;
  /** `2027-03-31`. */
  readonly expires: string;
  readonly reason: string;
  /** `Deployment/shop/web`. */
  readonly subject: string;
  /** Dotted; absent where it covers the whole object. */
  readonly field?: string;
  readonly place: Place;
  /** First and last line of what it covers. */
  readonly lines: readonly [number, number];
}

/**
 * Waivers in comments: at the end of a field's line, or on a line of their own above it. Beside or
 * above the first line of an object, they cover all of it.
 */
export function readWaiverComments(tree: FileTree): WaiverComment[] {
  return factsOf(tree, marksAt).flatMap(({ waivers }) => waivers);
}

/** Comments that were meant as waivers and are none, `path:line`. Attacker-controlled. */
export function unreadWaivers(tree: FileTree): string[] {
  return factsOf(tree, marksAt).flatMap(({ unread }) => unread);
}

/** What a manifest says with the mark; nearly none holds it. */
interface Marks {
  readonly waivers: readonly WaiverComment[];
  readonly unread: readonly string[];
}

function marksAt(tree: FileTree, path: string): Marks[] {
  if (!/\.ya?ml$/.test(path)) return [];
  const content = tree.read(path);
  if (content.state !== 'text' || !content.text.includes(MARK)) return [];
  return [{ waivers: readFile(tree, path, content.text), unread: unreadIn(path, content.text) }];
}

function unreadIn(path: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      /(?:^|\s)# fluxgate: ignore(?:\s|$)/.test(line) && !COMMENT.test(line.slice(0, 1000))
        ? [`${path}:${index + 1}`]
        : [],
    );
}

function readFile(tree: FileTree, path: string, text: string): WaiverComment[] {
  const resources = readManifests(tree, path)?.resources ?? [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const [, rule, owner, expires, reason] = COMMENT.exec(line.slice(0, 1000)) ?? [];
    if (!rule || !owner || !expires || !reason) return [];
    const number = index + 1;
    const target = line.trimStart().startsWith('#') ? nextContent(lines, index) : number;
    const anchor = anchorAt(resources, target);
    if (anchor === undefined) return [];
    const { resource, range, field } = anchor;
    return {
      ...{ rule, owner, expires, reason },
      subject: `${resource.kind}/${resource.namespace ?? ''}/${resource.plainName}`,
      ...(field !== undefined && { field }),
      place: { path, line: number, endLine: number },
      lines: field === undefined ? range : ([target, target] as const),
    };
  });
}

/** The line (from 1) of the first content below a comment. */
function nextContent(lines: readonly string[], index: number): number {
  let next = index + 1;
  while (/^\s*(?:#.*|---\s*)?$/.test(lines[next] ?? 'end')) next += 1;
  return next + 1;
}

interface Anchor {
  readonly resource: Resource;
  /** First and last line of the object. */
  readonly range: readonly [number, number];
  /** Dotted; absent for the whole object. */
  readonly field?: string;
}

function anchorAt(resources: readonly Resource[], line: number): Anchor | undefined {
  for (const resource of resources) {
    const place = toPlace(resource.root);
    const first = Math.min(place.line, ...resource.root.entries.map((entry) => lineOf(entry)));
    const range = [first, place.endLine] as const;
    if (line < first || line > place.endLine) continue;
    if (line === first) return { resource, range };
    const field = fieldAt(resource.root, line);
    if (field !== undefined) return { resource, range, field: toDotted(field, resource.root) };
  }
  return undefined;
}

function lineOf(entry: { readonly keyStart: number; readonly value: Located }): number {
  return entry.value.source.position(entry.keyStart).line;
}

/** The outermost field or list item that begins on a line. Looks only where the line is inside. */
function fieldAt(node: Located, line: number, path: FieldPath = []): FieldPath | undefined {
  const { source, start, end } = node;
  if (source.position(start).line > line || source.position(end).line < line) return undefined;
  if (node.kind === 'map') {
    for (const entry of node.entries) {
      const below = [...path, entry.key];
      if (lineOf(entry) === line) return below;
      const found = fieldAt(entry.value, line, below);
      if (found) return found;
    }
  }
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const below = [...path, index];
      if (item.source.position(item.start).line === line) return below;
      const found = fieldAt(item, line, below);
      if (found) return found;
    }
  }
  return undefined;
}
