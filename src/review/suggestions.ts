import type { FileTree } from '../model/file-tree.ts';
import { EFFECTS, type Finding, type TextEdit } from '../model/finding.ts';
import type { Review } from '../model/review.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { editedTree } from '../snapshot/memory.ts';
import type { ReviewedTrees, Wanted } from './review.ts';

/** What suggestions are tried with. */
export interface Trial {
  readonly trees: ReviewedTrees;
  /** The same review of other trees. */
  readonly reviewAgain: (trees: ReviewedTrees) => Review | { wanted: Wanted };
  /** Whether lines of a file can carry one comment. */
  readonly isInDiff: (path: string, line: number, endLine: number) => boolean;
  /** Milliseconds of any epoch. */
  readonly clock: () => number;
}

/** A suggestion that is longer is no longer read before it is committed. */
const MAX_LINES = 40;
/** The same in characters; a comment holds 65,536. */
const MAX_LENGTH = 10_000;
/** All suggestions of a review together may take so many reviews, and so long. */
const MAX_REVIEWS = 40;
const MAX_MILLISECONDS = 3000;

/** Text that people cannot see must not be committed by a click. */
const HIDDEN = /[^\P{C}\t]|[\u2028\u2029]/u;

/**
 * For each cause, the fix of as many of its findings as can be mended on lines of the diff.
 * Each is applied and reviewed in memory: what it mends is gone, and nothing new has come.
 * What there is no time for has no suggestion.
 *
 * @returns by fingerprint of the cause's first finding
 */
export function findSuggestions(
  review: Review,
  causes: readonly (readonly [Finding, ...Finding[]])[],
  trial: Trial,
): ReadonlyMap<string, Suggestion> {
  const found = new Map<string, Suggestion>();
  const until = trial.clock() + MAX_MILLISECONDS;
  let reviews = 0;
  const bounded: Trial = {
    ...trial,
    reviewAgain(trees) {
      reviews += 1;
      const isOver = reviews > MAX_REVIEWS || trial.clock() > until;
      return isOver ? NOTHING : trial.reviewAgain(trees);
    },
  };
  for (const cause of causes) {
    const suggestion = mend(review, cause, bounded);
    if (suggestion !== undefined) found.set(cause[0].fingerprint, suggestion);
  }
  return found;
}

/** An answer that no suggestion passes with. */
const NOTHING = { wanted: { before: [], after: [], head: [], evidence: [] } };

/** Mends one finding after the other, each by the fix that the review before it proposes. */
function mend(
  review: Review,
  cause: readonly [Finding, ...Finding[]],
  trial: Trial,
): Suggestion | undefined {
  const { path } = cause[0].primary;
  const original = textOf(trial.trees, path);
  if (original === undefined) return undefined;
  let [text, current] = [original, review];
  const mends: string[] = [];
  for (const { fingerprint } of cause) {
    const finding = current.findings.find((one) => one.fingerprint === fingerprint);
    if (finding?.change !== 'introduced') {
      mends.push(fingerprint); // an earlier fix mended it too
      continue;
    }
    const edits = finding.remedy?.edits ?? [];
    if (edits.length === 0 || edits.some((edit) => edit.path !== path)) continue;
    const edited = applyEdits(text, edits);
    const next = trial.reviewAgain(withFile(trial.trees, path, edited));
    if ('wanted' in next || !isBetter(current, next, fingerprint)) continue;
    [text, current] = [edited, next];
    mends.push(fingerprint);
  }
  if (text === original || mends.length === 0) return undefined;
  const edit = toEdit(path, original, text, cause[0]);
  const isGood =
    edit.endLine - edit.line < MAX_LINES &&
    edit.lines.length <= MAX_LINES &&
    edit.lines.join('\n').length <= MAX_LENGTH &&
    !edit.lines.some((line) => HIDDEN.test(line)) &&
    trial.isInDiff(path, edit.line, edit.endLine);
  return isGood ? { edit, mends } : undefined;
}

/** The author's text, where what is merged is the same. */
function textOf({ after, head }: ReviewedTrees, path: string): string | undefined {
  if (after.entry(path)?.id !== head.entry(path)?.id) return undefined;
  const content = after.read(path);
  return content.state === 'text' && !content.text.includes('\r') ? content.text : undefined;
}

function withFile(trees: ReviewedTrees, path: string, text: string): ReviewedTrees {
  const edit = (tree: FileTree) => editedTree(tree, { [path]: text });
  const after = edit(trees.after);
  return { ...trees, after, head: trees.head === trees.after ? after : edit(trees.head) };
}

/** The text with some of its lines replaced. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  for (const { line, endLine, lines: fresh } of [...edits].sort((a, b) => b.line - a.line)) {
    lines.splice(line - 1, endLine - line + 1, ...fresh);
  }
  return lines.join('\n');
}

/** Whether the finding is gone, no other came or grew stronger, and no more is unknown. */
function isBetter(before: Review, after: Review, fingerprint: string): boolean {
  const introduced = before.findings.filter(({ change }) => change === 'introduced');
  // The strongest is listed first, and so has the last word here.
  const earlier = new Map(
    introduced.reverse().map(({ fingerprint, effect }) => [fingerprint, effect]),
  );
  const gaps = (review: Review) => review.unknowns.filter(({ change }) => change === 'introduced');
  return (
    gaps(after).length <= gaps(before).length &&
    after.findings.every((finding) => {
      if (finding.fingerprint === fingerprint) return finding.change === 'fixed';
      if (finding.change !== 'introduced') return true;
      const known = earlier.get(finding.fingerprint);
      return known !== undefined && EFFECTS.indexOf(finding.effect) >= EFFECTS.indexOf(known);
    })
  );
}

/** The difference of two texts as one edit that also holds the finding's own lines if they are near. */
function toEdit(path: string, before: string, after: string, { primary }: Finding): TextEdit {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, fresh.length) - head;
  while (tail < most && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  // GitHub replaces at least one line: what is only added takes the line above along.
  let [line, endLine] = [head + 1, old.length - tail];
  if (endLine < line) [line, endLine] = [Math.max(1, head), Math.max(1, head)];
  const isNear = Math.abs(primary.line - line) <= 10 && primary.endLine - primary.line <= 3;
  if (isNear) [line, endLine] = [Math.min(line, primary.line), Math.max(endLine, primary.endLine)];
  const lines = fresh.slice(line - 1, fresh.length - (old.length - endLine));
  return { path, line, endLine, lines, was: old.slice(line - 1, endLine) };
}
