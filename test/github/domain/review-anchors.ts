import {
  type FoundLine,
  type Side,
  findLine,
  findPosition,
  hunkDownTo,
  parseHunks,
} from '../git/hunks.ts';
import type { Anchor, PullIssue } from '../state/model.ts';
import { changesBetween, mergeBaseOf, pullMergeBase } from './pull-facts.ts';

/** Where a new comment is to stand, as the request says it. */
export interface WantedAnchor {
  readonly path: string;
  readonly subject: 'line' | 'file';
  readonly side: Side;
  readonly line: number | undefined;
  readonly startSide: Side | undefined;
  readonly startLine: number | undefined;
  /** The old way to say a place: lines down from the first `@@`. */
  readonly position: number | undefined;
}

export type AnchorFault = 'path' | 'line' | 'start-hunk' | 'start-order';

export type AnchorResult = { readonly anchor: Anchor } | { readonly fault: AnchorFault };

/**
 * Finds the place in the pull request's diff up to a commit. A place that is not in the diff is a
 * fault, whatever the file holds there.
 */
export async function findAnchor(
  issue: PullIssue,
  wanted: WantedAnchor,
  commitId: string,
): Promise<AnchorResult> {
  const { git } = issue.repository;
  const base = await mergeBaseOf(git, issue.pull.baseSha, commitId);
  const changes = await changesBetween(issue.repository, base, commitId);
  const change = changes.find(({ path }) => path === wanted.path);
  if (change === undefined) return { fault: 'path' };
  const common = { path: wanted.path, subject: wanted.subject, side: wanted.side, commitId };
  if (wanted.subject === 'file') {
    const nowhere = { line: undefined, startSide: undefined, startLine: undefined };
    return { anchor: { ...common, ...nowhere, position: undefined, hunk: '' } };
  }
  // Large and binary files have lines that nobody can point at.
  const hunks = parseHunks(change.patch ?? '');
  const found =
    wanted.position === undefined
      ? wanted.line === undefined
        ? undefined
        : findLine(hunks, wanted.side, wanted.line)
      : findPosition(hunks, wanted.position);
  if (found === undefined) return { fault: 'line' };
  const startFault = checkStart(hunks, found, wanted);
  if (startFault !== undefined) return { fault: startFault };
  const side = wanted.position === undefined ? wanted.side : sideOf(found);
  return {
    anchor: {
      ...common,
      side,
      line: side === 'LEFT' ? found.line.left : found.line.right,
      startSide: wanted.startLine === undefined ? undefined : (wanted.startSide ?? wanted.side),
      startLine: wanted.startLine,
      position: found.line.position,
      hunk: hunkDownTo(found),
    },
  };
}

function sideOf({ line }: FoundLine): Side {
  return line.kind === 'removed' ? 'LEFT' : 'RIGHT';
}

function checkStart(
  hunks: ReturnType<typeof parseHunks>,
  end: FoundLine,
  wanted: WantedAnchor,
): AnchorFault | undefined {
  if (wanted.startLine === undefined) return undefined;
  const start = findLine(hunks, wanted.startSide ?? wanted.side, wanted.startLine);
  if (start?.hunk !== end.hunk) return 'start-hunk';
  return start.line.position >= end.line.position ? 'start-order' : undefined;
}

/**
 * Moves the threads of a pull request to the new head, as git moves the lines: a line that was
 * changed since, or is no longer in the diff, leaves its thread outdated.
 */
export async function followLines(issue: PullIssue): Promise<void> {
  for (const thread of issue.pull.threads) {
    thread.current = await anchorIn(issue, thread.anchor);
  }
}

async function anchorIn(issue: PullIssue, anchor: Anchor): Promise<Anchor | undefined> {
  const { headSha } = issue.pull;
  const changes = await changesBetween(issue.repository, await pullMergeBase(issue), headSha);
  const change = changes.find(({ path }) => path === anchor.path);
  if (change === undefined) return undefined;
  if (anchor.subject === 'file') return anchor;
  const since = await changesBetween(issue.repository, anchor.commitId, headSha);
  const patch = since.find(({ path }) => path === anchor.path)?.patch;
  // What stands on the left is the base, which pushes to the head do not change.
  const moved = (line: number, side: Side) => (side === 'LEFT' ? line : moveLine(patch, line));
  const line = moved(anchor.line ?? 0, anchor.side);
  if (line === undefined) return undefined;
  const found = findLine(parseHunks(change.patch ?? ''), anchor.side, line);
  if (found === undefined) return undefined;
  const startLine =
    anchor.startLine === undefined
      ? undefined
      : moved(anchor.startLine, anchor.startSide ?? anchor.side);
  return { ...anchor, line, startLine, position: found.line.position };
}

/** Where a line of the old file stands in the new one; undefined when it was changed. */
function moveLine(patch: string | undefined, line: number): number | undefined {
  let offset = 0;
  for (const hunk of parseHunks(patch ?? '')) {
    const own = hunk.lines.find(({ left }) => left === line);
    if (own !== undefined) return own.right;
    const first = hunk.lines.find(({ left }) => left !== undefined)?.left ?? Infinity;
    if (first > line) break;
    const added = hunk.lines.filter(({ kind }) => kind === 'added').length;
    offset += added - hunk.lines.filter(({ kind }) => kind === 'removed').length;
  }
  return line + offset;
}
