import { readManifests } from '../flux/manifests.ts';
import { type FieldPath, toDotted } from '../model/field-path.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Located } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import type { Section } from '../model/section.ts';
import { toPlace } from '../model/source.ts';
import type { CandidateWaiver } from './waivers.ts';

const MARK = 'fluxgate: ignore';
const COMMENT =
  /(?:^|\s)# fluxgate: ignore (\S{1,100}) by (@\S{1,100}) until (\d{4}-\d{2}-\d{2}) because (\S.{2,300}?)\s*$/;

/** A waiver beside the code. Attacker-controlled until it is known to stand in the base. */
export interface InlineWaiver extends CandidateWaiver {
  /** Equal for the same words at the same object and field, wherever the file moved them. */
  readonly identity: string;
}

/**
 * Waivers in comments: at the end of a field's line, or on a line of their own above it. Beside or
 * above the first line of an object, they cover all of it.
 */
export function readInlineWaivers(tree: FileTree): InlineWaiver[] {
  return tree.list().flatMap(({ path, kind }) => {
    if (kind !== 'file' || !/\.ya?ml$/.test(path)) return [];
    const content = tree.read(path);
    if (content.state !== 'text' || !content.text.includes(MARK)) return [];
    return readFile(tree, path, content.text);
  });
}

/** Waivers of the merged state that stood in the base too, and those that it brings. */
export function sortInlineWaivers(
  before: FileTree | undefined,
  after: FileTree,
): { trusted: InlineWaiver[]; coming: InlineWaiver[] } {
  const waivers = readInlineWaivers(after);
  if (before === undefined) return { trusted: waivers, coming: [] };
  const known = new Set(readInlineWaivers(before).map(({ identity }) => identity));
  const isKnown = ({ identity }: InlineWaiver) => known.has(identity);
  return {
    trusted: waivers.filter(isKnown),
    coming: waivers.filter((waiver) => !isKnown(waiver)),
  };
}

function readFile(tree: FileTree, path: string, text: string): InlineWaiver[] {
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
    const subject = `${resource.kind}/${resource.namespace ?? ''}/${resource.plainName}`;
    const [start, end] = field === undefined ? range : [target, target];
    return {
      rule,
      owner,
      expires,
      reason,
      subject: field === undefined ? subject : `${subject} ${field}`,
      place: { path, line: number, endLine: number },
      isInline: true,
      identity: JSON.stringify([path, rule, owner, expires, reason, subject, field]),
      covers: ({ primary }) =>
        primary.path === path && primary.line >= start && primary.line <= end,
    };
  });
}

/** Comments that were meant as waivers and are none, `path:line`. Attacker-controlled. */
export function unreadWaivers(tree: FileTree): string[] {
  return tree.list().flatMap(({ path, kind }) => {
    if (kind !== 'file' || !/\.ya?ml$/.test(path)) return [];
    const content = tree.read(path);
    if (content.state !== 'text' || !content.text.includes(MARK)) return [];
    return content.text
      .split('\n')
      .flatMap((line, index) =>
        /(?:^|\s)# fluxgate: ignore(?:\s|$)/.test(line) && !COMMENT.test(line.slice(0, 1000))
          ? [`${path}:${index + 1}`]
          : [],
      );
  });
}

/** What a reader is told of them; none where all can be read. */
export function unreadWaiversSection(places: readonly string[]): Section[] {
  if (places.length === 0) return [];
  const shown = places.slice(0, 20);
  const more = places.length - shown.length;
  return [
    {
      area: 'gitops',
      title: 'Waivers beside the code that cannot be read',
      blocks: [
        {
          kind: 'text',
          text: `They count for nothing: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}. One is written: # fluxgate: ignore RULE by @OWNER until 2027-03-31 because REASON`,
        },
      ],
    },
  ];
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
