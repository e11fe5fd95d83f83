import { diffArrays } from 'diff';

import type { FileTree } from '../model/file-tree.ts';
import { type Finding, isGone, type TextEdit } from '../model/finding.ts';
import type { Place } from '../model/source.ts';

/** More different lines than this, and the two texts have nothing to do with each other. */
const MAX_EDITS = 5000;

/**
 * Moves findings from the lines of the merged files to the lines of the author's: where the blob
 * is the same the line is too, else through the difference of both texts. A finding on a line
 * that came from the base keeps its place and is marked.
 */
export function toHeadLines(
  findings: readonly Finding[],
  after: FileTree,
  head: FileTree,
): Finding[] {
  if (after === head) return findings.map((finding) => withOldLines(finding, head));
  const maps = new Map<string, LineMap>();
  function mapOf(path: string): LineMap {
    const known = maps.get(path) ?? mapLines(after, head, path);
    maps.set(path, known);
    return known;
  }
  return findings.map((finding) => withOldLines(move(finding), head));

  function move(finding: Finding): Finding {
    if (isGone(finding.change)) return finding;
    const primary = moved(finding.primary, mapOf(finding.primary.path));
    const { remedy, ...rest } = finding;
    const mapped = (edits: readonly TextEdit[]) =>
      allMapped(edits.map((edit) => moved(edit, mapOf(edit.path))));
    return {
      ...rest,
      primary: primary ?? finding.primary,
      ...(primary === undefined && { onBase: true as const }),
      ...(remedy && {
        remedy: {
          ...remedy,
          edits: mapped(remedy.edits),
          ...(remedy.together && { together: mapped(remedy.together) }),
        },
      }),
    };
  }
}

/** Says beside each edit which lines it replaces. */
function withOldLines(finding: Finding, tree: FileTree): Finding {
  const { remedy } = finding;
  if (remedy === undefined || remedy.edits.length === 0) return finding;
  const edits = remedy.edits.map((edit): TextEdit => {
    const content = tree.read(edit.path);
    if (content.state !== 'text') return edit;
    return { ...edit, was: content.text.split('\n').slice(edit.line - 1, edit.endLine) };
  });
  return { ...finding, remedy: { ...remedy, edits } };
}

/** A line of the merged file (from 1) as a line of the author's file. */
type LineMap = (line: number) => number | undefined;

function moved<T extends Place | TextEdit>(place: T, map: LineMap): T | undefined {
  const line = map(place.line);
  const endLine = map(place.endLine);
  if (line === undefined || endLine === undefined) return undefined;
  return endLine - line === place.endLine - place.line ? { ...place, line, endLine } : undefined;
}

function allMapped(edits: readonly (TextEdit | undefined)[]): TextEdit[] {
  const known = edits.filter((edit) => edit !== undefined);
  return known.length === edits.length ? known : [];
}

function mapLines(after: FileTree, head: FileTree, path: string): LineMap {
  if (after.entry(path)?.id === head.entry(path)?.id) return (line) => line;
  const [merged, own] = [after.read(path), head.read(path)];
  if (merged.state !== 'text' || own.state !== 'text') return () => undefined;
  const parts = diffArrays(merged.text.split('\n'), own.text.split('\n'), {
    maxEditLength: MAX_EDITS,
  });
  if (parts === undefined) return () => undefined;
  const lines = new Map<number, number>();
  let [from, to] = [1, 1];
  for (const { value, added, removed } of parts) {
    if (!added && !removed) value.forEach((_, index) => lines.set(from + index, to + index));
    if (!added) from += value.length;
    if (!removed) to += value.length;
  }
  return (line) => lines.get(line);
}

/** Files whose author's text is needed to move the places of these findings. */
export function filesToCompare(
  findings: readonly Finding[],
  after: FileTree,
  head: FileTree,
): string[] {
  const paths = new Set<string>();
  for (const { primary, remedy, change } of findings) {
    if (isGone(change)) continue;
    for (const { path } of [primary, ...(remedy?.edits ?? []), ...(remedy?.together ?? [])]) {
      if (after.entry(path)?.id !== head.entry(path)?.id) paths.add(path);
    }
  }
  return [...paths];
}
