import type { InlineComment } from '../model/report.ts';
import { code } from '../report/escape.ts';
import { readMarker, withMarker } from './marker.ts';
import { suggestionOf, withoutSuggestion, withRetiredSuggestion } from './suggestion-block.ts';

/** A thread on lines of a pull request. */
export interface Thread {
  readonly id: string;
  readonly isResolved: boolean;
  readonly isOutdated: boolean;
  readonly canResolve: boolean;
  readonly path: string;
  /** Where it stands in the pull request as it is now: the last line; absent where that is gone. */
  readonly line?: number;
  /** The first line, where there are several. */
  readonly startLine?: number;
  /** The oldest first. */
  readonly comments: readonly ThreadComment[];
}

export interface ThreadComment {
  readonly id: number;
  /** Numeric id of its author; 0 for an account that is gone. */
  readonly author: number;
  readonly body: string;
  /** Full object id of the head that it was written at. */
  readonly commit?: string;
}

/** A thread that the App began. */
export interface OwnThread extends Thread {
  readonly first: ThreadComment;
  readonly fingerprints: readonly string[];
  /** The App has said that what it is about no longer holds. */
  readonly isMended: boolean;
  /** Somebody else has spoken: then nothing is edited any more. */
  readonly isAnswered: boolean;
}

export interface Edit {
  readonly thread: OwnThread;
  readonly body: string;
}

/** What is to be done so that a conversation says what a review says, and nothing twice. */
export interface Plan {
  readonly post: readonly InlineComment[];
  /** Comments that speak of other findings than they did, in place of posting again. */
  readonly update: readonly Edit[];
  /** Comments that offer a click which this review does not: it would commit what is wrong by now. */
  readonly retire: readonly Edit[];
  /** Threads whose findings are all gone. */
  readonly close: readonly OwnThread[];
}

/** Threads of the App: found by the author's number and the marker, since anybody can write both. */
export function ownThreads(threads: readonly Thread[], botId: number): OwnThread[] {
  return threads.flatMap((thread) => {
    const [first] = thread.comments;
    const marker = first?.author === botId ? readMarker(first.body) : undefined;
    if (first === undefined || marker === undefined) return [];
    const own = thread.comments.filter(({ author }) => author === botId);
    return {
      ...thread,
      first,
      fingerprints: marker.fingerprints,
      isMended: own.some(({ body }) => readMarker(body)?.isMended),
      isAnswered: own.length < thread.comments.length,
    };
  });
}

/**
 * @param present fingerprints of the findings that hold; absent where that is not known, as when a
 *   review could not finish: then nothing is closed
 */
export function planConversation(
  threads: readonly OwnThread[],
  comments: readonly InlineComment[],
  present: ReadonlySet<string> | undefined,
): Plan {
  const standing = threads.filter(({ isMended }) => !isMended);
  const said = new Set(standing.flatMap(({ fingerprints }) => fingerprints));
  const post: InlineComment[] = [];
  const update: Edit[] = [];
  for (const comment of comments) {
    const isSaid = comment.fingerprints.every((fingerprint) => said.has(fingerprint));
    const thread = standing.find(
      (one) =>
        isOpen(one) &&
        !update.some((other) => other.thread === one) &&
        (isSaid ? isWhole(one, comment) : isShared(one, comment)) &&
        !comments.some((other) => other !== comment && isShared(one, other)),
    );
    if (thread === undefined) {
      if (!isSaid) post.push(comment);
      continue;
    }
    const body = bodyFor(thread, comment);
    if (!isSame(body, thread.first.body)) update.push({ thread, body });
  }
  const kept = new Set(update.map(({ thread }) => thread));
  const close = threads.filter(
    (thread) =>
      present !== undefined &&
      !kept.has(thread) &&
      !thread.isResolved &&
      (!thread.isMended || thread.canResolve) &&
      !thread.fingerprints.some((fingerprint) => present.has(fingerprint)),
  );
  const misleading = threads.filter(
    (thread) =>
      present !== undefined &&
      !kept.has(thread) &&
      !thread.isAnswered &&
      // Its end is told by an edit that takes the click along.
      (thread.canResolve || !close.includes(thread)) &&
      isMisleading(thread, comments),
  );
  const retire = misleading.map((thread) => ({
    thread,
    body: withRetiredSuggestion(thread.first.body),
  }));
  return { post, update, retire, close };
}

/** Whether one click on a thread would commit what this review does not suggest there. */
function isMisleading(thread: OwnThread, comments: readonly InlineComment[]): boolean {
  const offered = thread.isOutdated ? undefined : suggestionOf(thread.first.body);
  return (
    offered !== undefined &&
    !comments.some((one) => isSamePlace(thread, one) && suggestionOf(one.body) === offered)
  );
}

function isSamePlace({ path, line, startLine }: OwnThread, comment: InlineComment): boolean {
  return path === comment.path && line === comment.line && startLine === comment.startLine;
}

/** Whether its words may be changed: nobody answered, and its lines are there. */
function isOpen({ isAnswered, isOutdated, isResolved }: OwnThread): boolean {
  return !isAnswered && !isOutdated && !isResolved;
}

function isShared(thread: OwnThread, { fingerprints }: InlineComment): boolean {
  return thread.fingerprints.some((fingerprint) => fingerprints.includes(fingerprint));
}

function isWhole(thread: OwnThread, { fingerprints }: InlineComment): boolean {
  return fingerprints.every((fingerprint) => thread.fingerprints.includes(fingerprint));
}

/**
 * A comment's words for a thread that stands already. One click replaces the lines that the thread
 * stands on: where the comment is meant for others, its suggestion is shown but not offered.
 */
function bodyFor(thread: OwnThread, comment: InlineComment): string {
  const { path, line, startLine = line } = comment;
  const lines = startLine === line ? `Line ${line}` : `Lines ${startLine} to ${line}`;
  const place = path === thread.path ? lines : `${lines} of ${code(path)}`;
  const body = isSamePlace(thread, comment) ? comment.body : withoutSuggestion(comment.body, place);
  return withMarker(body, { fingerprints: comment.fingerprints, isMended: false });
}

/** Blanks at the end of lines and what ends them are not kept everywhere. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => text.replace(/[ \t\r]+$/gm, '').trim());
  return one === other;
}
